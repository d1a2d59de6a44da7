"""A stand-in for the dialogue engine: a small real HTTP server that speaks `bot/channel.py`'s protocol.

`tests/contract/test_engine_contract.py` holds it to the same contract as the real engine. Beyond that it can be
told what to reply, to be slow, to be down, and to answer nonsense.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handover.engine import DANGER_PATH, EXAMPLE_PATH, EXPLAIN_PATH, HEALTH_PATH, SECRET_HEADER, TURN_PATH
from tests.support.server import serving

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4_000
MAX_ID_CHARS = 128
ENGINE_SECRET = "the-secret-of-the-engine-double"
#: Choices that the double knows as intents, as the real engine knows those of its domain.
INTENTS = frozenset(
    {
        "bygglov.behovs",
        "bygglov.avgift",
        "forskola.ansokan",
        "ny_i_sverige.komma_igang",
        "dialogue.deny",
        "dialogue.greet",
    }
)

Body = dict[str, Any]
Answer = Callable[[Body], Body | Response]
Judge = Callable[[str], Body | Response | None]


def reply(text: str, decision: str = "smalltalk", **fields: Any) -> Body:
    """Return one reply in the actions' shape, see `actions.turn.Reply`."""
    empty: Body = {"faq": None, "service": None, "language": None, "source": None, "escalate": None}
    return {"decision": decision, "text": text, **empty, "links": [], "choices": [], "context": {}, **fields}


def faq_reply(faq: str, text: str, source: str = "facts") -> Body:
    """Return a reply that gives a catalogue answer."""
    service = faq.partition(".")[0]
    context = {"service": service, "misses": 0}
    return reply(text, "answered", faq=faq, service=service, language="sv", source=source, context=context)


def judged(
    category: str = "suicide", likelihood: float = 0.5, *, is_alarm: bool = False, is_harmless: bool = False
) -> Body:
    """Return what a model of danger thinks of a text; unsure, unless told otherwise."""
    return {"category": category, "likelihood": likelihood, "is_alarm": is_alarm, "is_harmless": is_harmless}


#: The two things that a model of danger can be sure of.
ALARM = judged(likelihood=0.99, is_alarm=True)
HARMLESS = judged(likelihood=0.001, is_harmless=True)


def turn_answer(*replies: Body, intent: str | None = "dialogue.greet", confidence: float = 0.9) -> Body:
    """Return the whole answer to one turn; of danger it says what the double's `judge` does."""
    return {
        "replies": list(replies),
        "understanding": {
            "intent": intent,
            "confidence": confidence,
            "ranking": [{"name": intent, "confidence": confidence}] if intent else [],
            "entities": [],
            "language": "sv",
            "thresholds": {"answer": 0.7, "ask": 0.3},
        },
        "model_id": "double",
        "parse_ms": 1.0,
        "total_ms": 2.0,
    }


def did_you_mean() -> Body:
    """Return the answer that asks "menade du" with two questions and the two ways out."""
    choices = [
        {"title": "Behöver jag bygglov?", "payload": "bygglov.behovs"},
        {"title": "Vad kostar ett bygglov?", "payload": "bygglov.avgift"},
        {"title": "Inget av dem", "payload": "dialogue.deny"},
        {"title": "Prata med en människa", "payload": "human"},
    ]
    asked = reply("Menade du något av det här?", "asked", choices=choices, context={"misses": 0})
    return turn_answer(asked, intent="bygglov.behovs", confidence=0.5)


def echo(body: Body) -> Body:
    """Return an answer that names what was asked, so that order can be seen."""
    if body.get("payload") is not None:
        return turn_answer(faq_reply(body["payload"], f"Svar på {body['payload']}"), intent=body["payload"])
    return turn_answer(reply(f"Du skrev: {body['text']}"))


