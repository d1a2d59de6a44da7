"""Settings that cannot be used stop the start with a sentence; those of sign-in are read as they are documented."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handover.core.roles import Role
from handover.settings import Settings

PROVIDER = {
    "KONTAKT_OIDC_ISSUER": "https://idp.example",
    "KONTAKT_OIDC_CLIENT_ID": "kontakt",
    "KONTAKT_OIDC_CLIENT_SECRET": "a secret",
    "KONTAKT_OIDC_ROLES": "guide=A",
}
PRODUCTION = {"KONTAKT_MODE": "production", "KONTAKT_ENGINE_SECRET": "x" * 24}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Settings:
    """The settings of an environment that a test gives."""
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("guide=A", ((Role.GUIDE, "A"),)),
        (" guide = A , guide=B,lead=C,", ((Role.GUIDE, "A"), (Role.GUIDE, "B"), (Role.LEAD, "C"))),
        ("guide=A=B", ((Role.GUIDE, "A=B"),)),
        ('{"guide": ["CN=A,OU=B"], "lead": ["C", "D"]}', (("guide", "CN=A,OU=B"), ("lead", "C"), ("lead", "D"))),
    ],
)
def test_roles_are_read_as_a_list_or_as_json(
    monkeypatch: pytest.MonkeyPatch, given: str, read: tuple[tuple[Role, str], ...]
) -> None:
    monkeypatch.setenv("KONTAKT_OIDC_ROLES", given)
    assert Settings().oidc_roles == read


@pytest.mark.parametrize("given", ["boss=A", "guide", "guide=", "=A", "{", '{"boss": ["A"]}', '{"guide": "A"}', "{}}"])
def test_roles_that_cannot_be_read_stop_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("KONTAKT_OIDC_ROLES", given)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert {fault["loc"][0] for fault in refused.value.errors()} == {"oidc_roles"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"KONTAKT_OIDC_CLIENT_ID": ""}, "needs KONTAKT_OIDC_CLIENT_ID"),
        ({"KONTAKT_OIDC_CLIENT_SECRET": ""}, "KONTAKT_OIDC_CLIENT_SECRET"),
        ({"KONTAKT_OIDC_ROLES": ""}, "needs KONTAKT_OIDC_ROLES or KONTAKT_OIDC_DEFAULT_ROLE"),
        ({"KONTAKT_OIDC_ISSUER": "http://idp.example", **PRODUCTION}, "https in production"),
        ({"KONTAKT_OIDC_ISSUER": "", "KONTAKT_PASSWORD_SIGN_IN": "false"}, "nobody could sign in"),
    ],
)
def test_provider_that_is_half_set_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], sentence: str
) -> None:
    for name, value in (PROVIDER | changed).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=sentence):
        Settings()


@pytest.mark.parametrize(
    ("settings", "takes_passwords"),
    [
        ({}, True),
        (PRODUCTION, True),
        (PROVIDER, True),
        (PROVIDER | PRODUCTION, False),
        (PROVIDER | PRODUCTION | {"KONTAKT_PASSWORD_SIGN_IN": "true"}, True),
        (PROVIDER | {"KONTAKT_PASSWORD_SIGN_IN": "false"}, False),
    ],
    indirect=["settings"],
)
def test_passwords_are_off_in_production_with_a_provider_unless_they_are_wanted(
    settings: Settings, takes_passwords: bool
) -> None:
    assert settings.takes_passwords is takes_passwords
