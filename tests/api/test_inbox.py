"""The inbox through its door: what is missed comes in, grouped; a label is given once, by whoever was first."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handover.core.errors import HandoverError
from handover.store import redaction
from tests.api.missed import INBOX, Basket, ask, begin, label_body, texts_of
from tests.api.supervised import FAQ, OTHER, Person, Supervised, supervised
from tests.conftest import StartKontakt
from tests.support.clients import Refused, new_id
from tests.support.engine_double import EngineDouble
from tests.support.small_catalogue import bygglov, import_into, lon, write_data

pytestmark = pytest.mark.anyio
BOD = "Får man sätta upp en bod på gården?"
KEPT = "Menar ni att det kostar något?"


@pytest.fixture
async def room(start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path) -> AsyncIterator[Supervised]:
    """The service with an assistant that misses everything that is not chosen."""
    async with supervised(start_kontakt, engine_stub, tmp_path, default_level="auto") as people:
        begin(people, engine_stub)
        yield people


async def editors(room: Supervised) -> tuple[Person, Person]:
    """Return an editor, who has no desk, and a lead."""
    return await room.person("editor"), room.lead


async def test_what_is_missed_comes_in_grouped_the_worst_first(room: Supervised) -> None:
    editor, _ = await editors(room)
    assert await editor.get(INBOX) == {"total_groups": 0, "total_texts": 0, "waiting": 0, "groups": []}
    await ask(room, KEPT, OTHER)
    await ask(room, "Menar ni altan också?")
    await ask(room, "Menar ni friggebod?")
    for text in (BOD, "Får man sätta en bod på gården", BOD.upper(), "Vart är biblioteket?"):
        await ask(room, text)
    page = await editor.get(INBOX)
    assert (page["total_groups"], page["total_texts"]) == (3, 6)
    bod, fee, library = page["groups"]
    assert bod["texts"][0]["count"] == 2, "the same words are one text"
    assert (bod["suggestions"], bod["count"], bod["size"]) == ([], 3, 2)
    assert "bod" in bod["name"]
    assert [one["faq"] for one in fee["suggestions"]] == [OTHER, FAQ]
    chosen = next(one for one in fee["texts"] if one["text"] == KEPT)
    assert (chosen["chosen"], chosen["kinds"], chosen["language"]) == (OTHER, ["asked"], "sv")
    assert chosen["offered"] == [FAQ, OTHER]
    assert library["texts"][0]["kinds"] == ["searched"]


async def test_label_takes_its_texts_out_and_stands_with_who_gave_it(room: Supervised) -> None:
    editor, lead = await editors(room)
    await ask(room, BOD)
    await ask(room, KEPT)
    first, second = await texts_of(editor)
    labelled = await editor.post(f"{INBOX}/labels", **label_body([first], "faq", faq=FAQ))
    assert labelled["texts"] == 1
    await editor.post(f"{INBOX}/labels", **label_body([second], "new_faq", name="  Avgift för bod "))
    assert await texts_of(lead) == []
    given = (await lead.get(f"{INBOX}/labels"))["labels"]
    assert [(one["label"], one.get("faq"), one.get("name")) for one in given] == [
        ("new_faq", None, "Avgift för bod"),
        ("faq", FAQ, None),
    ]
    names = {one["by_name"] for one in given}
    assert len(names) == 1
    await ask(room, BOD)
    assert await texts_of(lead) == [], "the same model misses it again: that is known"


async def test_second_label_is_refused_with_who_and_what(room: Supervised) -> None:
    editor, lead = await editors(room)
    await ask(room, BOD)
    await ask(room, KEPT)
    seen = await texts_of(lead)
    await editor.post(f"{INBOX}/labels", **label_body(seen[:1], "faq", faq=FAQ))
    with pytest.raises(Refused) as refused:
        await lead.post(f"{INBOX}/labels", **label_body(seen, "out_of_scope"))
    assert refused.value.code == "miss_labelled"
    name = (await lead.get(f"{INBOX}/labels"))["labels"][0]["by_name"]
    assert refused.value.frame["message"] == f"{name} har redan märkt texten: Behöver jag bygglov för altan?."
    assert [one["text"] for one in await texts_of(lead)] == [seen[1]["text"]], "all or none"


async def test_label_is_undone_by_who_gave_it(room: Supervised) -> None:
    editor, lead = await editors(room)
    await ask(room, BOD)
    body = label_body(await texts_of(editor), "right")
    for _ in range(2):  # A repeat is once.
        await editor.post(f"{INBOX}/labels", **body)
    with pytest.raises(Refused, match="label_unknown"):
        await lead.delete(f"{INBOX}/labels/{body['id']}")
    await editor.delete(f"{INBOX}/labels/{body['id']}")
    (again,) = await texts_of(lead)
    assert again["version"] == 0
    with pytest.raises(Refused, match="label_unknown"):
        await editor.delete(f"{INBOX}/labels/{body['id']}")
    (given,) = (await lead.get(f"{INBOX}/labels"))["labels"]
    assert given["undone"] is True, "the log keeps it"
    await lead.post(f"{INBOX}/labels", **label_body([again], "skip"))


async def test_who_looks_at_a_group_is_told_and_has_it_alone(room: Supervised) -> None:
    editor, lead = await editors(room)
    await ask(room, BOD)
    await ask(room, KEPT)
    first, second = await texts_of(editor)
    held = await editor.post(f"{INBOX}/holds", texts=[first["key"]])
    assert held["texts"] == [first["key"]]
    by_group = {group["texts"][0]["key"]: group.get("held_by") for group in (await lead.get(INBOX))["groups"]}
    assert by_group[first["key"]] is not None
    assert by_group[second["key"]] is None
    assert all(group.get("held_by") is None for group in (await editor.get(INBOX))["groups"]), "not one's own"
    assert (await lead.post(f"{INBOX}/holds", texts=[first["key"], second["key"]]))["texts"] == [second["key"]]
    with pytest.raises(Refused, match="miss_held") as refused:
        await lead.post(f"{INBOX}/labels", **label_body([first], "right"))
    assert by_group[first["key"]] in refused.value.frame["message"]
    await editor.post(f"{INBOX}/holds", texts=[])
    await lead.post(f"{INBOX}/labels", **label_body([first], "right"))


NONSENSE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("faq", {}, "label_incomplete"),
    ("faq", {"faq": "bygglov.finns_inte"}, "faq_unknown"),
    ("right", {"faq": FAQ}, "label_incomplete"),
    ("new_faq", {}, "label_incomplete"),
    ("new_faq", {"name": "   "}, "bad_request"),
    ("new_faq", {"name": "x" * 121}, "bad_request"),
    ("skip", {"name": "Bod"}, "label_incomplete"),
    ("anything", {}, "bad_request"),
)


async def test_labels_that_make_no_sense_are_refused(room: Supervised) -> None:
    editor, _ = await editors(room)
    await ask(room, BOD)
    texts = await texts_of(editor)
    for label, fields, code in NONSENSE:
        with pytest.raises(Refused, match=code):
            await editor.post(f"{INBOX}/labels", **label_body(texts, label, **fields))
    assert await texts_of(editor) == texts


async def test_texts_that_are_not_there_are_refused(room: Supervised) -> None:
    editor, _ = await editors(room)
    nowhere = {"key": "0" * 32, "version": 0}
    with pytest.raises(Refused, match="miss_unknown"):
        await editor.post(f"{INBOX}/labels", **label_body([nowhere], "right"))
    for texts in ([], [{"key": "å", "version": 0}], [nowhere] * 51, [{"key": "0" * 32, "version": -1}]):
        with pytest.raises(Refused, match="bad_request"):
            await editor.post(f"{INBOX}/labels", id=new_id(), label="right", texts=texts)
    with pytest.raises(Refused, match="bad_request"):
        await editor.post(f"{INBOX}/holds", texts=["0" * 31])


async def test_faq_that_is_gone_brings_its_texts_back(room: Supervised, tmp_path: Path) -> None:
    """A question renamed while somebody labels to it: nothing is stored, and what waits for it is shown again."""
    editor, _ = await editors(room)
    await ask(room, BOD)
    await ask(room, KEPT)
    first, second = await texts_of(editor)
    await editor.post(f"{INBOX}/labels", **label_body([first], "faq", faq=OTHER))
    renamed = bygglov()
    renamed["faqs"][1]["id"] = "taxa"
    renamed["faqs"][0]["related"] = ["bygglov.taxa"]
    await import_into(room.kontakt, write_data(tmp_path / "renamed", renamed, lon()))
    with pytest.raises(Refused, match="faq_unknown"):
        await editor.post(f"{INBOX}/labels", **label_body([second], "faq", faq=OTHER))
    texts = await texts_of(editor)
    assert {one["key"]: one["version"] for one in texts} == {first["key"]: 1, second["key"]: 0}
    again = next(one for one in texts if one["version"] == 1)
    await editor.post(f"{INBOX}/labels", **label_body([again], "faq", faq="bygglov.taxa"))
    assert [one["key"] for one in await texts_of(editor)] == [second["key"]]


async def test_redacted_text_is_gone(room: Supervised) -> None:
    editor, _ = await editors(room)
    citizen = await ask(room, BOD)
    await ask(room, "Var är biblioteket?")
    assert len(await texts_of(editor)) == 2
    clock = room.kontakt.services.conversations._clock
    await room.kontakt.services.database.write(
        lambda connection: redaction.redact_event(connection, citizen.conversation_id, 2, clock(), None)
    )
    assert [one["text"] for one in await texts_of(editor)] == ["Var är biblioteket?"]


async def test_personal_data_is_never_in_the_inbox(room: Supervised) -> None:
    editor, _ = await editors(room)
    await ask(room, "Jag heter Ada, mitt nummer är 19811218-9876, får jag bygga?")
    (text,) = await texts_of(editor)
    assert "9876" not in text["text"]


async def test_context_is_for_those_with_a_desk(room: Supervised) -> None:
    editor, lead = await editors(room)
    citizen = await ask(room, BOD)
    path = f"{INBOX}/context/{citizen.conversation_id}"
    lines = (await lead.get(f"{path}/2"))["lines"]
    assert [(line["from"], line["text"]) for line in lines] == [("citizen", BOD), ("bot", "Jag hittade")]
    with pytest.raises(Refused, match="forbidden"):
        await editor.get(f"{path}/2")
    with pytest.raises(Refused, match="miss_unknown"):
        await lead.get(f"{path}/1")
    with pytest.raises(Refused, match="conversation_unknown"):
        await lead.get(f"{INBOX}/context/{'x' * 12}/2")


async def test_questions_to_choose_from_are_all_of_the_catalogue(room: Supervised) -> None:
    editor, _ = await editors(room)
    faqs = (await editor.get(f"{INBOX}/faqs"))["faqs"]
    assert {"id": OTHER, "question": "Vad kostar ett bygglov?", "service": "bygglov"}.items() <= {
        key: value for one in faqs if one["id"] == OTHER for key, value in one.items()
    }.items()
    assert "staff" in {one["audience"] for one in faqs}


async def test_examples_go_to_the_editors_change_set_once(room: Supervised) -> None:
    editor, lead = await editors(room)
    basket = Basket()
    room.kontakt.services.inbox._target = basket
    for text in (BOD, KEPT, "Var är biblioteket?", "Vilken dag är det?", "Hjälp"):
        await ask(room, text)
    by_text = {one["text"]: one for one in await texts_of(editor)}
    bodies = [
        label_body([by_text[BOD]], "faq", faq=FAQ),
        label_body([by_text[KEPT]], "right"),
        label_body([by_text["Vilken dag är det?"]], "out_of_scope"),
        label_body([by_text["Hjälp"]], "out_of_scope"),
    ]
    for body in bodies:
        await editor.post(f"{INBOX}/labels", **body)
    assert ((await editor.get(INBOX))["waiting"], (await lead.get(INBOX))["waiting"]) == (3, 0)

    basket.refusal = HandoverError("database_unavailable")
    with pytest.raises(Refused, match="database_unavailable"):
        await editor.post(f"{INBOX}/proposals")
    basket.refusal = None
    assert await lead.post(f"{INBOX}/proposals") == {"examples": 0, "change_set_id": None}
    assert await editor.post(f"{INBOX}/proposals") == {"examples": 2, "change_set_id": "change-of-editor"}
    assert [(one.intent, one.text, one.language, one.voice) for one, _ in basket.taken] == [
        (FAQ, BOD, "sv", "vardag"),
        ("out_of_scope", "Vilken dag är det?", "sv", "vardag"),
    ]
    assert (await editor.post(f"{INBOX}/proposals"))["examples"] == 0
    assert (await editor.get(INBOX))["waiting"] == 1, "what was not taken waits"
    with pytest.raises(Refused, match="label_used"):
        await editor.delete(f"{INBOX}/labels/{bodies[0]['id']}")


@pytest.mark.parametrize("seed", range(2))
async def test_two_who_label_at_random_never_label_the_same_text_twice(room: Supervised, seed: int) -> None:
    """Both see the same list, take texts at random and undo at random: one label stands of each."""
    people = await editors(room)
    for number in range(8):
        await ask(room, f"Fråga {'ab' * (number + 1)} om något")
    shown = await texts_of(people[0])
    assert len(shown) == 8
    standing: dict[str, str] = {}

    async def work(person: Person, name: str, chance: random.Random) -> None:
        for text in chance.sample(shown, len(shown)):
            body = label_body([text], chance.choice(["right", "out_of_scope", "skip"]))
            try:
                await person.post(f"{INBOX}/labels", **body)
            except Refused as refused:
                assert refused.code == "miss_labelled"
                continue
            assert text["key"] not in standing, "two were told that it is theirs"
            standing[text["key"]] = name
            if chance.random() < 0.3:
                del standing[text["key"]]
                await person.delete(f"{INBOX}/labels/{body['id']}")

    chances = (random.Random(f"{seed}{name}") for name in "ab")  # noqa: S311
    await asyncio.gather(*map(work, people, "ab", chances))
    left = {one["key"] for one in await texts_of(people[0])}
    assert left == {one["key"] for one in shown} - standing.keys()
    given = (await people[0].get(f"{INBOX}/labels"))["labels"]
    assert sorted(one["key"] for one in given if not one["undone"]) == sorted(standing)
