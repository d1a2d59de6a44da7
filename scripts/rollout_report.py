"""The tables of `make rollout-simulation`: every share with its own 95 % interval, every length as median and 90 %."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handover.core.rollout import Policy, wilson_interval
from handover.core.supervision import SENT_AT_ONCE, Level
from scripts.rollout_model import Life, Visit, chance_to_reach_target

#: How many times a day one of the most asked questions is asked.
A_DAY = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What every scenario came to, by its name."""

    scenarios: dict[str, list[Life] | list[Visit]]

    def lives(self, name: str) -> list[Life]:
        """Return the lives of a scenario that tells lives."""
        return [one for one in self.scenarios[name] if isinstance(one, Life)]

    def visits(self, name: str) -> list[Visit]:
        """Return the visits of a scenario that tells visits."""
        return [one for one in self.scenarios[name] if isinstance(one, Visit)]


def answer(told: Told, good: float, bad: float, questions: int) -> str:
    """Return the two sentences that the simulation is for."""
    slipped, climbed = told.lives(f"steady {bad}"), told.lives(f"steady {good}")
    to_sampled, to_auto = _questions_to(climbed, Level.SAMPLED), _questions_to(climbed, Level.AUTO)
    sentences = (
        f"Of FAQs with {_percent(bad)} of their answers wrong, {_share(_ever(slipped, Level.SAMPLED))} ever slip "
        f"through to `sampled` within {_number(questions)} questions, and {_share(_ever(slipped, Level.AUTO))} to "
        "`auto`.",
        f"A good one, with {_percent(good)} wrong, takes {_median(to_sampled)} questions to `sampled` and "
        f"{_median(to_auto)} to `auto` (median): at {A_DAY} questions a day {_median(to_sampled, A_DAY)} and "
        f"{_median(to_auto, A_DAY)} days, and nine of ten are there after {_number(_at(to_sampled, 0.9) / A_DAY)} and "
        f"{_number(_at(to_auto, 0.9) / A_DAY)} days.",
    )
    return "\n".join(textwrap.fill(sentence, 125) for sentence in sentences)


def looks(policy: Policy, errors: Iterable[float]) -> str:
    """Return how much more often a target is reached by luck when it is looked at again and again."""
    least, longest = policy.min_samples, 1_000
    columns = {
        "one look at 300": range(300, 301),
        "after every review to 300": range(least, 301),
        f"after every review to {_number(longest)}": range(least, longest + 1),
        f"after every 20th to {_number(longest)}": range(math.ceil(least / 20) * 20, longest + 1, 20),
    }
    rows = [
        (
            f"{target:.2f}",
            _percent(error),
            *(
                f"{100 * chance_to_reach_target(error, replace(policy, target=target), taken):.1f} %"
                for taken in columns.values()
            ),
        )
        for target in (0.90, policy.target)
        for error in errors
    ]
    return _table(("target", "not approved", *columns), rows)


def slips(told: Told, errors: Iterable[float]) -> str:
    """Return how often a FAQ goes up by its true error rate, and what is sent unseen because of it."""
    rows = []
    for error in errors:
        lives = told.lives(f"steady {error}")
        visits = [visit for life in lives for visit in life.visits]
        wrong = sum(visit.wrong for visit in visits) / sum(life.questions for life in lives)
        rows.append(
            (
                _percent(error),
                _share(_ever(lives, Level.SAMPLED)),
                _share(_ever(lives, Level.AUTO)),
                _length([visit.answers for visit in visits]),
                _length([visit.wrong for visit in visits]),
                f"{1_000 * wrong:.1f}",
            )
        )
    return _table(
        (
            "wrong answers",
            "ever at `sampled`",
            "ever at `auto`",
            "sent unseen in one stay",
            "of those wrong",
            "sent wrong and unseen, of 1 000 questions to all such FAQs",
        ),
        rows,
    )


def climbs(told: Told, errors: Iterable[float]) -> str:
    """Return how long FAQs take that should go up, and how often bad luck fells them."""
    rows = []
    for error in errors:
        lives = told.lives(f"steady {error}")
        row = [_percent(error)]
        for level in (Level.SAMPLED, Level.AUTO):
            row.append(_length([life.reached[level][1] for life in lives if level in life.reached]))
            row.append(_length(_questions_to(lives, level)))
        rows.append((*row, _share(_fell(lives, {Level.APPROVE})), _share(_fell(lives, SENT_AT_ONCE))))
    return _table(
        (
            "wrong answers",
            "reviews to `sampled`",
            "questions to `sampled`",
            "reviews to `auto`",
            "questions to `auto`",
            "ever fell from `approve`",
            "ever fell from `sampled` or `auto`",
        ),
        rows,
    )


