"""What an identity provider says of a person, read as a name and roles. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handover.core.roles import Role

MAX_NAME_CHARS = 120
MAX_USERNAME_CHARS = 64
MAX_SUBJECT_CHARS = 400

#: The claims to look for a name in, and for what tells people of the same name apart; the first that is there counts.
_NAME_CLAIMS = ("name", "preferred_username", "email", "sub")
_USERNAME_CLAIMS = ("preferred_username", "email", "sub")


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Which values of which claim bring which roles, and the role of those who have none of them."""

    #: The claim's name, or the way to it with dots: `realm_access.roles`.
    claim: str
    values: tuple[tuple[Role, str], ...]
    default: Role | None = None

    def roles_of(self, claims: Mapping[str, object]) -> frozenset[Role]:
        """Return the roles that these claims bring: none for somebody who is not meant to sign in."""
        given = set(_texts(_find(claims, self.claim)))
        roles = frozenset(role for role, value in self.values if value in given)
        if not roles and self.default is not None:
            return frozenset({self.default})
        return roles


@dataclass(frozen=True, slots=True)
class Identity:
    """A person whom a provider vouches for; `subject` names one for ever, whatever the name."""

    subject: str
    username: str
    name: str
    roles: frozenset[Role]

    @property
    def distinct_username(self) -> str:
        """The user name with a mark that nobody else has, for when the bare one is taken."""
        mark = f" ({hashlib.sha256(self.subject.encode()).hexdigest()[:12]})"
        return self.username[: MAX_USERNAME_CHARS - len(mark)] + mark


def identity_of(claims: Mapping[str, object], rule: RoleRule) -> Identity:
    """Return who these verified claims are about; raise `ValueError` when they do not say."""
    issuer, sub = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(sub, str) or not sub or "\0" in issuer + sub:
        raise ValueError("the claims name nobody")
    subject = f"{issuer} {sub}"
    if len(subject) > MAX_SUBJECT_CHARS:
        raise ValueError("the subject is too long")
    return Identity(
        subject=subject,
        username=_first(claims, _USERNAME_CLAIMS)[:MAX_USERNAME_CHARS],
        name=_first(claims, _NAME_CLAIMS)[:MAX_NAME_CHARS],
        roles=rule.roles_of(claims),
    )


def _find(claims: object, path: str) -> object:
    """Return what stands at a path; a name that itself holds dots goes before the way through them."""
    if not isinstance(claims, Mapping):
        return None
    if path in claims:
        return claims[path]
    head, dot, rest = path.partition(".")
    return _find(claims.get(head), rest) if dot else None


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [one for one in value if isinstance(one, str)]
    return []


def _first(claims: Mapping[str, object], names: Iterable[str]) -> str:
    for name in names:
        value = claims.get(name)
        if isinstance(value, str) and (text := " ".join(value.replace("\0", " ").split())):
            return text
    return "?"
