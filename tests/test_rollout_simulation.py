"""The simulation of the rollout tells the truth: it follows the rule, points the right way, and repeats itself."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.rollout import Judgement, Policy, Verdict, find_demotion, find_promotion, weigh
from handover.core.supervision import Level
from handover.settings import ROOT
from scripts.rollout_model import SHARES, Faq, Life, Visit, World, chance_to_reach_target, live, turn, with_audit
from scripts.rollout_simulation import fill

#: Small enough that a short history goes up and down.
QUICK = Policy(target=0.6, floor=0.5, min_samples=5, recent=6, min_recent=4)
PAGE = ROOT / "docs" / "supervision.md"


def luck() -> random.Random:
    return random.Random(7)  # noqa: S311


def lives(error: float, runs: int = 40) -> list[Life]:
    chance = luck()
    return [live(Faq(Policy()), World(error), 1_000, chance) for _ in range(runs)]


def ever_unseen(error: float) -> int:
    return sum(Level.SAMPLED in life.reached for life in lives(error))


@given(
    st.lists(
        st.builds(
            Judgement, st.sampled_from([Verdict.GOOD] * 6 + list(Verdict)), st.sampled_from([False] * 30 + [True])
        ),
        max_size=200,
    ),
    st.sampled_from(Level),
    st.sampled_from(Level),
)
def test_simulated_faq_goes_by_the_rule_asked_every_time_about_everything(
    seen: list[Judgement], level: Level, cap: Level
) -> None:
    faq = Faq(QUICK, level, cap)
    since: list[Judgement] = []
    for judgement in seen:
        faq.review(judgement)
        since.append(judgement)
        fall = find_demotion(level, since, QUICK)
        moved = fall.to if fall else find_promotion(level, cap, weigh(since, QUICK), QUICK)
        if moved is not None:
            level, since = moved, []
        assert faq.level is level


def test_bad_faqs_slip_through_less_than_good_ones_go_up() -> None:
    good, middling, bad = ever_unseen(0.01), ever_unseen(0.06), ever_unseen(0.20)
    assert good == 40 > middling > bad == 0


def test_worse_faqs_take_longer_up() -> None:
    def reviews(error: float) -> float:
        return median(life.reached[Level.SAMPLED][1] for life in lives(error) if Level.SAMPLED in life.reached)

    assert reviews(0.0) < reviews(0.03)


def test_capped_faq_is_never_sent_unseen() -> None:
    chance = luck()
    life = live(Faq(Policy(), cap=Level.APPROVE), World(0.0), 1_000, chance)
    assert life.visits == [] and life.reached == {}


def test_bad_turn_is_found_sooner_where_more_is_reviewed() -> None:
    def sent_wrong(share: float) -> int:
        chance, before = luck(), with_audit(World(0.02), share)
        visits = [turn(Level.AUTO, before, with_audit(World(0.3), share), 20_000, chance) for _ in range(20)]
        assert all(visit.ended for visit in visits)
        return sum(visit.wrong for visit in visits)

    assert sent_wrong(0.10) < sent_wrong(SHARES[Level.AUTO])


def test_turn_that_nobody_reviews_in_time_is_told_as_not_found() -> None:
    visit = turn(Level.AUTO, World(0.0), World(1.0), 1, luck())
    assert visit == Visit(answers=1, wrong=1, harmful=0, reviews=visit.reviews, ended=False)


def test_harmful_answers_are_wrong_ones() -> None:
    with pytest.raises(ValueError, match="harmful"):
        World(0.01, harmful=0.02)


def test_more_looks_reach_the_target_by_luck_more_often() -> None:
    policy = Policy(target=0.90)
    once, often, always = (
        chance_to_reach_target(0.10, policy, looks) for looks in (range(300, 301), range(60, 301, 20), range(60, 301))
    )
    assert 0 < once < often < always < 1


def test_one_look_is_the_binomial_distribution() -> None:
    """Two of two approved is the only way to a lower bound of 0.3."""
    assert chance_to_reach_target(0.25, Policy(target=0.3, floor=0.1), range(2, 3)) == pytest.approx(0.75**2)


def simulate(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.rollout_simulation", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def run(folder: Path, seed: int) -> tuple[str, str, str]:
    folder.mkdir()
    page, figures = folder / "page.md", folder / "figures.json"
    page.write_text(PAGE.read_text("utf-8"), "utf-8")
    options = ["--runs", "10", "--seed", str(seed), "--page", str(page), "--figures", str(figures)]
    done = simulate(*options)
    assert done.returncode == 0, done.stderr
    return done.stdout, page.read_text("utf-8"), figures.read_text("utf-8")


def test_same_seed_gives_the_same_tables_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (run(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert first == again
    assert all(one != another for one, another in zip(first, other, strict=True))
    assert all(block in first[1] for block in first[0].strip().split("\n\n"))


@pytest.mark.parametrize("option", [["--runs", "1"], ["--auto-share", "0"], ["--sampled-share", "1.5"]])
def test_options_that_make_no_sense_are_refused(option: list[str]) -> None:
    done = simulate(*option)
    assert done.returncode == 2
    assert option[0] in done.stderr


def test_block_needs_its_markers() -> None:
    page = "before\n<!-- simulated: slips -->\nold\n<!-- end -->\nafter\n"
    assert fill(page, {"slips": "new"}) == page.replace("old", "new")
    with pytest.raises(ValueError, match="simulated: climbs"):
        fill(page, {"climbs": "new"})
