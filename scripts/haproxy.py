"""The reverse proxy before the replicas: HAProxy from Debian, its configuration and its command."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.stack import LOOPBACK, RunError, say

#: What a replica is asked to learn whether newcomers may be sent to it.
LIVE_PATH = "/live"
CHECK_EVERY_MS = 500
INSTALL_SECONDS = 300.0

CONFIG = """\
global
    maxconn 8192
{account}
defaults
    mode http
    timeout connect 1s
    timeout client 75s
    timeout server 75s
    timeout queue 5s
    timeout check 2s
    timeout http-request 10s
    timeout http-keep-alive 30s
    # A socket is as quiet as its conversation; both ends ping each other.
    timeout tunnel 1h
    # Only a connection that could not be made is tried again, at another replica: nothing is sent twice.
    retries 3
    retry-on conn-failure
    option redispatch 1

frontend door
    bind {host}:{port}
    # Whoever is outside may not say who it is.
    http-request del-header X-Forwarded-For
    option forwardfor
    default_backend handover

backend handover
    balance leastconn
    option httpchk GET {live}
    http-check expect status 200
    default-server check inter {every}ms fall 2 rise 1
{servers}
"""


class ProxyMissing(RunError):
    """There is no HAProxy and none could be installed; the message says what to do."""

    exit_code = 2


def ensure_haproxy() -> Path:
    """Return HAProxy's path; install Debian's package where it is missing and one may. Raises `ProxyMissing`."""
    found = _find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing HAProxy")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "haproxy"]):
            subprocess.run(command, env=env, capture_output=True, timeout=INSTALL_SECONDS)
        found = _find()
    if found is None:
        raise ProxyMissing("HAProxy is missing: install it with `apt-get install haproxy`.")
    return found


def write_config(path: Path, host: str, port: int, replicas: Mapping[str, int]) -> None:
    """Write the configuration: one door, and behind it the replicas by name and port."""
    servers = "\n".join(f"    server {name} {LOOPBACK}:{at}" for name, at in replicas.items())
    path.write_text(
        CONFIG.format(account=_account(), host=host, port=port, live=LIVE_PATH, every=CHECK_EVERY_MS, servers=servers)
    )


def proxy_command(config: Path) -> list[str]:
    """Return the command that runs in the foreground."""
    return [str(ensure_haproxy()), "-db", "-q", "-f", str(config)]


def _find() -> Path | None:
    found = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def _account() -> str:
    """Root opens the port and then becomes somebody else, where the package has made an account."""
    if os.geteuid() != 0:
        return ""
    try:
        pwd.getpwnam("haproxy")
    except KeyError:
        return ""
    return "    user haproxy\n    group haproxy\n"
