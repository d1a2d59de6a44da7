"""What a page was asked for: in which language, on a public computer or not, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request

from handover.api.addresses import own_address
from handover.api.services import SESSION_COOKIE, Services
from handover.core.events import Audience
from handover.core.roles import Right
from handover.portal.strings import SWEDISH, Language, find_language
from handover.settings import Settings

START = "/tjanster"
SEARCH = f"{START}/sok"
KIOSK = "/kiosk"
STATEMENT = "/tillganglighet"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page; `kiosk` and the language follow along in every link."""

    base: str
    language: Language
    kiosk: bool
    audience: Audience

    @property
    def is_staff(self) -> bool:
        """Whether somebody who may see internal services is signed in."""
        return self.audience is Audience.STAFF

    def link(self, path: str, language: Language | None = None, **query: str) -> str:
        """Return the address of another page, in this language unless another is given."""
        return _address(path, language or self.language, self.kiosk, query)

    def canonical(self, path: str, language: Language | None = None) -> str:
        """Return the one address that a public page is known by, in this language unless another is given."""
        return self.base + _address(path, language or self.language, False, {})


def asked_by_citizen(request: Request, settings: Settings, *, kiosk: bool = False) -> Asked:
    """Return what is asked for, by somebody of whom nothing is known; the database is not asked."""
    return Asked(
        base=own_address(request, settings),
        language=find_language(request.query_params.get("sprak")),
        kiosk=kiosk or request.query_params.get("kiosk") == "1",
        audience=Audience.CITIZEN,
    )


async def read_asked(request: Request, services: Services) -> Asked:
    """Return what is asked for; whoever is not surely an employee is a citizen, on a public computer everybody."""
    asked = asked_by_citizen(request, services.settings)
    if asked.kiosk or not await _is_staff(request, services):
        return asked
    return replace(asked, audience=Audience.STAFF)


async def _is_staff(request: Request, services: Services) -> bool:
    token = request.cookies.get(SESSION_COOKIE)
    account = await services.sign_in.find(token) if token else None
    return account is not None and Right.ASK_AS_STAFF in account.rights


def _address(path: str, language: Language, kiosk: bool, query: dict[str, str]) -> str:
    told = dict(query)
    if language is not SWEDISH:
        told["sprak"] = language.tag
    if kiosk:
        told["kiosk"] = "1"
    path, hash_mark, fragment = path.partition("#")
    return path + (f"?{urlencode(told)}" if told else "") + hash_mark + fragment
