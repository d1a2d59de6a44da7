"""The trained models of this machine: `<data dir>/engine/models/<name>.tar.gz`, and what was built for each."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".tar.gz"
METADATA = "metadata.json"
#: What a model may be called: its name is a part of a path.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


class ModelUnknown(LookupError):
    """There is no file of this model."""


class ModelBroken(Exception):
    """The file of a model cannot be read."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model: its name, the size in bytes, when it was made, and what it calls itself once it is loaded."""

    name: str
    path: Path
    size: int
    made_at: datetime


class ModelFiles:
    """The folder of models."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[ModelFile]:
        """Return the models, the newest first."""
        found = [_model_file(path) for path in self._folder.glob(f"*{SUFFIX}") if path.is_file()]
        return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)

    def get(self, name: str) -> ModelFile:
        """Return a model; raises `ModelUnknown`."""
        path = self._folder / f"{name}{SUFFIX}"
        if not NAME.fullmatch(name) or not path.is_file():
            raise ModelUnknown(name)
        return _model_file(path)

    def delete(self, name: str) -> None:
        """Delete a model and what was built for it; raises `ModelUnknown`."""
        self.get(name).path.unlink()
        inputs = name.rpartition("-")[2]
        if not any(self._folder.glob(f"*-{inputs}{SUFFIX}")):
            shutil.rmtree(self._folder.parent / "builds" / inputs, ignore_errors=True)


def read_model_id(model: ModelFile) -> str:
    """Return what a model calls itself once it is loaded; raises `ModelBroken`. It reads the whole file."""
    try:
        with tarfile.open(model.path) as archive:
            for member in archive:
                if member.name.strip("/") == METADATA and (file := archive.extractfile(member)):
                    return str(json.load(file)["model_id"])
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise ModelBroken(f"{model.path.name}: {type(error).__name__}") from None
    raise ModelBroken(f"{model.path.name}: no {METADATA}")


def _model_file(path: Path) -> ModelFile:
    stat = path.stat()
    made_at = datetime.fromtimestamp(stat.st_mtime, UTC)
    return ModelFile(path.name.removesuffix(SUFFIX), path, stat.st_size, made_at)
