"""The record as each side may see it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from handover.api.frames import ConversationSummary, EventFrame, QueuePlace, SignedIn, TypingNow
from handover.bus import TypingNotice
from handover.core.conversation import Conversation
from handover.core.events import Event, event_to_json, event_to_text
from handover.queue import Place
from handover.store.accounts import Account
from handover.store.record import Stored

#: Events that a citizen sees; the rest arrive as `hidden`, so that seq has no gaps.
CITIZEN_KINDS = frozenset(
    {
        "opened",
        "message",
        "escalated",
        "claimed",
        "released",
        "transferred",
        "handed_back",
        "rated",
        "closed",
        "redacted",
    }
)
_INTERNAL_KEYS = frozenset({"understanding", "guide_id", "to_guide", "note", "level", "review"})
HIDDEN = {"kind": "hidden"}
#: All that a citizen hears of a draft: somebody looks at the answer first.
CHECKING = {"kind": "checking"}


def citizen_event(stored: Stored) -> EventFrame:
    """Return an event as its citizen sees it: no notes, no drafts, no understanding."""
    return EventFrame(seq=stored.seq, at=stored.at.isoformat(), event=_for_citizen(stored.event))


def citizen_event_text(stored: Stored) -> str:
    """Return the text of the frame that `citizen_event` makes, without making it."""
    if stored.event.kind not in CITIZEN_KINDS:
        return _event_text(stored, f'{{"kind":"{_instead(stored.event)["kind"]}"}}')
    return _event_text(stored, event_to_text(stored.event, exclude=_INTERNAL_KEYS))


def guide_event_text(conversation_id: str, stored: Stored) -> str:
    """Return the text of an event's frame as guides see it: all of it."""
    return _event_text(stored, event_to_text(stored.event), f'"conversation_id":{json.dumps(conversation_id)},')


def _event_text(stored: Stored, event: str, conversation: str = "") -> str:
    """Return an `EventFrame` as text; a test holds it to the model."""
    return f'{{"type":"event",{conversation}"seq":{stored.seq},"at":"{stored.at.isoformat()}","event":{event}}}'


def summary(conversation: Conversation) -> ConversationSummary:
    """Return a line of the guides' list."""
    draft = conversation.draft
    return ConversationSummary(
        conversation_id=conversation.id,
        state=conversation.state,
        seq=conversation.last_seq,
        owner_id=conversation.owner_id,
        owner_name=conversation.owner_name,
        language=conversation.language,
        audience=conversation.audience,
        service=conversation.service,
        reason=conversation.reason.value if conversation.reason else None,
        intent=conversation.intent,
        confidence=conversation.confidence,
        priority=conversation.priority,
        opened_at=_iso(conversation.opened_at),
        waiting_since=_iso(conversation.waiting_since),
        last_at=_iso(conversation.last_at),
        wanted_guide=conversation.wanted_guide,
        wanted_service=conversation.wanted_service,
        wanted_language=conversation.wanted_language,
        returned=conversation.returned,
        draft_id=draft.id if draft else None,
        draft_deadline=draft.deadline if draft else None,
    )


def typing_now(notice: TypingNotice) -> TypingNow:
    """Return what guides who follow a conversation are told of somebody writing in it."""
    return TypingNow(
        sender=notice.sender,
        conversation_id=notice.conversation_id,
        guide_id=notice.guide_id,
        guide_name=notice.guide_name,
    )


def queue_place(place: Place) -> QueuePlace:
    """Return a place in line as its citizen is told of it."""
    return QueuePlace(
        position=place.position,
        wait_seconds=place.wait_seconds,
        guides_on_duty=place.guides_on_duty,
        opens_at=_iso(place.opens_at),
    )


def signed_in(account: Account) -> SignedIn:
    """Return who an account is, as its browser is told."""
    return SignedIn(
        id=account.id,
        name=account.name,
        role=account.role,
        roles=sorted(account.roles),
        rights=sorted(account.rights),
    )


def _for_citizen(event: Event) -> dict[str, Any]:
    if event.kind not in CITIZEN_KINDS:
        return _instead(event)
    body = event_to_json(event)
    return {key: value for key, value in body.items() if key not in _INTERNAL_KEYS}


def _instead(event: Event) -> dict[str, Any]:
    return CHECKING if event.kind == "draft" and not event.shadow else HIDDEN


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
