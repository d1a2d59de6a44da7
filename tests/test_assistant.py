"""What the assistant makes of danger: the pattern's word, the model's word, and an engine that gives none."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from catalogue.phrases import Phrases
from handover.assistant import Assistant, AssistantReply
from handover.core.crisis import CrisisGuide, Pattern
from handover.core.events import Reason
from handover.core.supervision import Level, Levels
from handover.engine import EngineQuestion, HttpEngine
from tests.support.engine_double import ENGINE_SECRET, HARMLESS, Body, EngineDouble, faq_reply, judged, turn_answer
from tests.support.kontakt import DATA
from tests.support.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.anyio
PHRASES = Phrases.read(DATA)
GUIDE = CrisisGuide(
    (Pattern("fire", (re.compile("det brinner"),), ()),),
    {"fire": {"sv": "Eld: ring 112", "en": "Fire: call 112"}, "violence": {"sv": "Våld: ring 112", "en": "Call 112"}},
)
DANGEROUS = "Det brinner i köket"
ORDINARY = "Behöver jag bygglov?"
ANSWER = "Det beror på."
VIOLENCE = judged("violence", 0.97, is_alarm=True)
#: A category that data/crisis.yml no longer has, or not yet.
UNKNOWN = judged("weather", 0.97, is_alarm=True)


def _question(text: str | None, language: str = "sv", payload: str | None = None) -> EngineQuestion:
    return EngineQuestion("conversation", "turn", language, "citizen", {}, text=text, payload=payload)


def _assistant(client: HttpEngine, level: Level = Level.AUTO) -> Assistant:
    return Assistant(client, PHRASES, GUIDE, lambda: Levels(level))


def _texts(reply: AssistantReply) -> list[str]:
    return [message.text for message in reply.messages]


def _is_safety(reply: AssistantReply, category: str, text: str) -> bool:
    understood = reply.understanding
    return (
        (reply.decision, reply.mode, reply.escalate) == ("crisis", "send", Reason.CRISIS)
        and (understood.decision, understood.intent) == ("crisis", f"crisis.{category}")
        and [(message.sender, message.text) for message in reply.messages] == [("system", text)]
    )


@pytest.fixture
async def client(engine_stub: EngineDouble) -> AsyncIterator[HttpEngine]:
    """A client of the double, which has one answer to everything."""
    engine_stub.answer = lambda _: turn_answer(faq_reply("bygglov.behovs", ANSWER), intent="bygglov.behovs")
    async with HttpEngine(engine_stub.url, ENGINE_SECRET, DEADLINE_SECONDS) as opened:
        yield opened


@pytest.fixture
def assistant(client: HttpEngine) -> Assistant:
    """The assistant, whose answers go out at once."""
    return _assistant(client)


@pytest.mark.parametrize("model", [None, judged("violence"), VIOLENCE, UNKNOWN])
async def test_pattern_decides_unless_the_model_is_sure_of_harmlessness(
    assistant: Assistant, engine_stub: EngineDouble, model: Body | None
) -> None:
    engine_stub.judge = lambda _: model
    assert _is_safety(await assistant.reply(_question(DANGEROUS)), "fire", "Eld: ring 112")


async def test_model_that_is_sure_of_harmlessness_lets_the_answer_through(
    assistant: Assistant, engine_stub: EngineDouble
) -> None:
    engine_stub.judge = lambda _: HARMLESS
    reply = await assistant.reply(_question(DANGEROUS))
    assert (reply.decision, reply.escalate, _texts(reply)) == ("answered", None, [ANSWER])


async def test_turn_that_was_asked_for_is_all_that_the_engine_is_asked(
    assistant: Assistant, engine_stub: EngineDouble
) -> None:
    await assistant.reply(_question(DANGEROUS))
    assert (engine_stub.texts, engine_stub.judged) == ([DANGEROUS], [])


@pytest.mark.parametrize(
    "answer",
    [JSONResponse({}, 500), JSONResponse({}, 401), PlainTextResponse("oj")],
    ids=["down", "refused", "nonsense"],
)
async def test_pattern_needs_no_engine(assistant: Assistant, engine_stub: EngineDouble, answer: Response) -> None:
    engine_stub.answer = lambda _: answer
    assert _is_safety(await assistant.reply(_question(DANGEROUS)), "fire", "Eld: ring 112")
    ordinary = await assistant.reply(_question(ORDINARY))
    assert (ordinary.escalate, _texts(ordinary)) == (Reason.ENGINE_FAILURE, [PHRASES.say("engine_failure", "sv")])


@pytest.mark.parametrize(("language", "text"), [("sv", "Våld: ring 112"), ("en", "Call 112"), ("so", "Call 112")])
async def test_alarm_of_the_model_gives_the_safety_text_of_its_category(
    assistant: Assistant, engine_stub: EngineDouble, language: str, text: str
) -> None:
    engine_stub.judge = lambda _: VIOLENCE
    assert _is_safety(await assistant.reply(_question("Han slår mig", language)), "violence", text)


@pytest.mark.parametrize("model", [judged("violence", 0.97), UNKNOWN, HARMLESS, None])
async def test_answer_stands_without_an_alarm_of_a_known_category(
    assistant: Assistant, engine_stub: EngineDouble, model: Body | None
) -> None:
    engine_stub.judge = lambda _: model
    reply = await assistant.reply(_question(ORDINARY))
    assert (reply.decision, reply.escalate, _texts(reply)) == ("answered", None, [ANSWER])


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("text", [DANGEROUS, "Han slår mig"], ids=["pattern", "model"])
async def test_no_supervision_holds_back_a_safety_text(
    client: HttpEngine, engine_stub: EngineDouble, level: Level, text: str
) -> None:
    engine_stub.judge = lambda _: VIOLENCE
    reply = await _assistant(client, level).reply(_question(text))
    assert (reply.mode, reply.escalate) == ("send", Reason.CRISIS)
    assert ["112" in said for said in _texts(reply)] == [True]


async def test_choice_is_an_answer_and_no_danger(assistant: Assistant, engine_stub: EngineDouble) -> None:
    engine_stub.judge = lambda _: VIOLENCE
    reply = await assistant.reply(_question(None, payload="bygglov.behovs"))
    assert (reply.decision, _texts(reply)) == ("answered", [ANSWER])
