"""Laws of change sets: two editors never lose what was accepted, and whatever is edited stays readable."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.checks import check_data
from catalogue.documents import CatalogueError
from handover.core.errors import HandoverError
from handover.core.roles import Role
from handover.store.accounts import Account
from handover.store.database import Database
from handover.tuning.changes import edits as e
from handover.tuning.changes.applying import apply
from handover.tuning.changes.content import Content
from handover.tuning.changes.desk import ChangeDesk, open_desk
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.repository import Author
from tests.support.tuning import make_tuning_data

pytestmark = pytest.mark.anyio
ASA, BO = (Account(name, name, name, frozenset({Role.EDITOR}), "", demo=True) for name in ("Åsa", "Bo"))
WORDS = ["altan", "plank", "garage", "staket", "skjul", "lov", "hur", "kan", "jag", "vi", "högt:", "#nej", "-"]


@pytest.fixture
def desks(tmp_path: Path, database: Database) -> list[ChangeDesk]:
    """Two replicas on the same folder and database."""
    data = make_tuning_data(tmp_path / "data")
    return [open_desk(data, tmp_path / "var", database) for _ in range(2)]


async def test_two_editors_at_random_lose_nothing_that_was_accepted(desks: list[ChangeDesk]) -> None:
    opened = await desks[0].sets.open("Båda", ASA)
    expected: set[str] = set()
    removed: set[str] = set()

    async def work(desk: ChangeDesk, account: Account, seed: int) -> None:
        choice = random.Random(seed)  # noqa: S311 (a repeatable test)
        mine: list[str] = []
        for number in range(25):
            text = f"{account.name} {number} {' '.join(choice.sample(WORDS, 4))}"
            if mine and choice.random() < 0.3:
                old = mine.pop(choice.randrange(len(mine)))
                await desk.sets.edit(opened.id, [e.RemoveExample(intent="bygglov.behovs", text=old)], account)
                expected.discard(old)
                removed.add(old)
                continue
            await desk.sets.edit(opened.id, [e.AddExample(intent="bygglov.behovs", text=text)], account)
            mine.append(text)
            expected.add(text)
            await asyncio.sleep(0)

    await asyncio.gather(work(desks[0], ASA, 1), work(desks[1], BO, 2))
    repository = desks[0].sets.repository
    texts = {text for _, text in Content(repository.snapshot(repository.head(opened.branch))).examples()}
    assert expected <= texts
    assert not texts & removed
    assert len(await desks[0].sets.edits(opened.id)) == 50
    assert (await desks[1].sets.get(opened.id)).head == repository.head(opened.branch)


async def test_of_two_who_write_the_same_answer_one_wins_and_the_other_is_told(desks: list[ChangeDesk]) -> None:
    opened = await desks[0].sets.open("Båda", ASA)
    content = Content(desks[0].sets.repository.snapshot(opened.head))
    seen = content.faq("bygglov.avgift").texts[0].seen

    async def write(desk: ChangeDesk, account: Account) -> str:
        answer = e.SetAnswer(faq="bygglov.avgift", language="sv", question="Vad?", answer=account.name, seen=seen)
        try:
            await desk.sets.edit(opened.id, [answer], account)
        except HandoverError as refused:
            assert refused.code == "edit_conflict"
            return str((refused.facts or {})["theirs"])
        return ""

    told = await asyncio.gather(write(desks[0], ASA), write(desks[1], BO))
    repository = desks[0].sets.repository
    now = Content(repository.snapshot(repository.head(opened.branch))).faq("bygglov.avgift").texts[0].answer
    assert sorted(told, key=len) == ["", f"Vad?\n\n{now}"]


NAMES = st.sampled_from(["bygglov.behovs", "bygglov.avgift", "bygglov.ny", "bygglov.hojd", "lon.utbetalning"])
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
EDITS = st.one_of(
    st.builds(e.AddExample, intent=NAMES, voice=st.sampled_from(["vardag", "sms"]), text=TEXTS),
    st.builds(e.RemoveExample, intent=NAMES, voice=st.sampled_from(["vardag", "sms"]), text=TEXTS),
    st.builds(e.ChangeExample, intent=NAMES, text=TEXTS, to=TEXTS),
    st.builds(e.RenameFaq, faq=NAMES, to=NAMES),
    st.builds(
        e.SetAnswer,
        faq=NAMES,
        language=st.sampled_from(["sv", "sv-x-easy", "en", "fi", "so"]),
        question=TEXTS,
        answer=TEXTS,
        seen=st.just("now"),
    ),
    st.builds(e.RetireFaq, faq=NAMES, seen=st.just("now")),
    st.builds(
        e.SetSearchWords, service=st.just("bygglov"), words=st.lists(TEXTS, min_size=3, max_size=5), seen=st.just("now")
    ),
)


def as_seen(edit: e.Edit, content: Content) -> e.Edit:
    """Return an edit as by somebody who has just looked."""
    if isinstance(edit, e.SetAnswer | e.RetireFaq):
        language = edit.language if isinstance(edit, e.SetAnswer) else "sv"
        texts = content.faq(edit.faq).texts
        return edit.model_copy(update={"seen": next((one.seen for one in texts if one.language == language), "")})
    if isinstance(edit, e.SetSearchWords):
        seen = next(one.seen for one in content.services() if one.id == edit.service)
        return edit.model_copy(update={"seen": seen})
    return edit


@settings(deadline=None, max_examples=40)
@given(st.lists(EDITS, max_size=8))
def test_whatever_is_edited_the_check_can_read_it(
    tmp_path_factory: pytest.TempPathFactory, edits: list[e.Edit]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    desk = open_desk(make_tuning_data(folder / "data"), folder / "var", None)  # type: ignore[arg-type]
    repository = desk.sets.repository
    head = base = repository.current()
    repository.make_branch("tuning/x", base)
    for edit in edits:
        draft = Draft(repository.snapshot(head))
        try:
            message = apply(as_seen(edit, Content(repository.snapshot(head))), draft)
        except HandoverError as refused:
            assert refused.code != "content_broken"
            continue
        if draft.files:
            head = repository.commit("tuning/x", head, draft.files, Author("a", "A"), message)
    with desk.trees.lent(head) as tree:
        try:
            check_data(tree)
        except CatalogueError as error:
            unreadable = [one for one in error.problems if "not YAML" in one.reason or "Input should" in one.reason]
            assert unreadable == []
