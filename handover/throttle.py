"""Slows down whoever guesses passwords: so many tries for a user name and from an address, and then a wait."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from handover.core.errors import HandoverError

#: Tries with a wrong password for one user name; the right one starts the count anew.
PER_NAME = RateLimitItemPerMinute(10, 15, namespace="name")
#: Tries from one address, right ones too: a whole contact centre may sit behind one.
PER_ADDRESS = RateLimitItemPerMinute(200, 5, namespace="address")
#: What one household or office has of IPv6.
IPV6_PREFIX = 64


class SignInThrottle:
    """Counts the tries of this process in memory, in windows that move with the clock."""

    def __init__(self, per_name: RateLimitItem = PER_NAME, per_address: RateLimitItem = PER_ADDRESS) -> None:
        self._per_name = per_name
        self._per_address = per_address
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, username: str, address: str) -> None:
        """Count a try before its password is looked at; raise `too_many_requests` past either limit.

        A try that is refused does not count, so the wait does not grow.
        """
        if not await self._limiter.hit(self._per_address, _network(address)):
            raise HandoverError("too_many_requests", "address")
        if not await self._limiter.hit(self._per_name, username.casefold()):
            raise HandoverError("too_many_requests", "user name")

    async def forget(self, username: str) -> None:
        """Start the count of a user name anew, since the right password was given."""
        await self._limiter.clear(self._per_name, username.casefold())


def _network(address: str) -> str:
    """Return what counts as one address: of IPv6 the part that does not change at will."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
