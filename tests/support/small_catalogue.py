"""A small catalogue of invented services, as files on disk: one for citizens, one for staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from catalogue.documents import read_catalogue, text_hash
from catalogue.importer import import_catalogue
from tests.support.kontakt import ALWAYS_OPEN, DATA, Kontakt


def texts(sv: str, en: str) -> dict[str, str]:
    """Return a text in the three core languages."""
    return {"sv": sv, "sv-x-easy": f"Lätt: {sv}", "en": en}


def faq(name: str, question: dict[str, str], answer: dict[str, str], **changed: Any) -> dict[str, Any]:
    """Return one FAQ, stamped as made from its Swedish text."""
    body: dict[str, Any] = {
        "id": name,
        "question": question,
        "answer": answer,
        "made_from": dict.fromkeys(("sv-x-easy", "en"), text_hash(f"{question['sv']}\n{answer['sv']}")),
        "source": "facts",
        "owner": "Kontakt",
        "reviewed": "2026-01-01",
        "review_by": "2027-01-01",
    }
    return {**body, **changed}


def service(name: str, audience: str, faqs: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    """Return one service."""
    body: dict[str, Any] = {
        "id": name,
        "name": {"sv": f"Tjänsten {name}", "en": f"The service {name}"},
        "description": {"sv": "Beskrivning", "en": "Description"},
        "provider": "Förvaltningen",
        "audience": audience,
        "topic": "internt" if audience == "staff" else "bygga_bo",
        "sensitive": False,
        "search_words": [f"{name}ord", "ett", "två"],
        "languages": ["sv", "sv-x-easy", "en"],
        "contact": [{"channel": "phone", "value": "{{telefon}}"}],
        "links": [],
        "opening_hours": None,
        "offers": [],
        "faqs": faqs,
    }
    return {**body, **changed}


def bygglov() -> dict[str, Any]:
    """Return the service that citizens ask of."""
    behovs = faq(
        "behovs",
        texts("Behöver jag bygglov för altan?", "Do I need a building permit for a deck?"),
        texts("Det beror på. Ring {{telefon}}.", "It depends. Call {{telefon}}."),
        links=[
            {"title": {"sv": "Boverket", "en": "Boverket"}, "url": "https://www.boverket.se/"},
            {"title": {"sv": "E-tjänst", "en": "E-service"}, "url": "{{lank_etjanst}}"},
        ],
        related=["bygglov.avgift"],
    )
    finnish = {"question": "Tarvitsenko luvan?", "answer": "Se riippuu.", "translation": "machine, unreviewed"}
    behovs["translations"] = {"fi": finnish}
    behovs["made_from"]["fi"] = behovs["made_from"]["en"]
    avgift = faq(
        "avgift",
        texts("Vad kostar ett bygglov?", "What does a permit cost?"),
        texts("Enligt taxan.", "By the tariff."),
        source="law",
        law="Plan- och bygglagen (2010:900)",
    )
    return service("bygglov", "citizen", [behovs, avgift])


def lon() -> dict[str, Any]:
    """Return the service that only staff may ask of."""
    question = texts("När kommer lönen och bygglovstillägget?", "When is the salary paid?")
    return service("lon", "staff", [faq("utbetalning", question, texts("Den 27:e.", "On the 27th."))])


PLACEHOLDERS: dict[str, Any] = {
    "telefon": {"describes": "Numret", "sv": "numret på webbplatsen", "en": "the number on the website"},
    "lank_etjanst": {"describes": "Adressen till e-tjänsten"},
}


#: A ready-made answer as it stands in `data/canned.yml`.
HELLO: dict[str, Any] = {
    "id": "hello",
    "title": "Hälsning",
    "shortcuts": ["hej"],
    "texts": {"sv": "Hej! Jag heter {{guide_name}}.", "en": "Hello! My name is {{guide_name}}."},
}


def write_canned(folder: Path, *answers: dict[str, Any]) -> Path:
    """Write the ready-made answers, `HELLO` unless others are given; return the file."""
    _dump(folder / "canned.yml", list(answers or (HELLO,)))
    return folder / "canned.yml"


def write_data(folder: Path, *services: dict[str, Any], placeholders: dict[str, Any] | None = None) -> Path:
    """Write a data folder and return it; the two services above unless others are given."""
    written = services or (bygglov(), lon())
    (folder / "catalogue").mkdir(parents=True, exist_ok=True)
    for one in written:
        _dump(folder / "catalogue" / f"{one['id']}.yml", one)
    _dump(folder / "placeholders.yml", PLACEHOLDERS if placeholders is None else placeholders)
    _dump(folder / "inventory.yml", {one["id"]: [faq["id"] for faq in one["faqs"]] for one in written})
    (folder / "phrases.yml").write_bytes((DATA / "phrases.yml").read_bytes())
    _dump(folder / "opening_hours.yml", {**ALWAYS_OPEN, "placeholder": "telefon"})
    write_canned(folder)
    (folder / "nlu").mkdir(exist_ok=True)
    return folder


def _dump(path: Path, body: Any) -> None:
    path.write_text(yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")


async def import_into(kontakt: Kontakt, folder: Path) -> None:
    """Import the catalogue of a data folder, as `python -m catalogue import` does beside a running service."""
    files = read_catalogue(folder)
    await kontakt.services.database.write(lambda connection: import_catalogue(connection, files))
    kontakt.services.knowledge.forget()
