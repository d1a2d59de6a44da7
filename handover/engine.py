"""The client of one dialogue engine: one POST a turn, a deadline, circuit breakers, a typed answer."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, TCPConnector
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from handover.core.events import Reason

SECRET_HEADER = "X-Kontakt-Secret"
TURN_PATH = "/webhooks/kontakt/turn"
DANGER_PATH = "/webhooks/kontakt/danger"
EXPLAIN_PATH = "/webhooks/kontakt/explain"
EXAMPLE_PATH = "/webhooks/kontakt/example"
HEALTH_PATH = "/webhooks/kontakt/health"
#: Failures in a row that open the breaker, and how long it stays open.
BREAKER_THRESHOLD = 5
BREAKER_SECONDS = 10.0
MAX_CONNECTIONS = 64
HEALTH_TIMEOUT_SECONDS = 2.0
#: The names of an engine's breakers.
TURNS, JUDGEMENTS, CONSULTATIONS = "turns", "judgements", "consultations"

Kind = Literal["unreachable", "timeout", "open", "refused", "nonsense"]
Decided = Literal["answered", "asked", "searched", "escalated", "smalltalk", "refused"]


class EngineError(Exception):
    """The engine did not give a usable answer; `kind` is unreachable, timeout, open, refused or nonsense."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


class _FromEngine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EngineChoice(_FromEngine):
    """A quick reply as the actions offer it."""

    title: str = Field(max_length=1_000)
    payload: str = Field(max_length=200)


class EngineLink(_FromEngine):
    """A link as the catalogue holds it."""

    title: str = Field(max_length=1_000)
    url: str = Field(max_length=2_000, pattern=r"^(https://|mailto:|tel:)")


class EngineReply(_FromEngine):
    """One reply of the actions; the same shape as `actions.turn.Reply`."""

    decision: Decided
    text: str = Field(min_length=1, max_length=8_000)
    faq: str | None = None
    service: str | None = None
    language: str | None = None
    source: Literal["facts", "law", "example"] | None = None
    links: tuple[EngineLink, ...] = ()
    choices: tuple[EngineChoice, ...] = ()
    escalate: Reason | None = None
    context: dict[str, Any] = {}

    @field_validator("context")
    @classmethod
    def _can_be_stored(cls, context: dict[str, Any]) -> dict[str, Any]:
        """Refuse what is not JSON although Python writes it: NaN and the infinities."""
        json.dumps(context, allow_nan=False)
        return context


class EngineRanked(_FromEngine):
    """One intent of the ranking."""

    name: str
    confidence: float = Field(ge=0, le=1)


class EngineDanger(_FromEngine):
    """What the engine's model of danger thinks of a text; `category` is one of data/crisis.yml."""

    category: str = Field(max_length=64)
    likelihood: float = Field(ge=0, le=1)
    is_alarm: bool
    is_harmless: bool


class EngineUnderstanding(_FromEngine):
    """What the engine understood."""

    intent: str | None
    confidence: float = Field(ge=0, le=1)
    ranking: tuple[EngineRanked, ...] = ()
    danger: EngineDanger | None = None


class EngineJudgement(_FromEngine):
    """The answer of `POST /webhooks/kontakt/danger`."""

    danger: EngineDanger | None


class EngineTurn(_FromEngine):
    """The answer of `POST /webhooks/kontakt/turn`."""

    replies: tuple[EngineReply, ...] = Field(min_length=1, max_length=10)
    understanding: EngineUnderstanding
    model_id: str | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True)
class EngineQuestion:
    """What is asked of the engine: a text that is redacted already, or the payload of a choice."""

    conversation_id: str
    turn_id: str
    language: str
    audience: str
    context: dict[str, Any]
    text: str | None = None
    payload: str | None = None
    #: When the conversation began, by which its model is chosen; None: now.
    began: datetime | None = None


class Engine(Protocol):
    """What answers turns; raises `EngineError` and nothing else."""

    async def ask(self, question: EngineQuestion) -> EngineTurn:
        """Return the engine's answer to one turn."""

    async def judge_danger(self, text: str, timeout_seconds: float) -> EngineDanger | None:
        """Return what the model of danger thinks of a text that is redacted already, None where there is no model."""

    async def is_healthy(self) -> bool:
        """Tell whether the engine says that it is ready."""


