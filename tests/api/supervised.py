"""People for the tests of supervision: a lead with the pages of the rollout, and citizens who ask of one FAQ."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from handover.core.supervision import Level
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, GuideClient, Refused, new_id
from tests.support.engine_double import Body, EngineDouble, faq_reply, turn_answer
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import bygglov, faq, import_into, lon, service, texts, write_data

FAQ, OTHER, SENSITIVE, FOR_STAFF = "bygglov.behovs", "bygglov.avgift", "familj.stod", "lon.utbetalning"
ANSWER = "Det beror på hur stor altanen är."


def sensitive_service() -> dict[str, Any]:
    """Return a service whose questions are sensitive."""
    question = texts("Var får jag stöd?", "Where do I get support?")
    answers = texts("Hos familjeenheten.", "At the family unit.")
    return service("familj", "citizen", [faq("stod", question, answers)], sensitive=True)


def example_service() -> dict[str, Any]:
    """Return a service whose answer is but an example."""
    return service(
        "exempel", "citizen", [faq("fraga", texts("Hur då?", "How?"), texts("Så här.", "Like this."), source="example")]
    )


def answer_faq(body: Body) -> Body:
    """Answer with the FAQ that is named in the text, or the first of all."""
    asked = body.get("payload") or body.get("text") or ""
    named = next((faq_id for faq_id in (FAQ, OTHER, SENSITIVE, "exempel.fraga") if faq_id in asked), FAQ)
    return turn_answer(faq_reply(named, ANSWER), intent=named)


class Person:
    """Somebody who is signed in and uses the pages over HTTP."""

    def __init__(self, kontakt: Kontakt, cookie: str) -> None:
        self._http = kontakt.http
        self._headers = {"Cookie": f"kontakt_session={cookie}", "Origin": kontakt.url}

    async def get(self, path: str, **params: Any) -> Any:
        """Return the body of a good answer; raise `Refused`."""
        answer = await self._http.get(f"/api/v1/{path}", params=params, headers=self._headers)
        return _body(answer)

    async def post(self, path: str, **body: Any) -> Any:
        """Send a body and return that of the answer; raise `Refused`."""
        return _body(await self._http.post(f"/api/v1/{path}", json=body, headers=self._headers))

    async def delete(self, path: str) -> None:
        """Take something away; raise `Refused`."""
        answer = await self._http.delete(f"/api/v1/{path}", headers=self._headers)
        if answer.is_error:
            raise Refused(answer.json())

    async def faq(self, faq_id: str = FAQ) -> dict[str, Any]:
        """Return where a FAQ stands."""
        services = (await self.get("supervision"))["services"]
        found: dict[str, Any] = next(one for s in services for one in s["faqs"] if one["faq"] == faq_id)
        return found

    async def set_level(self, level: str, faq_id: str = FAQ, why: str = "Provas") -> Any:
        """Give a FAQ a level by hand."""
        return await self.post(f"supervision/faqs/{faq_id}/level", level=level, why=why)

    async def switch(self, all_off: bool, why: str = "Fel i svaren") -> Any:
        """Pull the kill switch, or switch on again."""
        return await self.post("supervision/switch", all_off=all_off, why=why)


def _body(answer: Any) -> Any:
    body = answer.json()
    if answer.is_error:
        raise Refused(body)
    return body


class Supervised:
    """A running service with the small catalogue, and who takes part in it."""

    def __init__(self, kontakt: Kontakt, lead: Person, guide: GuideClient) -> None:
        self.kontakt = kontakt
        self.lead = lead
        self.guide = guide

    async def person(self, username: str) -> Person:
        """Return somebody else who uses the pages."""
        return Person(self.kontakt, await self.kontakt.session(username))

    async def ask(self, faq_id: str = FAQ) -> CitizenClient:
        """Return a citizen who has asked of a FAQ."""
        citizen = await self.kontakt.citizen()
        await citizen.say(f"Jag undrar om {faq_id}")
        return citizen

    async def drafted(self, faq_id: str = FAQ) -> tuple[CitizenClient, dict[str, Any]]:
        """Return a citizen whose answer waits as a draft, and the line that shows it."""
        citizen = await self.ask(faq_id)
        frame = await self.guide.wait_for_frame(
            lambda f: (
                f["type"] == "conversation"
                and f["conversation"]["conversation_id"] == citizen.conversation_id
                and f["conversation"].get("draft_id") is not None
            ),
            "line with a draft",
        )
        line: dict[str, Any] = frame["conversation"]
        return citizen, line

    async def judge(self, kind: str, times: int = 1, faq_id: str = FAQ, **fields: Any) -> None:
        """Let a guide decide on drafts of a FAQ."""
        for _ in range(times):
            citizen, line = await self.drafted(faq_id)
            await self.guide.act(kind, citizen.conversation_id, draft_id=line["draft_id"], **fields)
            await citizen.do("close")
            await citizen.close()


@asynccontextmanager
async def supervised(
    start: StartKontakt, engine: EngineDouble, folder: Path, **settings: Any
) -> AsyncIterator[Supervised]:
    """Run the service with the small catalogue; every FAQ begins at `approve` unless told otherwise."""
    engine.answer = answer_faq
    level = Level(settings.pop("default_level", Level.APPROVE))
    async with start(default_level=level, **settings) as kontakt:
        await import_into(kontakt, write_data(folder, bygglov(), lon(), sensitive_service(), example_service()))
        await kontakt.services.supervision.refresh()
        lead = Person(kontakt, await kontakt.session("lead"))
        yield Supervised(kontakt, lead, await kontakt.guide())


def review_body(item: dict[str, Any], verdict: str, **more: Any) -> dict[str, Any]:
    """Return the body with which somebody judges an answer of the review list."""
    return {"id": new_id(), "item": item["item"], "verdict": verdict, **more}
