"""Change sets over HTTP: an edit is a commit with the editor's name, a conflicting one changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handover.store import changes
from handover.tuning.changes.edits import AddExample
from handover.tuning.changes.repository import Author
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.kontakt import Kontakt
from tests.support.tuning import BEHOVS, Editor, git, make_git, make_tuning_data

pytestmark = pytest.mark.anyio


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is a git repository."""
    return make_git(make_tuning_data(tmp_path / "data"))


@pytest.fixture
async def running(start_kontakt: StartKontakt, data: Path) -> AsyncIterator[Kontakt]:
    """The service on this data folder."""
    async with start_kontakt(data=data) as kontakt:
        yield kontakt


@pytest.fixture
async def editor(running: Kontakt) -> Editor:
    """An editor with an open change set."""
    editor = await Editor.of(running)
    await editor.open()
    return editor


@both_databases
async def test_added_example_is_a_commit_of_exactly_one_line(editor: Editor, data: Path) -> None:
    before = git(data, "rev-parse", "HEAD", "HEAD^{tree}")
    done = await editor.add("Krävs det lov för en pergola?")
    branch = f"tuning/{editor.set_id}"
    changed = [
        line
        for line in git(data, "diff", "-U0", "main", branch).splitlines()
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["+    - Krävs det lov för en pergola?"]
    shown = git(data, "log", "-1", "--format=%H|%an|%ae|%cn|%s", branch).strip().split("|")
    assert shown[0] == done["head"]
    assert shown[1].startswith("Demo") or shown[1]
    assert shown[2].endswith("@users.noreply.kontakt.invalid")
    assert shown[3:] == ["Kontakt", "bygglov.behovs: Add an example (vardag)."]
    assert git(data, "rev-parse", "HEAD", "HEAD^{tree}") == before
    assert git(data, "status", "--porcelain") == ""
    assert (data / "nlu" / "bygglov.yml").read_text(encoding="utf-8") == BEHOVS
    git(data, "fsck", "--strict")
    detail = await editor.get("")
    assert [(one["subject"], one["what"]) for one in detail["edits"]] == [
        ("bygglov.behovs", "Add an example (vardag).")
    ]


@both_databases
async def test_life_of_a_change_set(running: Kontakt, editor: Editor) -> None:
    sets = running.services.changes.sets
    await editor.add("Krävs det lov för en pergola?")
    listed = (await editor.ask("GET", "")).json()["change_sets"]
    assert [(one["title"], one["state"], one["edits"]) for one in listed] == [("Altaner", "open", 1)]
    await sets.begin_training(editor.set_id)
    assert (await editor.refusal("add_example", intent="bygglov.behovs", text="Ny?"))[:2] == (409, "change_set_busy")
    assert (await editor.ask("POST", f"/{editor.set_id}/abandon")).json()["code"] == "change_set_busy"
    await sets.end_training(editor.set_id)
    await editor.add("Ny?")
    await editor.post("/abandon")
    assert (await editor.refusal("add_example", intent="bygglov.behovs", text="Nu?"))[:2] == (409, "change_set_closed")
    assert (await editor.ask("GET", "/nowhere")).json()["code"] == "change_set_unknown"
    assert (await editor.get("/diff"))["diff"].count("\n+    - ") == 2


async def note_service(running: Kontakt, set_id: str, commit: str | None) -> changes.ChangeSet:
    """Let a commit of a set be what answers, as a swap does."""
    now = datetime.now(UTC)
    return await running.services.database.write(
        lambda connection: changes.note_service(connection, set_id, commit, now)
    )


async def test_next_set_begins_where_the_one_in_service_ends(running: Kontakt, editor: Editor, data: Path) -> None:
    sets = running.services.changes.sets
    other = await Editor.of(running, "lead")
    await other.open("Samtidigt")
    await other.add("Hur mycket kostar lov för carport?", intent="bygglov.avgift")
    head = (await editor.add("Krävs det lov för en pergola?"))["head"]
    await sets.begin_training(editor.set_id)
    await sets.end_training(editor.set_id)
    await note_service(running, editor.set_id, head)
    third = await Editor.of(running)
    await third.open("Efteråt")
    assert (await third.get(""))["head"] == head
    assert (await third.get(""))["behind"] is False
    assert (await other.get(""))["behind"] is True
    await other.post("/catch-up")
    assert (await other.get(""))["behind"] is False
    texts = [text for block in (await other.get("/intents/bygglov.behovs"))["blocks"] for text in block["texts"]]
    assert "Krävs det lov för en pergola?" in texts
    assert (await editor.refusal("add_example", intent="bygglov.behovs", text="Nu?"))[1] == "change_set_closed"
    await note_service(running, editor.set_id, None)
    await editor.add("Nu?")
    assert (await note_service(running, editor.set_id, head)).state == "open"
    await note_service(running, editor.set_id, None)
    fourth = await Editor.of(running)
    await fourth.open("Efter återgången")
    assert (await fourth.get(""))["head"] == git(data, "rev-parse", "main").strip()


async def test_sets_that_change_the_same_lines_clash_and_stay_as_they_are(running: Kontakt, editor: Editor) -> None:
    other = await Editor.of(running, "lead")
    await other.open("Samtidigt")
    fields = {"intent": "bygglov.behovs", "voice": "sms", "text": "lov altan?"}
    await editor.edit("change_example", **fields, to="lov för altan?")
    await other.edit("change_example", **fields, to="altan lov?")
    head = (await editor.get(""))["head"]
    await note_service(running, editor.set_id, head)
    before = (await other.get(""))["head"]
    answer = await other.ask("POST", f"/{other.set_id}/catch-up")
    assert (answer.status_code, answer.json()["code"]) == (409, "change_set_clash")
    assert (await other.get(""))["head"] == before


# --- two at once ----------------------------------------------------------------------------------


async def test_conflicting_edit_changes_nothing_and_shows_the_others_text(running: Kontakt, editor: Editor) -> None:
    other = await Editor.of(running, "lead")
    other.set_id = editor.set_id
    seen = (await editor.get("/faqs/bygglov.behovs"))["texts"][0]["seen"]
    fields = {"faq": "bygglov.behovs", "language": "sv", "question": "Behöver jag lov?", "seen": seen}
    assert (await editor.edit("set_answer", **fields, answer="Ja.")).status_code == 200
    head = (await editor.get(""))["head"]
    status, code, facts = await other.refusal("set_answer", **fields, answer="Nej.")
    assert (status, code) == (409, "edit_conflict")
    assert facts["theirs"] == "Behöver jag lov?\n\nJa."
    assert facts["by"] == "Demo Redaktör"
    assert (await editor.get(""))["head"] == head


async def test_example_that_somebody_else_removed_is_a_conflict(editor: Editor) -> None:
    fields = {"intent": "bygglov.behovs", "voice": "sms", "text": "lov altan?"}
    assert (await editor.edit("remove_example", **fields)).status_code == 200
    assert (await editor.refusal("change_example", **fields, to="lov?"))[:2] == (409, "edit_conflict")
    assert (await editor.refusal("remove_example", **fields))[:2] == (409, "edit_conflict")


async def test_question_renamed_meanwhile_is_told_with_its_new_name(editor: Editor) -> None:
    renamed = await editor.edit("rename_faq", faq="bygglov.behovs", to="bygglov.kravs")
    assert renamed.status_code == 200, renamed.text
    status, code, facts = await editor.refusal("add_example", intent="bygglov.behovs", text="Ny?")
    assert (status, code, facts["to"]) == (409, "intent_renamed", "bygglov.kravs")
    await editor.add("Ny?", intent="bygglov.kravs")
    diff = (await editor.get("/diff"))["diff"]
    for path in ("nlu/bygglov.yml", "catalogue/bygglov.yml", "inventory.yml", "calibration/near.jsonl"):
        assert f"+++ b/{path}" in diff
    assert (await editor.refusal("add_example", intent="bygglov.nowhere", text="Ny?"))[:2] == (404, "intent_unknown")


async def test_retired_question_leaves_nothing_that_names_it(editor: Editor, data: Path) -> None:
    seen = (await editor.get("/faqs/bygglov.behovs"))["texts"][0]["seen"]
    assert (await editor.edit("retire_faq", faq="bygglov.behovs", seen=seen)).status_code == 200
    assert "behovs" not in git(data, "grep", "-h", "bygglov", f"tuning/{editor.set_id}")
    seen = (await editor.get("/faqs/bygglov.avgift"))["texts"][0]["seen"]
    assert (await editor.refusal("retire_faq", faq="bygglov.avgift", seen=seen))[:2] == (409, "last_faq")


async def test_new_question_stands_in_the_catalogue_and_takes_examples(editor: Editor) -> None:
    texts = {"sv": "Hur högt?", "sv-x-easy": "Hur högt?", "en": "How high?"}
    dates = {"reviewed": "2026-01-01", "review_by": "2027-01-01", "owner": "Kontakt", "source": "facts"}
    fields = {"faq": "bygglov.hojd", "question": texts, "answer": texts, **dates}
    assert (await editor.edit("new_faq", **fields)).status_code == 200
    assert (await editor.refusal("new_faq", **fields))[:2] == (409, "faq_exists")
    assert (await editor.refusal("new_faq", **{**fields, "faq": "okand.fraga"}))[:2] == (404, "service_unknown")
    await editor.add("Hur högt får planket vara?", intent="bygglov.hojd")
    service = next(one for one in (await editor.get("/intents"))["services"] if one["id"] == "bygglov")
    line = next(one for one in service["intents"] if one["id"] == "bygglov.hojd")
    assert (line["question"], line["stale"]) == ("Hur högt?", [])
    assert line["counts"] == [{"language": "sv", "voice": "vardag", "count": 1}]


async def test_languages_are_stale_until_written_anew_or_confirmed(editor: Editor) -> None:
    async def texts() -> dict[str, dict[str, object]]:
        return {one["language"]: one for one in (await editor.get("/faqs/bygglov.behovs"))["texts"]}

    before = await texts()
    assert [one["stale"] for one in before.values()] == [False] * 4
    swedish = {"question": "Behöver jag lov?", "answer": "Ring {{telefon}}."}
    base = {"faq": "bygglov.behovs"}
    await editor.edit("set_answer", **base, language="sv", **swedish, seen=before["sv"]["seen"])
    stale = await texts()
    assert [one["stale"] for one in stale.values()] == [False, True, True, True]
    await editor.edit("confirm_answer", **base, language="en", seen=stale["en"]["seen"])
    finnish = {"question": "Tarvitsenko luvan?", "answer": "Soita.", "seen": stale["fi"]["seen"]}
    await editor.edit("set_answer", **base, language="fi", **finnish)
    somali = {"question": "Ma u baahanahay?", "answer": "Soo wac.", "seen": ""}
    await editor.edit("set_answer", **base, language="so", **somali)
    after = await texts()
    assert {name: one["stale"] for name, one in after.items()} == {
        "sv": False,
        "sv-x-easy": True,
        "en": False,
        "fi": False,
        "so": False,
    }
    assert after["fi"]["translation"] == after["so"]["translation"] == "reviewed"
    assert after["sv"]["placeholders"] == [{"name": "telefon", "shown": "numret på webbplatsen", "filled": False}]
    shown = await editor.post("/preview", json={**base, "language": "en", "answer": "Call {{telefon}}."})
    assert shown["text"] == "Call the number on the website."
    assert shown["links"] == [{"title": "Boverket", "url": "https://www.boverket.se/"}]


async def test_search_words_are_changed_by_who_saw_them(editor: Editor) -> None:
    service = next(one for one in (await editor.get("/intents"))["services"] if one["id"] == "bygglov")
    fields = {"service": "bygglov", "seen": service["seen"]}
    assert (await editor.edit("set_search_words", **fields, words=["altan", "plank", "ett"])).status_code == 200
    status, code, facts = await editor.refusal("set_search_words", **fields, words=["a", "b", "c"])
    assert (status, code, facts["theirs"]) == (409, "edit_conflict", "altan, plank, ett")


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ring 070-174 06 35", "example_personal_data"),
        ("Jag heter [Anna](name)", "example_invalid"),
        ("- ett streck", "example_invalid"),
        ("a" * 601, "example_invalid"),
        ("a" * 3_999 + "\u200b", "example_invalid"),
        ("\u200b", "text_empty"),
        ("Behöver jag bygglov för en altan?", "example_exists"),
    ],
)
async def test_example_that_cannot_be_one_is_refused(editor: Editor, text: str, code: str) -> None:
    before = (await editor.get(""))["head"]
    assert (await editor.refusal("add_example", intent="bygglov.behovs", text=text))[1] == code
    assert (await editor.get(""))["head"] == before


