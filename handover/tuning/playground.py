"""The playground: a sentence is understood, explained and answered as in a chat, and nothing of it is kept.

Also what an editor's new example would turn. Both ask an engine of the model in service.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from handover.assistant import Assistant, AssistantReply
from handover.conversations import safe_text
from handover.core.errors import HandoverError
from handover.engine import EXAMPLE_PATH, EXPLAIN_PATH, EngineDanger, EngineError, EngineQuestion, EngineRanked
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.live import Finding

#: An explanation takes some 30 ms; the first check of an example after a start may encode what nobody has kept.
EXPLAIN_SECONDS, EXAMPLE_SECONDS = 3.0, 15.0


class _FromEngine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())


class SentenceToken(_FromEngine):
    """A word as the model sees it; one that is not known was in too few examples."""

    text: str
    start: int
    end: int
    is_known: bool


class TermGain(_FromEngine):
    """A word or run of characters, and how much it spoke for an intent; against it below zero."""

    text: str
    gain: float


class ExplainedIntent(_FromEngine):
    """Why an intent has its value: the five parts add up to it."""

    intent: str
    value: float
    words: tuple[TermGain, ...]
    characters: tuple[TermGain, ...]
    of_words: float
    of_characters: float
    of_vector: float
    of_neighbours: float
    of_every_sentence: float


class NearExample(_FromEngine):
    """An example nearby; without `text` the model is older than the keeping of texts."""

    text: str | None
    intent: str
    similarity: float


class NamedService(_FromEngine):
    """A service that is named."""

    entity: str
    value: str
    start: int
    end: int


class AnswerThresholds(_FromEngine):
    """Answered from `answer` on, asked back from `ask` on."""

    answer: float
    ask: float


class SentencePart(_FromEngine):
    """A question inside the message."""

    text: str
    name: str
    confidence: float


class Explanation(_FromEngine):
    """What the engine understood of a sentence, and why."""

    text: str
    language: str | None
    ranking: tuple[EngineRanked, ...]
    entities: tuple[NamedService, ...]
    thresholds: AnswerThresholds | None = None
    danger: EngineDanger | None
    staff_share: float
    questions: tuple[SentencePart, ...]
    tokens: tuple[SentenceToken, ...]
    explained: tuple[ExplainedIntent, ...]
    nearest: tuple[NearExample, ...]
    model_id: str | None


class TurnedSentence(_FromEngine):
    """Somebody whom a new example would turn: another example, or a question that nobody trains on."""

    kind: Literal["example", "question"]
    text: str
    intent: str
    margin: float


class ExampleVerdict(_FromEngine):
    """What a new example would stand beside and turn; of an intent that the model does not know nothing is turned."""

    is_known: bool
    nearest: tuple[NearExample, ...]
    near_duplicates: tuple[NearExample, ...]
    turned: tuple[TurnedSentence, ...] = Field(max_length=200)


class Consulted(Protocol):
    """Engines that answer somebody who tunes."""

    async def consult[T: BaseModel](self, kind: type[T], path: str, body: dict[str, Any], timeout_seconds: float) -> T:
        """Return the answer; raises `EngineError`."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence as it would be stored, why it is understood as it is, and what would be said."""

    stored: str
    explanation: Explanation
    reply: AssistantReply


class Playground:
    """Tries sentences and examples on the model in service."""

    def __init__(self, engines: Consulted, assistant: Assistant) -> None:
        self._engines = engines
        self._assistant = assistant

    async def try_sentence(self, text: str, language: str, audience: Literal["citizen", "staff"]) -> Tried:
        """Return what becomes of a sentence, as the first of a conversation that is never opened.

        Personal data is taken out first, as always. Raises `text_empty`, `text_too_long`, `engine_unavailable`.
        """
        stored = safe_text(text)
        body = {"text": stored, "language": language, "audience": audience, "context": {}}
        explanation = await self._consult(Explanation, EXPLAIN_PATH, body, EXPLAIN_SECONDS)
        question = EngineQuestion(
            conversation_id=f"playground-{uuid.uuid4()}",
            turn_id="1",
            language=language,
            audience=audience,
            context={},
            text=stored,
        )
        return Tried(stored, explanation, await self._assistant.reply(question))

    async def check_example(self, text: str, intent: str) -> ExampleVerdict:
        """Return what a new example would stand beside and turn; raises as `try_sentence` does."""
        body = {"text": safe_text(text), "intent": intent}
        return await self._consult(ExampleVerdict, EXAMPLE_PATH, body, EXAMPLE_SECONDS)

    async def _consult[T: BaseModel](self, kind: type[T], path: str, body: dict[str, Any], seconds: float) -> T:
        try:
            return await self._engines.consult(kind, path, body, seconds)
        except EngineError as error:
            raise HandoverError("engine_unavailable", error.kind) from error


class NeighbourWatch:
    """Tells an editor while an example is typed what the model in service thinks it would do."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def find_flips(self, kind: Kind, text: str) -> Sequence[Finding] | None:
        """Return whom an example would turn, as findings; None while no engine can tell."""
        try:
            found = await self._playground.check_example(text, kind.intent)
        except HandoverError:
            return None
        return [Finding("flips_neighbour", intent=one.intent, text=one.text) for one in found.turned]
