"""What other replicas have written: learnt from the bus at once, from the database in any case.

The bus may be down, restart, or lose a notice; a replica may die between its commit and its announcement. So each
replica also looks at the database every two seconds, and whoever listens here hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import Connection

from handover.bus import Announcement, InProcessBus, Notice
from handover.core.errors import HandoverError
from handover.store import record
from handover.store.database import Database
from handover.store.record import Page

log = structlog.get_logger(__name__)

#: How late news may be when no notice of it came.
LOOK_EVERY_SECONDS = 2.0
#: The newest events that are told with a conversation; who lacks more reads the record.
TOLD_EVENTS = 8


class News:
    """Tells the listeners of this process what others have committed; `run` is its one task.

    It knows up to which seq each conversation was told here, so that nothing is read or told without need.
    """

    def __init__(self, database: Database, local: InProcessBus) -> None:
        self._database = database
        self._local = local
        self._told: dict[str, int] = {}
        self._listed: set[str] = set()
        self._wanted: set[str] = set()
        self._everything = True
        self._next_look = 0.0
        self._woken = asyncio.Event()

    def look(self, conversation_id: str, seq: int) -> None:
        """Say that a conversation has come to `seq` somewhere else."""
        if seq > self._told.get(conversation_id, 0):
            self._wanted.add(conversation_id)
            self._woken.set()

    def look_at_everything(self) -> None:
        """Say that notices may have been missed."""
        self._everything = True
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled: soon after a word of news, and every two seconds."""
        stop = self._local.listen(None, self._heard)
        try:
            while True:
                try:
                    await self.catch_up()
                except HandoverError as error:
                    log.warning("news_not_read", code=error.code)
                    self.look_at_everything()
                    await asyncio.sleep(LOOK_EVERY_SECONDS / 2)
                await self._wait()
        finally:
            stop()

    async def catch_up(self) -> None:
        """Tell what is new of what was asked for."""
        self._woken.clear()
        wanted, everything = self._wanted, self._everything
        self._wanted, self._everything = set(), False
        if everything:
            wanted |= {*self._local.listened(), *self._listed}
        if everything or wanted:
            self._tell(await self._database.read(lambda connection: self._read(connection, list(wanted), everything)))

    def _read(self, connection: Connection, wanted: Sequence[str], everything: bool) -> list[Page]:
        if everything:
            heads = record.read_heads(connection, wanted)
            wanted = [key for key, seq in heads.items() if seq > self._told.get(key, 0)]
        return record.read_newest(connection, wanted, TOLD_EVENTS) if wanted else []

    def _tell(self, pages: Sequence[Page]) -> None:
        for page in pages:
            told = self._told.get(page.conversation.id, 0)
            if page.conversation.last_seq > told:
                fresh = tuple(stored for stored in page.events if stored.seq > told)
                self._local.publish(Announcement(page.conversation, fresh))

    def _heard(self, notice: Notice) -> None:
        """Keep in mind what was told here, of what somebody here may want to hear more of."""
        if not isinstance(notice, Announcement):
            return
        conversation = notice.conversation
        self._told[conversation.id] = max(conversation.last_seq, self._told.get(conversation.id, 0))
        if conversation.is_on_list:
            self._listed.add(conversation.id)
        else:
            self._listed.discard(conversation.id)

    async def _wait(self) -> None:
        """Wait for a word of news, but not past the time of the next look at everything."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY_SECONDS
        try:
            async with asyncio.timeout_at(self._next_look):
                await self._woken.wait()
        except TimeoutError:
            self._everything = True
            self._forget()

    def _forget(self) -> None:
        """Let go of conversations that nobody here follows any more."""
        followed = {*self._local.listened(), *self._listed}
        self._told = {key: seq for key, seq in self._told.items() if key in followed}
