"""The browser of the tests: an installed Chromium or Chrome, else Playwright's own download, else Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.stack import say

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 300


class BrowserMissing(Exception):
    """There is no browser; the message is one sentence that says what to do."""


def ensure_browser() -> Path:
    """Return the path of a browser, fetching one if there is none; raise `BrowserMissing` failing all."""
    for find in (_installed, _playwrights, _debians):
        found = find()
        if found is not None:
            return found
    raise BrowserMissing(
        "No browser for the tests: install Chromium or Chrome, for instance with `apt install chromium`."
    )


def _installed() -> Path | None:
    named = os.environ.get("KONTAKT_BROWSER")
    if named:
        return Path(named)
    found = next((path for name in INSTALLED if (path := shutil.which(name))), None)
    return Path(found) if found else None


def _playwrights() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if path.exists():
        return path
    say("fetching Playwright's Chromium")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, timeout=DOWNLOAD_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    return path if done.returncode == 0 and path.exists() else None


def _debians() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    say("installing Debian's chromium")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env, **quiet)  # type: ignore[call-overload]
    subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], env=env, **quiet)  # type: ignore[call-overload]
    return _installed()
