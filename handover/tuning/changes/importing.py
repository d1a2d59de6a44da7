"""Examples from a file: Rasa's YAML as in `data/nlu/`, or CSV with the columns text, intent, language and voice."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from catalogue.documents import SOURCE_LANGUAGE, CatalogueError
from catalogue.examples import read_examples
from handover.core.errors import HandoverError
from handover.tuning.changes.applying import check_example
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.edits import AddExample
from handover.tuning.changes.refusals import EditRefused

MAX_IMPORT_BYTES = 1_000_000
_COLUMNS = {"text", "intent", "language", "voice"}
_REQUIRED = {"text", "intent"}


@dataclass(frozen=True, slots=True)
class Read:
    """One example of a file, with its line from 1."""

    line: int
    kind: Kind
    text: str


def read_import(name: str, body: bytes) -> list[Read]:
    """Return the examples of a file; raises `import_invalid` with file, line and reason, `frame_too_large`."""
    if len(body) > MAX_IMPORT_BYTES:
        raise HandoverError("frame_too_large")
    name = Path(name).name or "import"
    rows = list(_read_csv(name, body) if name.lower().endswith(".csv") else _read_yaml(name, body))
    if not rows:
        raise EditRefused("import_invalid", file=name, line=1, reason="Filen har inga exempel.")
    return rows


def add_all(draft: Draft, name: str, rows: list[Read]) -> int:
    """Add the examples that are not there yet; return how many. All or none: raises `import_invalid` with the line."""
    by_kind: dict[Kind, dict[str, None]] = {}
    known: set[str] = set()
    for row in rows:
        try:
            if row.kind.intent not in known and not draft.has_intent(row.kind.intent):
                raise HandoverError("intent_unknown")
            known.add(row.kind.intent)
            by_kind.setdefault(row.kind, {})[check_example(row.text)] = None
        except HandoverError as error:
            raise EditRefused("import_invalid", file=name, line=row.line, reason=error.message) from error
    added = 0
    for kind, texts in by_kind.items():
        path = draft.place_of(kind)
        file = draft.examples_at(path)
        new = [text for text in texts if file.locate(kind, text) is None]
        if new:
            draft.write(path, file.add(kind, *new).text)
        added += len(new)
    return added


def _read_yaml(name: str, body: bytes) -> Iterator[Read]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        try:
            for one in read_examples(path):
                yield Read(one.line, Kind(one.intent, one.language, one.voice), one.text)
        except CatalogueError as error:
            first = error.problems[0]
            raise EditRefused("import_invalid", file=name, line=first.line, reason=first.reason) from error


def _read_csv(name: str, body: bytes) -> Iterator[Read]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EditRefused("import_invalid", file=name, line=1, reason="Filen är inte UTF-8.") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    columns = {(column or "").strip() for column in reader.fieldnames or ()}
    if not columns >= _REQUIRED or not columns <= _COLUMNS:
        reason = f"Första raden ska namnge kolumnerna {', '.join(sorted(_COLUMNS))}."
        raise EditRefused("import_invalid", file=name, line=1, reason=reason)
    try:
        for row in reader:
            yield Read(reader.line_num, *_of_row(row))
    except (csv.Error, ValidationError) as error:
        reason = "Raden går inte att läsa." if isinstance(error, csv.Error) else _first(error)
        raise EditRefused("import_invalid", file=name, line=reader.line_num, reason=reason) from None


def _of_row(row: dict[str, str]) -> tuple[Kind, str]:
    given = {(key or "").strip(): value for key, value in row.items()}
    language = given.get("language") or SOURCE_LANGUAGE
    voice = given.get("voice") or ("en" if language == "en" else "vardag")
    edit = AddExample.model_validate(
        {"intent": given.get("intent") or "", "text": given.get("text") or "", "language": language, "voice": voice}
    )
    return Kind(edit.intent, edit.language, edit.voice), edit.text


def _first(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
