"""The conversation as its events have left it: pure, so that thousands of random histories run in a second.

`apply` folds one event into the projection; `decisions.decide` says which events a command leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from typing import Any, Literal

from handover.core import events as e
from handover.core.events import Reason, State

#: The most quick replies of a conversation that stay valid, newest kept.
MAX_OPEN_CHOICES = 40
#: The most answers of one conversation that are remembered as to be judged, or as judged.
MAX_LISTED = 200
#: How a guide gave a conversation back to the queue.
Returned = Literal["released", "lost_connection", "transferred"]
#: Acute danger stands before everybody; those whom a guide let go of stand before the rest.
CRISIS_PRIORITY, RELEASED_PRIORITY = 2, 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """The projection of a conversation's events: a row of `conversations`."""

    id: str
    state: State = State.BOT
    owner_id: str | None = None
    owner_name: str | None = None
    epoch: int = 0
    last_seq: int = 0
    language: str = "sv"
    audience: e.Audience = e.Audience.CITIZEN
    service: str | None = None
    reason: Reason | None = None
    priority: int = 0
    wanted_guide: str | None = None
    wanted_service: str | None = None
    wanted_language: str | None = None
    #: How a conversation that waits came back from a guide, and from which; None: it comes from the assistant.
    returned: Returned | None = None
    returned_by: str | None = None
    opened_at: datetime | None = None
    waiting_since: datetime | None = None
    last_at: datetime | None = None
    draft: e.Draft | None = None
    #: How the last draft was decided, so that who comes late hears what became of it.
    decided: e.DraftDecided | None = None
    #: The unseen answer that the guide's own words are compared with, and the best agreement so far.
    shadow: e.Draft | None = None
    shadow_agreement: float | None = None
    #: Answers that are to be judged, and those that were.
    listed: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    choices: tuple[e.Choice, ...] = ()
    intent: str | None = None
    confidence: float | None = None
    score: int | None = None

    @property
    def is_on_list(self) -> bool:
        """Whether guides have this conversation on their list."""
        return self.state in (State.WAITING, State.GUIDE) or self.draft is not None


def apply(conversation: Conversation, event: e.Event, seq: int, at: datetime) -> Conversation:
    """Return the conversation after `event`; `seq` must be the next in order."""
    if seq != conversation.last_seq + 1:
        raise ValueError(f"event {seq} does not follow {conversation.last_seq}")
    return replace(_fold(event, conversation, at), last_seq=seq, last_at=at)


def replay(
    conversation_id: str, history: list[tuple[int, datetime, e.Event]], base: Conversation | None = None
) -> Conversation:
    """Return the projection of a whole history, or of what came after the snapshot `base`."""
    conversation = base or Conversation(id=conversation_id)
    for seq, at, event in history:
        conversation = apply(conversation, event, seq, at)
    return conversation


@singledispatch
def _fold(event: Any, conversation: Conversation, at: datetime) -> Conversation:
    """Events that only add to the transcript leave the projection as it is."""
    return conversation


@_fold.register
def _(event: e.Opened, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        conversation,
        language=event.language,
        audience=event.audience,
        service=event.service,
        choices=event.choices[-MAX_OPEN_CHOICES:],
        opened_at=at,
    )


@_fold.register
def _(event: e.Message, conversation: Conversation, at: datetime) -> Conversation:
    changed = conversation
    if event.choices:
        known = [old for old in conversation.choices if old not in event.choices]
        changed = replace(changed, choices=(*known, *event.choices)[-MAX_OPEN_CHOICES:])
    if event.answer is not None:
        changed = replace(changed, service=event.answer.service)
    if event.review:
        changed = replace(changed, listed=(*changed.listed, event.id)[-MAX_LISTED:])
    return _remember(changed, event.understanding)


@_fold.register
def _(event: e.Draft, conversation: Conversation, at: datetime) -> Conversation:
    changed = _remember(conversation, event.understanding)
    if not event.shadow:
        return replace(changed, draft=event)
    listed = (*changed.listed, event.id)[-MAX_LISTED:]
    return replace(changed, shadow=event, shadow_agreement=None, listed=listed)


@_fold.register
def _(event: e.DraftDecided, conversation: Conversation, at: datetime) -> Conversation:
    return replace(conversation, draft=None, decided=event)


@_fold.register
def _(event: e.ShadowCompared, conversation: Conversation, at: datetime) -> Conversation:
    return replace(conversation, shadow_agreement=event.agreement)


@_fold.register
def _(event: e.Reviewed, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        conversation,
        listed=tuple(item for item in conversation.listed if item != event.item),
        reviewed=(*conversation.reviewed, event.item)[-MAX_LISTED:],
    )


@_fold.register
def _(event: e.Escalated, conversation: Conversation, at: datetime) -> Conversation:
    return _enqueue(_remember(conversation, event.understanding), at, event.reason, priority=0)


@_fold.register
def _(event: e.Claimed, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        _leave_queue(conversation),
        state=State.GUIDE,
        owner_id=event.guide_id,
        owner_name=event.guide_name,
        epoch=conversation.epoch + 1,
    )


@_fold.register
def _(event: e.Released, conversation: Conversation, at: datetime) -> Conversation:
    waiting = _enqueue(conversation, at, conversation.reason, priority=RELEASED_PRIORITY)
    return replace(waiting, returned=event.reason, returned_by=event.guide_id)


@_fold.register
def _(event: e.Transferred, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        _enqueue(conversation, at, conversation.reason, priority=RELEASED_PRIORITY),
        wanted_guide=event.to_guide,
        wanted_service=event.to_service,
        wanted_language=event.to_language,
        returned="transferred",
        returned_by=event.guide_id,
    )


@_fold.register
def _(event: e.WishDropped, conversation: Conversation, at: datetime) -> Conversation:
    return replace(conversation, wanted_guide=None)


@_fold.register
def _(event: e.HandedBack, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        _leave_queue(conversation),
        state=State.BOT,
        owner_id=None,
        owner_name=None,
        reason=None,
        service=event.service or conversation.service,
        shadow=None,
        epoch=conversation.epoch + 1,
    )


@_fold.register
def _(event: e.Rated, conversation: Conversation, at: datetime) -> Conversation:
    return replace(conversation, score=event.score)


@_fold.register
def _(event: e.Closed, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        _leave_queue(conversation),
        state=State.CLOSED,
        owner_id=None,
        owner_name=None,
        draft=None,
        shadow=None,
        choices=(),
        epoch=conversation.epoch + 1,
    )


def _enqueue(conversation: Conversation, at: datetime, reason: Reason | None, *, priority: int) -> Conversation:
    return replace(
        conversation,
        state=State.WAITING,
        owner_id=None,
        owner_name=None,
        reason=reason,
        waiting_since=conversation.waiting_since or at,
        priority=max(priority, conversation.priority, _priority_of(reason)),
        draft=None,
        epoch=conversation.epoch + 1,
    )


def _priority_of(reason: Reason | None) -> int:
    return CRISIS_PRIORITY if reason is Reason.CRISIS else 0


def _leave_queue(conversation: Conversation) -> Conversation:
    return replace(
        conversation,
        waiting_since=None,
        priority=0,
        wanted_guide=None,
        wanted_service=None,
        wanted_language=None,
        returned=None,
        returned_by=None,
    )


def _remember(conversation: Conversation, understood: e.Understanding | None) -> Conversation:
    if understood is None:
        return conversation
    return replace(conversation, intent=understood.intent, confidence=understood.confidence)
