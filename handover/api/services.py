"""What the routes work with; `app.py` builds it once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from handover.bus import Bus
from handover.conversations import Conversations
from handover.core.crisis import CrisisGuide
from handover.engine import Engine
from handover.queue import QueueWatch
from handover.settings import Settings
from handover.sign_in import SignIn
from handover.store.database import Database

SESSION_COOKIE = "kontakt_session"


@dataclass(frozen=True)
class Services:
    """The collaborators of the routes."""

    settings: Settings
    database: Database
    bus: Bus
    engine: Engine
    conversations: Conversations
    queue: QueueWatch
    sign_in: SignIn
    crisis: CrisisGuide
    #: Set when the process is stopping: sockets say goodbye, newcomers are refused.
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