async def test_example_of_several_lines_becomes_one(editor: Editor) -> None:
    await editor.add("Hej!\n\nFår jag  bygga?\n- intent: x")
    diff = (await editor.get("/diff"))["diff"]
    assert "\n+    - Hej! Får jag bygga? - intent: x\n" in diff


async def test_several_edits_are_one_commit_or_nothing(editor: Editor) -> None:
    add = {"kind": "add_example", "intent": "bygglov.behovs", "text": "Ny?"}
    bad = {"kind": "add_example", "intent": "bygglov.nowhere", "text": "Ny?"}
    answer = await editor.ask("POST", f"/{editor.set_id}/edits", json={"edits": [add, bad]})
    assert answer.json()["code"] == "intent_unknown"
    assert (await editor.get("/diff"))["diff"] == ""


@pytest.mark.parametrize(
    ("name", "body", "line", "part"),
    [
        ("a.yml", b"version: '3.1'\nnlu:\n- intent: [", 4, "not YAML"),
        ("a.yml", b"\xff\xfe\x00", 1, "UTF-8"),
        ("a.yml", b"version: '3.1'\nnlu:\n- intent: bygglov.behovs\n  examples: |\n    - a\n", 3, "metadata"),
        ("a.csv", b"frage;svar\na;b\n", 1, "kolumnerna"),
        ("a.csv", b"text,intent\nRing 070-174 06 35,bygglov.behovs\n", 2, "personuppgifter"),
        ("a.csv", b"text,intent\nBra,bygglov.behovs\nHej,finns.inte\n", 3, "finns inte"),
        ("a.csv", b"text,intent\n", 1, "inga exempel"),
    ],
)
async def test_file_that_cannot_be_read_is_told_with_its_line(
    editor: Editor, name: str, body: bytes, line: int, part: str
) -> None:
    answer = await editor.ask("POST", f"/{editor.set_id}/import", params={"name": name}, content=body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "import_invalid")
    assert (told["facts"]["file"], told["facts"]["line"]) == (name, line)
    assert part in told["facts"]["reason"]
    assert (await editor.get("/diff"))["diff"] == ""


