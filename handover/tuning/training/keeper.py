"""The client of the keeper's trainings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from aiohttp import ClientError, ClientSession
from pydantic import BaseModel, ConfigDict, ValidationError

from handover.core.errors import HandoverError
from handover.engine import SECRET_HEADER

#: Cancelling waits until every process has gone.
KEEPER_SECONDS = 15.0
#: No file of a judgement of today's catalogue is larger than a tenth of this.
MAX_FILE_BYTES = 32 * 1024 * 1024

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


class TrainingKeeper:
    """Asks the keeper; use as an async context manager. What it cannot do is a `HandoverError`."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._secret = secret
        self._client: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._client = ClientSession(self._url, headers={SECRET_HEADER: self._secret})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()

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
        if self._client is None:
            raise RuntimeError("the keeper's client is used as an async context manager")
        try:
            async with (
                asyncio.timeout(KEEPER_SECONDS),
                self._client.request(method, path, json=body) as response,
            ):
                content = await response.content.read(MAX_FILE_BYTES + 1)
                while len(content) <= MAX_FILE_BYTES and (more := await response.content.read(MAX_FILE_BYTES)):
                    content += more
        except (ClientError, TimeoutError):
            raise HandoverError("keeper_unavailable") from None
        if response.ok and len(content) <= MAX_FILE_BYTES:
            return content
        codes = {404: "training_unknown", 409: "training_running", 422: "training_not_started"}
        codes[507] = "training_not_started"
        raise HandoverError(codes.get(response.status, "keeper_unavailable"), f"status {response.status}")


def _path(training: str) -> str:
    return f"/trainings/{quote(training, safe='')}"


def _parsed(content: bytes) -> KeptTraining:
    try:
        return KeptTraining.model_validate_json(content)
    except ValidationError:
        raise HandoverError("keeper_unavailable", "nonsense") from None
