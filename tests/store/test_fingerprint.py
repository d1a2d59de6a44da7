"""The hash of a command stays what it was: one that an older release stored is still known."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import pytest

from handover.core import commands as c
from handover.core.events import AnswerRef, Ranked, Understanding
from handover.store.execute import fingerprint

GUIDE = c.Guide("guide-1", "Åsa")
COMMANDS = (
    c.Say("Hej", c.Danger("vald", {"sv": "Ring 112."})),
    c.Claim(GUIDE),
    c.Reply(GUIDE, "Hej"),
    c.FinishTurn(
        1,
        2,
        (c.BotMessage("Svar", answer=AnswerRef(service="familj", faq="familj.vald", language="sv")),),
        understanding=Understanding(
            intent="familj.vald",
            confidence=0.9,
            ranking=(Ranked(intent="familj.vald", confidence=0.9),),
            decision="answered",
            language="sv",
        ),
    ),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_fingerprint_is_that_of_the_command_as_a_dictionary(command: c.Command) -> None:
    text = f"{type(command).__name__}{sorted(asdict(command).items(), key=lambda item: item[0])!r}"
    assert fingerprint(command) == hashlib.sha256(text.encode()).hexdigest()
