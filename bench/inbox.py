"""`make bench-inbox`: how soon the next text is there when somebody labels a hundred, and a page of 20 000 misses.

The service is the real one with an engine double that misses everything; the clock of the labels runs in the page.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright
from sqlalchemy import Connection, insert

from bench.report import Row, at_most, table
from bench.running import machine
from handover.api.tuning.inbox import DEFAULT_GROUPS
from handover.conversations import utc_now
from handover.core.labels import SHOWN_FOR, SKIPPED_FOR
from handover.core.misses import MissKind, text_key
from handover.core.supervision import Level
from handover.store import misses
from handover.store import tables as t
from handover.store.database import Database
from handover.store.misses import Openness
from handover.tuning.inbox.board import MOST_MISSES, MOST_TEXTS
from handover.tuning.inbox.groups import Grouper
from scripts.browser import ensure_browser
from tests.api.missed import ask_each, misses_all
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, DESKTOP
from tests.e2e.labelling import label_inbox
from tests.e2e.supervised_room import supervised_room
from tests.support.databases import Template, copy_sqlite, make_sqlite_template

LABELLED = 100
#: What is wanted: an editor's patience.
STEP_MS, ALL_SECONDS, PAGE_MS, KEYS = 100.0, 300.0, 300.0, 2.0
FAQS = 400


def measure_labels(template: Template, folder: Path) -> list[Row]:
    """Label a hundred texts in a real browser."""
    texts = [f"Menar ni nummer {'i' * number} i listan?" for number in range(LABELLED)]
    with supervised_room(template, folder, Level.AUTO) as room, sync_playwright() as playwright:
        room.double.answer = misses_all
        room.do(ask_each, room.people, texts)
        browser = playwright.chromium.launch(executable_path=str(ensure_browser()), args=CHROMIUM_ARGUMENTS)
        page = room.at_console(browser.new_context(viewport=DESKTOP, locale="sv-SE").new_page(), "editor", "Inkorg")
        page.get_by_text(f"0 av {LABELLED} märkta").wait_for()
        began = time.perf_counter()
        effort = label_inbox(page, LABELLED)
        took = time.perf_counter() - began
        browser.close()
    return [
        at_most("labels", "keys, most of any text", max(effort.keys), "", KEYS),
        Row("labels", "from key to picture, p50", statistics.median(effort.waits), "ms"),
        at_most("labels", "from key to picture, p99", statistics.quantiles(effort.waits, n=100)[98], "ms", STEP_MS),
        at_most("labels", f"{LABELLED} texts", took, "s", ALL_SECONDS),
    ]


def many_misses() -> Iterator[tuple[dict[str, object], ...]]:
    """Yield the rows of so many misses: conversation, its two events, the miss; one in twenty fits no question."""
    words = ("bygga", "betala", "hämta", "söka", "lämna", "ändra", "flytta", "köpa", "hyra", "boka")
    now = utc_now()
    for number, (one, other, third) in enumerate(product(words, repeat=3)):
        for copy in range(MOST_MISSES // len(words) ** 3):
            text = f"Hur ska jag {one} och {other} eller {third} med {number * 7919 % 1000:x}{copy:x}?"
            talk, at = f"talk-{number}-{copy}", now - timedelta(minutes=number)
            guesses = [] if copy == 0 else [[f"service.faq{(number * 20 + copy) % FAQS}", 0.5]]
            conversation = {
                "id": talk,
                "token_hash": "",
                "state": "bot",
                "epoch": 0,
                "last_seq": 1,
                "priority": 0,
                "last_at": at,
                "projection": {},
                "context": {},
            }
            event = {"conversation_id": talk, "seq": 1, "at": at, "kind": "message", "body": {"text": text}}
            miss = {
                "conversation_id": talk,
                "seq": 1,
                "text_key": text_key(text, "sv", "citizen"),
                "at": at,
                "language": "sv",
                "audience": "citizen",
                "kinds": [MissKind.SEARCHED.value],
                "weight": 2.0,
                "offered": [],
                "guesses": guesses,
            }
            yield conversation, event, miss


async def measure_page(template: Template, folder: Path) -> list[Row]:
    """Group and read so many misses on SQLite."""
    database = Database(copy_sqlite(template, folder / "many.sqlite3"))

    def fill(connection: Connection) -> None:
        for target, rows in zip((t.conversations, t.events, t.misses), zip(*many_misses(), strict=True), strict=True):
            connection.execute(insert(target), list(rows))

    await database.write(fill)
    openness, grouper = Openness(utc_now() - SHOWN_FOR, utc_now() - SKIPPED_FOR), Grouper()
    times: list[float] = []
    for _ in range(3):  # From nothing, and then as it is when one miss has come.
        began = time.perf_counter()
        found = await database.read(lambda connection: misses.list_open(connection, openness, MOST_MISSES))
        groups = grouper.group(found)
        times.append(time.perf_counter() - began)
    keys = [key for group in groups[:DEFAULT_GROUPS] for key in group.texts[:MOST_TEXTS]]
    began = time.perf_counter()
    await database.read(lambda connection: misses.list_texts(connection, keys, openness, utc_now()))
    await database.read(misses.count_stamp)
    shown = time.perf_counter() - began
    await database.close()
    return [
        Row("page", f"{len(found)} misses grouped from nothing, in {len(groups)} groups", times[0] * 1_000, "ms"),
        Row("page", "the same when something has come", min(times[1:]) * 1_000, "ms"),
        at_most("page", f"{DEFAULT_GROUPS} groups read", shown * 1_000, "ms", PAGE_MS),
    ]


def main() -> int:
    """Measure; the exit code is 0 unless something could not be measured."""
    with tempfile.TemporaryDirectory(prefix="kontakt-bench-") as name:
        folder = Path(name)
        template = make_sqlite_template(folder / "template.sqlite3")
        print(machine())
        rows = [*asyncio.run(measure_page(template, folder)), *measure_labels(template, folder)]
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
