"""What an identity provider says of a person, read as a name and roles: whatever it says, roles come from the rule."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.claims import MAX_NAME_CHARS, MAX_USERNAME_CHARS, RoleRule, identity_of
from handover.core.roles import Role

VALUES = ((Role.GUIDE, "A"), (Role.GUIDE, "B"), (Role.LEAD, "C"))
RULE = RoleRule("roles", VALUES)
WHO: dict[str, Any] = {"iss": "https://idp.example", "sub": "1"}

texts = st.text("aåABC. \n\0", max_size=MAX_NAME_CHARS + 10)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("value", "roles"),
    [
        (["A"], {Role.GUIDE}),
        ("B", {Role.GUIDE}),
        (["C", "B", "D"], {Role.GUIDE, Role.LEAD}),
        (["a", "A ", "AB"], set()),
        ("A B", set()),
        ([["A"]], set()),
        ({"A": True}, set()),
        (None, set()),
    ],
)
def test_values_bring_the_roles_of_the_rule(value: object, roles: set[Role]) -> None:
    assert RULE.roles_of({"roles": value}) == roles


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["A"]}}),
        ("resource_access.kontakt.roles", {"resource_access": {"kontakt": {"roles": ["A"]}}}),
        ("resource_access.my.client.roles", {"resource_access": {"my.client.roles": ["A"]}}),
        ("https://example.org/roles", {"https://example.org/roles": ["A"]}),
    ],
)
def test_claim_is_found_by_its_name_or_the_way_to_it(claim: str, claims: dict[str, object]) -> None:
    assert RoleRule(claim, VALUES).roles_of(claims) == {Role.GUIDE}
    assert RoleRule(claim, VALUES).roles_of({"roles": ["A"], "realm_access": ["A"], "resource_access": "A"}) == set()


def test_default_is_for_those_whom_nothing_else_brings_a_role() -> None:
    rule = RoleRule("roles", VALUES, Role.STAFF)
    assert rule.roles_of({}) == {Role.STAFF}
    assert rule.roles_of({"roles": ["C"]}) == {Role.LEAD}


@given(st.dictionaries(st.sampled_from(["roles", "name", "email", "preferred_username"]), json_values))
def test_any_claims_make_an_identity_that_fits_the_tables(claims: dict[str, object]) -> None:
    identity = identity_of({**claims, **WHO}, RULE)
    for text, longest in ((identity.name, MAX_NAME_CHARS), (identity.username, MAX_USERNAME_CHARS)):
        assert 0 < len(text) <= longest
        assert "\0" not in text
    assert len(identity.distinct_username) <= MAX_USERNAME_CHARS
    assert identity.roles <= {Role.GUIDE, Role.LEAD}


@given(json_values, json_values)
def test_claims_that_name_nobody_are_refused(issuer: object, sub: object) -> None:
    named = isinstance(issuer, str) and isinstance(sub, str) and sub and "\0" not in issuer + sub
    if named:
        assert identity_of({"iss": issuer, "sub": sub}, RULE).subject == f"{issuer} {sub}"
    else:
        with pytest.raises(ValueError, match="name nobody"):
            identity_of({"iss": issuer, "sub": sub}, RULE)


def test_subject_that_does_not_fit_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="too long"):
        identity_of(WHO | {"sub": "x" * 400}, RULE)


def test_people_of_one_user_name_get_distinct_ones() -> None:
    one, two = (identity_of(WHO | {"sub": sub, "preferred_username": "x" * 80}, RULE) for sub in ("1", "2"))
    assert one.username == two.username
    assert len({one.username, one.distinct_username, two.distinct_username}) == 3


@pytest.mark.parametrize(
    ("claims", "name", "username"),
    [
        ({"name": "  Anna \n Exempel "}, "Anna Exempel", "1"),
        ({"name": "", "preferred_username": "annex"}, "annex", "annex"),
        ({"name": 7, "email": "anna@example.org"}, "anna@example.org", "anna@example.org"),
        ({"name": "\0"}, "1", "1"),
    ],
)
def test_name_is_the_first_that_is_one(claims: dict[str, object], name: str, username: str) -> None:
    identity = identity_of({**WHO, **claims}, RULE)
    assert (identity.name, identity.username) == (name, username)
