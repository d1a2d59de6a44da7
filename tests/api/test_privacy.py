"""What is private stays private: personal data never reaches database or logs, internal events never the citizen."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from handover.core import commands as c
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, Refused
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
#: Valid by their check digits; none belongs to anybody: test numbers, and a card of the payment industry's examples.
SECRETS = ("19850709-9805", "8507099805", "eva.testsson@example.com", "070-174 06 05", "4111 1111 1111 1111")


async def _tell_everything(kontakt: Kontakt) -> CitizenClient:
    """Write the secrets wherever people may write."""
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    for secret in SECRETS:
        await citizen.say(f"Jag heter Eva, {secret} är mitt")
        await citizen.wait_for("message", sender="bot")
    await citizen.say("1985\u200b0709-98\u206005 med osynliga tecken")
    await citizen.say(f"Jag vill ta livet av mig, {SECRETS[0]}, {SECRETS[2]}")
    await citizen.do("ask_human")
    await guide.act("claim", talk)
    await guide.act("note", talk, text=f"Hon har {SECRETS[0]} och {SECRETS[2]}")
    await guide.act("reply", talk, text=f"Du har personnummer {SECRETS[0]}?")
    await guide.act("hand_back", talk, note=f"gäller {SECRETS[1]}")
    await citizen.do("close")
    await citizen.do("rate", score=5, comment=f"Ring {SECRETS[3]}")
    for wrong in ({"type": "say", "id": "12345678", "text": SECRETS[0], "x": 1}, {"type": SECRETS[2]}):
        await citizen.send(wrong)
    await citizen.wait_for_type("error")
    with pytest.raises(Refused):
        await citizen.say(SECRETS[0])
    return citizen


async def test_personal_data_reaches_neither_database_nor_logs_nor_engine(
    start_kontakt: StartKontakt, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with start_kontakt() as kontakt:
        citizen = await _tell_everything(kontakt)
        files = sorted(tmp_path.glob("kontakt.sqlite3*"))
        assert [file.name for file in files] == ["kontakt.sqlite3", "kontakt.sqlite3-shm", "kontakt.sqlite3-wal"]
        stored = b"".join(file.read_bytes() for file in files)
        asked, judged = repr(kontakt.engine.asked), repr(kontakt.engine.judged)
        shown = repr(citizen.frames)
    output = capfd.readouterr()
    logged = output.out + output.err + caplog.text
    assert b"Jag heter Eva" in stored, "the search looks in the right place"
    for secret in SECRETS:
        assert secret.encode() not in stored
        assert secret not in logged + asked + judged
        assert secret not in shown
    assert "[personnummer]" in asked
    assert "[personnummer]" in judged


async def test_token_and_session_are_not_stored_in_clear(kontakt: Kontakt, tmp_path: Path) -> None:
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    await citizen.say("Hej")
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("kontakt.sqlite3*"))
    assert citizen.conversation_id.encode() in stored
    assert citizen.token.encode() not in stored
    assert guide.cookie.encode() not in stored


async def test_message_text_is_not_logged_when_storing_fails(
    kontakt: Kontakt, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of our own SQL is logged with a traceback, which must not hold the statement's values."""
    citizen = await kontakt.citizen()

    def spoil(connection: object) -> None:
        connection.exec_driver_sql(  # type: ignore[attr-defined]
            "CREATE TRIGGER spoil BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'spoiled'); END"
        )

    await kontakt.services.database.write(spoil)
    await citizen.send({"type": "say", "id": "a-secret-text", "text": "min hemliga oro"})
    await citizen.wait_closed()
    output = capfd.readouterr()
    assert "hemliga oro" not in output.out + output.err + caplog.text


async def test_citizen_sees_no_notes_drafts_or_guide_ids(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    await citizen.say("Behöver jag bygglov?")
    await citizen.wait_for("message", sender="bot")
    conversation = (await kontakt.services.conversations.read(talk, 0)).conversation
    draft = c.FinishTurn(conversation.epoch, 2, (c.BotMessage("Utkastets text"),), mode="approve")
    await kontakt.services.conversations.execute(talk, "a-draft-of-the-bot", draft)
    await guide.act("note", talk, text="Anteckningens text")
    await guide.act("take_over", talk)
    colleague = (await kontakt.guide("guide2")).frames[0]["guide"]["id"]
    await guide.act("transfer", talk, to_guide=colleague)
    await citizen.do("close")
    await citizen.wait_for("closed")
    shown = repr(citizen.frames)
    for hidden in ("Utkastets", "Anteckningens", "understanding", "guide_id", colleague, "ranking"):
        assert hidden not in shown
    assert [seq for seq, _ in citizen.events] == list(range(1, len(citizen.events) + 1))
    assert [event for _, event in citizen.events if event["kind"] == "hidden"] == [{"kind": "hidden"}] * 2
    assert [event for _, event in citizen.events if event["kind"] == "checking"] == [{"kind": "checking"}]
