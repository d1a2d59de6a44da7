"""The rule of promotion and demotion, applied in the transaction that stores a judgement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from handover.core.rollout import Evidence, Judgement, Policy, find_demotion, find_promotion, weigh
from handover.core.supervision import SENT_AT_ONCE, FaqLevel, Level, Levels
from handover.store import reviews, supervision
from handover.store.supervision import RULE, Change

_CAUSES = {
    "harmful": "Ett svar märktes som skadligt.",
    "below_floor": "De senaste bedömningarna ligger under golvet.",
}
_ENOUGH = "Bedömningarna räcker för nästa nivå."


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rule goes by; `levels` gives the defaults and caps, what was decided is read in the transaction."""

    levels: Levels
    policy: Policy
    #: Whether a FAQ goes up without a lead's word.
    automatic: bool = False

    def policy_of(self, decided: FaqLevel | None) -> Policy:
        """Return the figures for one FAQ, with its own target and floor where it has them."""
        if decided is None:
            return self.policy
        target = self.policy.target if decided.target is None else decided.target
        floor = self.policy.floor if decided.floor is None else decided.floor
        return replace(self.policy, target=target, floor=floor)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a FAQ stands: its level and cap, and what its reviews come to."""

    decided: FaqLevel | None
    level: Level
    cap: Level
    policy: Policy
    judged: tuple[Judgement, ...]

    @property
    def evidence(self) -> Evidence:
        """What the judgements since the last change of level come to."""
        return weigh(self.judged, self.policy)

    @property
    def ready(self) -> Level | None:
        """The level that the evidence suffices for, None when there is none."""
        return find_promotion(self.level, self.cap, self.evidence, self.policy)


def stand(connection: Connection, faq: str, rules: Rules) -> Standing:
    """Return where a FAQ stands now."""
    decided = supervision.find_level(connection, faq)
    levels = replace(rules.levels, decided={faq: decided} if decided else {})
    judged = reviews.judgements(connection, faq, decided.since if decided else None)
    return Standing(decided, levels.level_of(faq), levels.cap_of(faq), rules.policy_of(decided), tuple(judged))


def apply_rule(connection: Connection, faqs: Collection[str], rules: Rules, now: datetime) -> None:
    """Move FAQs that were just judged: down at once, and up where nobody needs to confirm it.

    Out of `shadow` a FAQ comes by a lead's word only: a harmful answer may have brought it there.
    """
    if not faqs:
        return
    supervision.lock_switch(connection)
    for faq in sorted(faqs):
        standing = stand(connection, faq, rules)
        fall = find_demotion(standing.level, standing.judged, standing.policy)
        if fall is not None:
            move(connection, faq, standing, fall.to, Change(now, "demoted", RULE, _CAUSES[fall.cause]))
        elif rules.automatic and standing.ready in SENT_AT_ONCE:
            move(connection, faq, standing, standing.ready, Change(now, "promoted", RULE, _ENOUGH))


def move(connection: Connection, faq: str, standing: Standing, to: Level, change: Change) -> None:
    """Give a FAQ another level, and note why; its evidence begins anew. The caller holds the lock of the switch."""
    before = standing.decided or FaqLevel(standing.level, change.at)
    noted = replace(change, faq=faq, from_level=standing.level, to_level=to, evidence=asdict(standing.evidence))
    supervision.write_level(connection, faq, replace(before, level=to, since=change.at), noted)
