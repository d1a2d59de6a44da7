"""What a keeper leaves to the next one: which engine processes it runs, so that none is ever lost."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from keeper.process import Process

NOTES = "engines.json"


class Note(BaseModel):
    """One engine process."""

    model_config = ConfigDict(frozen=True)

    model: str
    number: int
    port: int
    pid: int
    #: When the process was made; with the pid it names it for good.
    created: float
    #: A fingerprint of what it was started with; empty while it is not ready.
    surroundings: str


class _Notes(BaseModel):
    engines: list[Note] = []


def read_notes(folder: Path) -> list[Note]:
    """Return the notes of an earlier keeper; none where there are none, or none that can be read."""
    try:
        return _Notes.model_validate_json((folder / NOTES).read_bytes()).engines
    except (OSError, ValidationError):
        return []


def write_notes(folder: Path, notes: list[Note]) -> None:
    """Write the notes, whole or not at all."""
    fresh = folder / f"{NOTES}.new"
    fresh.write_text(_Notes(engines=notes).model_dump_json())
    fresh.replace(folder / NOTES)


def end_left_behind(folder: Path) -> None:
    """End the engines that a keeper has left running when it was killed itself."""
    for note in read_notes(folder):
        process = Process.find(note.pid, note.created)
        if process is not None:
            process.kill()
    (folder / NOTES).unlink(missing_ok=True)
