"""What a command leads to, given the conversation: events to append, or a refusal.

Pure: nothing here knows of sockets, SQL, HTTP or clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any, Literal

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.core.events import Reason, State
from handover.core.likeness import edit_distance, word_agreement

#: Choice payload by which a citizen asks for a person.
HUMAN_CHOICE = "human"
#: Ends the id of the text for somebody in danger, which is otherwise that of what was said.
SAFETY_SUFFIX = ":safety"
SCORES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command leads to: events to append, and whether the bot gets a turn on the first of them."""

    events: tuple[e.Event, ...] = ()
    bot_turn: bool = False


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
    return Decision((_claimed(command.guide, "assigned" if command.assigned else "claim"),))


@_decide.register
def _(command: c.TakeOver, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    if conversation.state is State.GUIDE:
        raise HandoverError("already_claimed")
    return Decision((*_superseded(conversation), _claimed(command.guide, "take_over")))


@_decide.register
def _(command: c.Reply, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    reply = e.Message(id=event_id, sender="guide", text=command.text, author=command.guide.name)
    return Decision((reply, *_compared(conversation, command.text)))


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
                edit_distance=edit_distance(draft.text, command.text or "") if edited else None,
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
                level=draft.level,
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
                harmful=command.harmful,
            ),
            e.Escalated(reason=Reason.REJECTED_DRAFT),
        )
    )


@_decide.register
def _(command: c.HandBack, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.HandedBack(guide_id=command.guide.id, note=command.note, service=command.service),))