async def test_file_of_examples_is_read_and_what_is_known_is_left_alone(editor: Editor) -> None:
    table = "text;intent;voice\nNy?;bygglov.behovs;sms\nBehöver jag bygglov för en altan?;bygglov.behovs;vardag\n"
    done = await editor.post("/import", params={"name": "nya.csv"}, content=table.encode())
    assert (done["added"], done["known"]) == (1, 1)
    yaml = 'version: "3.1"\nnlu:\n- intent: bygglov.avgift\n  metadata: {language: en, voice: en}\n  examples: |\n'
    done = await editor.post("/import", params={"name": "x.yml"}, content=f"{yaml}    - How much?\n".encode())
    assert (done["added"], done["known"], done["change_set"]["edits"]) == (1, 0, 2)


async def test_file_of_fifty_megabytes_is_refused_before_it_is_sent(running: Kontakt, editor: Editor) -> None:
    path = f"/api/v1/tuning/changes/{editor.set_id}/import?name=x.yml"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.url.rsplit(":", 1)[1]))
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"
    writer.write(head.encode() + b"-" * 1_000)
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_file_that_does_not_tell_its_length_is_refused_when_it_grows_too_long(editor: Editor) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"-" * 65_536

    answer = await editor.ask("POST", f"/{editor.set_id}/import", params={"name": "x.yml"}, content=body())
    assert (answer.status_code, answer.json()["code"]) == (413, "frame_too_large")
    assert (await editor.get("/diff"))["diff"] == ""


