"""Data folders of commits, unpacked for whoever needs files: a check, a training, a model in service."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handover.core.errors import HandoverError
from handover.tuning.changes.repository import DataRepository

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
