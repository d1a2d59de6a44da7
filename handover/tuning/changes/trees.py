"""Data folders of commits, unpacked for whoever needs files: a check, a training, a model in service."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from handover.core.errors import HandoverError
from handover.tuning.changes.repository import DataRepository

#: What is half unpacked and as old as this was left behind by a process that is gone.
STALE_SECONDS = 3_600
_UNFINISHED = "unfinished-"


class Trees:
    """Unpacks trees into `<folder>/<commit>/`; one that is there is whole and never changes."""

    def __init__(self, folder: Path, repository: DataRepository) -> None:
        self._folder = folder
        self._repository = repository

    def unpack(self, commit: str) -> Path:
        """Return the data folder of a commit; whoever comes second finds it there. Raises `changes_unavailable`."""
        tree = self._folder / commit
        if tree.is_dir():
            return tree
        with self.lent(commit) as made:
            try:
                made.rename(tree)
            except OSError as error:
                if not tree.is_dir():  # Else somebody else was faster.
                    raise HandoverError("changes_unavailable", str(error)) from error
        return tree

    @contextmanager
    def lent(self, commit: str) -> Iterator[Path]:
        """Lend the data folder of a commit; it is gone afterwards, unless it was moved.

        Raises `changes_unavailable`.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        except OSError as error:
            raise HandoverError("changes_unavailable", str(error)) from error
        try:
            tree = folder / "data"
            try:
                for path, content in self._repository.snapshot(commit).walk_data():
                    file = tree / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(content)
            except OSError as error:
                raise HandoverError("changes_unavailable", str(error)) from error
            yield tree
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def collect(self, keep: Collection[str]) -> list[str]:
        """Remove the trees of other commits than these, and what was left half unpacked; return what was removed."""
        removed = []
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name.startswith(_UNFINISHED):
                if time.time() - path.stat().st_mtime < STALE_SECONDS:
                    continue
            elif path.name in keep:
                continue
            shutil.rmtree(path, ignore_errors=True)
            removed.append(path.name)
        return removed
