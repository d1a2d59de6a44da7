"""Where every FAQ stands, service by service, as the page of the rollout shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue.snapshot import Catalogue, Faq, Service
from handover.api import rollout_models as m
from handover.core.rollout import Evidence, find_promotion, wilson_interval
from handover.store.reviews import Tally
from handover.store.rules import Rules
from handover.store.supervision import Change
from handover.supervision import EVER


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says of all FAQs at one moment."""

    tallies: Mapping[str, Tally]
    waiting: Mapping[str, int]
    last: Mapping[str, Change]


def service_rollout(service: Service, catalogue: Catalogue, rules: Rules, figures: Figures) -> m.ServiceRollout:
    """Return a service with its FAQs; its evidence is the sum of theirs."""
    faqs = [faq_rollout(faq, catalogue, rules, figures) for faq in service.faqs]
    return m.ServiceRollout(
        service=service.id,
        name=service.name.in_language("sv"),
        sensitive=service.sensitive,
        audience="staff" if service.audience == "staff" else "citizen",
        evidence=_evidence(_sum(figures.tallies.get(faq.id, Tally()) for faq in service.faqs)),
        levels=dict(Counter(faq.level for faq in faqs)),
        faqs=faqs,
    )


def faq_rollout(faq: Faq, catalogue: Catalogue, rules: Rules, figures: Figures) -> m.FaqRollout:
    """Return where one FAQ stands."""
    levels, tally = rules.levels, figures.tallies.get(faq.id, Tally())
    decided, policy = levels.decided.get(faq.id), rules.policy_of(levels.decided.get(faq.id))
    level, cap, last = levels.level_of(faq.id), levels.cap_of(faq.id), figures.last.get(faq.id)
    return m.FaqRollout(
        faq=faq.id,
        question=catalogue.fill(faq.questions["sv"], "sv"),
        level=level,
        cap=cap,
        example=faq.id in levels.examples,
        cap_lifted=decided is not None and decided.cap_lifted,
        target=policy.target,
        floor=policy.floor,
        min_samples=policy.min_samples,
        evidence=_evidence(tally),
        ready=find_promotion(level, cap, _weighed(tally), policy),
        waiting=figures.waiting.get(faq.id, 0),
        since=decided.since.isoformat() if decided and decided.since > EVER else None,
        last_change=change(last) if last else None,
    )


def change(one: Change) -> m.LevelChange:
    """Return a line of the audit log."""
    return m.LevelChange(
        at=one.at.isoformat(),
        faq=one.faq,
        action=one.action,
        from_level=one.from_level,
        to_level=one.to_level,
        by_name=one.who.name,
        why=one.why,
    )


def _weighed(tally: Tally) -> Evidence:
    low, high = wilson_interval(tally.approved, tally.reviewed)
    return Evidence(tally.reviewed, tally.approved, low, high, tally.recent_reviewed, tally.recent_approved)


def _evidence(tally: Tally) -> m.EvidenceView:
    weighed = _weighed(tally)
    return m.EvidenceView(
        reviewed=weighed.reviewed,
        approved=weighed.approved,
        low=round(weighed.low, 4),
        high=round(weighed.high, 4),
        recent_reviewed=weighed.recent_reviewed,
        recent_approved=weighed.recent_approved,
        agreement=None if tally.agreement is None else round(tally.agreement, 4),
        edit_distance=None if tally.edit_distance is None else round(tally.edit_distance, 4),
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    parts = list(tallies)
    compared = [one for one in parts if one.agreement is not None and one.edit_distance is not None]
    return Tally(
        reviewed=sum(one.reviewed for one in parts),
        approved=sum(one.approved for one in parts),
        recent_reviewed=sum(one.recent_reviewed for one in parts),
        recent_approved=sum(one.recent_approved for one in parts),
        agreement=sum(one.agreement or 0.0 for one in compared) / len(compared) if compared else None,
        edit_distance=sum(one.edit_distance or 0.0 for one in compared) / len(compared) if compared else None,
    )