def explanation(text: str, danger: Any = None) -> Body:
    """Return why a sentence is about a building permit, in the shape of `bot/explain.py`."""
    words = text.split()
    gains = [{"text": word.lower(), "gain": round(0.4 / place, 3)} for place, word in enumerate(words, 1)]
    explained = [
        {
            "intent": intent, "value": value, "words": gains, "characters": [{"text": "lov", "gain": 0.21}],
            "of_words": 0.5, "of_characters": 0.2, "of_vector": 0.1, "of_neighbours": 0.1, "of_every_sentence": -0.1,
        }
        for intent, value in (("bygglov.behovs", 0.8), ("bygglov.avgift", 0.3))
    ]  # fmt: skip
    return {
        "text": text,
        "language": "sv",
        "ranking": [{"name": one["intent"], "confidence": one["value"]} for one in explained],
        "entities": [{"entity": "service", "value": "bygglov", "start": 0, "end": 7}],
        "thresholds": {"answer": 0.7, "ask": 0.3},
        "danger": danger if isinstance(danger, dict) else None,
        "staff_share": 0.0,
        "questions": [],
        "tokens": [
            {"text": word, "start": at, "end": at + len(word), "is_known": at == 0} for at, word in _places(words)
        ],
        "lemmas": None,
        "explained": explained,
        "nearest": [
            {"row": 1, "text": "Behöver jag bygglov för en altan?", "intent": "bygglov.behovs", "similarity": 0.91}
        ],
        "sharpness": 4.0,
        "model_id": "double",
    }


def example_verdict(text: str, intent: str) -> Body:
    """Return what an example would turn, in the shape of `bot/example_check.py`: a question of the fee, if any."""
    near = {"text": "Vad kostar ett bygglov?", "intent": "bygglov.avgift", "similarity": 0.98}
    turned = {"kind": "question", "text": near["text"], "intent": near["intent"], "margin": 0.05}
    is_other = "kostar" in text and intent != near["intent"]
    return {"is_known": True, "nearest": [near], "near_duplicates": [near], "turned": [turned] if is_other else []}


def _places(words: list[str]) -> list[tuple[int, str]]:
    """Return each word with where it stands in the text that they make."""
    at, found = 0, []
    for word in words:
        found.append((at, word))
        at += len(word) + 1
    return found


