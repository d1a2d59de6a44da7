"""A data folder as a whole: its fingerprint, a copy that nobody edits, and in which FAQs two of them differ."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from catalogue.documents import CatalogueFiles, FaqDoc
from catalogue.examples import is_faq, read_examples

_SHORT = 40


def fingerprint(data: Path) -> str:
    """Return a hash of all files of a data folder, with their names; of hidden ones nothing counts."""
    digest = hashlib.sha256()
    for path in _files(data):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(data).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_SHORT]


def keep_copy(data: Path, trees: Path) -> Path:
    """Return a copy of the data folder, named by its fingerprint; it appears whole or not at all."""
    copy = trees / fingerprint(data)
    if not copy.exists():
        trees.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=trees, prefix=".copy-") as scratch:
            fresh = Path(scratch) / "data"
            for path in _files(data):
                target = fresh / path.relative_to(data)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            if not copy.exists():
                fresh.rename(copy)
    return copy


def changed_faqs(before: tuple[CatalogueFiles, Path], after: tuple[CatalogueFiles, Path]) -> list[str]:
    """Return the FAQs of `after` whose question, answer or examples are not those of `before`, new ones among them.

    Each side is the catalogue that was read from a data folder, and the folder.
    """
    old, new = _faqs(before[0]), _faqs(after[0])
    changed = {name for name, faq in new.items() if name not in old or _said(old[name]) != _said(faq)}
    changed |= {name for name in _with_other_examples(before[1], after[1]) if name in new}
    return sorted(changed)


def _files(data: Path) -> Iterator[Path]:
    for path in sorted(data.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(data).parts):
            yield path


def _faqs(files: CatalogueFiles) -> dict[str, FaqDoc]:
    return {f"{file.document.id}.{faq.id}": faq for file in files.services for faq in file.document.faqs}


def _said(faq: FaqDoc) -> tuple[object, ...]:
    return tuple(faq.texts()), faq.source, tuple(link.model_dump_json() for link in faq.links)


def _with_other_examples(before: Path, after: Path) -> set[str]:
    """Return the FAQs whose examples differ; only files that differ are read, which spares seconds."""
    names = {path.name for data in (before, after) for path in (data / "nlu").glob("*.yml")}
    differing = [name for name in names if _content(before / "nlu" / name) != _content(after / "nlu" / name)]
    old, new = _examples(before, differing), _examples(after, differing)
    return {intent for intent in {*old, *new} if is_faq(intent) and old.get(intent) != new.get(intent)}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _examples(data: Path, names: list[str]) -> dict[str, set[tuple[str, str]]]:
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in (data / "nlu" / name for name in names):
        if path.exists():
            for example in read_examples(path):
                found[example.intent].add((example.language, example.text))
    return found
