"""The client of the dialogue engine: one POST a turn, a deadline, a circuit breaker, a typed answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import httpx
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handover.core.events import Reason

SECRET_HEADER = "X-Kontakt-Secret"
TURN_PATH = "/webhooks/kontakt/turn"
HEALTH_PATH = "/webhooks/kontakt/health"
#: Failures in a row that open the breaker, and how long it stays open.
BREAKER_THRESHOLD = 5
BREAKER_SECONDS = 10.0
MAX_CONNECTIONS = 64

Decided = Literal["answered", "asked", "searched", "escalated", "smalltalk", "refused"]


class EngineError(Exception):
    """The engine did not give a usable answer; `kind` is unreachable, timeout, open, refused or nonsense."""

    def __init__(self, kind: Literal["unreachable", "timeout", "open", "refused", "nonsense"], detail: str) -> None:
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


class EngineRanked(_FromEngine):
    """One intent of the ranking."""

    name: str
    confidence: float = Field(ge=0, le=1)


class EngineUnderstanding(_FromEngine):
    """What the engine understood."""

    intent: str | None
    confidence: float = Field(ge=0, le=1)
    ranking: tuple[EngineRanked, ...] = ()


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


class Engine(Protocol):
    """What answers turns; raises `EngineError` and nothing else."""

    async def ask(self, question: EngineQuestion) -> EngineTurn:
        """Return the engine's answer to one turn."""

    async def is_healthy(self) -> bool:
        """Tell whether the engine says that it is ready."""


class HttpEngine:
    """The real engine over HTTP; use as an async context manager."""

    def __init__(self, url: str, secret: str, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)
        self._client = httpx.AsyncClient(
            base_url=url, timeout=timeout_seconds, limits=limits, headers={SECRET_HEADER: secret}, trust_env=False
        )
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=BREAKER_THRESHOLD,
            default_ttl=BREAKER_SECONDS,
            exclude=[(EngineError, lambda error: error.kind == "refused")],
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, question: EngineQuestion) -> EngineTurn:
        """Return the answer; raises `EngineError` at the deadline, when the breaker is open, or on nonsense."""
        breaker = await self._breakers.get_breaker("engine")
        try:
            async with breaker:
                return await self._post(question)
        except OpenedState:
            raise EngineError("open", "the breaker is open") from None

    async def is_healthy(self) -> bool:
        """Tell whether the engine answers its health check within two seconds."""
        try:
            return (await self._client.get(HEALTH_PATH, timeout=2.0)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def _post(self, question: EngineQuestion) -> EngineTurn:
        body: dict[str, Any] = {
            "conversation_id": question.conversation_id,
            "turn_id": question.turn_id,
            "language": question.language,
            "audience": question.audience,
            "context": question.context,
        }
        body |= {"payload": question.payload} if question.payload is not None else {"text": question.text}
        try:
            async with asyncio.timeout(self._timeout_seconds):
                response = await self._client.post(TURN_PATH, json=body)
        except (httpx.TimeoutException, TimeoutError):
            raise EngineError("timeout", "no answer in time") from None
        except httpx.HTTPError as error:
            raise EngineError("unreachable", type(error).__name__) from None
        if response.status_code != httpx.codes.OK:
            kind: Literal["refused", "unreachable"] = "refused" if response.is_client_error else "unreachable"
            raise EngineError(kind, f"status {response.status_code}")
        try:
            return EngineTurn.model_validate_json(response.content)
        except ValidationError as error:
            raise EngineError("nonsense", f"{error.error_count()} faults") from None
