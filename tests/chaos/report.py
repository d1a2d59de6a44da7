"""The table at the end of a run: what was done, what was found, whether it was enough."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.checker import Breach
from tests.chaos.evidence import Journal, Record
from tests.chaos.plan import Figures
from tests.chaos.stalls import Wait, command_waits, hit_by_outage, kills_during, quantile, turn_waits

SHOWN_BREACHES = 20
#: The kinds of breaches that are always in the table, found or not.
KINDS = (
    "lost", "phantom", "doubled", "delivered_twice", "reordered", "gap", "projection", "bot_spoke", "double_claim",
    "done_though_refused", "other_outcome", "other_view", "not_delivered", "unanswered", "refused", "turn_hangs",
    "no_turn", "silent", "slow_stop",
)  # fmt: skip


@dataclass
class Result:
    """What a run came to."""

    done: Counter[str]
    figures: Figures
    journal: Journal
    record: Record
    breaches: list[Breach] = field(default_factory=list)
    calm: bool = True

    def __post_init__(self) -> None:
        self.command_waits = list(command_waits(self.journal))
        self.turn_waits = list(turn_waits(self.journal, self.record))

    @property
    def reached(self) -> dict[str, tuple[int, int]]:
        """What was done and what was to be done at least."""
        done = self.done
        kills = sum(count for name, count in done.items() if name.startswith("kill "))
        return {
            "forced reconnects": (done["reconnects"], self.figures.reconnects),
            "kills": (kills, self.figures.kills),
            "messages": (done["citizen_messages"] + done["guide_messages"], self.figures.messages),
            "takeover races": (done["takeover_races"], self.figures.takeover_races),
            "claim races": (done["claim_races"], self.figures.claim_races),
        }

    @property
    def stalls(self) -> list[Wait]:
        """The waits that were too long. A turn may be taken up anew after each process that died with it."""
        limit = self.figures.stall_seconds
        return [wait for wait in self._waits() if wait.seconds > limit * max(1, wait.leases)]

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not self.breaches and not self.stalls and self.calm

    @property
    def enough(self) -> bool:
        """Whether as much was done as there was to be done."""
        return all(done >= wanted for done, wanted in self.reached.values())

    def lines(self) -> list[str]:
        """Return the table."""
        return [
            *self._what_was_done(),
            "",
            *self._what_was_found(),
            "",
            *self._how_long(),
            "",
            *self._verdict(),
        ]

    def _what_was_done(self) -> list[str]:
        lines = ["what was done                        count   at least"]
        for name, (done, wanted) in self.reached.items():
            lines.append(f"  {name:<30} {done:>9} {wanted:>10}{'' if done >= wanted else '   not reached'}")
        for name, count in sorted(self.done.items()):
            lines.append(f"  {name:<30} {count:>9}")
        events = sum(len(row.events) for row in self.record.values())
        lines.append(f"  {'conversations in the database':<30} {len(self.record):>9}")
        lines.append(f"  {'events in the database':<30} {events:>9}")
        for code, count in sorted(self.journal.codes.items()):
            lines.append(f"  {'refused: ' + code:<30} {count:>9}")
        return lines

    def _what_was_found(self) -> list[str]:
        found = Counter(breach.kind for breach in self.breaches)
        lines = ["what was found                       count"]
        lines += [f"  {kind:<30} {found[kind]:>9}" for kind in KINDS]
        lines += [f"  {kind:<30} {count:>9}" for kind, count in found.items() if kind not in KINDS]
        shown: Counter[str] = Counter()
        for breach in self.breaches:
            shown[breach.kind] += 1
            if shown[breach.kind] <= SHOWN_BREACHES:
                lines.append(f"    {breach.kind}: {breach.conversation}: {breach.detail}")
        return lines

    def _how_long(self) -> list[str]:
        lines = ["how long people waited, in seconds        p50     p99     max   max outside of database outages"]
        for name, waits in (("for a command", self.command_waits), ("for the assistant", self.turn_waits)):
            all_of = [wait.seconds for wait in waits]
            outside = [wait.seconds for wait in waits if not hit_by_outage(self.journal, wait)]
            lines.append(
                f"  {name:<36} {quantile(all_of, 0.5):>6.2f}  {quantile(all_of, 0.99):>6.2f}  "
                f"{max(all_of, default=0.0):>6.2f}  {max(outside, default=0.0):>6.2f}"
            )
        worst = sorted(self._waits(), key=lambda wait: -wait.seconds)[:5]
        for wait in worst:
            killed = ", ".join(kills_during(self.journal, wait)) or "nothing"
            lines.append(f"    {wait.seconds:.2f} s: {wait.what}; taken up anew {wait.leases} times; killed: {killed}")
        return lines

    def _verdict(self) -> list[str]:
        lines = [f"  too long: {wait.what} took {wait.seconds:.1f} s" for wait in self.stalls[:SHOWN_BREACHES]]
        if not self.calm:
            lines.append("  not everything came to its end in the calm phase")
        if not self.enough:
            lines.append("  less was done than was to be done")
        broken = len(self.breaches) + len(self.stalls)
        lines.append(f"verdict: {'clean' if self.clean else f'{broken} breaches'}")
        return lines

    def _waits(self) -> list[Wait]:
        return [*self.command_waits, *self.turn_waits]
