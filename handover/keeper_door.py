"""The way to the keeper, which owns engines and trainings: one exchange, a deadline, a limit of what is read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiohttp import ClientError, ClientSession

from handover.engine import SECRET_HEADER

#: No answer of the keeper is larger than a tenth of this.
MAX_ANSWER_BYTES = 32 * 1024 * 1024


class KeeperAway(Exception):
    """The keeper did not answer in time, or not in a way that can be used."""


@dataclass(frozen=True, slots=True)
class KeeperAnswer:
    """What the keeper said."""

    status: int
    content: bytes

    @property
    def is_ok(self) -> bool:
        """Whether it did what was asked."""
        return self.status < HTTPStatus.BAD_REQUEST


class KeeperDoor:
    """Exchanges with the keeper; use as an async context manager. `seconds` is what an answer may take."""

    def __init__(self, url: str, secret: str, seconds: float) -> None:
        self._url = url
        self._secret = secret
        self._seconds = seconds
        self._client: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._client = ClientSession(self._url, headers={SECRET_HEADER: self._secret})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()

    async def exchange(self, method: str, path: str, body: Mapping[str, object] | None = None) -> KeeperAnswer:
        """Return the answer to a request, whatever its status; raises `KeeperAway`."""
        if self._client is None:
            raise RuntimeError("the keeper's door is used as an async context manager")
        content = b""
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._client.request(method, path, json=body) as response,
            ):
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) > MAX_ANSWER_BYTES:
                        raise KeeperAway("the answer is too large")
        except (ClientError, TimeoutError) as error:
            raise KeeperAway(type(error).__name__) from None
        return KeeperAnswer(response.status, content)
