"""Make the table of `docs/roles.md` from what routes and frames declare.

`python -m handover.access_table [--check]`. A test calls every row as every role, so the table is also what happens.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from fastapi import FastAPI

from handover.api import frames as f
from handover.api.access import Access, OpenTo, Requires, list_route_access
from handover.api.guide_socket import FRAME_RIGHTS
from handover.app import create_app
from handover.core.roles import Right, Role, rights_of
from handover.settings import Settings

TARGET = Path(__file__).parents[1] / "docs" / "roles.md"
BEGIN, END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"
#: What needs a right only in one of its forms.
OPEN_AS_STAFF = "POST /api/v1/conversations as staff"
CITIZENS = OpenTo("citizens, with their conversation's token")


@dataclass(frozen=True)
class Row:
    """One thing that can be asked for, and what it asks for: all of it."""

    what: str
    needs: tuple[Access, ...]

    def lets_in(self, role: Role | None) -> bool:
        """Tell whether somebody with this one role may; None is nobody who is signed in."""
        return all(_lets_in(access, role) for access in self.needs)


def route_rows(app: FastAPI) -> list[Row]:
    """Return a row for every method of every route; raise `ValueError` for one that declares nothing."""
    rows = [Row(OPEN_AS_STAFF, (Requires(Right.ASK_AS_STAFF),))]
    for one in list_route_access(app):
        if not one.needs:
            raise ValueError(f"{one.method} {one.path} does not declare who may call it, see handover/api/access.py")
        rows.append(Row(f"{one.method} {one.path}", one.needs))
    return sorted(rows, key=lambda row: (row.what.split(" ")[1], row.what))


def frame_rows() -> list[Row]:
    """Return a row for every frame that browsers send; a guide's needs the desk, whatever else."""
    citizen = [Row(f"citizen: {name}", (CITIZENS,)) for name, _ in frame_models(f.CitizenFrame)]
    guide = [
        Row(
            f"guide: {name}",
            tuple(
                Requires(right) for right in dict.fromkeys((Right.DESK, FRAME_RIGHTS.get(model))) if right is not None
            ),
        )
        for name, model in frame_models(f.GuideFrame)
    ]
    return sorted([*citizen, *guide], key=lambda row: row.what)


def frame_models(union: Any) -> Iterator[tuple[str, type[f.Frame]]]:
    """Yield the `type` and the model of each frame of a union."""
    for model in get_args(get_args(union)[0]):
        yield get_args(model.model_fields["type"].annotation)[0], model


def render(rows: list[Row]) -> str:
    """Return rows as a table."""
    head = ["route or frame", "nobody", *(role.value for role in Role), "asks for"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for row in rows:
        cells = ["yes" if row.lets_in(role) else "-" for role in (None, *Role)]
        lines.append(f"| `{row.what}` | {' | '.join(cells)} | {' and '.join(map(_asks_for, row.needs))} |")
    return "\n".join(lines) + "\n"


def _lets_in(access: Access, role: Role | None) -> bool:
    match access:
        case OpenTo():
            return True
        case Requires(right=None):
            return role is not None
        case Requires(right=right):
            return role is not None and right in rights_of([role])


def _asks_for(access: Access) -> str:
    match access:
        case OpenTo(whom=whom):
            return f"open to {whom}"
        case Requires(right=None):
            return "being signed in"
        case Requires(right=right):
            return f"`{right}`"


def main() -> int:
    """Write the table, or with `--check` say whether the written one is in step."""
    page = TARGET.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}{render([*route_rows(create_app(Settings())), *frame_rows()])}{END}{after}"
    if "--check" in sys.argv[1:]:
        if fresh != page:
            print("docs/roles.md is out of step with the code: run `make protocol`.")
        return int(fresh != page)
    TARGET.write_text(fresh, encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
