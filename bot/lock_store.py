"""A lock between engines that outlives neither its holder nor Redis: `RedisLockStore` of Rasa, mended.

Rasa's own store waits for ever when an engine dies in the middle of a turn: the ticket of the turn that waits runs out
before it is looked at again. Here the lock is one key that Redis itself lets go of.
"""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager, suppress
from typing import AsyncGenerator, Text

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: How long a turn may hold its conversation. Less than an engine gets for a turn while there is another one to go to,
#: so that the other one still has time once the lock of a hung or dead engine is gone.
LOCK_SECONDS = 3.0
#: How often a turn that waits looks again.
LOOK_EVERY_SECONDS = 0.05
SOCKET_TIMEOUT_SECONDS = 1.0
KEY_PREFIX = "kontakt:engine-lock:"


class ExpiringRedisLockStore(LockStore):
    """One turn at a time for each conversation, whichever engine runs it.

    The handover service gives a conversation one turn at a time; this lock only keeps apart a turn that moved and what
    is left of it in the engine that it moved away from. So where Redis is away, turns go on without it.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """Prepare a client; it connects at the first turn. Rasa calls this with what endpoints.cluster.yml says."""
        self._redis: "Redis[bytes]" = Redis.from_url(
            endpoint_config.url,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            socket_connect_timeout=SOCKET_TIMEOUT_SECONDS,
        )
        self._key_prefix = str(endpoint_config.kwargs.get("key_prefix", KEY_PREFIX))
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: Text,
        lock_lifetime: float = LOCK_SECONDS,
        wait_time_in_seconds: float = LOOK_EVERY_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation until the block ends; what another turn holds is waited for while it may last."""
        lock = self._redis.lock(
            self._key_prefix + conversation_id,
            timeout=lock_lifetime,
            sleep=wait_time_in_seconds,
            blocking_timeout=lock_lifetime + 2 * wait_time_in_seconds,
        )
        held = False
        try:
            held = await lock.acquire()
            if not held:
                logger.warning("The lock of conversation %s is not let go of; its turn runs without.", conversation_id)
        except RedisError as error:
            logger.warning("No lock for conversation %s: %s", conversation_id, type(error).__name__)
        try:
            yield TicketLock(conversation_id)
        finally:
            if held:
                # A lock that ran out is another turn's by now, and Redis lets go of it in any case.
                with suppress(RedisError):
                    await lock.release()
