"""Ports that stay free while whoever listens on them is away."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

LOOPBACK = "127.0.0.1"
LASTING_PORTS = range(20_000, 32_000)


def lasting_ports(count: int) -> list[int]:
    """Return ports that are free, and stay free while whoever had one is away.

    They lie below those that the system hands out to callers: else a process that starts again may find its port taken
    by somebody's outgoing connection.
    """
    found: list[int] = []
    candidates = random.sample(LASTING_PORTS, 50 * count)
    while len(found) < count:
        port = candidates.pop()
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            found.append(port)
    return found