class HttpEngine:
    """One real engine over HTTP; use as an async context manager."""

    def __init__(self, url: str, secret: str, timeout_seconds: float) -> None:
        #: Host and port: what may be logged, since an address can hold a password.
        self.name = urlsplit(url).netloc.rpartition("@")[2]
        self._url = url
        self._secret = secret
        self._timeout_seconds = timeout_seconds
        self._client: ClientSession | None = None
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=BREAKER_THRESHOLD,
            default_ttl=BREAKER_SECONDS,
            exclude=[(EngineError, lambda error: error.kind == "refused")],
        )

    async def __aenter__(self) -> Self:
        connector = TCPConnector(limit=MAX_CONNECTIONS)
        self._client = ClientSession(self._url, connector=connector, headers={SECRET_HEADER: self._secret})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()

    async def ask(self, question: EngineQuestion, timeout_seconds: float | None = None) -> EngineTurn:
        """Return the answer; raises `EngineError` at the deadline, when the breaker is open, or on nonsense.

        `timeout_seconds` is for this turn alone and stands in for the engine's own.
        """
        seconds = timeout_seconds or self._timeout_seconds
        return await self._post(EngineTurn, TURN_PATH, _body(question), seconds, TURNS)

    async def judge_danger(self, text: str, timeout_seconds: float) -> EngineDanger | None:
        """Return what the model of danger thinks of a text; raises `EngineError` as `ask` does.

        It has a breaker of its own: judgements that come late must not keep turns from an engine that answers them.
        """
        body = {"text": text}
        return (await self._post(EngineJudgement, DANGER_PATH, body, timeout_seconds, JUDGEMENTS)).danger

    async def consult[T: BaseModel](self, kind: type[T], path: str, body: dict[str, Any], timeout_seconds: float) -> T:
        """Return what the engine answers to somebody who tunes; raises `EngineError` as `ask` does."""
        return await self._post(kind, path, body, timeout_seconds, CONSULTATIONS)

    async def is_spared(self) -> bool:
        """Tell whether the breaker is open, so that the engine would not be asked now."""
        breaker = await self._breakers.get_breaker(TURNS)
        opened_at = breaker.context.opened_at
        return opened_at is not None and time.time() <= opened_at + BREAKER_SECONDS

    async def is_healthy(self) -> bool:
        """Tell whether the engine answers its health check within two seconds."""
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT_SECONDS), self._opened().get(HEALTH_PATH) as response:
                return response.status == HTTPStatus.OK
        except (ClientError, TimeoutError):
            return False

    async def _post[T: BaseModel](
        self, kind: type[T], path: str, body: dict[str, Any], timeout_seconds: float, purpose: str
    ) -> T:
        breaker = await self._breakers.get_breaker(purpose)
        try:
            async with breaker:
                return _parsed(kind, await self._exchange(path, body, timeout_seconds))
        except OpenedState:
            raise EngineError("open", "the breaker is open") from None

    async def _exchange(self, path: str, body: dict[str, Any], timeout_seconds: float) -> bytes:
        try:
            async with asyncio.timeout(timeout_seconds), self._opened().post(path, json=body) as response:
                status, answer = response.status, await response.read()
        except TimeoutError:
            raise EngineError("timeout", "no answer in time") from None
        except ClientError as error:
            raise EngineError("unreachable", type(error).__name__) from None
        if status != HTTPStatus.OK:
            refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
            raise EngineError("refused" if refused else "unreachable", f"status {status}")
        return answer

    def _opened(self) -> ClientSession:
        if self._client is None:
            raise RuntimeError("the engine's client is used as an async context manager")
        return self._client


def _body(question: EngineQuestion) -> dict[str, Any]:
    body: dict[str, Any] = {
        "conversation_id": question.conversation_id,
        "turn_id": question.turn_id,
        "language": question.language,
        "audience": question.audience,
        "context": question.context,
    }
    return body | ({"payload": question.payload} if question.payload is not None else {"text": question.text})


def _parsed[T: BaseModel](kind: type[T], answer: bytes) -> T:
    try:
        return kind.model_validate_json(answer)
    except ValidationError as error:
        raise EngineError("nonsense", f"{error.error_count()} faults") from None
