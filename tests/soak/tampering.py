"""Lines that spoil what the server sends, on purpose: what a soak is to withstand, and what its checker is to find."""

from __future__ import annotations

from collections.abc import Callable

from tests.chaos.lines import ChaosLine

#: How a socket's frame of an event begins, behind the bytes that tell its length.
_EVENT = b'{"type":"event"'
_TEXT_FRAME = 0x81
_SAID = b"Du skrev:"
_NEVER_SAID = b"Du ropade"
#: So many events go by unharmed between two that are spoilt.
EVERY = 5


class TamperingLine(ChaosLine):
    """A line that changes one frame of an event in so many; only frames that come in a piece of their own."""

    def __init__(self, target_port: int, spoil: Callable[[bytes], bytes]) -> None:
        super().__init__(target_port)
        self.spoilt = 0
        self._spoil = spoil
        self._events = 0

    def incoming(self, data: bytes) -> bytes:
        """Return the bytes, spoilt now and then."""
        if not _is_one_event(data):
            return data
        self._events += 1
        if self._events % EVERY:
            return data
        spoilt = self._spoil(data)
        self.spoilt += spoilt != data
        return spoilt


def _is_one_event(data: bytes) -> bool:
    """Tell whether the bytes are one whole frame of a socket that holds an event."""
    if len(data) < 4 or data[0] != _TEXT_FRAME:
        return False
    length, head = (data[1], 2) if data[1] < 126 else (int.from_bytes(data[2:4]), 4)
    return len(data) == head + length and data[head:].startswith(_EVENT)


def drop(frame: bytes) -> bytes:
    """Lose the frame."""
    return b""


def double(frame: bytes) -> bytes:
    """Let the frame come twice."""
    return frame + frame


def rewrite(frame: bytes) -> bytes:
    """Put other words of the same length in the assistant's mouth."""
    return frame.replace(_SAID, _NEVER_SAID)


#: By the names that `--tamper` takes. The widget withstands the first two; the third nobody could.
TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {"drop": drop, "double": double, "rewrite": rewrite}
