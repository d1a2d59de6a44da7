"""Rasa opens a new connection to the actions for every turn; here connections stay open for the next ones.

The actions only read, so a call whose kept connection turns out to be closed is made once more.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Optional, Type

import aiohttp
from rasa.utils.endpoints import EndpointConfig

#: An unused connection is given up well before the actions do (120 s), so that both rarely do at the same moment.
IDLE_SECONDS = 30.0

_rasas_own_session = EndpointConfig.session
_rasas_own_request = EndpointConfig.request


def keep_connections() -> None:
    """Let `EndpointConfig` keep its connections."""
    EndpointConfig.session = _session
    EndpointConfig.request = _request


class _Kept:
    """Lends a session that stays open when the block ends."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        return None


def _session(self: EndpointConfig) -> _Kept:
    """Lend the session of this endpoint, which is made at the first call; it ends with the process."""
    kept: Optional[aiohttp.ClientSession] = self.__dict__.get("_kept")
    if kept is None or kept.closed:
        template = _rasas_own_session(self)
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
        kept = aiohttp.ClientSession(
            connector=connector, headers=self.headers, auth=template.auth, timeout=template.timeout
        )
        self.__dict__["_kept"] = kept
    return _Kept(kept)


async def _request(self: EndpointConfig, *args: Any, **named: Any) -> Any:
    """Call as Rasa does, and once more where the connection was closed before an answer came."""
    try:
        return await _rasas_own_request(self, *args, **dict(named))
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, aiohttp.ClientConnectorError):
            raise
        return await _rasas_own_request(self, *args, **dict(named))
