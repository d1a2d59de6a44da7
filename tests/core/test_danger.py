"""Acute danger told of in any state: the safety text at once, the front of the queue, never over a guide's head."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation, apply
from handover.core.decisions import decide
from handover.core.events import Reason, State

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DANGER = c.Danger("suicide", {"sv": "Ring 112.", "en": "Call 112.", "so": "Wac 112."})
GUIDE = c.Guide("guide-1", "Guide")


def after(*commands: c.Command, language: str = "sv") -> Conversation:
    """Return a conversation after some commands."""
    opened = e.Opened(language=language, audience=e.Audience.CITIZEN)
    conversation = apply(Conversation(id="conversation-1"), opened, 1, NOW)
    for number, command in enumerate(commands):
        conversation = carry_out(conversation, command, f"command-{number}")
    return conversation


def carry_out(conversation: Conversation, command: c.Command, command_id: str) -> Conversation:
    """Return the conversation after one command."""
    for event in decide(conversation, command, command_id).events:
        conversation = apply(conversation, event, conversation.last_seq + 1, NOW)
    return conversation


@pytest.mark.parametrize("before", [(), (c.AskHuman(),)], ids=["bot", "waiting"])
def test_danger_leads_to_the_safety_text_and_the_front_of_the_queue(before: tuple[c.Command, ...]) -> None:
    conversation = after(*before)
    decision = decide(conversation, c.Say("jag orkar inte leva", DANGER), "command-x")
    said, safety, escalated = decision.events
    assert isinstance(said, e.Message) and said.sender == "citizen"
    assert isinstance(safety, e.Message) and (safety.sender, safety.text) == ("system", "Ring 112.")
    assert isinstance(escalated, e.Escalated) and escalated.reason is Reason.CRISIS
    assert not decision.bot_turn
    danger = carry_out(conversation, c.Say("jag orkar inte leva", DANGER), "command-x")
    assert danger.state is State.WAITING and danger.priority > after(c.AskHuman()).priority


def test_whoever_waited_before_keeps_their_time() -> None:
    waiting = after(c.AskHuman())
    assert carry_out(waiting, c.Say("hjälp", DANGER), "command-x").waiting_since == waiting.waiting_since


def test_a_guide_keeps_the_conversation_and_the_citizen_gets_the_safety_text() -> None:
    decision = decide(after(c.TakeOver(GUIDE)), c.Say("hjälp", DANGER), "command-x")
    assert [event.kind for event in decision.events] == ["message", "message"]


def test_danger_stays_first_in_line_when_a_guide_lets_go() -> None:
    released = after(c.Say("hjälp", DANGER), c.Claim(GUIDE), c.Release(GUIDE))
    assert released.priority > after(c.AskHuman(), c.Claim(GUIDE), c.Release(GUIDE)).priority


@pytest.mark.parametrize(("language", "text"), [("so", "Wac 112."), ("fi", "Call 112."), ("sv-x-easy", "Ring 112.")])
def test_the_safety_text_is_in_the_nearest_language(language: str, text: str) -> None:
    danger = after(c.Say("hjälp", DANGER), language=language)
    assert danger.state is State.WAITING
    assert DANGER.safety_text(language) == text
