"""What the routes work with; `app.py` builds it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue.opening import OpeningHours
from handover.account_keeper import AccountKeeper
from handover.bus import Bus
from handover.conversations import Conversations
from handover.danger import DangerWatch
from handover.duty import DutyWatch
from handover.engine import Engine
from handover.identity_provider import IdentityProvider
from handover.knowledge import KnowledgeSource
from handover.notices import NoticeBoard
from handover.queue import QueueWatch
from handover.settings import Settings
from handover.sign_in import SignIn
from handover.store.database import Database
from handover.supervision import Supervision
from handover.throttle import SignInThrottle
from handover.tuning.changes.desk import ChangeDesk
from handover.tuning.inbox.board import Inbox
from handover.tuning.models.service import Models
from handover.tuning.playground import Playground
from handover.tuning.training.service import Trainings

SESSION_COOKIE = "kontakt_session"


class Stopping:
    """Whether the process is on its way out: sockets say goodbye, newcomers are refused.

    Ten thousand sockets wait for it, so it costs each of them a callback and no task.
    """

    def __init__(self) -> None:
        self._begun = False
        self._callbacks: set[Callable[[], None]] = set()

    def is_set(self) -> bool:
        """Tell whether it has begun."""
        return self._begun

    def set(self) -> None:
        """Begin; every callback is called once."""
        self._begun = True
        while self._callbacks:
            self._callbacks.pop()()

    def on_set(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` when it begins, or at once when it has; returns what takes it back."""
        if self._begun:
            callback()
        else:
            self._callbacks.add(callback)
        return lambda: self._callbacks.discard(callback)


@dataclass(frozen=True)
class Services:
    """The collaborators of the routes."""

    settings: Settings
    database: Database
    bus: Bus
    engine: Engine
    conversations: Conversations
    queue: QueueWatch
    duty: DutyWatch
    sign_in: SignIn
    danger: DangerWatch
    keeper: AccountKeeper
    throttle: SignInThrottle
    #: None where one signs in with passwords only.
    provider: IdentityProvider | None
    knowledge: KnowledgeSource
    supervision: Supervision
    models: Models
    opening: OpeningHours
    notices: NoticeBoard
    changes: ChangeDesk
    trainings: Trainings
    playground: Playground
    inbox: Inbox
    stopping: Stopping = field(default_factory=Stopping)
