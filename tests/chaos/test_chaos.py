"""A short chaos run comes out clean, and each fault that is put in on purpose is caught."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.cluster import Shape
from scripts.haproxy import ensure_haproxy
from tests.chaos.load import LoadSize
from tests.chaos.report import Result
from tests.chaos.run import Options, hears_others, run

pytestmark = pytest.mark.chaos
#: Enough races that a fault has many occasions to show, also on a busy machine.
RACING = LoadSize(citizens=40, guides=10, messages_per_second=30.0, races_per_second=4.0, aborts_per_second=4.0)
SMALL = LoadSize(citizens=40, guides=8, messages_per_second=30.0, races_per_second=2.0, aborts_per_second=4.0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of our own: the database's user cannot walk into those of pytest."""
    ensure_haproxy()
    with tempfile.TemporaryDirectory(prefix="kontakt-chaos-") as path:
        yield Path(path) / "run"


def faulty(folder: Path, fault: str, *, faults: bool = False) -> Result:
    """Run briefly on replicas with a fault, killing and cutting nothing unless told so."""
    shape = Shape(engines=("double",), replicas=1, handover=("-m", "tests.chaos.faulty", "--fault", fault))
    return run(Options(folder, 7.0, 1, shape, RACING, faults, calm_seconds=4.0))


def kinds(result: Result) -> set[str]:
    """Return the kinds of breaches."""
    return {breach.kind for breach in result.breaches}


def test_a_short_run_is_clean(folder: Path) -> None:
    shape = Shape(engines=("double", "double"), replicas=2 if hears_others() else 1)
    result = run(Options(folder, 18.0, 1, shape, SMALL))
    print("\n".join(result.lines()))
    assert result.breaches == []
    assert result.calm
    assert result.done["reconnects"] > 50 and sum(result.reached["kills"][:1]) >= 3
    assert result.done["takeover_races"] > 5 and result.done["claim_races"] > 5


def test_a_rolling_restart_under_load_drops_nothing(folder: Path) -> None:
    shape = Shape(engines=("double", "double"), replicas=2)
    result = run(Options(folder, 26.0, 1, shape, SMALL, rolling=True))
    assert result.breaches == []
    assert result.calm and result.stalls == []
    assert result.done["restart handover-1"] >= 1 and result.done["restart handover-2"] >= 1


def test_an_unchecked_epoch_is_caught(folder: Path) -> None:
    assert "bot_spoke" in kinds(faulty(folder, "epoch"))


def test_an_acknowledgement_before_the_commit_is_caught(folder: Path) -> None:
    assert "lost" in kinds(faulty(folder, "ack", faults=True))


def test_carrying_out_each_delivery_is_caught(folder: Path) -> None:
    assert "doubled" in kinds(faulty(folder, "ids"))
