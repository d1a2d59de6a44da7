"""What guides look up beside a conversation: catalogue cards, search, ready-made answers, earlier conversations."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from catalogue.search import CatalogueSearch
from catalogue.snapshot import Catalogue
from handover.api import knowledge_models as k
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import PLACEHOLDERS, bygglov, import_into, lon, write_data

pytestmark = pytest.mark.anyio
NAME = "Demo Servicevägledare"
ROUTES = [
    "/api/v1/catalogue/services",
    "/api/v1/catalogue/services/bygglov",
    "/api/v1/catalogue/services/finns_inte",
    "/api/v1/canned",
    "/api/v1/conversations/00000000-0000-0000-0000-000000000000/earlier",
]
NUMBER = {"name": "telefon", "describes": "Numret"}


class Guide:
    """A signed-in guide who looks things up."""

    def __init__(self, kontakt: Kontakt, cookie: str) -> None:
        self._http = kontakt.http
        self._headers = {"Cookie": f"kontakt_session={cookie}"}

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        """Ask, and return the answer whatever it is."""
        sent = {**self._headers, **(headers or {})}
        return await self._http.get(f"/api/v1/{path}", params=params or None, headers=sent)

    async def read(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask, and return the body of a good answer."""
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Send a body, and return the answer whatever it is."""
        return await self._http.post(f"/api/v1/{path}", json=body, headers=self._headers)

    async def search(self, **body: Any) -> dict[str, Any]:
        """Search the catalogue; return the body of a good answer."""
        answer = await self.post("catalogue/search", **body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def canned(self, answer_id: str, **params: Any) -> dict[str, Any]:
        """Return one ready-made answer."""
        answers = (await self.read("canned", **params))["answers"]
        found: dict[str, Any] = next(one for one in answers if one["id"] == answer_id)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of the small catalogue."""
    return write_data(tmp_path / "small")


@pytest.fixture
async def guide(kontakt: Kontakt, folder: Path) -> Guide:
    """A guide of a service that has the small catalogue."""
    await import_into(kontakt, folder)
    return Guide(kontakt, await kontakt.session())


async def as_staff(kontakt: Kontakt, times: int = 1, username: str = "staff") -> list[str]:
    """Open conversations of a signed-in employee, one after the other."""
    cookie = {"Cookie": f"kontakt_session={await kontakt.session(username)}"}
    ids: list[str] = []
    for _ in range(times):
        answer = await kontakt.http.post("/api/v1/conversations", json={"audience": "staff"}, headers=cookie)
        ids.append(answer.json()["conversation_id"])
    return ids


@pytest.mark.parametrize("path", ROUTES)
async def test_only_guides_look_things_up(kontakt: Kontakt, path: str) -> None:
    anonymous = await kontakt.http.get(path)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "sign_in_required")
    cookie = {"Cookie": f"kontakt_session={await kontakt.session('staff')}"}
    staff = await kontakt.http.get(path, headers=cookie)
    assert (staff.status_code, staff.json()["code"]) == (403, "forbidden")


async def test_leads_look_things_up_as_guides_do(kontakt: Kontakt, guide: Guide) -> None:
    lead = Guide(kontakt, await kontakt.session("lead"))
    assert "Jag heter Demo Ledare " in (await lead.canned("halsning"))["text"]
    assert await lead.read("catalogue/services") == await guide.read("catalogue/services")


@both_databases
async def test_all_services_are_listed_those_for_staff_too(guide: Guide) -> None:
    answer = await guide.read("catalogue/services", language="en")
    assert answer["questions"]["bygglov.avgift"] == "Vad kostar ett bygglov?"
    assert answer["questions"].keys() == {"bygglov.behovs", "bygglov.avgift", "lon.utbetalning"}
    listed = answer["services"]
    assert listed == [
        {
            "id": "bygglov",
            "name": {"text": "The service bygglov", "language": "en"},
            "audience": "citizen",
            "sensitive": False,
            "topic": "bygga_bo",
        },
        {
            "id": "lon",
            "name": {"text": "The service lon", "language": "en"},
            "audience": "staff",
            "sensitive": False,
            "topic": "internt",
        },
    ]


async def test_service_without_a_catalogue_is_an_empty_list(kontakt: Kontakt) -> None:
    guide = Guide(kontakt, await kontakt.session())
    assert await guide.read("catalogue/services") == {"services": [], "questions": {}}
    assert await guide.search(q="bygglov", audience="staff") == {"hits": []}