async def test_other_routes_keep_their_limit(editor: Editor) -> None:
    answer = await editor.ask("POST", f"/{editor.set_id}/edits", content=b"x" * 70_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "frame_too_large")


# --- what is told while typing, and the whole check -----------------------------------------------


async def findings(editor: Editor, text: str, **fields: object) -> dict[str, dict[str, object]]:
    """Return what is told of an example, by code."""
    body = {"intent": "bygglov.behovs", "text": text, **fields}
    found = await editor.post("/findings", json=body)
    assert found["neighbours"] is True
    return {one["code"]: one for one in found["findings"]}


async def test_findings_tell_what_an_example_repeats_and_what_it_must_not_hold(editor: Editor) -> None:
    assert (await findings(editor, "behöver jag bygglov, för en altan"))["repeats"]["blocks"] is True
    found = await findings(editor, "Behöver jag bygglov för en altan?", instead_of="Behöver jag bygglov för en altan?")
    assert "repeats" not in found
    near = await findings(editor, "Vad kostar ett bygglov för garaget?")
    assert near["alike"]["intent"] == "bygglov.avgift"
    assert (await findings(editor, "Måste man söka lov för ett plank?"))["one_word_off"]["text"].endswith("staket?")
    assert (await findings(editor, "Mejla anna@exempel.se"))["personal_data"]["text"] == "Mejla [e-post]"
    assert (await findings(editor, "What is the price of this, and how do I pay for it?"))["other_language"]
    assert (await findings(editor, "Får jag bygga?", language="ar"))["other_language"]
    assert (await findings(editor, "Nytt"))["few_in_voice"]["count"] == 7
    assert await findings(editor, "  ") == {}


