"""An answer on the review list, with what was asked before it and what the guide wrote in its place."""

from __future__ import annotations

from handover.api.rollout_models import ReviewItem
from handover.core import events as e
from handover.core.likeness import word_agreement
from handover.core.supervision import Level
from handover.store.record import Page
from handover.store.reviews import Listed


def review_item(listed: Listed, page: Page) -> ReviewItem:
    """Return an answer to judge; `page` holds the events around it."""
    answer = next(one.event for one in page.events if one.seq == listed.seq)
    if not isinstance(answer, e.Message | e.Draft):
        raise TypeError(f"no answer at {listed.conversation_id}/{listed.seq}")
    understood = answer.understanding or _understanding_of_turn(page, listed.seq)
    return ReviewItem(
        conversation_id=listed.conversation_id,
        item=listed.item,
        faqs=list(listed.faqs),
        service=listed.faqs[0].partition(".")[0],
        level=Level(listed.level),
        at=listed.at.isoformat(),
        language=page.conversation.language,
        question=_question(page, answer.reply_to),
        answer=answer.text,
        guide_answer=_guide_answer(page, listed, answer.text) if listed.level == Level.SHADOW else None,
        agreement=listed.agreement,
        edit_distance=listed.edit_distance,
        intent=understood.intent if understood else None,
        confidence=understood.confidence if understood else None,
    )


def _question(page: Page, seq: int | None) -> str:
    asked = next((one.event for one in page.events if one.seq == seq), None)
    return asked.text if isinstance(asked, e.Message) else ""


def _guide_answer(page: Page, listed: Listed, answer: str) -> str | None:
    """Return what the guide wrote that is most like the unseen answer, None when nothing was written."""
    said = [one.event for one in page.events if one.seq > listed.seq and isinstance(one.event, e.Message)]
    written = [message.text for message in said if message.sender == "guide"]
    return max(written, key=lambda text: word_agreement(answer, text), default=None)


def _understanding_of_turn(page: Page, seq: int) -> e.Understanding | None:
    """Return what the first message of the same turn says of it."""
    before = [one.event for one in page.events if one.seq < seq and isinstance(one.event, e.Message)]
    return next((one.understanding for one in reversed(before) if one.understanding), None)
