"""An import replaces the whole catalogue or nothing; what is read back is what the files say."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from catalogue.__main__ import main
from catalogue.documents import CatalogueError, read_catalogue
from catalogue.importer import import_catalogue
from catalogue.models import Base, FaqRow
from catalogue.snapshot import Catalogue, FaqUnknownError, get_revision, load_catalogue
from handover.store.database import Database
from tests.support.kontakt import DATA
from tests.support.small_catalogue import PLACEHOLDERS, bygglov, faq, lon, texts, write_data

pytestmark = pytest.mark.anyio


async def _import(database: Database, folder: Path) -> bool:
    files = read_catalogue(folder)
    return await database.write(lambda connection: import_catalogue(connection, files))


async def _load(database: Database) -> Catalogue:
    return await database.read(load_catalogue)


def _everything(connection: Connection) -> list[list[object]]:
    return [
        list(connection.execute(select(table).order_by(*table.primary_key))) for table in Base.metadata.sorted_tables
    ]


async def test_import_is_read_back_and_a_second_one_changes_nothing(database: Database, tmp_path: Path) -> None:
    folder = write_data(tmp_path)
    assert await _import(database, folder) is True
    before = await database.read(_everything)
    assert await _import(database, folder) is False
    assert await database.read(_everything) == before
    catalogue = await _load(database)
    assert list(catalogue.services) == ["bygglov", "lon"]
    assert [one.id for one in catalogue.services["bygglov"].faqs] == ["bygglov.behovs", "bygglov.avgift"]


async def test_changed_import_gives_a_new_revision_and_takes_out_what_is_gone(
    database: Database, tmp_path: Path
) -> None:
    await _import(database, write_data(tmp_path / "one"))
    first = await database.read(get_revision)
    shorter = bygglov()
    shorter["faqs"][0]["related"] = []
    del shorter["faqs"][1]
    assert await _import(database, write_data(tmp_path / "two", shorter)) is True
    catalogue = await _load(database)
    assert catalogue.revision > first
    assert list(catalogue.services) == ["bygglov"]
    assert catalogue.find_faq("bygglov.avgift") is None
    assert await _import(database, write_data(tmp_path / "one")) is True
    assert (await _load(database)).find_faq("bygglov.avgift") is not None


async def test_import_that_fails_halfway_leaves_the_old_catalogue(database: Database, tmp_path: Path) -> None:
    await _import(database, write_data(tmp_path / "one"))
    before = await database.read(_everything)
    files = read_catalogue(write_data(tmp_path / "two", bygglov()))

    def fail(connection: Connection) -> None:
        import_catalogue(connection, files)
        assert connection.scalar(select(func.count()).select_from(FaqRow)) == 2
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(_everything) == before


@pytest.mark.parametrize("broken", ["audience: citizen", "- not yaml: ["])
async def test_broken_files_leave_the_old_catalogue(database: Database, tmp_path: Path, broken: str) -> None:
    await _import(database, write_data(tmp_path))
    before = await database.read(_everything)
    (tmp_path / "catalogue" / "bygglov.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(CatalogueError):
        await _import(database, tmp_path)
    assert await database.read(_everything) == before


async def test_command_refuses_broken_data_with_file_and_line_and_changes_nothing(
    database: Database,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await _import(database, write_data(tmp_path))
    before = await database.read(_everything)
    broken = bygglov()
    broken["audience"] = "everybody"
    write_data(tmp_path, broken, lon())
    monkeypatch.setenv("KONTAKT_DATABASE_URL", database_url)
    for command in ("check", "import"):
        monkeypatch.setattr(sys, "argv", ["catalogue", command, "--data", str(tmp_path)])
        assert await asyncio.to_thread(main) == 1
        told = capsys.readouterr().err
        assert f"{tmp_path}/catalogue/bygglov.yml:" in told
        assert "nothing was changed" in told
    assert await database.read(_everything) == before


async def test_whole_catalogue_of_the_product_is_imported(database: Database) -> None:
    await _import(database, DATA)
    catalogue = await _load(database)
    wanted = read_catalogue(DATA).intents()
    assert [one.id for service in catalogue.services.values() for one in service.faqs] == wanted
    for faq_id in wanted:
        for language in ("sv", "sv-x-easy", "en", "ar", "fi"):
            answer = catalogue.get_answer(faq_id, language, "staff")
            assert "{{" not in answer.text, faq_id
            assert answer.text.strip()


async def test_placeholders_are_filled_by_value_or_phrase(database: Database, tmp_path: Path) -> None:
    await _import(database, write_data(tmp_path / "one"))
    gap = await _load(database)
    assert gap.get_answer("bygglov.behovs", "sv", "citizen").text == "Det beror på. Ring numret på webbplatsen."
    assert gap.get_answer("bygglov.behovs", "en", "citizen").text == "It depends. Call the number on the website."
    assert [link.url for link in gap.get_answer("bygglov.behovs", "sv", "citizen").links] == [
        "https://www.boverket.se/"
    ]
    filled = {
        "telefon": {**PLACEHOLDERS["telefon"], "value": "013-20 60 00"},
        "lank_etjanst": {**PLACEHOLDERS["lank_etjanst"], "value": "https://minasidor.example/"},
    }
    await _import(database, write_data(tmp_path / "two", placeholders=filled))
    known = (await _load(database)).get_answer("bygglov.behovs", "en", "citizen")
    assert known.text == "It depends. Call 013-20 60 00."
    assert [link.url for link in known.links][1] == "https://minasidor.example/"


async def test_gap_in_a_newcomers_language_is_filled_in_that_language(database: Database, tmp_path: Path) -> None:
    finnish = {**PLACEHOLDERS["telefon"], "fi": "numero verkkosivustolla"}
    await _import(database, write_data(tmp_path, placeholders={**PLACEHOLDERS, "telefon": finnish}))
    catalogue = await _load(database)
    for language, filled in {
        "fi": "numero verkkosivustolla",
        "fi-FI": "numero verkkosivustolla",
        "ar": "the number on the website",
        "sv-x-easy": "numret på webbplatsen",
    }.items():
        assert catalogue.fill("{{telefon}}", language) == filled


@pytest.mark.parametrize(
    ("asked", "given"),
    [("sv", "sv"), ("sv-x-easy", "sv-x-easy"), ("en", "en"), ("fi", "fi"), ("ar", "en"), ("sv-FI", "sv"), ("xx", "en")],
)
async def test_answer_falls_back_to_the_nearest_language(
    database: Database, tmp_path: Path, asked: str, given: str
) -> None:
    await _import(database, write_data(tmp_path))
    assert (await _load(database)).get_answer("bygglov.behovs", asked, "citizen").language == given


async def test_citizens_get_no_staff_answer(database: Database, tmp_path: Path) -> None:
    await _import(database, write_data(tmp_path))
    catalogue = await _load(database)
    assert catalogue.get_answer("lon.utbetalning", "sv", "staff").text == "Den 27:e."
    for audience in ("citizen", "", "admin", "STAFF"):
        with pytest.raises(FaqUnknownError):
            catalogue.get_answer("lon.utbetalning", "sv", audience)
    for unknown in ("", "bygglov", "bygglov.", "bygglov.finns_inte", "lon.utbetalning.x"):
        with pytest.raises(FaqUnknownError):
            catalogue.get_answer(unknown, "sv", "staff")


async def test_service_without_placeholders_is_imported(database: Database, tmp_path: Path) -> None:
    plain = bygglov()
    plain["contact"] = [{"channel": "visit", "value": "Stadshuset"}]
    plain["faqs"] = [faq("behovs", texts("Fråga?", "Question?"), texts("Svar.", "Answer."))]
    assert await _import(database, write_data(tmp_path, plain, placeholders={})) is True
