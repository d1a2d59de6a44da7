"""A data folder of its own with git or without, and editors who work on it over HTTP."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.support.kontakt import Kontakt, make_small_data
from tests.support.small_catalogue import bygglov, lon, write_data

#: Examples of one question as they stand in a file.
BEHOVS = """version: "3.1"
nlu:
# What people ask before they build.
- intent: bygglov.behovs
  metadata: {language: sv, voice: vardag}
  examples: |
    - Behöver jag bygglov för en altan?
    - Måste man söka lov för ett staket?

- intent: bygglov.behovs
  metadata: {language: sv, voice: sms}
  examples: |
    - lov altan?
- intent: bygglov.avgift
  metadata: {language: sv, voice: vardag}
  examples: |
    - Vad kostar ett bygglov för garage?
"""


def make_tuning_data(folder: Path) -> Path:
    """Fill a folder with a small catalogue, examples, and what the service reads at start."""
    folder.mkdir(parents=True, exist_ok=True)
    make_small_data(folder)
    write_data(folder, bygglov(), lon())
    (folder / "nlu" / "bygglov.yml").write_text(BEHOVS, encoding="utf-8")
    (folder / "calibration").mkdir()
    question = '{"text": "Får jag bygga?", "lang": "sv", "expect": ["bygglov.behovs"]}\n'
    (folder / "calibration" / "near.jsonl").write_text(question, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str, **options: Any) -> str:
    """Run git in a folder; return what it says."""
    base = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-C", str(folder))
    done = subprocess.run([*base, *arguments], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_git(folder: Path) -> Path:
    """Make a folder a git repository with all that it holds in one commit."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Data.")
    return folder


class Editor:
    """Somebody who edits over HTTP."""

    def __init__(self, kontakt: Kontakt, cookie: str) -> None:
        self._kontakt = kontakt
        self._headers = {"Cookie": f"kontakt_session={cookie}"}
        self.set_id = ""

    @classmethod
    async def of(cls, kontakt: Kontakt, username: str = "editor") -> Editor:
        """Sign somebody in."""
        return cls(kontakt, await kontakt.session(username))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request about change sets."""
        return await self._kontakt.http.request(
            method, f"/api/v1/tuning/changes{path}", headers=self._headers, **options
        )

    async def get(self, path: str) -> dict[str, Any]:
        """Read something of the editor's change set."""
        answer = await self.ask("GET", f"/{self.set_id}{path}")
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    async def post(self, path: str, **options: Any) -> dict[str, Any]:
        """Do something with the editor's change set."""
        answer = await self.ask("POST", f"/{self.set_id}{path}", **options)
        assert answer.status_code < 300, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def open(self, title: str = "Altaner") -> str:
        """Open a change set and work on it from here on."""
        answer = await self.ask("POST", "", json={"title": title})
        assert answer.status_code == 201, answer.text
        self.set_id = answer.json()["id"]
        return self.set_id

    async def edit(self, kind: str, **fields: Any) -> httpx.Response:
        """Send one edit."""
        return await self.ask("POST", f"/{self.set_id}/edits", json={"edits": [{"kind": kind, **fields}]})

    async def add(self, text: str, intent: str = "bygglov.behovs", **fields: Any) -> dict[str, Any]:
        """Add an example that is taken."""
        answer = await self.edit("add_example", intent=intent, text=text, **fields)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    async def refusal(self, kind: str, **fields: Any) -> tuple[int, str, dict[str, Any]]:
        """Send an edit that is refused; return status, code and facts."""
        answer = await self.edit(kind, **fields)
        body = answer.json()
        return answer.status_code, body["code"], body.get("facts") or {}
