"""Asks an engine that has loaded its model what citizens will, so that none of them meets a cold one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import BaseModel, ConfigDict, ValidationError

SECRET_HEADER = "X-Kontakt-Secret"
TURN_PATH = "/webhooks/kontakt/turn"
DANGER_PATH = "/webhooks/kontakt/danger"
HEALTH_PATH = "/webhooks/kontakt/health"
#: The conversation of the turns that nobody asked; an engine forgets it like any other.
CONVERSATION = "keeper-warming"
#: Sentences of everyday length, in some of the languages, each asked several times.
SENTENCES = (
    "Hej!",
    "Hur söker jag bygglov för ett uterum på baksidan av huset?",
    "När öppnar återvinningscentralen på lördagar och vad kostar det att lämna trädgårdsavfall där?",
    "How do I apply for a place in preschool for my daughter?",
    "كيف أتقدم بطلب للحصول على مكان في الروضة؟",
    "Jag vill prata med en människa.",
)
ROUNDS = 4
HEALTH_SECONDS = 2.0
#: How long one sentence may take while the engine is cold.
ANSWER_SECONDS = 30.0


class ColdEngine(Exception):
    """The engine does not answer as it must."""


class _Body(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    model_id: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether an engine answers, and what the model calls itself that it has loaded, if it has."""

    answers: bool = False
    model_id: str | None = None


class EngineProbe:
    """Asks one engine after another; use as an async context manager."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def __aenter__(self) -> EngineProbe:
        self._client = ClientSession(headers={SECRET_HEADER: self._secret})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def look(self, url: str) -> Health:
        """Return how the engine is."""
        try:
            async with self._client.get(url + HEALTH_PATH, timeout=ClientTimeout(HEALTH_SECONDS)) as response:
                return Health(answers=True, model_id=_Body.model_validate_json(await response.read()).model_id)
        except (ClientError, TimeoutError, ValidationError):
            return Health()

    async def warm(self, url: str) -> None:
        """Ask every sentence, as a judgement and as a turn; raises `ColdEngine` when a judgement fails.

        A turn also needs the actions: without them it comes to nothing, which is no fault of the engine.
        """
        for number in range(ROUNDS):
            for sentence in SENTENCES:
                if await self._post(url + DANGER_PATH, {"text": sentence}) != 200:
                    raise ColdEngine("it does not judge a sentence")
                turn = {"conversation_id": CONVERSATION, "turn_id": f"{CONVERSATION}-{number}", "text": sentence}
                await self._post(url + TURN_PATH, turn)

    async def _post(self, url: str, body: dict[str, str]) -> int | None:
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                self._client.post(url, json=body) as response,
            ):
                await response.read()
                return response.status
        except (ClientError, TimeoutError):
            return None