async def test_card_tells_what_is_example_and_what_nobody_has_filled_in(kontakt: Kontakt, tmp_path: Path) -> None:
    service = bygglov()
    service["faqs"][0]["source"] = "example"
    service["opening_hours"] = "Vardagar, se {{telefon}}"
    service["links"] = [{"title": {"sv": "E-tjänst", "en": "E-service"}, "url": "{{lank_etjanst}}"}]
    name = {"sv": "Altanlov", "en": "Deck permit"}
    service["offers"] = [{"id": "lov", "name": name, "price": "enligt taxa", "source": "example", "fields": []}]
    await import_into(kontakt, write_data(tmp_path / "example", service))
    guide = Guide(kontakt, await kontakt.session())
    card = await guide.read("catalogue/services/bygglov")
    assert card["contact"] == [
        {"channel": "phone", "text": "numret på webbplatsen", "language": "sv", "gaps": [NUMBER]}
    ]
    assert card["opening_hours"]["text"] == "Vardagar, se numret på webbplatsen"
    assert card["links"] == [{"title": {"text": "E-tjänst", "language": "sv"}, "url": None}]
    assert card["offers"][0]["source"] == "example"
    first, second = card["faqs"]
    assert (first["id"], first["source"], first["gaps"]) == ("bygglov.behovs", "example", [NUMBER])
    assert first["answer"] == "Det beror på. Ring numret på webbplatsen."
    assert [link["url"] for link in first["links"]] == ["https://www.boverket.se/", None]
    assert (second["source"], second["gaps"], second["links"]) == ("law", [], [])
    english = await guide.read("catalogue/services/bygglov", language="ar")
    assert english["contact"][0]["text"] == "the number on the website"
    assert english["contact"][0]["language"] == "en"
    assert english["opening_hours"]["language"] == "sv"
    assert english["opening_hours"]["text"] == "Vardagar, se numret på webbplatsen"


@pytest.mark.parametrize(
    ("asked", "named", "first", "second"),
    [
        ("sv", "sv", "sv", "sv"),
        ("sv-x-easy", "sv", "sv-x-easy", "sv-x-easy"),
        ("sv-FI", "sv", "sv", "sv"),
        ("en-GB", "en", "en", "en"),
        ("fi", "en", "fi", "en"),
        ("ti", "en", "en", "en"),
    ],
)
async def test_each_text_of_a_card_says_its_language(
    guide: Guide, asked: str, named: str, first: str, second: str
) -> None:
    card = await guide.read("catalogue/services/bygglov", language=asked)
    assert card["name"]["language"] == named
    assert card["description"]["text"] == {"sv": "Beskrivning", "en": "Description"}[named]
    assert [faq["language"] for faq in card["faqs"]] == [first, second]
    assert card["faqs"][0]["translation"] == ("machine, unreviewed" if first == "fi" else None)


async def test_filled_placeholder_is_no_gap(kontakt: Kontakt, tmp_path: Path) -> None:
    filled = {
        "telefon": {**PLACEHOLDERS["telefon"], "value": "013-00 00 00"},
        "lank_etjanst": {"describes": "Adressen", "value": "https://example.org/etjanst"},
    }
    await import_into(kontakt, write_data(tmp_path / "filled", placeholders=filled))
    guide = Guide(kontakt, await kontakt.session())
    card = await guide.read("catalogue/services/bygglov", language="fi")
    assert (card["contact"][0]["text"], card["contact"][0]["gaps"]) == ("013-00 00 00", [])
    assert card["faqs"][0]["links"][1]["url"] == "https://example.org/etjanst"
    asked = await guide.canned("ring_tjansten", service="bygglov")
    assert asked["text"] == "Vill du hellre ringa om Tjänsten bygglov? Ring 013-00 00 00."
    assert (asked["unfilled"], asked["stand_ins"]) == ([], [])


@pytest.mark.parametrize(
    "path", ["catalogue/services/finns_inte", "catalogue/services/%00", "canned?service=finns_inte"]
)
async def test_unknown_service_is_refused(guide: Guide, path: str) -> None:
    answer = await guide.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "service_unknown")
    assert answer.json()["message"] == "Tjänsten finns inte i katalogen."


