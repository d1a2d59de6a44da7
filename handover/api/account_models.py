"""What the pages of accounts and of guides are told, and what they ask for, over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from handover.api.frames import Frame, LanguageTag, ServiceId
from handover.core.roles import Role

MAX_CAPACITY = 20
MAX_SKILLS = 200


class SignInWays(Frame):
    """Answer of `GET /api/v1/session/ways`: with a password, with the municipality's own sign-in, or both."""

    password: bool
    provider: bool


class SignedOut(Frame):
    """Answer of `DELETE /api/v1/session`; with `provider_url` the browser goes there, to sign out there too."""

    provider_url: str | None = None


class AccountView(Frame):
    """An account: what it may do, and whether somebody is signed in with it."""

    id: str
    username: str
    name: str
    roles: list[Role]
    disabled: bool
    #: Its roles come with the municipality's own sign-in, and are changed there.
    by_provider: bool
    sessions: int
    seen_at: str | None = None


class AccountList(Frame):
    """Answer of `GET /api/v1/accounts`, by name."""

    accounts: list[AccountView]


class SetRoles(Frame):
    """Body of `POST /api/v1/accounts/{id}/roles`: these roles and no others."""

    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class SetDisabled(Frame):
    """Body of `POST /api/v1/accounts/{id}/disabled`: shut an account out, or let it in again."""

    disabled: bool


class GuideProfileView(Frame):
    """What a guide takes on: no services means all of them."""

    id: str
    name: str
    capacity: int
    services: list[str]
    languages: list[str]


class GuideProfileList(Frame):
    """Answer of `GET /api/v1/guides`, by name."""

    guides: list[GuideProfileView]


class SetGuideProfile(Frame):
    """Body of `POST /api/v1/guides/{id}`."""

    capacity: Annotated[int, Field(ge=1, le=MAX_CAPACITY)]
    services: Annotated[list[ServiceId], Field(max_length=MAX_SKILLS)]
    languages: Annotated[list[LanguageTag], Field(min_length=1, max_length=MAX_SKILLS)]
