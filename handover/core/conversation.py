"""The conversation as a state machine: pure, so that thousands of random histories run in a second.

`apply` folds one event into the projection; `decide` says which events a command leads to, or refuses.
Nothing here knows of sockets, SQL, HTTP or clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from typing import Any

from handover.core import commands as c
from handover.core import events as e
from handover.core.errors import HandoverError
from handover.core.events import Reason, State

#: The most quick replies of a conversation that stay valid, newest kept.
MAX_OPEN_CHOICES = 40
#: Choice payload by which a citizen asks for a person.
HUMAN_CHOICE = "human"
SCORES = range(1, 6)
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
    opened_at: datetime | None = None
    waiting_since: datetime | None = None
    last_at: datetime | None = None
    draft: e.Draft | None = None
    choices: tuple[e.Choice, ...] = ()
    intent: str | None = None
    confidence: float | None = None
    score: int | None = None

    @property
    def is_on_list(self) -> bool:
        """Whether guides have this conversation on their list."""
        return self.state in (State.WAITING, State.GUIDE) or self.draft is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command leads to: events to append, and whether the bot gets a turn on the first of them."""

    events: tuple[e.Event, ...] = ()
    bot_turn: bool = False


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
    return _remember(changed, event.understanding)


@_fold.register
def _(event: e.Draft, conversation: Conversation, at: datetime) -> Conversation:
    changed = _remember(conversation, event.understanding)
    return changed if event.shadow else replace(changed, draft=event)


@_fold.register
def _(event: e.DraftDecided, conversation: Conversation, at: datetime) -> Conversation:
    return replace(conversation, draft=None)


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
    return _enqueue(conversation, at, conversation.reason, priority=RELEASED_PRIORITY)


@_fold.register
def _(event: e.Transferred, conversation: Conversation, at: datetime) -> Conversation:
    waiting = _enqueue(conversation, at, conversation.reason, priority=RELEASED_PRIORITY)
    return replace(waiting, wanted_guide=event.to_guide, wanted_service=event.to_service)


