"""The story of the product in a real browser against the real engine, whole and with the network cut."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SCREENSHOTS, NewPage, Product
from tests.e2e.people import Citizen, GuideAtDesk
from tests.support.proxy import CuttableLine

pytestmark = [pytest.mark.browser, pytest.mark.engine]

PERMIT = "Hur ansöker jag om bygglov?"
UNCLEAR = "lov"
DID_YOU_MEAN = re.compile("Menade du något av det här|det här kan handla om din fråga")
BUILDING_PERMIT_ANSWER = re.compile("e-tjänst|ansök", re.IGNORECASE)


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page; the best of them stand in the README."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_a_citizen_is_answered_asked_back_and_handed_to_a_guide(product: Product, new_page: NewPage) -> None:
    guide = GuideAtDesk(new_page(), product.url, "guide", product.passwords["guide"])
    citizen = Citizen(new_page(), product.url)
    expect(citizen.panel.get_by_text(re.compile("AI-assistent")).first).to_be_visible()

    citizen.says(PERMIT)
    citizen.sees(BUILDING_PERMIT_ANSWER)
    citizen.sees("Skrivet av AI")
    shot(citizen.page, "widget-answer")

    citizen.says(UNCLEAR)
    citizen.sees(DID_YOU_MEAN)
    expect(citizen.choices().first).to_be_visible()
    shot(citizen.page, "widget-did-you-mean")

    before = guide.waiting().count()
    began = time.monotonic()
    citizen.asks_for_a_person()
    expect(guide.waiting()).to_have_count(before + 1)
    assert time.monotonic() - began < 1.0, "the guide did not see it within a second"

    guide.claims_first()
    guide.replies("Hej! Jag heter Demo, vad kan jag hjälpa dig med?")
    citizen.sees("Hej! Jag heter Demo, vad kan jag hjälpa dig med?")
    citizen.says("Jag ville bara prata med någon")
    expect(guide.log.get_by_text("Jag ville bara prata med någon")).to_be_visible()
    shot(guide.page, "console-conversation")
    shot(citizen.page, "widget-guide")

    guide.hands_back()
    expect(citizen.panel.get_by_text(re.compile("AI-assistent")).first).to_be_visible()
    answers = citizen.log.get_by_text("Skrivet av AI").count()
    citizen.says("Hur lånar jag om en bok?")
    expect(citizen.log.get_by_text("Skrivet av AI")).to_have_count(answers + 1)

    citizen.ends_and_rates()
    shot(citizen.page, "widget-rated")


def test_nothing_is_lost_or_doubled_when_the_network_is_cut(
    product: Product, line: CuttableLine, new_page: NewPage
) -> None:
    guide = GuideAtDesk(new_page(), product.url, "guide2", product.passwords["guide2"])
    citizen = Citizen(new_page(), f"http://127.0.0.1:{line.port}")
    citizen.says("Hej")
    before = guide.waiting().count()
    citizen.asks_for_a_person()
    expect(guide.waiting()).to_have_count(before + 1)
    guide.claims_first()
    citizen.sees(re.compile("Demo Kollega"))

    line.cut()
    citizen.panel.get_by_role("textbox", name="Skriv ett meddelande").fill("Skrivet utan nät")
    citizen.panel.get_by_role("button", name="Skicka", exact=True).click()
    guide.replies("Sagt medan du var borta")
    expect(citizen.log.get_by_text("Sagt medan du var borta")).to_have_count(0)
    line.mend()

    citizen.sees("Sagt medan du var borta")
    expect(guide.log.get_by_text("Skrivet utan nät")).to_be_visible()
    citizen.says("Och nu är jag här igen")
    expect(guide.log.get_by_text("Och nu är jag här igen")).to_be_visible()
    for text in ("Skrivet utan nät", "Sagt medan du var borta", "Och nu är jag här igen"):
        expect(guide.log.get_by_text(text, exact=True)).to_have_count(1)
        expect(citizen.log.get_by_text(text, exact=True)).to_have_count(1)


def test_staff_answers_are_for_those_who_signed_in(product: Product, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, product.url)
    citizen.says("Jag har glömt mitt lösenord till datorn på jobbet")
    citizen.sees(re.compile("anställd|Menade du|inget säkert svar"))
    expect(citizen.log.get_by_text(re.compile("LKDATA"))).to_have_count(0)
    page.close()

    page = new_page()
    page.goto(product.url)
    page.get_by_role("textbox", name="Användarnamn").fill("staff")
    page.get_by_label("Lösenord").fill(product.passwords["staff"])
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.get_by_role("button", name="Öppna chatten").click()
    panel = page.get_by_role("dialog", name="Kontakt Linköping")
    panel.get_by_role("textbox", name="Skriv ett meddelande").fill("Jag har glömt mitt lösenord")
    panel.get_by_role("button", name="Skicka", exact=True).click()
    expect(panel.get_by_text(re.compile("lösenord", re.IGNORECASE)).nth(1)).to_be_visible()


def test_newcomer_is_answered_in_arabic_without_a_typed_word(product: Product, new_page: NewPage) -> None:
    citizen = Citizen(new_page(viewport={"width": 390, "height": 844}), product.url)
    citizen.panel.get_by_role("combobox", name="Språk").select_option("ar")
    citizen.panel.get_by_role("button", name="كيف أبدأ تعلّم اللغة السويدية في SFI؟").click()
    log = citizen.panel.get_by_role("log", name="المحادثة")
    answered = log.locator(".message.bot .text")
    expect(answered).to_have_attribute("lang", "ar")
    expect(answered).to_contain_text(re.compile("SFI"))
    expect(log.get_by_text("كتبه الذكاء الاصطناعي")).to_be_visible()
    shot(citizen.page, "widget-arabic-answer")
