"""Where a state is brought about: a running service with a guide at the desk, and a browser of somebody's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import httpx
from playwright.sync_api import Locator, Page, Route, WebSocketRoute

from handover.api.services import SESSION_COOKIE
from handover.conversations import utc_now
from tests.e2e.conftest import NewPage
from tests.e2e.room import Room, answer
from tests.support.clients import GuideClient, new_id
from tests.support.engine_double import did_you_mean, faq_reply, turn_answer

ASK = "Vad kostar ett bygglov?"
DID_YOU_MEAN, TO_BE_CHECKED = "Jag undrar en sak om lov", "Vad gör min kompis?"
NOTICES = (("critical", "Telefonerna ligger nere."), ("info", "Kontaktcenter stänger tidigare på fredag."))
SERIES_OF_WAITS = [180, 300]


def answers(body: dict[str, Any]) -> dict[str, Any]:
    """Answer with a link and two quick replies; ask back where the question says so."""
    if body.get("text") == DID_YOU_MEAN:
        return did_you_mean()
    given = answer(body)
    reply = given["replies"][0]
    reply["links"] = [{"title": "Boverket: bygglov", "url": "https://www.boverket.se/sv/byggande/"}]
    reply["choices"] = [
        {"title": "Hur lång tid tar det att få bygglov?", "payload": "bygglov.handlaggningstid"},
        {"title": "Prata med en människa", "payload": "human"},
    ]
    return given


def sensitive(body: dict[str, Any]) -> dict[str, Any]:
    """Answer what a guide has to look at first."""
    return turn_answer(faq_reply("forsorjningsstod.ansoka", "Så här ansöker du."), intent="forsorjningsstod.ansoka")


@dataclass
class Stage:
    """One person's browser at a room; what a state changes for others is put back when it is left."""

    room: Room
    guide: GuideClient
    new_page: NewPage
    ends: ExitStack
    page: Page = field(init=False)

    # --- the chat ---------------------------------------------------------------------------------

    def visit(self, path: str = "/", **options: Any) -> Page:
        """Open a browser of its own on a page."""
        self.page = self.new_page(**options)
        self.page.goto(self.room.url + path)
        return self.page

    def open_chat(self, **options: Any) -> None:
        """Open the chat on the demonstration page."""
        self.visit(**options)
        self.show_chat()

    def show_chat(self) -> None:
        """Press the launcher."""
        self.page.locator("button.launcher").click()
        self.field.or_(self.chat(".footer .secondary")).first.wait_for()

    def chat(self, selector: str) -> Locator:
        """Return what is in the chat, whatever its language."""
        return self.page.locator(f"[data-kontakt-host] {selector}")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.chat("#message")

    def send(self, text: str) -> None:
        """Write something and send it."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str = ASK) -> None:
        """Ask the assistant; it has answered when this returns."""
        self.send(text)
        self.chat(".message.bot").last.wait_for()

    def ask_for_a_person(self) -> None:
        """Wait in the queue."""
        self.chat("button.human").click()
        self.chat(".status p").wait_for()

    def claim(self) -> str:
        """Let the guide take the conversation; return its id."""
        talk = self.conversation_id()
        self.room.do(self.guide.act("claim", talk))
        self.chat(".human").wait_for(state="hidden")
        self.ends.callback(lambda: self.room.do(self.guide.act("close", talk)))
        return talk

    def conversation_id(self) -> str:
        """Return the id of the conversation of this tab."""
        return str(self.kept("conversation")["conversation_id"])

    def kept(self, name: str) -> Any:
        """Return what the chat keeps under a name."""
        return json.loads(self.page.evaluate(f"sessionStorage.getItem('{self._key(name)}')"))

    def keep(self, name: str, value: object) -> None:
        """Put something in its place."""
        self.page.evaluate("([key, text]) => sessionStorage.setItem(key, text)", [self._key(name), json.dumps(value)])

    def _key(self, name: str) -> str:
        return f"kontakt.{self.room.url}.citizen.{name}"

    def speak(self, language: str) -> None:
        """Go over to another language in the middle of a conversation."""
        picker = self.chat(".tools select")
        if picker.count():
            picker.select_option(language)
        else:
            self.keep("language", language)
            self.page.reload()
        self.page.locator(f".widget[lang='{language}']").wait_for()

    # --- what goes wrong between browser and service ----------------------------------------------

    def meet(self, path: str, handle: Callable[[Route], None]) -> None:
        """Answer requests for a path in the service's place."""
        self.page.route(f"**/api/v1/{path}*", handle)

    def tell_waits(self, seconds: list[int]) -> list[WebSocketRoute]:
        """Change the waits that the service tells this page; returns the routes, which can be sent more."""
        routes: list[WebSocketRoute] = []

        def pass_on(route: WebSocketRoute) -> None:
            server = route.connect_to_server()
            route.on_message(server.send)
            server.on_message(lambda raw: route.send(with_waits(raw, seconds)))
            routes.append(route)

        self.page.route_web_socket("**/api/v1/citizen", pass_on)
        return routes

    # --- others ----------------------------------------------------------------------------------

    def put_up_notices(self) -> None:
        """Tell everybody of two disturbances, until the state is left."""
        for severity, text in NOTICES:
            body = {
                "id": new_id(),
                "texts": {"sv": text, "ar": "الهواتف معطلة."},
                "severity": severity,
                "until": (utc_now() + timedelta(hours=1)).isoformat(),
            }
            self._as_lead("POST", "", json=body)
            self.ends.callback(self._as_lead, "DELETE", f"/{body['id']}")

    def _as_lead(self, method: Literal["POST", "DELETE"], path: str, **options: Any) -> None:
        headers = {"Cookie": f"{SESSION_COOKIE}={self.session('lead')}"}
        url = f"{self.room.url}/api/v1/notices{path}"
        httpx.request(method, url, headers=headers, trust_env=False, **options).raise_for_status()

    def session(self, username: str) -> str:
        """Sign somebody in; return the session."""
        return self.room.do(self.room.kontakt.session(username))

    def sign_in(self, username: str) -> None:
        """Sign somebody in at this browser."""
        cookie = {"name": SESSION_COOKIE, "value": self.session(username), "url": self.room.url}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def answer_with(self, respond: Callable[[dict[str, Any]], Any]) -> None:
        """Let the assistant answer otherwise until the state is left."""
        engine = self.room.kontakt.engine
        engine.answer, before = respond, engine.answer
        self.ends.callback(setattr, engine, "answer", before)

    def lose_catalogue(self) -> None:
        """Make the database of the catalogue fail until the state is left."""
        services = self.room.kontakt.services

        async def rename(old: str, new: str) -> None:
            statement = f"ALTER TABLE {old} RENAME TO {new}"
            await services.database.write(lambda connection: connection.exec_driver_sql(statement))
            services.knowledge.forget()

        self.room.do(rename("catalogue_imports", "away"))
        self.ends.callback(lambda: self.room.do(rename("away", "catalogue_imports")))


def with_waits(raw: str | bytes, seconds: list[int]) -> str:
    """Return a frame of the service, with other waits where it tells of the queue."""
    frame = json.loads(raw)
    if frame["type"] == "queue":
        frame["wait_seconds"] = seconds
    return json.dumps(frame)


@contextmanager
def staged(room: Room, guide: GuideClient, new_page: NewPage) -> Iterator[Stage]:
    """Open a stage, and put back what was changed."""
    with ExitStack() as ends:
        yield Stage(room, guide, new_page, ends)
