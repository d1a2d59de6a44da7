"""A short run with engine doubles: nobody notices a swap, whatever is killed in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.swap.model_files import make_small
from tests.swap.run import BROKEN, SOUND, A, B, C, D, E, run
from tests.swap.stage import Plan

pytestmark = pytest.mark.chaos


@pytest.mark.anyio
async def test_swaps_under_load_fail_no_turn_and_keep_every_conversation_with_its_model(tmp_path: Path) -> None:
    def make(name: str, path: Path) -> None:
        make_small(path, f"{name.removeprefix('swap-')}-id")

    plan = Plan(tmp_path, (*SOUND, BROKEN), make, double=True)
    result = await run(plan, conversations_per_second=3.0, think_seconds=0.5, steady_seconds=2.0)
    print("\n".join(result.lines()))
    assert result.failed == []
    assert result.strangers == []
    assert len(result.turns) > 100
    assert {A, B, C, D} <= {answer.model for answer in result.answers}
    assert result.log == [
        ("put", A),
        ("put", B),
        ("rolled_back", A),
        ("failed", BROKEN),
        ("put", C),
        ("put", D),
        ("failed", E),
        ("rolled_back", A),
    ]
    assert result.why[0].startswith("Motorn kunde inte ladda modellen")
    assert result.level_of_changed == "approve"
