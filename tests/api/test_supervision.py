"""Levels, drafts, reviews and the switch: what a citizen gets, what a guide may do, and what a lead changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handover.core import commands as c
from tests.api.conftest import both_databases
from tests.api.supervised import ANSWER, FAQ, OTHER, SENSITIVE, Supervised, review_body, supervised
from tests.conftest import StartKontakt
from tests.support.clients import Refused
from tests.support.engine_double import EngineDouble, faq_reply, reply, turn_answer
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
UNTIL_PROMOTED = 4
#: Figures of the rule that few reviews reach; the product's are judged by a simulation.
EASY = {"rollout_target": 0.4, "rollout_floor": 0.3, "rollout_min_samples": UNTIL_PROMOTED}


@pytest.fixture
async def room(start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path) -> AsyncIterator[Supervised]:
    """The guides' room, every FAQ at `approve`."""
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", **EASY) as running:
        yield running


# --- what becomes of an answer ------------------------------------------------------------------


@both_databases
async def test_approved_draft_reaches_the_citizen_and_counts_as_good(room: Supervised) -> None:
    citizen, line = await room.drafted()
    await citizen.wait_for("checking")
    assert [text for sender, text in citizen.texts if sender == "bot"] == []
    await room.guide.act("approve", citizen.conversation_id, draft_id=line["draft_id"])
    said = await citizen.wait_for("message", sender="bot")
    assert (said["text"], said["answer"]["approved_by_human"]) == (ANSWER, True)
    assert "level" not in said
    evidence = (await room.lead.faq())["evidence"]
    assert (evidence["reviewed"], evidence["approved"]) == (1, 1)


@pytest.mark.parametrize(
    ("text", "approved"), [(ANSWER.replace("beror", "berodde"), 1), ("Ring oss i stället, så hjälper vi till.", 0)]
)
async def test_small_edit_is_an_approval_and_a_rewritten_answer_is_not(
    room: Supervised, text: str, approved: int
) -> None:
    await room.judge("edit", text=text)
    evidence = (await room.lead.faq())["evidence"]
    assert (evidence["reviewed"], evidence["approved"]) == (1, approved)


async def test_rejected_draft_leads_to_a_person_and_counts_against(room: Supervised) -> None:
    citizen, line = await room.drafted()
    await room.guide.act("reject", citizen.conversation_id, draft_id=line["draft_id"], label="outdated")
    assert (await citizen.wait_for("escalated"))["reason"] == "rejected_draft"
    evidence = (await room.lead.faq())["evidence"]
    assert (evidence["reviewed"], evidence["approved"]) == (1, 0)


async def test_unseen_answer_stays_unseen_and_is_compared_with_the_guides_words(room: Supervised) -> None:
    await room.lead.set_level("shadow")
    citizen = await room.ask()
    talk = citizen.conversation_id
    assert (await citizen.wait_for("escalated"))["reason"] == "policy"
    assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]
    await room.guide.act("claim", talk)
    await room.guide.wait_for("draft", talk, shadow=True, text=ANSWER)
    for text in ("Hej, jag heter Demo.", "Det beror på hur stor den är.", "Något annat?"):
        await room.guide.act("reply", talk, text=text)
    compared = [event for _, event in room.guide.events(talk) if event["kind"] == "shadow_compared"]
    assert [one["agreement"] for one in compared] == sorted(one["agreement"] for one in compared)
    (item,) = (await room.lead.get("reviews"))["items"]
    assert item["question"] == f"Jag undrar om {FAQ}"
    assert (item["answer"], item["guide_answer"]) == (ANSWER, "Det beror på hur stor den är.")
    assert item["agreement"] == compared[-1]["agreement"] > 0.5
    assert 0 < item["edit_distance"] < 0.5
    assert not any(ANSWER in text for _, text in citizen.texts)
    assert (await room.lead.faq())["evidence"]["agreement"] == item["agreement"]


async def test_level_off_answers_nothing(room: Supervised) -> None:
    await room.lead.set_level("off")
    citizen = await room.ask()
    assert (await citizen.wait_for("escalated"))["reason"] == "policy"
    assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]
    assert (await room.lead.get("reviews"))["total"] == 0


