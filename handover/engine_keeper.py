"""The client of the keeper's engines."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from handover.keeper_door import KeeperAway, KeeperDoor

#: How long the keeper may take for an answer; it only notes what it is to do.
KEEPER_SECONDS = 5.0

EngineState = Literal["starting", "warming", "ready", "failed", "stopping"]


class KeeperError(Exception):
    """The keeper did not do it; `kind` says why."""

    def __init__(self, kind: Literal["unreachable", "unknown", "in_use"]) -> None:
        super().__init__(kind)
        self.kind = kind


class _FromKeeper(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())


class KeptEngine(_FromKeeper):
    """An engine process."""

    model: str
    number: int
    url: str
    model_id: str
    state: EngineState
    since: datetime
    rss: int | None = None
    problem: str | None = None


class KeptModel(_FromKeeper):
    """A model file."""

    model: str
    size: int
    made_at: datetime


_ENGINES = TypeAdapter(list[KeptEngine])
_MODELS = TypeAdapter(list[KeptModel])


class EngineKeeper(KeeperDoor):
    """Asks the keeper of engines and model files. Every method raises `KeeperError`."""

    def __init__(self, url: str, secret: str) -> None:
        super().__init__(url, secret, KEEPER_SECONDS)

    async def list_engines(self) -> list[KeptEngine]:
        """Return the engines as they are."""
        return await self._ask(_ENGINES, "GET", "/engines")

    async def start(self, model: str) -> list[KeptEngine]:
        """Have a model served beside the others; `unknown` where its file is gone."""
        return await self._ask(_ENGINES, "PUT", f"/engines/{quote(model, safe='')}")

    async def stop(self, model: str) -> None:
        """Have a model no longer served, once the turns under way have ended."""
        await self._exchange("DELETE", f"/engines/{quote(model, safe='')}")

    async def list_models(self) -> list[KeptModel]:
        """Return the model files, the newest first."""
        return await self._ask(_MODELS, "GET", "/models")

    async def delete_model(self, model: str) -> None:
        """Delete a model file; `in_use` while an engine serves it."""
        await self._exchange("DELETE", f"/models/{quote(model, safe='')}")

    async def _ask[T](self, adapter: TypeAdapter[T], method: str, path: str) -> T:
        try:
            return adapter.validate_json(await self._exchange(method, path))
        except ValidationError:
            raise KeeperError("unreachable") from None

    async def _exchange(self, method: str, path: str) -> bytes:
        try:
            answer = await self.exchange(method, path)
        except KeeperAway:
            raise KeeperError("unreachable") from None
        if answer.status == HTTPStatus.NOT_FOUND:
            raise KeeperError("unknown")
        if answer.status == HTTPStatus.CONFLICT:
            raise KeeperError("in_use")
        if not answer.is_ok:
            raise KeeperError("unreachable")
        return answer.content
