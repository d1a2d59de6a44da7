"""The client of the keeper's trainings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from handover.core.errors import HandoverError
from handover.keeper_door import KeeperAway, KeeperDoor

#: Cancelling waits until every process has gone.
KEEPER_SECONDS = 15.0
_REFUSALS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "training_unknown",
    HTTPStatus.CONFLICT: "training_running",
    HTTPStatus.UNPROCESSABLE_ENTITY: "training_not_started",
    HTTPStatus.INSUFFICIENT_STORAGE: "training_not_started",
}

KeptState = Literal["training", "judging", "done", "failed", "cancelled", "lost"]


class KeptTraining(BaseModel):
    """A training as the keeper knows it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    state: KeptState
    step: str
    share: float
    model: str | None
    problem: str | None
    started_at: datetime
    ended_at: datetime | None
    tail: tuple[str, ...]


class TrainingKeeper(KeeperDoor):
    """Asks the keeper of trainings. What it cannot do is a `HandoverError`."""

    def __init__(self, url: str, secret: str) -> None:
        super().__init__(url, secret, KEEPER_SECONDS)

    async def start(self, training: str, tree: str, against: str | None) -> KeptTraining:
        """Start one; raises `training_running`, `training_not_started` and `keeper_unavailable`."""
        body = {"id": training, "tree": tree, "against": against}
        return _parsed(await self._exchange("POST", "/trainings", body))

    async def find(self, training: str) -> KeptTraining | None:
        """Return a training, None where the keeper does not know it; raises `keeper_unavailable`."""
        try:
            return _parsed(await self._exchange("GET", _path(training)))
        except HandoverError as error:
            if error.code == "training_unknown":
                return None
            raise

    async def cancel(self, training: str) -> None:
        """Stop one; raises `training_unknown`, `keeper_unavailable`."""
        await self._exchange("DELETE", _path(training))

    async def read_file(self, training: str, name: str) -> bytes:
        """Return a file of its judgement, or its log; raises `training_unknown`, `keeper_unavailable`."""
        return await self._exchange("GET", f"{_path(training)}/files/{quote(name, safe='')}")

    async def _exchange(self, method: str, path: str, body: Mapping[str, object] | None = None) -> bytes:
        try:
            answer = await self.exchange(method, path, body)
        except KeeperAway as away:
            raise HandoverError("keeper_unavailable", str(away)) from None
        if answer.is_ok:
            return answer.content
        raise HandoverError(_REFUSALS.get(answer.status, "keeper_unavailable"), f"status {answer.status}")


def _path(training: str) -> str:
    return f"/trainings/{quote(training, safe='')}"


def _parsed(content: bytes) -> KeptTraining:
    try:
        return KeptTraining.model_validate_json(content)
    except ValidationError:
        raise HandoverError("keeper_unavailable", "nonsense") from None
