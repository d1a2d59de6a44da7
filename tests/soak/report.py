"""The table at the end of a soak: what was done, what was found, how long people waited, what memory grew to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.evidence import Record
from tests.chaos.stalls import quantile
from tests.soak.checker import Breach, Talk, lines_of, read_words

SHOWN_BREACHES = 20
#: Longer than the longest pause between two tries to connect and what follows on it; see `widget/src/wire/backoff.ts`.
LONGEST_WAIT_SECONDS = 60.0
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something took to reach the record, or the eyes of its reader; `calm` is without troubles on purpose."""

    what: str
    seconds: float
    calm: float


@dataclass
class Result:
    """What a soak came to."""

    widgets: int
    duration: float
    blocked: int
    talks: list[Talk]
    record: Record
    done: Counter[str]
    breaches: list[Breach]
    #: Bytes of the browser and of the replica, when everybody had come and in the end.
    browser: tuple[int, int]
    server: tuple[int, int]
    settled_seconds: float
    #: How many frames were spoilt on purpose.
    spoilt: int = 0
    waits: list[Wait] = field(init=False)

    def __post_init__(self) -> None:
        self.waits = [wait for talk in self.talks for wait in waits_of(talk, self.record)]
        self.breaches += [
            Breach("too_long", wait.what, f"{wait.calm:.1f} s without troubles")
            for wait in self.waits
            if wait.calm > LONGEST_WAIT_SECONDS
        ]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.breaches

    def lines(self) -> list[str]:
        """Return the table."""
        shown = sum(len(talk.shown) for talk in self.talks)
        lines = [f"{self.widgets} widgets, {self.blocked} of them without sockets, for {self.duration:g} s", ""]
        lines += ["what was done                        count"]
        done = {**self.done, "conversations": len(self.record), "lines on screens in the end": shown}
        if self.spoilt:
            done["frames spoilt on purpose"] = self.spoilt
        lines += [f"  {name:<30} {count:>9}" for name, count in sorted(done.items())]
        lines += ["", "how long it took, in seconds             p50     p99     max   max without troubles"]
        for name in ("recorded", "shown"):
            waits = [wait for wait in self.waits if wait.what.startswith(name)]
            seconds = [wait.seconds for wait in waits]
            lines.append(
                f"  until {name:<28} {quantile(seconds, 0.5):>6.2f}  {quantile(seconds, 0.99):>6.2f}  "
                f"{max(seconds, default=0.0):>6.2f}  {max((wait.calm for wait in waits), default=0.0):>6.2f}"
            )
        lines.append(f"  until all had settled {self.settled_seconds:.1f}")
        lines += ["", "memory in MB                         at first  in the end"]
        for name, (first, last) in (("browser", self.browser), ("replica", self.server)):
            lines.append(f"  {name:<35} {first / MEGABYTE:>8.0f} {last / MEGABYTE:>11.0f}")
        found = Counter(breach.kind for breach in self.breaches)
        lines += ["", "what was found", *(f"  {kind:<30} {count:>9}" for kind, count in found.items())]
        lines += [f"    {one.kind}: {one.conversation}: {one.detail}" for one in self.breaches[:SHOWN_BREACHES]]
        return [*lines, f"verdict: {'clean' if self.clean else f'{len(self.breaches)} breaches'}"]


def waits_of(talk: Talk, record: Record) -> Iterator[Wait]:
    """Yield how long each message took from being said to its commit, and each line from its commit to the screen."""
    row = record.get(talk.conversation or "")
    if row is None:
        return
    due = list(lines_of(row, read_words()))
    recorded = {line.text: at for at, line in due if line.who == "citizen"}
    for said in talk.said:
        if said.text in recorded:
            yield _wait(f"recorded: {said.text} of {talk.widget}", said.at, recorded[said.text], talk)
    appeared: dict[int, float] = {}
    for life in talk.lives:
        for number, one in enumerate(life):
            appeared[number] = min(one.at, appeared.get(number, one.at))
    for number, (at, line) in enumerate(due):
        if number in appeared:
            yield _wait(f"shown: {line.text} to {talk.widget}", at, appeared[number], talk)


def _wait(what: str, began: float, ended: float, talk: Talk) -> Wait:
    disturbed, covered = 0.0, began
    for start, end in sorted(talk.troubles):
        disturbed += max(0.0, min(end, ended) - max(start, covered))
        covered = max(covered, min(end, ended))
    seconds = max(0.0, ended - began)
    return Wait(what, seconds, max(0.0, seconds - disturbed))