async def test_answer_with_a_way_to_a_person_waits_for_no_approval(room: Supervised, engine_stub: EngineDouble) -> None:
    both = (faq_reply(FAQ, ANSWER), reply("Jag hämtar någon.", "escalated", escalate="asked_for_human"))
    engine_stub.answer = lambda _: turn_answer(*both)
    citizen = await room.ask()
    assert (await citizen.wait_for("escalated"))["reason"] == "asked_for_human"
    assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]


async def test_draft_of_two_answers_is_judged_for_both(room: Supervised, engine_stub: EngineDouble) -> None:
    engine_stub.answer = lambda _: turn_answer(faq_reply(FAQ, "Ett."), faq_reply(OTHER, "Två."))
    await room.judge("approve")
    for faq in (FAQ, OTHER):
        assert (await room.lead.faq(faq))["evidence"]["reviewed"] == 1


@pytest.mark.parametrize(("level", "share"), [("sampled", "sampled_share"), ("auto", "audit_share")])
async def test_share_of_what_is_sent_at_once_goes_on_the_review_list(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path, level: str, share: str
) -> None:
    for wanted in (0.0, 1.0):
        settings = {"default_level": level, "sampled_share": 0.0, "audit_share": 0.0, share: wanted}
        async with supervised(start_kontakt, engine_stub, tmp_path / str(wanted), **settings) as room:
            citizen = await room.ask()
            said = await citizen.wait_for("message", sender="bot", text=ANSWER)
            assert not {"level", "review"} & said.keys()
            listed = await room.lead.get("reviews")
            assert [item["level"] for item in listed["items"]] == [level] * int(wanted)
            for item in listed["items"]:
                await room.lead.post(f"reviews/{item['conversation_id']}", **review_body(item, "unclear"))


# --- the review list ----------------------------------------------------------------------------


@pytest.fixture
async def listed(start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path) -> AsyncIterator[Supervised]:
    """A room in which every answer is sent and goes on the review list."""
    settings = {"default_level": "sampled", "sampled_share": 1.0, **EASY}
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", **settings) as running:
        yield running


@both_databases
async def test_answer_is_judged_once_also_after_the_end(listed: Supervised) -> None:
    citizen = await listed.ask()
    await citizen.wait_for("message", sender="bot")
    await citizen.do("close")
    (item,) = (await listed.lead.get("reviews"))["items"]
    path = f"reviews/{item['conversation_id']}"
    guide = await listed.person("guide")
    tries = [one.post(path, **review_body(item, verdict)) for one, verdict in ((guide, "good"), (listed.lead, "wrong"))]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [one.code for one in results if isinstance(one, Refused)] == ["review_done"]
    assert (await listed.lead.get("reviews"))["total"] == 0
    assert (await listed.lead.faq())["evidence"]["reviewed"] == 1


async def test_verdict_over_the_socket_and_a_repeat_of_it(listed: Supervised) -> None:
    citizen = await listed.ask()
    await citizen.wait_for("message", sender="bot")
    (item,) = (await listed.lead.get("reviews"))["items"]
    body = {"command_id": "verdict-1", "item": item["item"], "verdict": "good"}
    for _ in range(2):
        await listed.guide.act("review", citizen.conversation_id, **body)
    assert (await listed.lead.faq())["evidence"]["reviewed"] == 1


async def test_what_is_not_on_the_list_is_not_judged(listed: Supervised) -> None:
    citizen = await listed.ask()
    with pytest.raises(Refused, match="item_unknown"):
        await listed.guide.act("review", citizen.conversation_id, item="turn:99:0", verdict="good")
    with pytest.raises(Refused, match="conversation_unknown"):
        await listed.lead.post("reviews/00000000-0000-0000-0000-000000000000", id="verdict-1", item="x", verdict="good")


async def test_unclear_counts_as_neither(listed: Supervised) -> None:
    await listed.ask()
    items = await eventually(lambda: _items(listed))
    await listed.lead.post(f"reviews/{items[0]['conversation_id']}", **review_body(items[0], "unclear"))
    assert (await listed.lead.faq())["evidence"]["reviewed"] == 0


