"""The catalogue's commands: `python -m catalogue check|import|stamp|placeholders`.

`check` tells every problem with file and line; `import` writes the checked catalogue to KONTAKT_DATABASE_URL, all or
nothing; `stamp` marks translations as made from today's Swedish text; `placeholders` lists the gaps to fill in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from catalogue.checks import check_data, list_placeholders
from catalogue.documents import CatalogueError, CatalogueFiles, read_catalogue
from catalogue.importer import import_catalogue
from catalogue.stamp import stamp


def main() -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="catalogue", description=__doc__)
    parser.add_argument("command", choices=("check", "import", "stamp", "placeholders"))
    parser.add_argument("--json", action="store_true", help="check: tell problems as JSON, one list")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("KONTAKT_DATA", "data")))
    options = parser.parse_args()
    try:
        return _run(options.command, options.data)
    except CatalogueError as error:
        if options.json:
            print(json.dumps([[str(one.file), one.line, one.reason] for one in error.problems], ensure_ascii=False))
            return 1
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problems; nothing was changed.", file=sys.stderr)
        return 1


def _run(command: str, data: Path) -> int:
    if command == "stamp":
        for path in sorted((data / "catalogue").glob("*.yml")):
            for line in stamp(path):
                print(f"stamped {line}")
        return 0
    if command == "placeholders":
        for name, gap, users in list_placeholders(read_catalogue(data)):
            filled = gap.value or "(not filled in)"
            print(f"{name}: {gap.describes}: {filled}; used by {', '.join(users) or 'nothing'}")
        return 0
    if command == "check":
        print(f"{_counts(check_data(data))}: no problems")
    else:
        print(import_data(data, os.environ["KONTAKT_DATABASE_URL"]))
    return 0


def import_data(data: Path, database_url: str) -> str:
    """Check the data folder and import its catalogue; return what was done. Raises `CatalogueError`."""
    files = check_data(data)
    changed = asyncio.run(_import(files, database_url))
    return f"{_counts(files)}: {'imported' if changed else 'unchanged since the last import'}"


def _counts(files: CatalogueFiles) -> str:
    return f"{len(files.services)} services, {len(files.intents())} FAQs"


async def _import(files: CatalogueFiles, database_url: str) -> bool:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(import_catalogue, files)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
