"""People for the tests of the inbox: citizens whom the assistant misses, and editors who label what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handover.core.errors import HandoverError
from handover.store.accounts import Account
from handover.tuning.inbox.proposals import Proposal
from tests.api.supervised import FAQ, OTHER, Person, Supervised
from tests.support.clients import CitizenClient, new_id
from tests.support.engine_double import Body, EngineDouble, faq_reply, reply, turn_answer
from tests.support.waiting import DEADLINE_SECONDS

INBOX = "tuning/inbox"
CHOICES = [
    {"title": "Behöver jag bygglov för altan?", "payload": FAQ},
    {"title": "Vad kostar ett bygglov?", "payload": OTHER},
    {"title": "Inget av dem", "payload": "dialogue.deny"},
    {"title": "Prata med en människa", "payload": "human"},
]


def misses_all(body: Body) -> Body:
    """Answer what is chosen; ask back about what begins with "menar", search for the rest with next to no idea."""
    if body.get("payload") is not None:
        return turn_answer(faq_reply(body["payload"], "Svar"), intent=body["payload"])
    asks = str(body["text"]).casefold().startswith("menar")
    said = reply("Menade du?" if asks else "Jag hittade", "asked" if asks else "searched", choices=CHOICES)
    answered = turn_answer(said, intent="nlu_fallback", confidence=0.5)
    likely = 0.5 if asks else 0.05
    answered["understanding"]["ranking"] = [{"name": OTHER, "confidence": likely}, {"name": FAQ, "confidence": 0.04}]
    return answered


def begin(room: Supervised, engine: EngineDouble) -> None:
    """Let the assistant miss everything, and readers of the inbox wait for the newest groups, however slow it is."""
    engine.answer = misses_all
    room.kontakt.services.inbox.patience_seconds = DEADLINE_SECONDS


async def ask(room: Supervised, text: str, choose: str | None = None) -> CitizenClient:
    """Return a citizen who has asked something that was missed, and then chosen one of what was offered."""
    citizen = await room.kontakt.citizen()
    await citizen.say(text)
    await citizen.wait_for("message", sender="bot")
    if choose is not None:
        await citizen.do("choose", payload=choose)
        await citizen.wait_for("message", sender="bot")
    return citizen


def label_body(texts: Sequence[dict[str, Any]], label: str, **more: Any) -> dict[str, Any]:
    """Return the body that labels texts as they were shown."""
    seen = [{"key": one["key"], "version": one["version"]} for one in texts]
    return {"id": new_id(), "label": label, "texts": seen, **more}


async def texts_of(person: Person) -> list[dict[str, Any]]:
    """Return all texts that the inbox shows somebody, the worst group first."""
    page = await person.get(INBOX)
    return [one for group in page["groups"] for one in group["texts"]]


class Basket:
    """Somewhere for examples to go; can be told to refuse."""

    def __init__(self) -> None:
        self.taken: list[tuple[Proposal, str]] = []
        self.refusal: HandoverError | None = None

    async def propose(self, examples: Sequence[Proposal], by: Account) -> tuple[str, list[bool]]:
        """Keep the examples, but for those that are too short to be one."""
        if self.refusal is not None:
            raise self.refusal
        are_in = [" " in one.text for one in examples]
        self.taken += [(one, by.username) for one, is_in in zip(examples, are_in, strict=True) if is_in]
        return f"change-of-{by.username}", are_in


async def ask_each(room: Supervised, texts: Sequence[str]) -> None:
    """Let each text be asked by somebody of one's own, who leaves when it was missed."""
    for text in texts:
        citizen = await ask(room, text)
        await citizen.close()
