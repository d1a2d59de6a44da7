"""A short soak comes out clean, the chat withstands what a line may do, and what it could not withstand is found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.soak.report import Result
from tests.soak.run import Options, run

pytestmark = pytest.mark.chaos


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of our own: the database's user cannot walk into those of pytest."""
    with tempfile.TemporaryDirectory(prefix="kontakt-soak-") as path:
        yield Path(path) / "run"


def soak(options: Options) -> Result:
    """Run in a thread of its own, where no other browser has a loop; say what came of it."""
    with ThreadPoolExecutor(1) as apart:
        result = apart.submit(run, options).result()
    print("\n".join(result.lines()))
    return result


def test_short_soak_is_clean_also_where_events_come_twice(folder: Path) -> None:
    result = soak(Options(folder, widgets=20, duration=25.0, guides=4, tamper="double"))
    assert result.breaches == []
    done = result.done
    assert done["citizen messages"] > 40 and done["guide messages"] > 5 and result.spoilt > 5
    assert all(done[trouble] for trouble in ("cut", "silence", "delay", "reload", "offline"))
    assert result.blocked > 0


def test_words_that_change_on_the_way_are_found(folder: Path) -> None:
    result = soak(Options(folder, widgets=5, duration=8.0, guides=1, tamper="rewrite", calm_seconds=5.0))
    assert result.spoilt > 0
    assert {breach.kind for breach in result.breaches} <= {"shown", "shown_meanwhile"}
    assert any(breach.kind == "shown" for breach in result.breaches)
