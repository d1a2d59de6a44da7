"""Model files to swap: copies of a trained one under other names, small ones for the double, and one that is broken."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

METADATA = "metadata.json"


def copy_as(source: Path, target: Path, model_id: str) -> None:
    """Copy a trained model so that it calls itself otherwise; it needs the folder of what was built for the first."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz", compresslevel=1) as new:
        for member in old:
            file = old.extractfile(member)
            content = file.read() if file else b""
            if member.name.strip("/") == METADATA:
                content = json.dumps({**json.loads(content), "model_id": model_id}).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))


def make_small(target: Path, model_id: str) -> None:
    """Make a file that holds nothing but what a model calls itself: the double serves it, Rasa cannot load it."""
    content = json.dumps({"model_id": model_id}).encode()
    member = tarfile.TarInfo(METADATA)
    member.size = len(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(target, "w:gz") as archive:
        archive.addfile(member, io.BytesIO(content))
