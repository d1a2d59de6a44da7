"""The one way into the engine: one POST a turn, replies and understanding out.

`POST /webhooks/kontakt/turn`, header `X-Kontakt-Secret`, body
`{conversation_id, turn_id, text | payload, language, audience, context}` →
`{replies: [...], understanding: {intent, confidence, ranking, entities, language, thresholds, danger}, model_id,
parse_ms, total_ms}`.
`text` is always plain text, also when it begins with "/"; only `payload` (a FAQ or dialogue intent) names an intent.

`POST /webhooks/kontakt/danger`, the same header, body `{text}` →
`{danger: {category, likelihood, is_alarm, is_harmless} | null}`.

For those who tune, with the same header: `POST /webhooks/kontakt/explain`, body `{text, language, audience, context}` →
what a turn understands and what spoke for it (`bot/explain.py`), and `POST /webhooks/kontakt/example`, body
`{text, intent}` → what a new example would stand beside and turn (`bot/example_check.py`). Neither answers anybody.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.components.intent_classifier import THOUGHT_KEY, SentenceClassifier, find_classifier_in_use
from bot.example_check import ExampleCheck
from bot.explain import explain
from bot.swifter.memory import keep_what_is_loaded
from bot.swifter.threads import pass_the_interpreter_on_sooner

SECRET_HEADER = "X-Kontakt-Secret"
MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4_000
MAX_ID_CHARS = 128
AUDIENCES = ("citizen", "staff")
#: Intents that a message is taken for, never chosen.
DANGER_PREFIX = "danger."
#: Shown to the parser where a text holds nothing but slashes.
EMPTY_TEXT = "?"
#: So many messages are thought about at once: one more than there are cores, as each also waits for the interpreter.
THINKERS = (os.cpu_count() or 1) + 1
_MS = 1_000
_thinkers = ThreadPoolExecutor(THINKERS, thread_name_prefix="thinker")


class TurnRefused(Exception):
    """The request is not a turn; `message` says what is wrong with it."""

    def __init__(self, status: int, code: Text, message: Text) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Turn:
    """One parsed request."""

    conversation_id: Text
    turn_id: Text
    text: Optional[Text]
    payload: Optional[Text]
    metadata: Dict[Text, Any]


class KontaktInput(InputChannel):
    """Rasa input channel of the handover service."""

    @classmethod
    def name(cls) -> Text:
        """The channel's name and url prefix."""
        return "kontakt"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "KontaktInput":
        """Return the channel; raises when credentials.yml gives no secret."""
        secret = (credentials or {}).get("secret")
        if not secret:
            cls.raise_missing_credentials_exception()
        return cls(str(secret))

    def __init__(self, secret: Text) -> None:
        self._secret = secret.encode()
        self._check: Optional[Tuple[SentenceClassifier, ExampleCheck]] = None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("kontakt_input", url_prefix="/")

        @routes.after_server_start
        async def settle(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            keep_what_is_loaded()
            pass_the_interpreter_on_sooner()

        @routes.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = agent is not None and agent.is_ready()
            body = {"status": "ok" if ready else "loading", "model_id": _model_id(request)}
            return response.json(body, status=200 if ready else 503)

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            return await self._answer(request, lambda: _run(parse_turn(request.body), request, on_new_message))

        @routes.route("/danger", methods=["POST"])
        async def danger(request: Request) -> HTTPResponse:
            return await self._answer(request, lambda: _judge(parse_text(request.body), request))

        @routes.route("/explain", methods=["POST"])
        async def explained(request: Request) -> HTTPResponse:
            return await self._answer(request, lambda: _explain(parse_question(request.body), request))

        @routes.route("/example", methods=["POST"])
        async def example(request: Request) -> HTTPResponse:
            return await self._answer(request, lambda: self._check_example(parse_example(request.body), request))

        return routes

    async def _answer(self, request: Request, ask: Callable[[], Awaitable[Dict[Text, Any]]]) -> HTTPResponse:
        """Return what is asked for, to whoever knows the secret, or the refusal."""
        try:
            self._check_secret(request)
            return response.json(await ask())
        except TurnRefused as refusal:
            error = {"code": refusal.code, "message": refusal.message}
            return response.json({"error": error}, status=refusal.status)

    async def _check_example(self, example: Tuple[Text, Text], request: Request) -> Dict[Text, Any]:
        classifier = _classifier()
        if self._check is None or self._check[0] is not classifier:
            self._check = (classifier, ExampleCheck(classifier))
        found = await asyncio.get_running_loop().run_in_executor(None, self._check[1].check, *example)
        return {**found, "model_id": _model_id(request)}

    def _check_secret(self, request: Request) -> None:
        given = request.headers.get(SECRET_HEADER) or ""
        if not hmac.compare_digest(given.encode(), self._secret):
            raise TurnRefused(401, "secret_invalid", f"the header {SECRET_HEADER} is missing or wrong")


def parse_text(body: bytes) -> Text:
    """Return the text that a request body holds; raise `TurnRefused` on anything else."""
    return _text(_object(body).get("text"))


def parse_turn(body: bytes) -> Turn:
    """Return the turn that a request body holds; raise `TurnRefused` on anything else."""
    data = _object(body)
    text, payload = data.get("text"), data.get("payload")
    if (text is None) == (payload is None):
        raise TurnRefused(400, "not_a_turn", "a turn has either `text` or `payload`")
    return Turn(
        conversation_id=_short_text(data, "conversation_id"),
        turn_id=_short_text(data, "turn_id"),
        text=None if text is None else _text(text),
        payload=None if payload is None else _short_text(data, "payload"),
        metadata=_metadata(data),
    )


def parse_question(body: bytes) -> Tuple[Text, Dict[Text, Any]]:
    """Return the text and the metadata of a request to explain; raise `TurnRefused` on anything else."""
    data = _object(body)
    return _text(data.get("text")), _metadata(data)


def parse_example(body: bytes) -> Tuple[Text, Text]:
    """Return the text and the intent of an example to check; raise `TurnRefused` on anything else."""
    data = _object(body)
    return _text(data.get("text")), _short_text(data, "intent")


def _metadata(data: Dict[Text, Any]) -> Dict[Text, Any]:
    audience = data.get("audience", "citizen")
    if audience not in AUDIENCES:
        raise TurnRefused(400, "not_a_turn", f"`audience` is one of {', '.join(AUDIENCES)}")
    context = data.get("context") or {}
    if not isinstance(context, dict):
        raise TurnRefused(400, "not_a_turn", "`context` is an object")
    return {"language": str(data.get("language") or "sv")[:16], "audience": audience, "context": context}


def as_plain_text(text: Text) -> Text:
    """Return `text` without the leading slashes by which Rasa would take it for a command."""
    return text.lstrip(INTENT_MESSAGE_PREFIX + " \t\r\n") or EMPTY_TEXT


def _object(body: bytes) -> Dict[Text, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise TurnRefused(413, "body_too_large", f"a turn is at most {MAX_BODY_BYTES} bytes")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise TurnRefused(400, "not_json", "the body is not JSON") from None
    if not isinstance(data, dict):
        raise TurnRefused(400, "not_a_turn", "the body is not an object")
    return data


def _short_text(data: Dict[Text, Any], key: Text) -> Text:
    value = data.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_CHARS:
        raise TurnRefused(400, "not_a_turn", f"`{key}` is a text of 1 to {MAX_ID_CHARS} characters")
    return value


def _text(value: Any) -> Text:
    if not isinstance(value, str) or not value.strip():
        raise TurnRefused(400, "not_a_turn", "`text` is a text that is not empty")
    if len(value) > MAX_TEXT_CHARS:
        raise TurnRefused(413, "text_too_long", f"`text` is at most {MAX_TEXT_CHARS} characters")
    # JSON can hold halves of characters, which no text may.
    return value.encode("utf-8", "replace").decode("utf-8")


async def _run(
    turn: Turn, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> Dict[Text, Any]:
    """Parse once, let the policies and actions answer, and return both."""
    began = time.perf_counter()
    processor = request.app.ctx.agent.processor
    parsed = (
        _named_intent(turn.payload, processor.domain.intents)
        if turn.payload is not None
        else await _parse(as_plain_text(turn.text or ""), turn.metadata, processor)
    )
    understood = time.perf_counter()
    collector = CollectingOutputChannel()
    await on_new_message(
        UserMessage(
            text=parsed["text"],
            output_channel=collector,
            sender_id=turn.conversation_id,
            parse_data=parsed,
            input_channel=KontaktInput.name(),
            message_id=turn.turn_id,
            metadata={
                **turn.metadata,
                "understood": parsed.get("understood") or {},
                "written_in": parsed.get("language"),
            },
        )
    )
    done = time.perf_counter()
    return {
        "replies": [message["custom"] for message in collector.messages if "custom" in message],
        "understanding": _understanding(parsed),
        "model_id": _model_id(request),
        "parse_ms": round((understood - began) * _MS, 2),
        "total_ms": round((done - began) * _MS, 2),
    }


async def _parse(text: Text, metadata: Dict[Text, Any], processor: MessageProcessor) -> Dict[Text, Any]:
    """Return the parse result of a text. The classifier thinks beside other turns: most of that is not Python."""
    classifier = find_classifier_in_use()
    if classifier is not None:
        thought = await asyncio.get_running_loop().run_in_executor(_thinkers, classifier.think, text, metadata)
        metadata = {**metadata, THOUGHT_KEY: thought}
    return await processor.parse_message(UserMessage(text, metadata=metadata))


def _named_intent(payload: Text, known: List[Text]) -> Dict[Text, Any]:
    """Return the parse result of a choice: its intent, surely."""
    if payload not in known or payload.startswith(DANGER_PREFIX):
        raise TurnRefused(422, "payload_unknown", "no intent has this name")
    intent = {"name": payload, "confidence": 1.0}
    return {
        "text": f"{INTENT_MESSAGE_PREFIX}{payload}",
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [],
    }


def _understanding(parsed: Dict[Text, Any]) -> Dict[Text, Any]:
    """Return what was understood; the fallback's own mark is taken out of the ranking."""
    ranking = [r for r in parsed.get("intent_ranking", []) if r["name"] != "nlu_fallback"]
    best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
    understood = parsed.get("understood") or {}
    return {
        "intent": best["name"],
        "confidence": best["confidence"],
        "ranking": ranking,
        "entities": [
            {key: entity.get(key) for key in ("entity", "value", "start", "end")}
            for entity in parsed.get("entities", [])
        ],
        "language": parsed.get("language"),
        "thresholds": understood.get("thresholds") or {},
        "danger": understood.get("danger"),
    }


async def _judge(text: Text, request: Request) -> Dict[Text, Any]:
    """Return what the model of danger thinks of a text, None where there is no such model."""
    processor = request.app.ctx.agent.processor
    parsed = await _parse(as_plain_text(text), {}, processor)
    return {"danger": (parsed.get("understood") or {}).get("danger")}


async def _explain(question: Tuple[Text, Dict[Text, Any]], request: Request) -> Dict[Text, Any]:
    """Return what a turn would understand, with what spoke for it."""
    text, metadata = as_plain_text(question[0]), question[1]
    classifier = _classifier()
    parsed = await _parse(text, metadata, request.app.ctx.agent.processor)
    understood = parsed.get("understood") or {}
    understanding = _understanding(parsed)
    ranking = understanding["ranking"]
    why = await asyncio.get_running_loop().run_in_executor(None, explain, classifier, text, ranking)
    return {
        "text": text,
        **understanding,
        "staff_share": understood.get("staff_share", 0.0),
        "questions": understood.get("questions", []),
        **why,
        "model_id": _model_id(request),
    }


def _classifier() -> SentenceClassifier:
    classifier = find_classifier_in_use()
    if classifier is None:
        raise TurnRefused(503, "not_ready", "no model is loaded yet")
    return classifier


def _model_id(request: Request) -> Optional[Text]:
    agent = request.app.ctx.agent
    return getattr(agent, "model_id", None) if agent is not None else None
