"""Watches messages for acute danger: patterns say yes, and the engine's model may say that it is surely harmless."""

from __future__ import annotations

import structlog

from handover.core.commands import Danger
from handover.core.crisis import CrisisGuide
from handover.engine import Engine, EngineError

log = structlog.get_logger(__name__)

#: How long a pattern's find may wait for the model. Without its word in time the pattern stands.
MODEL_SECONDS = 1.0


class DangerWatch:
    """Finds danger in every state of a conversation, with the engine or without it."""

    def __init__(self, crisis: CrisisGuide, engine: Engine) -> None:
        self._crisis = crisis
        self._engine = engine

    async def find_danger(self, text: str) -> Danger | None:
        """Return the danger that a message tells of, or None."""
        danger = self._crisis.find_danger(text)
        if danger is None or await self._is_harmless(text):
            return None
        return danger

    async def _is_harmless(self, text: str) -> bool:
        try:
            judged = await self._engine.judge_danger(text, MODEL_SECONDS)
        except EngineError as error:
            log.info("danger_not_judged", because=error.kind)
            return False
        return judged is not None and judged.is_harmless
