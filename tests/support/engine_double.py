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

from handover.engine import HEALTH_PATH, SECRET_HEADER, TURN_PATH
from tests.support.server import serving

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4_000
MAX_ID_CHARS = 128
ENGINE_SECRET = "the-secret-of-the-engine-double"
#: Choices that the double knows as intents, as the real engine knows those of its domain.
INTENTS = frozenset({"bygglov.behovs", "bygglov.avgift", "forskola.ansokan", "dialogue.deny", "dialogue.greet"})

Body = dict[str, Any]
Answer = Callable[[Body], Body | Response]


def reply(text: str, decision: str = "smalltalk", **fields: Any) -> Body:
    """Return one reply in the actions' shape, see `actions.turn.Reply`."""
    empty: Body = {"faq": None, "service": None, "language": None, "source": None, "escalate": None}
    return {"decision": decision, "text": text, **empty, "links": [], "choices": [], "context": {}, **fields}


def faq_reply(faq: str, text: str, source: str = "facts") -> Body:
    """Return a reply that gives a catalogue answer."""
    service = faq.partition(".")[0]
    context = {"service": service, "misses": 0}
    return reply(text, "answered", faq=faq, service=service, language="sv", source=source, context=context)


def turn_answer(*replies: Body, intent: str | None = "dialogue.greet", confidence: float = 0.9) -> Body:
    """Return the whole answer to one turn."""
    return {
        "replies": list(replies),
        "understanding": {
            "intent": intent,
            "confidence": confidence,
            "ranking": [{"name": intent, "confidence": confidence}] if intent else [],
            "entities": [],
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


class EngineDouble:
    """What a test tells the double, and what the double was asked."""

    def __init__(self) -> None:
        self.secret = ENGINE_SECRET
        self.url = ""
        #: What it answers; a `Response` goes out as it is.
        self.answer: Answer = echo
        self.healthy = True
        self.asked: list[Body] = []
        #: What was asked by somebody who did not wait for the answer.
        self.abandoned: list[Body] = []
        self._open = asyncio.Event()
        self._open.set()

    def hold(self) -> None:
        """Keep every turn waiting until `let_go`: a slow engine, without a clock."""
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
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return _refusal(401, "secret_invalid")
        raw = await request.body()
        if len(raw) > MAX_BODY_BYTES:
            return _refusal(413, "body_too_large")
        try:
            body = json.loads(raw)
        except ValueError:
            return _refusal(400, "not_json")
        if not _is_turn(body):
            return _refusal(400, "not_a_turn")
        if len(body.get("text") or "") > MAX_TEXT_CHARS:
            return _refusal(413, "text_too_long")
        if body.get("payload") is not None and body["payload"] not in INTENTS:
            return _refusal(422, "payload_unknown")
        self.asked.append(body)
        await self._open.wait()
        if await request.is_disconnected():
            self.abandoned.append(body)
        answer = self.answer(body)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def health(self, request: Request) -> Response:
        """Say whether the double is ready."""
        body = {"status": "ok" if self.healthy else "loading", "model_id": "double"}
        return JSONResponse(body, 200 if self.healthy else 503)


def _is_turn(body: Any) -> bool:
    if not isinstance(body, dict) or (body.get("text") is None) == (body.get("payload") is None):
        return False
    ids = [body.get("conversation_id"), body.get("turn_id")]
    ids += [body["payload"]] if body.get("payload") is not None else []
    text = body.get("text")
    return (
        all(isinstance(one, str) and 0 < len(one) <= MAX_ID_CHARS for one in ids)
        and (text is None or (isinstance(text, str) and bool(text.strip())))
        and body.get("audience", "citizen") in ("citizen", "staff")
        and isinstance(body.get("context") or {}, dict)
    )


def _refusal(status: int, code: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": code}}, status)


@asynccontextmanager
async def engine_double(
    port: int | None = None, make: Callable[[], EngineDouble] = EngineDouble
) -> AsyncIterator[EngineDouble]:
    """Serve a double on loopback; what still waits is let go at the end."""
    double = make()
    app = Starlette(
        routes=[Route(TURN_PATH, double.turn, methods=["POST"]), Route(HEALTH_PATH, double.health, methods=["GET"])]
    )
    async with serving(app, port) as bound:
        double.url = f"http://127.0.0.1:{bound}"
        try:
            yield double
        finally:
            double.let_go()
