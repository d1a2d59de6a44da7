"""Signing in at the console with the municipality's own sign-in, at a real provider, and out again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from catalogue.documents import CatalogueFiles
from handover.core.roles import Role
from tests.e2e.conftest import NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.room import open_room
from tests.support.databases import Template
from tests.support.oidc import provider_process

pytestmark = pytest.mark.browser
LEAD = "Kontakt-Ledare"


def test_lead_signs_in_at_the_provider_and_one_without_a_role_is_told_so(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path, new_page: NewPage
) -> None:
    with provider_process() as provider:
        provider.tell("lead-1", name="Lo Ledare", roles=[LEAD])
        provider.tell("nobody-1", name="Ingen Roll", roles=[])
        settings = {
            "oidc_issuer": provider.url,
            "oidc_client_id": "kontakt",
            "oidc_client_secret": SecretStr("a secret of the client"),
            "oidc_roles": ((Role.LEAD, LEAD),),
            "password_sign_in": False,
        }
        with open_room(sqlite_template, catalogue_files, tmp_path, **settings) as room:
            page = new_page(viewport=WIDE)
            page.goto(f"{room.url}/console/")
            expect(page.get_by_role("textbox", name="Användarnamn")).to_have_count(0)
            check_state(page, "sign-in-provider")
            page.get_by_role("link", name="Logga in med kommunens konto").press("Enter")
            page.get_by_placeholder("sub").fill("lead-1")
            page.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).first.click()
            expect(page.get_by_role("navigation", name="Sidor").get_by_role("link", name="Direkt")).to_be_visible()
            expect(page.get_by_text("Lo Ledare")).to_be_visible()

            stranger = new_page(viewport=WIDE)
            stranger.goto(f"{room.url}/api/v1/session/oidc?to=console")
            stranger.get_by_placeholder("sub").fill("nobody-1")
            stranger.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).first.click()
            expect(stranger.get_by_text(re.compile("behörighet|roll"))).to_be_visible()

            page.get_by_role("button", name="Logga ut").click()
            page.get_by_role("button", name="End session").click()
            expect(page.get_by_role("link", name="Logga in med kommunens konto")).to_be_visible()