class EngineDouble:
    """What a test tells the double, and what the double was asked."""

    def __init__(self) -> None:
        self.secret = ENGINE_SECRET
        self.url = ""
        #: What it answers; a `Response` goes out as it is.
        self.answer: Answer = echo
        #: What its model of danger says, on the route of its own and in every turn; a `Response` goes out as it is, on
        #: the former alone. At first there is no model.
        self.judge: Judge = lambda _: None
        self.healthy = True
        #: What its model calls itself, in its health and in every answer.
        self.model_id: str | None = "double"
        self.asked: list[Body] = []
        #: The texts whose danger was asked for outside of a turn.
        self.judged: list[str] = []
        #: What was asked by somebody who tunes.
        self.consulted: list[Body] = []
        #: What was asked by somebody who did not wait for the answer.
        self.abandoned: list[Body] = []
        self._open = asyncio.Event()
        self._open.set()

    def hold(self) -> None:
        """Keep whoever asks waiting until `let_go`: a slow engine, without a clock."""
        self._open.clear()

    def let_go(self) -> None:
        """Answer what waits."""
        self._open.set()

    @property
    def texts(self) -> list[str]:
        """The texts that were asked, in order."""
        return [body["text"] for body in self.asked if body.get("text") is not None]

    async def turn(self, request: Request) -> Response:
        """Answer one turn, or refuse it as the real channel does."""
        try:
            body = await self._read(request)
            _check_turn(body)
        except _Refusal as refusal:
            return refusal.response
        self.asked.append(body)
        await self._wait(request, body)
        answer = self.answer(body)
        if isinstance(answer, Response):
            return answer
        return JSONResponse(self._with_danger(self._with_model(answer), body.get("text")))

    async def danger(self, request: Request) -> Response:
        """Say what the model of danger thinks of a text, or refuse it as the real channel does."""
        try:
            body = await self._read(request)
            _check_text(body.get("text"))
        except _Refusal as refusal:
            return refusal.response
        self.judged.append(body["text"])
        await self._wait(request, body)
        danger = self.judge(body["text"])
        return danger if isinstance(danger, Response) else JSONResponse({"danger": danger})

    async def explain(self, request: Request) -> Response:
        """Explain a sentence as `bot/explain.py` does: every word speaks for the building permit."""
        return await self._consult(request, lambda body: explanation(body["text"], self.judge(body["text"])))

    async def example(self, request: Request) -> Response:
        """Say of an example what `bot/example_check.py` would: it turns whatever mentions the same thing."""
        return await self._consult(request, lambda body: example_verdict(body["text"], body["intent"]))

    async def _consult(self, request: Request, answer: Callable[[Body], Body]) -> Response:
        try:
            body = await self._read(request)
            _check_text(body.get("text"))
        except _Refusal as refusal:
            return refusal.response
        self.consulted.append(body)
        await self._wait(request, body)
        return JSONResponse(answer(body))

    async def health(self, request: Request) -> Response:
        """Say whether the double is ready."""
        body = {"status": "ok" if self.healthy else "loading", "model_id": self.model_id if self.healthy else None}
        return JSONResponse(body, 200 if self.healthy else 503)

    async def _read(self, request: Request) -> Body:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise _Refusal(401, "secret_invalid")
        raw = await request.body()
        if len(raw) > MAX_BODY_BYTES:
            raise _Refusal(413, "body_too_large")
        try:
            body = json.loads(raw)
        except ValueError:
            raise _Refusal(400, "not_json") from None
        if not isinstance(body, dict):
            raise _Refusal(400, "not_a_turn")
        return body

    async def _wait(self, request: Request, body: Body) -> None:
        await self._open.wait()
        if await request.is_disconnected():
            self.abandoned.append(body)

    def _with_model(self, answer: Body) -> Body:
        return {**answer, "model_id": self.model_id} if answer.get("model_id") == "double" else answer

    def _with_danger(self, answer: Body, text: str | None) -> Body:
        """Return an answer with what the model of danger says of the text; a choice has none, and nonsense stays so."""
        understanding = answer.get("understanding")
        if not isinstance(understanding, dict):
            return answer
        danger = None if text is None else self.judge(text)
        found = None if isinstance(danger, Response) else danger
        return {**answer, "understanding": {"danger": found, **understanding}}


class _Refusal(Exception):
    """The request is not one that the real channel takes."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.response = JSONResponse({"error": {"code": code, "message": code}}, status)


def _check_turn(body: Body) -> None:
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None):
        raise _Refusal(400, "not_a_turn")
    ids = [body.get("conversation_id"), body.get("turn_id"), *([] if payload is None else [payload])]
    if not (
        all(isinstance(one, str) and 0 < len(one) <= MAX_ID_CHARS for one in ids)
        and body.get("audience", "citizen") in ("citizen", "staff")
        and isinstance(body.get("context") or {}, dict)
    ):
        raise _Refusal(400, "not_a_turn")
    if payload is None:
        _check_text(text)
    elif payload not in INTENTS:
        raise _Refusal(422, "payload_unknown")


def _check_text(text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise _Refusal(400, "not_a_turn")
    if len(text) > MAX_TEXT_CHARS:
        raise _Refusal(413, "text_too_long")


@asynccontextmanager
async def engine_double(
    port: int | None = None, make: Callable[[], EngineDouble] = EngineDouble
) -> AsyncIterator[EngineDouble]:
    """Serve a double on loopback; what still waits is let go at the end."""
    double = make()
    app = Starlette(
        routes=[
            Route(TURN_PATH, double.turn, methods=["POST"]),
            Route(DANGER_PATH, double.danger, methods=["POST"]),
            Route(EXPLAIN_PATH, double.explain, methods=["POST"]),
            Route(EXAMPLE_PATH, double.example, methods=["POST"]),
            Route(HEALTH_PATH, double.health, methods=["GET"]),
        ]
    )
    async with serving(app, port) as bound:
        double.url = f"http://127.0.0.1:{bound}"
        try:
            yield double
        finally:
            double.let_go()