async def test_finding_tells_of_a_template(editor: Editor) -> None:
    for what in ("staket", "plank", "garage", "skjul"):
        await editor.add(f"Hur lång tid tar det att få lov till {what} hos er i dag?")
    found = await findings(editor, "Hur lång tid tar det att få lov till altan hos er i dag?")
    assert found["template"]["count"] == 5


async def test_check_tells_faults_in_swedish_with_their_place(editor: Editor) -> None:
    await editor.add("Behöver jag bygglov för en altan?", voice="sms")
    faults = (await editor.post("/check", timeout=150))["faults"]
    repeated = next(one for one in faults if "finns redan" in one["message"])
    assert (repeated["file"], repeated["line"]) == ("nlu/bygglov.yml", 14)
    assert any(one["message"] == "Frågan lon.utbetalning har inga exempel." for one in faults)
    assert (await editor.get(""))["faults"] == faults
    await editor.add("Ny?")
    assert (await editor.get(""))["faults"] is None


async def test_patch_is_a_download_that_applies(editor: Editor, data: Path, tmp_path: Path) -> None:
    await editor.add("Krävs det lov för en pergola?")
    await editor.edit("remove_example", intent="bygglov.behovs", voice="sms", text="lov altan?")
    answer = await editor.ask("GET", f"/{editor.set_id}/patch")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].endswith(f'kontakt-{editor.set_id}.patch"')
    patch = tmp_path / "a.patch"
    patch.write_bytes(answer.content)
    git(data, "am", "-q", str(patch))
    assert git(data, "rev-parse", "main^{tree}") == git(data, "rev-parse", f"tuning/{editor.set_id}^{{tree}}")


@both_databases
async def test_proposed_example_goes_to_the_persons_own_open_set(running: Kontakt) -> None:
    sets = running.services.changes.sets
    account = await running.services.sign_in.find(await running.session("lead"))
    assert account is not None

    def example(text: str, intent: str = "bygglov.behovs") -> AddExample:
        return AddExample(intent=intent, text=text, language="sv", voice="vardag")

    first = await sets.propose([example("Får jag bygga en friggebod?")], account)
    again = await sets.propose([example("Får jag bygga en friggebod?")], account)
    several = [
        example("Vad kostar friggeboden?", "bygglov.avgift"),
        example("Får jag bygga en friggebod?"),
        example("Ring mig på 070-174 06 35, får jag bygga?"),
        example("Vad är detta?", "bygglov.finns_inte"),
    ]
    other = await sets.propose(several, account)
    assert first == again == (first[0], [True])
    assert other == (first[0], [True, True, False, False])
    assert len(await sets.edits(first[0])) == 2


async def test_edit_is_taken_though_the_log_missed_the_one_before(running: Kontakt, editor: Editor) -> None:
    repository = running.services.changes.sets.repository
    branch = f"tuning/{editor.set_id}"
    head = repository.head(branch)
    by_hand = Author("x", "Utan logg")
    repository.commit(branch, head, {"nlu/bygglov.yml": BEHOVS + "# hand\n"}, by_hand, "bygglov.behovs: By hand.")
    await editor.add("Ny?")
    assert [one["by"] for one in (await editor.get(""))["edits"]] == ["Utan logg", "Demo Redaktör"]
