"""Who may call a route: one dependency both enforces it and declares it.

Every route has one, its own or its router's: `requires(Right.X)`, `signed_in_only` or `open_to("why")`. A test walks
all routes with all roles, and `docs/roles.md` shows what they declare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from handover.api.services import SESSION_COOKIE, Services
from handover.core.errors import HandoverError
from handover.core.roles import Right
from handover.store.accounts import Account


@dataclass(frozen=True)
class Requires:
    """The route is for those who are signed in and have this right; None: for everybody who is signed in."""

    right: Right | None

    async def __call__(self, request: Request) -> Account:
        """Return who asks; raise `sign_in_required` or `forbidden`."""
        services: Services = request.app.state.services
        token = request.cookies.get(SESSION_COOKIE)
        if self.right is not None:
            return await services.sign_in.access(token, self.right)
        account = await services.sign_in.find(token)
        if account is None:
            raise HandoverError("sign_in_required")
        return account


@dataclass(frozen=True)
class OpenTo:
    """The route asks nobody to sign in; `whom` says who it is for, and what protects it."""

    whom: str

    async def __call__(self) -> None:
        """Let everybody in."""


Access = Requires | OpenTo


def requires(right: Right) -> Any:
    """Return the dependency that lets only accounts with this right in; as a parameter it is the `Account`."""
    return Depends(Requires(right))


def open_to(whom: str) -> Any:
    """Return the dependency that declares a route open, and to whom."""
    return Depends(OpenTo(whom))


#: Whoever is signed in, as a parameter of a route.
SignedInAccount = Annotated[Account, Depends(Requires(None))]
#: A guide or a lead at the desk.
DeskAccount = Annotated[Account, requires(Right.DESK)]


@dataclass(frozen=True)
class RouteAccess:
    """One method of one route, and what it declares; nothing where somebody forgot."""

    method: str
    path: str
    needs: tuple[Access, ...]


def list_route_access(app: FastAPI) -> list[RouteAccess]:
    """Return every method of every route of the app that code of ours answers, by path."""
    found = [
        RouteAccess(method, context.path or "", _declared(context.dependant))
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    ]
    return sorted(found, key=lambda one: (one.path, one.method))


def _declared(dependant: Dependant) -> tuple[Access, ...]:
    """Return what a route's dependencies ask for; whom it is open to only where they ask for nothing."""
    calls = dict.fromkeys(inner.call for inner in dependant.dependencies)
    rights = tuple(call for call in calls if isinstance(call, Requires))
    return rights or tuple(call for call in calls if isinstance(call, OpenTo))
