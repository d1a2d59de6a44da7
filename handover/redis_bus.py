"""The bus between replicas: Redis carries word that a conversation has grown, who is typing, whose sessions changed.

Redis holds nothing and promises nothing: while it is down, notices are dropped, and the other replicas find what they
missed in the database (`handover.news`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from handover.bus import Announcement, InProcessBus, Listener, ModelsChanged, Notice, SessionsChanged, TypingNotice
from handover.news import News

log = structlog.get_logger(__name__)

CHANNEL = "kontakt:notices:1"
#: Notices that wait for Redis; what is more is dropped, the oldest first.
MOST_WAITING = 10_000
#: Notices of one round trip.
MOST_AT_ONCE = 200
SOCKET_TIMEOUT_SECONDS = 2.0
#: How long a connection may say nothing before it is asked whether it is alive.
ALIVE_EVERY_SECONDS = 1.0
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2.0


class _Word(BaseModel):
    """What one replica tells the others; it never holds what anybody wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    origin: str = Field(max_length=64)
    conversation_id: str = Field(default="", max_length=64)
    seq: int | None = None
    typing: Literal["citizen", "bot", "guide"] | None = None
    #: Whose sessions or roles have changed.
    account_id: str | None = Field(default=None, max_length=64)
    #: Whether another model is in service.
    models: bool | None = None
    #: A guide's typing of which no citizen hears; not a kind of `typing`, which older releases would tell everybody.
    aside: Literal["guide"] | None = None
    guide_id: str | None = Field(default=None, max_length=64)
    guide_name: str | None = Field(default=None, max_length=120)

    @classmethod
    def of(cls, notice: Notice, origin: str) -> _Word:
        """Return what the other replicas are told of a notice."""
        if isinstance(notice, Announcement):
            return cls(origin=origin, conversation_id=notice.conversation.id, seq=notice.conversation.last_seq)
        if isinstance(notice, SessionsChanged):
            return cls(origin=origin, account_id=notice.account_id)
        if isinstance(notice, ModelsChanged):
            return cls(origin=origin, models=True)
        return cls(
            origin=origin,
            conversation_id=notice.conversation_id,
            typing=None if notice.aside else notice.sender,
            aside="guide" if notice.aside else None,
            guide_id=notice.guide_id,
            guide_name=notice.guide_name,
        )

    def typing_notice(self) -> TypingNotice | None:
        """Return who is typing, None when the word is not of that."""
        sender = self.typing or self.aside
        if sender is None:
            return None
        return TypingNotice(self.conversation_id, sender, self.guide_id, self.guide_name, self.aside is not None)


class RedisBus:
    """The in-process bus, and word of the same to and from the other replicas; `run` is its one task."""

    def __init__(self, url: str, replica: str, local: InProcessBus, news: News) -> None:
        self._replica = replica
        self._local = local
        self._news = news
        # It connects again by itself, here: a retry inside the client would only hold notices up.
        self._client: Redis = Redis.from_url(
            url,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            socket_connect_timeout=SOCKET_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._woken = asyncio.Event()
        self.is_connected = False

    def publish(self, notice: Notice) -> None:
        """Tell the listeners here at once, and the other replicas as soon as Redis takes it."""
        self._local.publish(notice)
        self._waiting.append(_Word.of(notice, self._replica).model_dump_json(exclude_none=True))
        self._woken.set()

    def listen(self, conversation_id: str | None, listener: Listener) -> Callable[[], None]:
        """Listen to notices of this replica and of the others."""
        return self._local.listen(conversation_id, listener)

    def listened(self) -> list[str]:
        """Return the conversations that somebody in this process listens to."""
        return self._local.listened()

    async def run(self) -> None:
        """Talk with Redis until cancelled; when it is away, try again with growing delays."""
        delay = FIRST_RETRY_SECONDS
        try:
            while True:
                try:
                    await self._talk()
                except* (RedisError, OSError, TimeoutError) as failed:
                    if self.is_connected:
                        delay = FIRST_RETRY_SECONDS
                        log.warning("bus_lost", errors=[type(error).__name__ for error in failed.exceptions])
                self.is_connected = False
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY_SECONDS)
        finally:
            self.is_connected = False
            await self._client.aclose()

    async def _talk(self) -> None:
        """Listen and speak until either fails."""
        async with self._client.pubsub() as heard:
            await heard.subscribe(CHANNEL)
            # What was said while nobody here listened is in the database.
            self._waiting.clear()
            self._news.look_at_everything()
            self.is_connected = True
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hear(heard))
                group.create_task(self._speak())

    async def _hear(self, heard: PubSub) -> None:
        """Pass on what others say; a connection that does not answer is given up."""
        silent_since: float | None = None
        loop = asyncio.get_running_loop()
        while True:
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=ALIVE_EVERY_SECONDS)
            if message is None:
                silent_since = silent_since or loop.time()
                if loop.time() - silent_since > SOCKET_TIMEOUT_SECONDS:
                    raise TimeoutError("the bus does not answer")
                await heard.ping()
                continue
            silent_since = None
            if message["type"] == "message":
                self._take(message["data"])

    def _take(self, raw: bytes) -> None:
        try:
            word = _Word.model_validate_json(raw)
        except ValidationError:
            log.warning("word_malformed")
            return
        if word.origin == self._replica:
            return
        if word.seq is not None:
            self._news.look(word.conversation_id, word.seq)
        typing = word.typing_notice()
        if typing is not None:
            self._local.publish(typing)
        if word.account_id is not None:
            self._local.publish(SessionsChanged(word.account_id))
        if word.models:
            self._local.publish(ModelsChanged())

    async def _speak(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                words = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
                async with self._client.pipeline(transaction=False) as pipe:
                    for word in words:
                        pipe.publish(CHANNEL, word)
                    await pipe.execute()
