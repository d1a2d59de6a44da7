"""What each address answers. Staff services are there for who is signed in; for others they do not exist."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from catalogue.snapshot import Service
from handover.api.services import Services
from handover.core.errors import HandoverError
from handover.core.events import Audience
from handover.core.notices import Severity
from handover.core.text import clean_text
from handover.portal.asked import SEARCH, START, STATEMENT, Asked, asked_by_citizen, read_asked
from handover.portal.assets import Assets
from handover.portal.pages import MAX_QUERY_CHARS, NOT_KEPT, PUBLIC, Pages
from handover.portal.shelf import Found, ServicePage, Shelf, languages_of
from handover.portal.sitemap import alternates, robots, sitemap
from handover.portal.statement import LANGUAGES as STATEMENT_LANGUAGES
from handover.portal.statement import Statement
from handover.portal.strings import LANGUAGES, Strings
from handover.portal.structured import script_text, service_data
from handover.settings import Mode

MAX_HITS = 12
#: The service whose ways of contact are those of the whole municipality.
CONTACT = "kontakt"


@dataclass(frozen=True, slots=True)
class SaidNotice:
    """A notice of a disturbance as a page shows it."""

    severity: Severity
    text: str
    language: str


class Portal:
    """The pages and files of the portal."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._strings = Strings.read()
        self._assets = Assets()
        self._pages = Pages(services.settings, self._strings, self._assets)
        self._statement = Statement.read(services.settings.data)

    async def start(self, request: Request) -> Response:
        """Show all services by topic."""
        return await self._start(request, await read_asked(request, self._services))

    async def kiosk(self, request: Request) -> Response:
        """Show the same on a public computer, and have the browser drop what the last visit left."""
        answer = await self._start(request, asked_by_citizen(request, self._services.settings, kiosk=True), fresh=True)
        answer.headers["Clear-Site-Data"] = '"storage"'
        return answer

    async def search(self, request: Request) -> Response:
        """Show what a search finds."""
        asked, q = await read_asked(request, self._services), request.query_params.get("q", "")
        words, too_long = _words(q), len(q) > MAX_QUERY_CHARS
        found = [] if too_long else await self._found(asked, words)
        return self._pages.answer(
            request,
            asked,
            "search.html",
            400 if too_long else 200,
            path=SEARCH,
            query={"q": words},
            q=words,
            found=found,
            too_long=too_long,
            notices=await self._notices(asked),
        )

    async def hits(self, request: Request) -> Response:
        """Return the list of hits alone, for a search as one types."""
        asked = await read_asked(request, self._services)
        found = await self._found(asked, _words(request.query_params.get("q", "")))
        return self._pages.answer(request, asked, "hits.html", found=found)

    async def service(self, request: Request, rest: str) -> Response:
        """Show a service's page; one that the asker may not see is as unknown as one that there is not."""
        asked = await read_asked(request, self._services)
        if rest.endswith("/") or not rest:
            return RedirectResponse(asked.link(f"{START}/{rest}".rstrip("/")), 308)
        shelf = await self._shelf(asked)
        service = shelf.find(rest)
        if service is None:
            return self._pages.answer(request, asked, "not_found.html", 404)
        return self._service(request, asked, service, shelf.page(service), await self._notices(asked))

    async def statement(self, request: Request) -> Response:
        """Show how accessible the service is, by the last run of the gate."""
        asked = asked_by_citizen(request, self._services.settings)
        shelf = await self._shelf(asked)
        contact = shelf.find(CONTACT)
        return self._pages.answer(
            request,
            asked,
            "statement.html",
            path=STATEMENT,
            spoken=STATEMENT_LANGUAGES,
            alternates=[] if asked.kiosk else alternates(asked, STATEMENT, STATEMENT_LANGUAGES),
            statement=self._statement,
            contact=shelf.page(contact).contact if contact else (),
        )

    async def sitemap(self, request: Request) -> Response:
        """Return the public pages for crawlers."""
        asked = asked_by_citizen(request, self._services.settings)
        content = sitemap(asked, await self._shelf(asked))
        return Response(content, media_type="application/xml", headers={"Cache-Control": PUBLIC})

    async def robots(self, request: Request) -> Response:
        """Return what crawlers may read."""
        content = robots(asked_by_citizen(request, self._services.settings))
        return Response(content, media_type="text/plain", headers={"Cache-Control": PUBLIC})

    async def asset(self, request: Request, name: str) -> Response:
        """Return a file of the portal's own."""
        return self._assets.answer(request, name) or Response(status_code=404, headers={"Cache-Control": NOT_KEPT})

    def failed(self, request: Request, error: HandoverError) -> Response:
        """Say on a page that it cannot be shown; nothing is read for it."""
        asked = asked_by_citizen(request, self._services.settings)
        return self._pages.answer(request, asked, "unavailable.html", error.status)

    async def _start(self, request: Request, asked: Asked, *, fresh: bool = False) -> Response:
        topics = (await self._shelf(asked)).topics()
        others = [] if asked.kiosk else alternates(asked, START, tuple(LANGUAGES.values()))
        notices = await self._notices(asked)
        return self._pages.answer(
            request, asked, "start.html", topics=topics, alternates=others, fresh=fresh, notices=notices
        )

    def _service(
        self, request: Request, asked: Asked, service: Service, page: ServicePage, notices: list[SaidNotice]
    ) -> Response:
        path, spoken = f"{START}/{service.id}", languages_of(service)
        public = not asked.kiosk and service.audience == Audience.CITIZEN and asked.language in spoken
        url = asked.canonical(path)
        crumbs = [
            (self._strings.say("services", asked.language), asked.canonical(START)),
            (self._strings.say(f"topic_{page.topic}", asked.language), asked.canonical(f"{START}#{page.topic}")),
            (page.name.text, url),
        ]
        return self._pages.answer(
            request,
            asked,
            "service.html",
            path=path,
            spoken=spoken,
            page=page,
            notices=notices,
            alternates=alternates(asked, path, spoken) if public else [],
            data=script_text(service_data(page, asked.language, url, crumbs)) if public else None,
        )

    async def _notices(self, asked: Asked) -> list[SaidNotice]:
        """Return what everybody is told of disturbances, in the page's language or the nearest there is."""
        shown = await self._services.notices.shown()
        return [SaidNotice(one.severity, *one.in_language(asked.language.tag)) for one in shown]

    async def _shelf(self, asked: Asked) -> Shelf:
        catalogue = (await self._services.knowledge.get()).catalogue
        return Shelf(catalogue, asked.language.tag, asked.audience, self._services.settings.mode is Mode.DEMO)

    async def _found(self, asked: Asked, words: str) -> list[Found]:
        if not words:
            return []
        shelf, known = await self._shelf(asked), await self._services.knowledge.get()
        return shelf.found(await known.search(words, asked.audience, MAX_HITS))


def _words(q: str) -> str:
    """Return what is searched for: the beginning of what was sent, without characters that nobody sees."""
    try:
        return " ".join(clean_text(q[:MAX_QUERY_CHARS]).split())
    except HandoverError:
        return ""