def turned(told: Told, places: Iterable[tuple[Level, float]], rates: Iterable[float], limit: int) -> str:
    """Return what is sent from a FAQ's bad turn until it falls."""
    rates = list(rates)
    rows = []
    for level, share in places:
        for rate in rates:
            visits = told.visits(f"turned {level} {share} {rate}")
            rows.append(
                (
                    f"`{level}`, {_percent(share)} reviewed",
                    _percent(rate),
                    _length([visit.reviews for visit in visits if visit.ended]),
                    _length(_until_fall(visits, lambda visit: visit.answers)),
                    _length(_until_fall(visits, lambda visit: visit.wrong)),
                    _share([visit.ended for visit in visits]),
                )
            )
    headings = ("at", "wrong from then on", "reviews until it fell", "answers sent", "wrong ones sent")
    return _table((*headings, f"fell within {_number(limit)} answers"), rows)


def harmful(told: Told, places: Iterable[tuple[Level, float]], rates: Iterable[float], limit: int) -> str:
    """Return how many harmful answers are sent before one is seen."""
    rates = list(rates)
    rows = []
    for level, share in places:
        for rate in rates:
            visits = told.visits(f"harmful {level} {share} {rate}")
            rows.append(
                (
                    f"`{level}`, {_percent(share)} reviewed",
                    f"1 in {round(1 / rate)}",
                    _length(_until_fall(visits, lambda visit: visit.answers)),
                    _length(_until_fall(visits, lambda visit: visit.harmful)),
                    _share([visit.ended for visit in visits]),
                )
            )
    headings = ("at", "harmful answers", "answers sent until it fell", "harmful ones sent")
    return _table((*headings, f"fell within {_number(limit)} answers"), rows)


def missed(told: Told, shares: Iterable[float]) -> str:
    """Return how often a bad FAQ slips through when reviewers miss more or less of what is wrong."""
    rows = [
        (_percent(share), _share(_ever(lives, Level.SAMPLED)), _share(_ever(lives, Level.AUTO)))
        for share in shares
        for lives in [told.lives(f"missed {share}")]
    ]
    return _table(("wrong answers let through by reviewers", "ever at `sampled`", "ever at `auto`"), rows)


def policies(told: Told, names: Iterable[str]) -> str:
    """Return what the rule would come to with other figures."""
    rows = []
    for name in names:
        good, bad = told.lives(f"policy {name} good"), told.lives(f"policy {name} bad")
        visits = told.visits(f"policy {name} turned")
        rows.append(
            (
                name,
                _share(_ever(bad, Level.SAMPLED)),
                _length(_questions_to(good, Level.SAMPLED)),
                _length(_questions_to(good, Level.AUTO)),
                _share(_fell(good, set(Level))),
                _length(_until_fall(visits, lambda visit: visit.wrong)),
            )
        )
    return _table(
        (
            "rule",
            "bad one ever at `sampled`",
            "good one: questions to `sampled`",
            "to `auto`",
            "good one ever fell",
            "turned to 30 % at `sampled`: wrong ones sent",
        ),
        rows,
    )


def drawn(
    told: Told, errors: Iterable[float], places: Iterable[tuple[Level, float]], rate: float, target: float
) -> dict[str, Any]:
    """Return what `scripts/rollout_plot.py` draws; `wrong` is what each further percent of the FAQs stays within."""
    steady = [
        {"error": error, **{level: _interval(_ever(lives, level)) for level in (Level.SAMPLED, Level.AUTO)}}
        for error in errors
        for lives in [told.lives(f"steady {error}")]
    ]
    found = [
        {"level": level, "share": share, "wrong": [count for count in counts if not math.isinf(count)]}
        for level, share in places
        for until in [_until_fall(told.visits(f"turned {level} {share} {rate}"), lambda visit: visit.wrong)]
        for counts in [[_at(until, percent / 100) for percent in range(1, 101)]]
    ]
    return {"steady": steady, "turned": {"rate": rate, "places": found}, "target": target}


def _ever(lives: Sequence[Life], level: Level) -> list[bool]:
    return [level in life.reached for life in lives]


def _fell(lives: Sequence[Life], levels: Iterable[Level]) -> list[bool]:
    return [any(level in levels for level, _ in life.falls) for life in lives]


def _questions_to(lives: Sequence[Life], level: Level) -> list[float]:
    return [life.reached[level][0] for life in lives if level in life.reached]


def _until_fall(visits: Sequence[Visit], count: Callable[[Visit], int]) -> list[float]:
    """Return the counts until each fell; of those that did not fall nobody knows, so they are endless."""
    return [count(visit) if visit.ended else math.inf for visit in visits]


def _interval(happened: Sequence[bool]) -> tuple[float, float, float]:
    return (sum(happened) / len(happened), *wilson_interval(sum(happened), len(happened)))


def _share(happened: Sequence[bool]) -> str:
    share, low, high = _interval(happened)
    return f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _length(values: Sequence[float], per: int = 1) -> str:
    """Return the median, and what nine of ten stay within."""
    return f"{_median(values, per)} ({_number(_at(values, 0.9) / per)})" if values else "-"


def _median(values: Sequence[float], per: int = 1) -> str:
    return _number(_at(values, 0.5) / per) if values else "-"


def _at(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of them do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _number(value: float) -> str:
    return "not found" if math.isinf(value) else f"{math.ceil(value):,}".replace(",", " ")


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
