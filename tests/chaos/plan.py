"""What happens when: a seeded, bounded list of kills, cuts and delays, and what the run must reach. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

FULL_RUN_SECONDS = 600.0
#: The load runs undisturbed at first, and the last faults leave some of it to be seen.
FIRST_FAULT_SECONDS, LAST_FAULT_SECONDS = 3.0, 2.0
CLIENT_LINES = 4

Kind = Literal["kill", "restart", "cut", "delay"]


@dataclass(frozen=True, slots=True)
class Act:
    """One fault: at a time after the start, for so many seconds; `delay` is what a delayed line adds each way.

    A kill comes without a word, a restart asks the component to stop and waits for it.
    """

    at: float
    kind: Kind
    target: str
    seconds: float
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a component is killed, how long it stays away, how long it is then left in peace."""

    weight: float
    down: tuple[float, float]
    rest: float


#: By the part of the name before the dash; `rasa` is an engine that loads a model for half a minute.
HABITS = {
    "handover": Habit(7, (0.2, 2.0), 7.0),
    "double": Habit(6, (0.2, 2.0), 4.0),
    "rasa": Habit(1, (0.2, 2.0), 90.0),
    "actions": Habit(3, (0.2, 3.0), 12.0),
    "redis": Habit(5, (0.2, 3.0), 4.0),
    "postgres": Habit(5, (0.2, 1.5), 15.0),
}
KILL_EVERY = (3.0, 5.4)
#: Of these one is killed at a time, and the others are left in peace until it has long been back: without either of
#: them nobody is served at all, and how long one kill is felt could not be told from how often one kills.
VITAL = ("handover", "postgres")
VITAL_REST = 9.0
#: The share of a replica's ends that are restarts: a new release is rolled out under load.
RESTARTS = 0.2
#: When only restarts are wanted, one replica after the other is restarted so often.
ROLL_EVERY = 8.0


@dataclass(frozen=True, slots=True)
class LineHabit:
    """How often one of some lines is cut and delayed, in seconds between, and for how long."""

    cut_every: tuple[float, float]
    cut: tuple[float, float]
    delay_every: tuple[float, float]
    delayed: tuple[float, float]
    delay: tuple[float, float]


LINE_HABITS = {
    "clients": LineHabit((4.0, 8.0), (0.05, 1.5), (6.0, 14.0), (0.5, 3.0), (0.02, 0.3)),
    "postgres": LineHabit((18.0, 30.0), (0.1, 1.5), (15.0, 30.0), (0.5, 2.0), (0.002, 0.03)),
    "redis": LineHabit((15.0, 30.0), (0.1, 3.0), (15.0, 30.0), (0.5, 3.0), (0.01, 0.2)),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run must have done at least, and what no stall may exceed."""

    reconnects: int
    kills: int
    messages: int
    takeover_races: int
    claim_races: int
    stall_seconds: float = 15.0


def figures(duration: float) -> Figures:
    """Return the figures of a run, in proportion to its length."""
    share = duration / FULL_RUN_SECONDS
    return Figures(*(round(full * share) for full in (10_000, 100, 50_000, 1_000, 1_000)))


def make_plan(seed: int, duration: float, components: Sequence[tuple[str, str]], lines: Sequence[str]) -> list[Act]:
    """Return all faults of a run, in order.

    `components` are names with the habit each has; `lines` are names like `clients-2` or `postgres-1`.
    """
    source = random.Random(f"plan {seed}")  # noqa: S311
    end = duration - LAST_FAULT_SECONDS
    acts = [*_kills(source, end, components)]
    for kind, habit in LINE_HABITS.items():
        mine = [line for line in lines if line.startswith(f"{kind}-")]
        if mine:
            acts += _disturbances(source, end, mine, habit)
    return sorted(acts, key=lambda act: act.at)


def make_rolling_plan(duration: float, replicas: Sequence[str]) -> list[Act]:
    """Return restarts of one replica after the other, as often as there is time for."""
    times = range(int((duration - FIRST_FAULT_SECONDS) / ROLL_EVERY))
    return [
        Act(FIRST_FAULT_SECONDS + number * ROLL_EVERY, "restart", replicas[number % len(replicas)], 0.0)
        for number in times
    ]


def _kills(source: random.Random, end: float, components: Sequence[tuple[str, str]]) -> Iterator[Act]:
    quiet_until = dict.fromkeys((name for name, _ in components), 0.0)
    now = FIRST_FAULT_SECONDS
    while now < end:
        free = [(name, HABITS[kind]) for name, kind in components if quiet_until[name] <= now]
        if free:
            name, habit = source.choices(free, [one.weight for _, one in free])[0]
            down = source.uniform(*habit.down)
            quiet_until[name] = now + down + habit.rest
            if name.startswith(VITAL):
                for other in (one for one in quiet_until if one.startswith(VITAL)):
                    quiet_until[other] = max(quiet_until[other], now + down + VITAL_REST)
            gently = name.startswith("handover") and source.random() < RESTARTS
            yield Act(now, "restart" if gently else "kill", name, down)
        now += source.uniform(*KILL_EVERY)


def _disturbances(source: random.Random, end: float, lines: list[str], habit: LineHabit) -> Iterator[Act]:
    now = FIRST_FAULT_SECONDS + source.uniform(0, habit.cut_every[0])
    while now < end:
        yield Act(now, "cut", source.choice(lines), source.uniform(*habit.cut))
        now += source.uniform(*habit.cut_every)
    now = FIRST_FAULT_SECONDS + source.uniform(0, habit.delay_every[0])
    while now < end:
        yield Act(now, "delay", source.choice(lines), source.uniform(*habit.delayed), source.uniform(*habit.delay))
        now += source.uniform(*habit.delay_every)
