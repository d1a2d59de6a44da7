"""Where the actions get the catalogue from: the database, read again when an import has changed it."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from actions.policy import Assistant
from catalogue.phrases import Phrases
from catalogue.snapshot import get_revision, load_catalogue

#: How long a revision is trusted before the database is asked again.
RECHECK_SECONDS = 2.0


class AssistantSource:
    """Hands out the assistant of the newest import; `close` gives the database connections back."""

    def __init__(self, database_url: str, data: Path) -> None:
        self._engine = create_async_engine(database_url, pool_pre_ping=True)
        self._phrases = Phrases.read(data)
        self._assistant: Assistant | None = None
        self._checked_at = float("-inf")

    async def get(self) -> Assistant:
        """Return the assistant of the newest import, at most `RECHECK_SECONDS` old."""
        now = time.monotonic()
        if self._assistant is None or now - self._checked_at >= RECHECK_SECONDS:
            self._assistant = await self._refreshed(self._assistant)
            self._checked_at = now
        return self._assistant

    async def _refreshed(self, current: Assistant | None) -> Assistant:
        async with self._engine.connect() as connection:
            if current is not None and await connection.run_sync(get_revision) == current.revision:
                return current
            return Assistant(await connection.run_sync(load_catalogue), self._phrases)

    async def close(self) -> None:
        """Close the database connections."""
        await self._engine.dispose()
