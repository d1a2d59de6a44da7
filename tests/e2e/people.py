"""The people of the stories: a citizen with the widget and a guide at the console, by roles and names alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.room import Room


class Citizen:
    """Somebody who chats on the demo page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.get_by_role("button", name="Öppna chatten").click()
        self.panel = page.get_by_role("dialog", name="Kontakt Linköping")
        self.log = self.panel.get_by_role("log", name="Samtalet")

    def says(self, text: str) -> None:
        """Write and send a message; it is delivered when this returns."""
        self.panel.get_by_role("textbox", name="Skriv ett meddelande").fill(text)
        self.panel.get_by_role("button", name="Skicka", exact=True).click()
        expect(self.log.get_by_text(text, exact=True).last).to_be_visible()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the transcript shows a text."""
        expect(self.log.get_by_text(text).last).to_be_visible()

    def choices(self) -> Locator:
        """The quick replies."""
        return self.panel.get_by_role("group", name="Förslag på svar").get_by_role("button")

    def asks_for_a_person(self) -> None:
        """Press the button for it."""
        self.panel.get_by_role("button", name="Prata med en människa").click()

    def ends_and_rates(self) -> None:
        """End the chat, five stars, got the answer."""
        self.panel.get_by_role("button", name="Avsluta", exact=True).click()
        self.panel.get_by_role("button", name="Ja, avsluta").click()
        self.panel.get_by_role("radio", name="5, mycket nöjd").check()
        self.panel.get_by_role("radio", name="Ja", exact=True).check()
        self.panel.get_by_role("button", name="Skicka betyget").click()
        expect(self.panel.get_by_text("Tack!")).to_be_visible()


class GuideAtDesk:
    """A guide who is signed in at the console."""

    def __init__(self, page: Page, url: str, username: str, password: str) -> None:
        self.page = page
        page.goto(f"{url}/console/")
        page.get_by_role("textbox", name="Användarnamn").fill(username)
        page.get_by_label("Lösenord").fill(password)
        page.get_by_role("button", name="Logga in").click()
        self.list = page.get_by_role("navigation", name="Samtal")
        expect(self.list).to_be_visible()
        self.log = page.get_by_role("log", name="Samtalet")

    @classmethod
    def of(cls, room: Room, page: Page, username: str = "guide") -> GuideAtDesk:
        """Sign somebody in at the desk of a room."""
        return cls(page, room.url, username, room.passwords[username])

    def waiting(self) -> Locator:
        """The rows of the queue."""
        return self.list.get_by_role("list", name="Väntar i kön").get_by_role("button")

    def claims_first(self) -> None:
        """Open the first in line and take it."""
        self.waiting().first.click()
        self.page.get_by_role("button", name="Ta samtalet").click()
        expect(self.page.get_by_role("textbox", name="Svar till medborgaren")).to_be_visible()

    def replies(self, text: str) -> None:
        """Answer the citizen."""
        self.page.get_by_role("textbox", name="Svar till medborgaren").fill(text)
        self.page.get_by_role("button", name="Skicka svaret").click()
        expect(self.log.get_by_text(text)).to_be_visible()

    def hands_back(self) -> None:
        """Give the conversation back to the assistant."""
        self.page.get_by_role("button", name="Lämna tillbaka", exact=True).click()
        self.page.get_by_role("button", name="Lämna tillbaka till assistenten").click()