@_decide.register
def _(command: c.Release, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    return Decision((e.Released(guide_id=command.guide.id, reason=command.reason),))


@_decide.register
def _(command: c.Transfer, conversation: Conversation, event_id: str) -> Decision:
    _check_owner(conversation, command.guide)
    if command.to_guide is None and command.to_service is None and command.to_language is None:
        raise HandoverError("transfer_target_unknown")
    return Decision(
        (
            e.Transferred(
                guide_id=command.guide.id,
                to_guide=command.to_guide,
                to_service=command.to_service,
                to_language=command.to_language,
            ),
        )
    )


@_decide.register
def _(command: c.AddNote, conversation: Conversation, event_id: str) -> Decision:
    return Decision((e.Note(guide_id=command.guide.id, guide_name=command.guide.name, text=command.text),))


@_decide.register
def _(command: c.Whisper, conversation: Conversation, event_id: str) -> Decision:
    _check_open(conversation)
    if conversation.state is not State.GUIDE:
        raise HandoverError("wrong_state")
    return Decision((e.Whispered(guide_id=command.guide.id, guide_name=command.guide.name, text=command.text),))


@_decide.register
def _(command: c.Review, conversation: Conversation, event_id: str) -> Decision:
    """An answer is judged once, also after the conversation has ended."""
    if command.item in conversation.reviewed:
        raise HandoverError("review_done")
    if command.item not in conversation.listed:
        raise HandoverError("item_unknown")
    return Decision(
        (
            e.Reviewed(
                item=command.item,
                verdict=command.verdict,
                harmful=command.harmful,
                guide_id=command.guide.id,
                guide_name=command.guide.name,
            ),
        )
    )


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
    said = command.messages
    if command.mode == "shadow" and command.messages:
        events.append(_draft(command, event_id))
        said = command.instead
    events.extend(_bot_messages(command, said, event_id))
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
    return _draft_falls(conversation, command, event_id, "timed_out", Reason.DRAFT_TIMEOUT)


@_decide.register
def _(command: c.WithdrawDraft, conversation: Conversation, event_id: str) -> Decision:
    return _draft_falls(conversation, command, event_id, "withdrawn", Reason.POLICY)


@_decide.register
def _(command: c.TellClosed, conversation: Conversation, event_id: str) -> Decision:
    if conversation.state is not State.WAITING:
        return Decision()
    return Decision((e.Message(id=event_id, sender="system", text=command.text),))


@_decide.register
def _(command: c.DropWish, conversation: Conversation, event_id: str) -> Decision:
    if conversation.state is not State.WAITING or conversation.wanted_guide != command.to_guide:
        return Decision()
    return Decision((e.WishDropped(to_guide=command.to_guide),))


@_decide.register
def _(command: c.IdleClose, conversation: Conversation, event_id: str) -> Decision:
    if conversation.state is not State.BOT:
        return Decision()
    return Decision((*_superseded(conversation), e.Closed(by="system")))


def silenced(command: c.FinishTurn) -> c.FinishTurn:
    """Return what a turn comes to while everything is switched off: a person, told of in fixed words.

    What the service itself says, as of danger or of a fault, is said in any case.
    """
    if command.mode == "send" and all(part.sender == "system" for part in command.messages):
        return command
    return replace(command, messages=command.instead, escalate=Reason.POLICY, mode="send", level=None, review=False)


def _check_open(conversation: Conversation) -> None:
    if conversation.state is State.CLOSED:
        raise HandoverError("conversation_closed")


def _check_owner(conversation: Conversation, guide: c.Guide) -> None:
    _check_open(conversation)
    if conversation.state is not State.GUIDE or conversation.owner_id != guide.id:
        raise HandoverError("not_owner")


def _get_draft(conversation: Conversation, draft_id: str) -> e.Draft:
    if conversation.draft is not None and conversation.draft.id == draft_id:
        return conversation.draft
    if conversation.decided is None or conversation.decided.draft_id != draft_id:
        raise HandoverError("draft_unknown")
    raise HandoverError(_LATE.get(conversation.decided.decision, "draft_decided"))


def _draft_falls(
    conversation: Conversation,
    command: c.DraftTimeout | c.WithdrawDraft,
    event_id: str,
    decision: Literal["timed_out", "withdrawn"],
    reason: Reason,
) -> Decision:
    """A draft that nobody will decide on any more: the citizen is told so, and gets a person. Never silence."""
    if conversation.draft is None or conversation.draft.id != command.draft_id:
        return Decision()
    return Decision(
        (
            e.DraftDecided(draft_id=command.draft_id, decision=decision),
            e.Message(id=event_id, sender="system", text=command.apology),
            e.Escalated(reason=reason),
        )
    )


#: What somebody hears who decides on a draft that nobody decided before.
_LATE = {"timed_out": "draft_timed_out", "superseded": "draft_outdated", "withdrawn": "draft_outdated"}


def _compared(conversation: Conversation, text: str) -> tuple[e.Event, ...]:
    """Of all that the guide writes in place of an unseen answer, what is most like it counts: a greeting is not."""
    if conversation.shadow is None:
        return ()
    agreement = word_agreement(conversation.shadow.text, text)
    if conversation.shadow_agreement is not None and agreement <= conversation.shadow_agreement:
        return ()
    distance = edit_distance(conversation.shadow.text, text)
    return (e.ShadowCompared(draft_id=conversation.shadow.id, agreement=agreement, edit_distance=distance),)


def _citizen_spoke(conversation: Conversation, said: e.Message) -> Decision:
    if conversation.state is not State.BOT:
        return Decision((said,))
    return Decision((said, *_superseded(conversation)), bot_turn=True)


def _citizen_in_danger(conversation: Conversation, said: e.Message, danger: c.Danger) -> Decision:
    """The safety text at once, whoever has the conversation, and the front of the queue unless a guide has it."""
    safety = e.Message(id=f"{said.id}{SAFETY_SUFFIX}", sender="system", text=danger.safety_text(conversation.language))
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


def _bot_messages(command: c.FinishTurn, said: tuple[c.BotMessage, ...], event_id: str) -> list[e.Event]:
    """The understanding stands once, on the first message of the turn, or on the unseen draft before it."""
    told = command.mode == "shadow"
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
            understanding=command.understanding if number == 0 and not told else None,
            level=command.level if part.answer else None,
            review=command.review and part.answer is not None,
        )
        for number, part in enumerate(said)
    ]


def _draft(command: c.FinishTurn, event_id: str) -> e.Draft:
    first = command.messages[0]
    answers = [part.answer for part in command.messages if part.answer is not None]
    return e.Draft(
        id=event_id,
        text="\n\n".join(part.text for part in command.messages),
        shadow=command.mode == "shadow",
        choices=tuple({choice.payload: choice for part in command.messages for choice in part.choices}.values()),
        links=tuple(link for part in command.messages for link in part.links),
        answer=answers[0] if answers else None,
        also=(*answers[1:], *first.also),
        reply_to=command.reply_to,
        deadline=command.draft_deadline.isoformat() if command.draft_deadline else None,
        understanding=command.understanding,
        level=command.level,
    )