async def _items(room: Supervised) -> list[dict[str, Any]]:
    return list((await room.lead.get("reviews"))["items"])


# --- up and down --------------------------------------------------------------------------------


@both_databases
async def test_faq_goes_up_when_its_evidence_suffices_and_a_lead_confirms(room: Supervised) -> None:
    await room.judge("approve", UNTIL_PROMOTED - 1)
    assert (await room.lead.faq()).get("ready") is None
    with pytest.raises(Refused, match="not_ready"):
        await room.lead.post(f"supervision/faqs/{FAQ}/promotion", level="sampled")
    await room.judge("approve")
    assert (await room.lead.faq())["ready"] == "sampled"
    with pytest.raises(Refused, match="not_ready"):
        await room.lead.post(f"supervision/faqs/{FAQ}/promotion", level="auto")
    done = await room.lead.post(f"supervision/faqs/{FAQ}/promotion", level="sampled")
    assert (done["level"], done["evidence"]["reviewed"], done["last_change"]["by_name"]) == (
        "sampled",
        0,
        "Demo Ledare",
    )
    citizen = await room.ask()
    await citizen.wait_for("message", sender="bot", text=ANSWER)


async def test_faq_goes_up_by_itself_where_that_is_set(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path
) -> None:
    settings = {**EASY, "automatic_promotion": True}
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", **settings) as room:
        await room.judge("approve", UNTIL_PROMOTED)
        now = await room.lead.faq()
        assert now["level"] == "sampled"
        assert (now["last_change"]["action"], now["last_change"].get("by_name")) == ("promoted", None)
        await room.judge("approve", 0)
        await room.lead.set_level("shadow", OTHER)
        assert (await room.lead.faq(OTHER))["level"] == "shadow"


@both_databases
async def test_faq_falls_at_once_below_its_floor(room: Supervised) -> None:
    rejections = 0
    while (await room.lead.faq())["level"] == "approve":
        await room.judge("reject", label="wrong_answer")
        rejections += 1
        assert rejections <= 10
    assert rejections > 2, "two unlucky answers fell a FAQ"
    now = await room.lead.faq()
    assert (now["level"], now["last_change"]["action"]) == ("shadow", "demoted")
    assert (await room.lead.faq(OTHER))["level"] == "approve"


@both_databases
async def test_harmful_answer_takes_its_faq_down_at_once(room: Supervised) -> None:
    await room.judge("reject", label="wrong_answer", harmful=True)
    now = await room.lead.faq()
    assert (now["level"], now["last_change"]["action"]) == ("shadow", "demoted")
    citizen = await room.ask()
    assert (await citizen.wait_for("escalated"))["reason"] == "policy"


async def test_harmful_answer_found_afterwards_takes_its_faq_down_too(listed: Supervised) -> None:
    await listed.ask()
    items = await eventually(lambda: _items(listed))
    await listed.lead.post(f"reviews/{items[0]['conversation_id']}", **review_body(items[0], "wrong", harmful=True))
    assert (await listed.lead.faq())["level"] == "shadow"


async def test_sensitive_service_stays_at_approve_until_a_lead_lifts_its_cap(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path
) -> None:
    settings = {**EASY, "default_level": "auto"}
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", **settings) as room:
        before = await room.lead.faq(SENSITIVE)
        assert (before["level"], before["cap"]) == ("approve", "approve")
        await room.judge("approve", UNTIL_PROMOTED, SENSITIVE)
        assert (await room.lead.faq(SENSITIVE)).get("ready") is None
        for path, body in (("promotion", {"level": "sampled"}), ("level", {"level": "sampled", "why": "Nu"})):
            with pytest.raises(Refused, match=r"not_ready|level_capped"):
                await room.lead.post(f"supervision/faqs/{SENSITIVE}/{path}", **body)
        with pytest.raises(Refused, match="reason_required"):
            await room.lead.post(f"supervision/faqs/{SENSITIVE}/cap", lifted=True, why="  ")
        lifted = await room.lead.post(f"supervision/faqs/{SENSITIVE}/cap", lifted=True, why="Beslut i ledningen")
        assert (lifted["cap"], lifted["level"], lifted["ready"]) == ("auto", "approve", "sampled")
        await room.lead.post(f"supervision/faqs/{SENSITIVE}/promotion", level="sampled")
        restored = await room.lead.post(f"supervision/faqs/{SENSITIVE}/cap", lifted=False, why="Ångrat")
        assert (restored["cap"], restored["level"]) == ("approve", "approve")
        with pytest.raises(Refused, match="level_unchanged"):
            await room.lead.post(f"supervision/faqs/{FAQ}/cap", lifted=True, why="Inte känslig")


