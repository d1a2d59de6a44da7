"""What a draft holds of an answer of several messages."""

from __future__ import annotations

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation
from handover.core.decisions import decide

HUMAN = e.Choice(title="Prata med en människa", payload="human")
FEE = e.Choice(title="Vad kostar bygglov?", payload="bygglov.avgift")
ANSWER = e.AnswerRef(service="bygglov", faq="bygglov.behovs", language="sv")


def _messages() -> tuple[c.BotMessage, ...]:
    return (
        c.BotMessage("Ja, det behövs.", choices=(HUMAN,), answer=ANSWER),
        c.BotMessage("Frågade du också om något av det här?", choices=(FEE, HUMAN)),
    )


def test_draft_offers_each_choice_of_its_messages_once() -> None:
    conversation = Conversation(id="one")
    decision = decide(conversation, c.FinishTurn(conversation.epoch, 2, _messages(), mode="approve"), "turn:2")
    (draft,) = decision.events
    assert isinstance(draft, e.Draft)
    assert draft.text == "Ja, det behövs.\n\nFrågade du också om något av det här?"
    assert draft.choices == (HUMAN, FEE)
    assert draft.answer == ANSWER