@_fold.register
def _(event: e.HandedBack, conversation: Conversation, at: datetime) -> Conversation:
    return replace(
        _leave_queue(conversation),
        state=State.BOT,
        owner_id=None,
        owner_name=None,
        reason=None,
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
    return replace(conversation, waiting_since=None, priority=0, wanted_guide=None, wanted_service=None)


def _remember(conversation: Conversation, understood: e.Understanding | None) -> Conversation:
    if understood is None:
        return conversation
    return replace(conversation, intent=understood.intent, confidence=understood.confidence)


def decide(conversation: Conversation, command: c.Command, event_id: str) -> Decision:
    """Return what `command` leads to; raise `HandoverError` when it is refused.

    `event_id` is the id that the sender gave the command; the message that it makes carries it.
    """
    return _decide(command, conversation, event_id)


@singledispatch
def _decide(command: Any, conversation: Conversation, event_id: str) -> Decision:
    raise TypeError(f"no rule for {type(command).__name__}")


@_decide.register
def _(command: c.Say, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    said = e.Message(id=event_id, sender="citizen", text=command.text)
    if command.danger is None:
        return _citizen_spoke(conversation, said)
    return _citizen_in_danger(conversation, said, command.danger)


@_decide.register
def _(command: c.Choose, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    offered = next((o for o in conversation.choices if o.payload == command.payload), None)
    if offered is None:
        raise HandoverError("choice_unknown")
    said = e.Message(id=event_id, sender="citizen", text=offered.title, choice=offered.payload)
    if command.payload == HUMAN_CHOICE and conversation.state is State.BOT:
        return Decision((said, *_superseded(conversation), _asked_for_human()))
    return _citizen_spoke(conversation, said)


@_decide.register
def _(command: c.AskHuman, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    if conversation.state is not State.BOT:
        return Decision()
    return Decision((*_superseded(conversation), _asked_for_human()))


@_decide.register
def _(command: c.Rate, conversation: Conversation, event_id: str) -> Decision:
    if command.score not in SCORES:
        raise HandoverError("rating_invalid")
    return Decision((e.Rated(score=command.score, resolved=command.resolved, comment=command.comment),))


@_decide.register
def _(command: c.CitizenClose, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    return Decision((*_superseded(conversation), e.Closed(by="citizen")))


@_decide.register
def _(command: c.Claim, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    if conversation.state is State.GUIDE:
        raise HandoverError("already_claimed")
    if conversation.state is not State.WAITING:
        raise HandoverError("wrong_state")
    return Decision((_claimed(command.guide, "claim"),))


@_decide.register
def _(command: c.TakeOver, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    if conversation.state is State.GUIDE:
        raise HandoverError("already_claimed")
    return Decision((*_superseded(conversation), _claimed(command.guide, "take_over")))


@_decide.register
def _(command: c.Reply, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.Message(id=event_id, sender="guide", text=command.text, author=command.guide.name),))


@_decide.register
def _(command: c.ApproveDraft, conversation: Conversation, event_id: str) -> Decision:
    draft = _get_draft(conversation, command.draft_id)
    edited = command.text is not None and command.text != draft.text
    approved = [
        ref.model_copy(update={"approved_by_human": True}) for ref in (draft.answer, *draft.also) if ref is not None
    ]
    return Decision(
        (
            e.DraftDecided(
                draft_id=draft.id,
                decision="edited" if edited else "approved",
                guide_id=command.guide.id,
            ),
            e.Message(
                id=event_id,
                sender="bot",
                text=command.text if command.text is not None else draft.text,
                choices=draft.choices,
                links=draft.links,
                answer=approved[0] if draft.answer else None,
                also=tuple(approved[1:]) if draft.answer else (),
                reply_to=draft.reply_to,
            ),
        )
    )


@_decide.register
def _(command: c.RejectDraft, conversation: Conversation, event_id: str) -> Decision:
    draft = _get_draft(conversation, command.draft_id)
    return Decision(
        (
            e.DraftDecided(
                draft_id=draft.id,
                decision="rejected",
                guide_id=command.guide.id,
                label=command.label,
            ),
            e.Escalated(reason=Reason.REJECTED_DRAFT),
        )
    )


@_decide.register
def _(command: c.HandBack, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.HandedBack(guide_id=command.guide.id, note=command.note),))


@_decide.register
def _(command: c.Release, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.Released(guide_id=command.guide.id, reason=command.reason),))


@_decide.register
def _(command: c.Transfer, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    if command.to_guide is None and command.to_service is None:
        raise HandoverError("transfer_target_unknown")
    return Decision(
        (
            e.Transferred(
                guide_id=command.guide.id,
                to_guide=command.to_guide,
                to_service=command.to_service,
            ),
        )
    )


@_decide.register
def _(command: c.AddNote, conversation: Conversation, event_id: str) -> Decision:
    return Decision((e.Note(guide_id=command.guide.id, guide_name=command.guide.name, text=command.text),))


@_decide.register
def _(command: c.GuideClose, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.Closed(by="guide", guide_id=command.guide.id, outcome=command.outcome),))


@_decide.register
def _(command: c.FinishTurn, conversation: Conversation, event_id: str) -> Decision:
    """A turn that began under another owner comes to nothing: a bot never speaks over a person."""
    if conversation.epoch != command.epoch or conversation.state is not State.BOT:
        return Decision()
    if command.mode == "approve" and command.messages:
        return Decision((*_superseded(conversation), _draft(command, event_id)))
    events: list[e.Event] = []
    if command.mode == "shadow" and command.messages:
        events.append(_draft(command, event_id))
    else:
        events.extend(_bot_messages(command, event_id))
    if command.escalate is not None:
        events.append(
            e.Escalated(
                reason=command.escalate,
                understanding=None if command.messages else command.understanding,
            )
        )
    return Decision(tuple(events))


@_decide.register
def _(command: c.DraftTimeout, conversation: Conversation, event_id: str) -> Decision:
    if conversation.draft is None or conversation.draft.id != command.draft_id:
        return Decision()
    return Decision(
        (
            e.DraftDecided(draft_id=command.draft_id, decision="timed_out"),
            e.Message(id=event_id, sender="system", text=command.apology),
            e.Escalated(reason=Reason.DRAFT_TIMEOUT),
        )
    )


@_decide.register
def _(command: c.IdleClose, conversation: Conversation, event_id: str) -> Decision:
    if conversation.state is not State.BOT:
        return Decision()
    return Decision((*_superseded(conversation), e.Closed(by="system")))


def _check_open(conversation: Conversation) -> None:
    if conversation.state is State.CLOSED:
        raise HandoverError("conversation_closed")


def _check_owner(conversation: Conversation, guide: c.Guide) -> None:
    _check_open(conversation)
    if conversation.state is not State.GUIDE or conversation.owner_id != guide.id:
        raise HandoverError("not_owner")


def _get_draft(conversation: Conversation, draft_id: str) -> e.Draft:
    if conversation.draft is None or conversation.draft.id != draft_id:
        raise HandoverError("draft_unknown")
    return conversation.draft


def _citizen_spoke(conversation: Conversation, said: e.Message) -> Decision:
    if conversation.state is not State.BOT:
        return Decision((said,))
    return Decision((said, *_superseded(conversation)), bot_turn=True)


def _citizen_in_danger(conversation: Conversation, said: e.Message, danger: c.Danger) -> Decision:
    """The safety text at once, whoever has the conversation, and the front of the queue unless a guide has it."""
    safety = e.Message(id=f"{said.id}:safety", sender="system", text=danger.safety_text(conversation.language))
    if conversation.state is State.GUIDE:
        return Decision((said, safety))
    understood = e.Understanding(
        intent=f"crisis.{danger.category}", confidence=1.0, decision="crisis", language=conversation.language
    )
    front = e.Escalated(reason=Reason.CRISIS, understanding=understood)
    return Decision((said, *_superseded(conversation), safety, front))


def _superseded(conversation: Conversation) -> tuple[e.Event, ...]:
    if conversation.draft is None:
        return ()
    return (e.DraftDecided(draft_id=conversation.draft.id, decision="superseded"),)


def _asked_for_human() -> e.Escalated:
    return e.Escalated(reason=Reason.ASKED_FOR_HUMAN)


def _claimed(guide: c.Guide, via: Any) -> e.Claimed:
    return e.Claimed(guide_id=guide.id, guide_name=guide.name, via=via)


def _bot_messages(command: c.FinishTurn, event_id: str) -> list[e.Event]:
    """The understanding stands once, on the first message of the turn."""
    return [
        e.Message(
            id=f"{event_id}:{number}",
            sender=part.sender,
            text=part.text,
            choices=part.choices,
            links=part.links,
            answer=part.answer,
            also=part.also,
            reply_to=command.reply_to,
            understanding=command.understanding if number == 0 else None,
        )
        for number, part in enumerate(command.messages)
    ]


def _draft(command: c.FinishTurn, event_id: str) -> e.Draft:
    first = command.messages[0]
    return e.Draft(
        id=event_id,
        text="\n\n".join(part.text for part in command.messages),
        shadow=command.mode == "shadow",
        choices=first.choices,
        links=tuple(link for part in command.messages for link in part.links),
        answer=first.answer,
        also=first.also,
        reply_to=command.reply_to,
        deadline=command.draft_deadline.isoformat() if command.draft_deadline else None,
        understanding=command.understanding,
    )