async def test_lead_may_lower_by_hand_but_not_raise_past_a_persons_eyes(room: Supervised) -> None:
    for level in ("off", "shadow", "approve"):
        if level != "approve" or (await room.lead.faq())["level"] != "approve":
            assert (await room.lead.set_level(level))["level"] == level
    for level, code in (("approve", "level_unchanged"), ("sampled", "not_ready"), ("auto", "not_ready")):
        with pytest.raises(Refused, match=code):
            await room.lead.set_level(level)
    with pytest.raises(Refused, match="reason_required"):
        await room.lead.set_level("off", why=" ")
    with pytest.raises(Refused, match="faq_unknown"):
        await room.lead.set_level("off", "bygglov.finns_inte")
    changes = await room.lead.get("supervision/changes", faq=FAQ)
    assert [(one["from_level"], one["to_level"], one["by_name"], one["why"]) for one in changes] == [
        ("shadow", "approve", "Demo Ledare", "Provas"),
        ("off", "shadow", "Demo Ledare", "Provas"),
        ("approve", "off", "Demo Ledare", "Provas"),
    ]


async def test_own_bounds_of_a_faq(room: Supervised) -> None:
    path = f"supervision/faqs/{FAQ}/bounds"
    for target, floor in ((0.5, 0.6), (1.0, 0.5), (None, 0.9)):
        with pytest.raises(Refused, match="bounds_invalid"):
            await room.lead.post(path, target=target, floor=floor, why="Fel")
    await room.judge("approve", UNTIL_PROMOTED)
    strict = await room.lead.post(path, target=0.95, floor=None, why="Viktig fråga")
    assert (strict["target"], strict["floor"], strict.get("ready")) == (0.95, EASY["rollout_floor"], None)
    assert strict["evidence"]["reviewed"] == UNTIL_PROMOTED
    loose = await room.lead.post(path, target=None, floor=None, why="Som andra")
    assert (loose["target"], loose["ready"]) == (EASY["rollout_target"], "sampled")


async def test_example_is_sent_to_nobody_unseen_in_production(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path
) -> None:
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", default_level="auto") as room:
        assert (await room.lead.faq("exempel.fraga"))["level"] == "auto"


# --- the switch ---------------------------------------------------------------------------------


@both_databases
async def test_switch_withdraws_drafts_silences_the_bot_and_is_undone(room: Supervised) -> None:
    waiting, line = await room.drafted()
    await room.lead.switch(True)
    await waiting.wait_for("message", sender="system")
    assert (await waiting.wait_for("escalated"))["reason"] == "policy"
    with pytest.raises(Refused, match="draft_outdated"):
        await room.guide.act("approve", waiting.conversation_id, draft_id=line["draft_id"])
    assert (await room.guide.wait_for_type("supervision", all_off=True))["revision"] == 1
    newcomer = await room.ask()
    assert (await newcomer.wait_for("escalated"))["reason"] == "policy"
    assert [sender for sender, _ in newcomer.texts] == ["citizen", "system"]
    with pytest.raises(Refused, match="level_unchanged"):
        await room.lead.switch(True)
    with pytest.raises(Refused, match="reason_required"):
        await room.lead.switch(False, " ")
    await room.lead.switch(False, "Rättat")
    await room.guide.wait_for_type("supervision", all_off=False)
    await room.drafted()
    assert [one["action"] for one in await room.lead.get("supervision/changes")] == ["all_on", "all_off"]
    evidence = (await room.lead.faq())["evidence"]
    assert evidence["reviewed"] == 0, "a withdrawn draft says nothing of its FAQ"


