"""The handover service with a fault put in on purpose, to see that the checker finds it.

`python -m tests.chaos.faulty --fault epoch|ack|ids` serves the same door as `python -m handover`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from handover.__main__ import main as serve
from handover.app import create_app
from handover.conversations import Conversations
from handover.core import commands as c
from handover.core import decisions as machine
from handover.core.conversation import Conversation
from handover.core.decisions import Decision
from handover.core.errors import HandoverError
from handover.settings import Settings
from handover.store.batch import Finish
from handover.store.execute import Entry, execute_one
from handover.store.record import Outcome
from handover.store.turns import Turn

#: How late the write comes after its acknowledgement.
LATE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Blurt:
    """What a turn came to, said whoever has the conversation now."""

    finish: c.FinishTurn


@machine._decide.register
def _(command: Blurt, conversation: Conversation, event_id: str) -> Decision:
    """Decide as ever while the assistant has the conversation; else say it all the same."""
    finish = command.finish
    if conversation.epoch == finish.epoch:
        return machine._decide(finish, conversation, event_id)
    return Decision(tuple(machine._bot_messages(finish, finish.messages, event_id)))


class EpochUnchecked(Conversations):
    """Writes the assistant's answer although the owner has changed meanwhile."""

    async def finish_turn(
        self, turn: Turn, command: c.FinishTurn | None, context: dict[str, Any] | None, engine_ms: float | None
    ) -> Turn | None:
        """Store the answer as if nobody had taken over."""
        blurt: Any = Blurt(command) if command is not None else None
        now = self._clock()
        entry = Entry(turn.conversation_id, f"turn:{turn.seq}", blurt, now, now + self._leases.idle) if blurt else None
        done = await self._commits.submit(Finish(turn, entry, context, "answered" if blurt else "none", engine_ms))
        return done.turn


class AckBeforeCommit(Conversations):
    """Answers before the write is done, and writes a little later."""

    _late: set[asyncio.Task[None]] = set()  # noqa: RUF012

    async def execute(self, conversation_id: str, command_id: str, command: c.Command) -> Outcome:
        """Return what the command will come to; it is not committed then."""
        now = self._clock()
        entry = Entry(conversation_id, command_id, command, now)
        outcome = await self._database.read(lambda connection: execute_one(connection, entry))
        task = asyncio.create_task(self._write_late(conversation_id, command_id, command))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return outcome

    async def _write_late(self, conversation_id: str, command_id: str, command: c.Command) -> None:
        await asyncio.sleep(LATE_SECONDS)
        try:
            await super().execute(conversation_id, command_id, command)
        except HandoverError:
            return


class AtLeastOnce(Conversations):
    """Carries out each delivery of a command, as if it had not been there before."""

    async def execute(self, conversation_id: str, command_id: str, command: c.Command) -> Outcome:
        """Carry the command out under an id of its own."""
        return await super().execute(conversation_id, str(uuid.uuid4()), command)


FAULTS: dict[str, type[Conversations]] = {"epoch": EpochUnchecked, "ack": AckBeforeCommit, "ids": AtLeastOnce}


def main() -> int:
    """Serve with the fault that is asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fault", choices=sorted(FAULTS), required=True)
    fault = FAULTS[parser.parse_args().fault]

    def build(settings: Settings) -> FastAPI:
        return create_app(settings, make_conversations=fault)

    return serve(build)


if __name__ == "__main__":
    sys.exit(main())