async def test_browser_keeps_a_card_until_an_import_changes_it(
    kontakt: Kontakt, guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.knowledge.RECHECK_SECONDS", 0.0)
    first = await guide.get("catalogue/services/bygglov")
    assert first.headers["cache-control"] == "private, max-age=60"
    assert first.headers["vary"] == "Cookie"
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}'):
        again = await guide.get("catalogue/services/bygglov", {"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    service = bygglov()
    service["provider"] = "En annan förvaltning"
    await import_into(kontakt, write_data(tmp_path / "changed", service, lon()))
    changed = await guide.get("catalogue/services/bygglov", {"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["provider"]) == (200, "En annan förvaltning")


async def test_catalogue_is_made_once_however_many_ask(
    kontakt: Kontakt, guide: Guide, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    class Counted(CatalogueSearch):
        def __init__(self, catalogue: Catalogue) -> None:
            made.append(catalogue.revision)
            super().__init__(catalogue)

    monkeypatch.setattr("handover.knowledge.CatalogueSearch", Counted)
    changed = {**PLACEHOLDERS, "telefon": {**PLACEHOLDERS["telefon"], "sv": "ett annat nummer"}}
    await import_into(kontakt, write_data(folder, placeholders=changed))
    await asyncio.gather(*(guide.search(q="lön", audience="staff") for _ in range(10)))
    assert made[-1] == 2
    assert len(made) == len(set(made)), "a catalogue was indexed twice"


@both_databases
async def test_search_leaves_staff_answers_out_for_a_citizen(guide: Guide) -> None:
    text = "bygglovstillägget lönen"
    for_staff = (await guide.search(q=text, audience="staff", language="en"))["hits"]
    assert for_staff[0]["faq"]["id"] == "lon.utbetalning"
    assert (for_staff[0]["service"], for_staff[0]["audience"]) == ("lon", "staff")
    assert for_staff[0]["service_name"] == {"text": "The service lon", "language": "en"}
    assert for_staff[0]["faq"]["answer"] == "On the 27th."
    for_citizen = (await guide.search(q=text, audience="citizen"))["hits"]
    assert for_citizen
    assert {one["audience"] for one in for_citizen} == {"citizen"}


async def test_search_keeps_to_its_limit(guide: Guide) -> None:
    hits = (await guide.search(q="bygglov", audience="citizen", limit=1))["hits"]
    assert len(hits) == 1
    assert await guide.search(q="", audience="citizen") == {"hits": []}
    assert await guide.search(q="x" * 200, audience="citizen") == {"hits": []}


@pytest.mark.parametrize(
    "params",
    [
        {"q": "bygglov"},
        {"audience": "citizen"},
        {"q": "bygglov", "audience": "everybody"},
        {"q": "x" * 201, "audience": "citizen"},
        {"q": "bygglov", "audience": "citizen", "limit": 0},
        {"q": "bygglov", "audience": "citizen", "limit": 21},
        {"q": "bygglov", "audience": "citizen", "limit": "many"},
        {"q": "bygglov", "audience": "citizen", "language": "svenska språket"},
    ],
)
async def test_search_that_asks_amiss_is_refused(guide: Guide, params: dict[str, Any]) -> None:
    answer = await guide.post("catalogue/search", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("params", [{"q": "x" * 201}, {"language": "!"}, {"service": "Stor Bokstav"}])
async def test_ready_made_answers_asked_for_amiss_are_refused(guide: Guide, params: dict[str, Any]) -> None:
    answer = await guide.get("canned", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_ready_made_answer_speaks_in_the_name_of_the_guide(kontakt: Kontakt, guide: Guide) -> None:
    assert f"Jag heter {NAME} " in (await guide.canned("halsning"))["text"]
    colleague = Guide(kontakt, await kontakt.session("guide2"))
    assert "Jag heter Demo Kollega " in (await colleague.canned("halsning"))["text"]


async def test_variable_that_nobody_can_fill_stays_visible_and_is_told(guide: Guide) -> None:
    created = await guide.canned("arende_skapat")
    assert "Ärendenumret är {{case_number}}." in created["text"]
    assert created["unfilled"] == [{"name": "case_number", "describes": "Ärendenummer"}]
    without = await guide.canned("ring_tjansten")
    assert [gap["name"] for gap in without["unfilled"]] == ["service_name", "phone"]
    without_hours = await guide.canned("oppettider_tjansten", service="bygglov")
    assert [gap["name"] for gap in without_hours["unfilled"]] == ["opening_hours"]


async def test_phrase_stands_in_for_a_gap_where_the_phrase_is_in_the_language(guide: Guide) -> None:
    swedish = await guide.canned("ring_tjansten", service="bygglov")
    assert swedish["text"] == "Vill du hellre ringa om Tjänsten bygglov? Ring numret på webbplatsen."
    assert [gap["name"] for gap in swedish["stand_ins"]] == ["phone"]
    assert swedish["unfilled"] == []
    english = await guide.canned("ring_tjansten", service="bygglov", language="en")
    assert english["text"] == "Would you rather call about The service bygglov? Call the number on the website."


async def test_ready_made_answer_says_its_language_and_shows_the_swedish(guide: Guide) -> None:
    finnish = await guide.canned("halsning", language="fi")
    assert (finnish["language"], finnish["translation"]) == ("fi", "machine, unreviewed")
    assert finnish["text"].startswith(f"Hei! Nimeni on {NAME}")
    assert finnish["swedish"].startswith(f"Hej! Jag heter {NAME}")
    english = await guide.canned("e_tjanst", language="fi")
    assert (english["language"], english["translation"]) == ("en", None)
    assert (await guide.canned("halsning"))["swedish"] is None


async def test_ready_made_answers_are_found_by_a_few_letters(guide: Guide) -> None:
    everything = (await guide.read("canned"))["answers"]
    assert len(everything) >= 30
    found = (await guide.read("canned", q="/hej"))["answers"]
    assert [one["id"] for one in found] == ["halsning", "tack_hej_da"]
    assert (await guide.read("canned", q="finnsintealls")) == {"answers": []}


@both_databases
async def test_earlier_conversations_of_a_signed_in_person_are_listed_newest_first(
    kontakt: Kontakt, guide: Guide
) -> None:
    await as_staff(kontakt, username="guide2")
    opened = await as_staff(kontakt, 23)
    now = opened[21]
    listed = (await guide.read(f"conversations/{now}/earlier"))["conversations"]
    assert [one["conversation_id"] for one in listed] == opened[20:0:-1]
    assert len(listed) == 20
    assert (listed[0]["state"], listed[0]["outcome"], listed[0]["messages"]) == ("bot", None, 0)
    assert listed[0]["last_message_at"] is None
    assert (await guide.read(f"conversations/{opened[0]}/earlier")) == {"conversations": []}


@both_databases
async def test_earlier_conversation_tells_how_it_ended(kontakt: Kontakt, guide: Guide) -> None:
    cookie = {"Cookie": f"kontakt_session={await kontakt.session('staff')}"}
    body = {"audience": "staff", "service": "lon"}
    opened = await kontakt.http.post("/api/v1/conversations", json=body, headers=cookie)
    employee = CitizenClient(kontakt.url, *opened.json().values())
    await kontakt.keep(employee)
    await employee.say("När kommer lönen?")
    await employee.wait_for("message", sender="bot")
    desk = await kontakt.guide()
    await desk.act("take_over", employee.conversation_id)
    await desk.act("reply", employee.conversation_id, text="Den 27:e.")
    await desk.act("close", employee.conversation_id, outcome="solved")
    await employee.do("rate", score=5, resolved=True)
    [later] = await as_staff(kontakt)
    [told] = (await guide.read(f"conversations/{later}/earlier"))["conversations"]
    assert told["conversation_id"] == employee.conversation_id
    assert (told["state"], told["outcome"], told["service"], told["messages"]) == ("closed", "solved", "lon", 3)
    assert told["opened_at"] < told["last_message_at"]
    k.EarlierConversation.model_validate(told)


async def test_citizens_are_strangers_to_each_other(kontakt: Kontakt, guide: Guide) -> None:
    (first, _), (second, _) = await kontakt.open(), await kontakt.open()
    for one in (first, second):
        assert await guide.read(f"conversations/{one}/earlier") == {"conversations": []}


@both_databases
@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "nul%00nul%00"])
async def test_earlier_conversations_of_an_unknown_one_are_refused(guide: Guide, unknown: str) -> None:
    answer = await guide.get(f"conversations/{unknown}/earlier")
    assert (answer.status_code, answer.json()["code"]) == (404, "conversation_unknown")


async def test_service_does_not_start_on_broken_answers(
    start_kontakt: StartKontakt, small_data: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("crisis.yml", "phrases.yml", "placeholders.yml"):
        (broken / name).write_bytes((small_data / name).read_bytes())
    (broken / "canned.yml").write_text("- id: hej\n  title: Hej\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"canned\.yml:1: 0\.shortcuts: Field required"):
        async with start_kontakt(data=broken):
            pass