async def test_switch_is_felt_by_a_turn_that_is_under_way(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path
) -> None:
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", default_level="auto") as room:
        engine_stub.hold()
        citizen = await room.ask()
        await eventually(lambda: bool(engine_stub.asked))
        await room.lead.switch(True)
        engine_stub.let_go()
        assert (await citizen.wait_for("escalated"))["reason"] == "policy"
        assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]


async def test_many_drafts_are_withdrawn_though_one_cannot_be(room: Supervised) -> None:
    stuck, line = await room.drafted()
    citizens = [citizen for citizen, _ in [await room.drafted() for _ in range(5)]]
    # The id with which this one would be withdrawn is taken by something else.
    taken = f"withdraw:{line['draft_id']}"
    await room.kontakt.services.conversations.execute(stuck.conversation_id, taken, c.AddNote(c.Guide("g", "G"), "x"))
    await room.lead.switch(True)
    for citizen in citizens:
        assert (await citizen.wait_for("escalated"))["reason"] == "policy"
    await room.lead.switch(False, "Rättat")


async def test_switch_does_not_silence_safety(room: Supervised) -> None:
    await room.lead.switch(True)
    citizen = await room.kontakt.citizen()
    await citizen.say("Jag vill ta livet av mig")
    assert (await citizen.wait_for("escalated"))["reason"] == "crisis"
    assert any("112" in text for sender, text in citizen.texts if sender == "system")


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["guide", "staff"])
async def test_only_a_lead_changes_levels(room: Supervised, username: str) -> None:
    person = await room.person(username)
    for path, body in (
        (f"supervision/faqs/{FAQ}/level", {"level": "off", "why": "x"}),
        (f"supervision/faqs/{FAQ}/promotion", {"level": "sampled"}),
        (f"supervision/faqs/{FAQ}/cap", {"lifted": True, "why": "x"}),
        (f"supervision/faqs/{FAQ}/bounds", {"target": None, "floor": None, "why": "x"}),
        ("supervision/switch", {"all_off": True, "why": "x"}),
    ):
        with pytest.raises(Refused, match="forbidden"):
            await person.post(path, **body)
    assert (await room.lead.get("supervision"))["revision"] == 0


# --- drafts that come too late -------------------------------------------------------------------


async def test_late_decision_on_a_draft_is_told_what_became_of_it(room: Supervised) -> None:
    citizen, line = await room.drafted()
    talk, draft = citizen.conversation_id, line["draft_id"]
    await room.guide.act("approve", talk, draft_id=draft)
    other = await room.kontakt.guide("guide2")
    for kind, fields in (("approve", {}), ("edit", {"text": "Annat"}), ("reject", {"label": "tone"})):
        with pytest.raises(Refused, match="draft_decided"):
            await other.act(kind, talk, draft_id=draft, **fields)
    second, line = await room.drafted()
    await second.say(f"En sak till om {OTHER}")
    with pytest.raises(Refused, match="draft_outdated"):
        await other.act("approve", second.conversation_id, draft_id=line["draft_id"])


async def test_draft_that_timed_out_is_told_so(
    start_kontakt: StartKontakt, engine_stub: EngineDouble, tmp_path: Path
) -> None:
    async with supervised(start_kontakt, engine_stub, tmp_path / "small", draft_timeout_seconds=0.2) as room:
        citizen, line = await room.drafted()
        assert (await citizen.wait_for("escalated"))["reason"] == "draft_timeout"
        with pytest.raises(Refused, match="draft_timed_out"):
            await room.guide.act("approve", citizen.conversation_id, draft_id=line["draft_id"])


async def test_two_guides_decide_on_one_draft_and_one_wins(room: Supervised) -> None:
    citizen, line = await room.drafted()
    other = await room.kontakt.guide("guide2")
    tries = [
        room.guide.act("approve", citizen.conversation_id, draft_id=line["draft_id"]),
        other.act("reject", citizen.conversation_id, draft_id=line["draft_id"], label="tone"),
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [one.code for one in results if isinstance(one, Refused)] == ["draft_decided"]
    assert (await room.lead.faq())["evidence"]["reviewed"] == 1
