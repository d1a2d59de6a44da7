"""Trainings over HTTP: a change set becomes a judged model, or a sentence, and takes edits again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from handover.core.gate import Code
from handover.store import models
from handover.store.models import Model
from handover.store.supervision import RULE
from handover.tuning.training.service import GONE, UNREADABLE
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.kontakt import Kontakt
from tests.support.training import LIVE, MODEL, Asked, KeeperOfTrainings, keeper_of_trainings, ordinary
from tests.support.tuning import Editor, make_git, make_tuning_data
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is a git repository."""
    return make_git(make_tuning_data(tmp_path / "data"))


@pytest.fixture
async def keeper(tmp_path: Path, anyio_backend: str) -> AsyncIterator[KeeperOfTrainings]:
    """A keeper that trains with scripts."""
    async with keeper_of_trainings(tmp_path) as running:
        yield running


@pytest.fixture
async def running(start_kontakt: StartKontakt, data: Path, keeper: KeeperOfTrainings) -> AsyncIterator[Kontakt]:
    """The service with that keeper, and a model in service."""
    async with start_kontakt(data=data, keeper_url=keeper.url) as kontakt:
        now = datetime.now(UTC)
        live = Model(LIVE, "base", str(data), now)

        def work(connection: Any) -> None:
            models.add_model(connection, live)
            models.add_line(connection, now, LIVE, "put", RULE, "")

        await kontakt.services.database.write(work)
        yield kontakt


@pytest.fixture
async def editor(running: Kontakt) -> Editor:
    """An editor with a change set of one example."""
    editor = await Editor.of(running)
    await editor.open()
    await editor.add("Krävs det lov för en pergola?")
    return editor


class Trainer:
    """Somebody who trains over HTTP."""

    def __init__(self, kontakt: Kontakt, cookie: str) -> None:
        self._kontakt = kontakt
        self._headers = {"Cookie": f"kontakt_session={cookie}"}
        self.id = ""

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self._kontakt.http.request(
            method, f"/api/v1/tuning/trainings{path}", headers=self._headers, **options
        )

    async def start(self, change_set: str) -> httpx.Response:
        answer = await self.ask("POST", "", json={"change_set": change_set})
        self.id = answer.json().get("id", "")
        return answer

    async def get(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ask("GET", f"/{self.id}")).json()
        return found

    async def ended(self) -> dict[str, Any]:
        await eventually(self._has_ended, "the end of the training", 60)
        return await self.get()

    async def figures(self) -> dict[str, Any]:
        answer = await self.ask("GET", f"/{self.id}/figures")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def _has_ended(self) -> bool:
        return (await self.get())["state"] in ("done", "failed", "cancelled")


@pytest.fixture
async def trainer(running: Kontakt) -> Trainer:
    """The editor as one who trains."""
    return Trainer(running, await running.session("editor"))


async def models_of(kontakt: Kontakt) -> dict[str, Model]:
    return {one.name: one for one in await kontakt.services.database.read(models.list_models)}


@both_databases
async def test_a_change_set_becomes_a_judged_model(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings, running: Kontakt
) -> None:
    answer = await trainer.start(editor.set_id)
    assert (answer.status_code, answer.json()["change_set"]) == (202, editor.set_id)
    await eventually(lambda: _at_step(trainer, "Gör om exemplen till vektorer"), "the step", 60)
    assert (await editor.get(""))["change_set"]["state"] == "in_training"
    refused = await editor.edit("add_example", intent="bygglov.behovs", text="En till?", language="sv", voice="sms")
    assert (refused.status_code, refused.json()["code"]) == (409, "change_set_busy")
    keeper.let_go()
    ended = await trainer.ended()
    assert (ended["state"], ended["model"], ended["problem"]) == ("done", MODEL, None)
    assert (await editor.get(""))["change_set"]["state"] == "open"
    tree = Path((keeper.folder / "trained").read_text())
    assert "pergola" in (tree / "nlu" / "bygglov.yml").read_text(encoding="utf-8")
    model = (await models_of(running))[MODEL]
    assert (model.commit, model.tree, model.who.name) == (ended["commit"], str(tree), ended["started_by"])
    assert model.gate is not None and model.gate["open"] is True
    assert model.figures is not None and (model.figures["lost"], model.figures["gained"]) == (2, 6)


async def test_figures_tell_what_changed_and_whether_the_gate_is_open(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings
) -> None:
    keeper.let_go()
    await trainer.start(editor.set_id)
    await trainer.ended()
    found = await trainer.figures()
    comparison = found["comparison"]
    assert (comparison["model"], comparison["whole"]["lost"], comparison["whole"]["gained"]) == (LIVE, 2, 6)
    assert comparison["whole"]["p"] == pytest.approx(0.2891, abs=1e-4)
    assert sum(one["lost"] for one in comparison["faqs"]) == 2
    assert {(one["subject"], one["right"]) for one in comparison["changed"]} >= {("bygglov.behovs", False)}
    assert found["gate"] == {"open": True, "reasons": [], "unjudged": []}
    assert "labels" not in found["figures"]
    table = await trainer.ask("GET", f"/{trainer.id}/tables/faqs")
    assert (table.status_code, table.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "attachment" in table.headers["content-disposition"]
    assert (await trainer.ask("GET", f"/{trainer.id}/tables/state")).status_code in (400, 422)


async def test_a_closed_gate_names_reasons_and_questions(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings, running: Kontakt
) -> None:
    worse = [replace(one, right=number % 2 == 0, before=True) for number, one in enumerate(ordinary())]
    keeper.judge([*worse, Asked("Någon förföljer mig nu", kind="crisis", faq="", right=False)])
    keeper.let_go()
    await trainer.start(editor.set_id)
    await trainer.ended()
    found = await trainer.figures()
    codes = {reason["code"] for reason in found["gate"]["reasons"]}
    assert codes >= {Code.SIGNIFICANT_LOSS, Code.FAQ_BELOW_FLOOR, Code.SERVICE_LOSS, Code.CRISIS_MISSED}
    assert found["gate"]["open"] is False
    for reason in found["gate"]["reasons"]:
        assert all(found["figures"]["named"][name] for name in reason["questions"])
    gate = (await models_of(running))[MODEL].gate
    assert gate is not None and gate["open"] is False


async def test_a_cry_for_help_that_a_pattern_finds_is_not_missed_unless_the_model_calls_it_off(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings
) -> None:
    text = "Jag vill dö"
    quiet = {"is_alarm": False, "is_harmless": False}
    keeper.judge(
        [
            *ordinary(),
            Asked(text, kind="crisis", faq="", right=False, danger=quiet),
            Asked(f"{text}.", kind="crisis", faq="", right=False, danger={**quiet, "is_harmless": True}),
        ]
    )
    keeper.let_go()
    await trainer.start(editor.set_id)
    await trainer.ended()
    danger = (await trainer.figures())["figures"]["danger"]
    missed = {one["text"] for one in danger["missed"]}
    assert f"{text}." in missed and text not in missed


async def test_one_training_at_a_time(editor: Editor, trainer: Trainer, running: Kontakt) -> None:
    await trainer.start(editor.set_id)
    again = await trainer.ask("POST", "", json={"change_set": editor.set_id})
    assert again.json()["code"] == "change_set_busy"
    other = await Editor.of(running)
    await other.open("Annat")
    refused = await trainer.ask("POST", "", json={"change_set": other.set_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "training_running")
    assert (await other.get(""))["change_set"]["state"] == "open"


@both_databases
async def test_a_cancelled_training_leaves_no_model_and_the_set_takes_edits(
    editor: Editor, trainer: Trainer, running: Kontakt
) -> None:
    await trainer.start(editor.set_id)
    cancelled = (await trainer.ask("POST", f"/{trainer.id}/cancel")).json()
    assert cancelled["state"] == "cancelled"
    assert (await editor.get(""))["change_set"]["state"] == "open"
    assert MODEL not in await models_of(running)
    assert (await trainer.ask("GET", f"/{trainer.id}/figures")).json()["code"] == "training_not_judged"
    assert (await trainer.ask("POST", f"/{trainer.id}/cancel")).json()["state"] == "cancelled"


async def test_a_failed_training_says_why_and_the_set_is_kept(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings, running: Kontakt
) -> None:
    keeper.fail()
    await trainer.start(editor.set_id)
    ended = await trainer.ended()
    assert (ended["state"], ended["model"]) == ("failed", None)
    assert "Loggen" in ended["problem"]
    assert (await editor.get(""))["change_set"]["state"] == "open"
    assert (await running.services.database.read(models.read_service)).live == LIVE


async def test_a_judgement_that_cannot_be_read_is_a_failure(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings
) -> None:
    (keeper.folder / "judgement" / "questions.jsonl").write_text("nonsense")
    keeper.let_go()
    await trainer.start(editor.set_id)
    ended = await trainer.ended()
    assert (ended["state"], ended["problem"]) == ("failed", UNREADABLE)


async def test_a_training_whose_keeper_forgot_it_is_over(
    editor: Editor, trainer: Trainer, keeper: KeeperOfTrainings
) -> None:
    await trainer.start(editor.set_id)
    await keeper.trainings.close()
    keeper.trainings._run = None
    for state in keeper.folder.parent.glob("keeper/trainings/*/state.json"):
        state.unlink()
    ended = await trainer.ended()
    assert (ended["state"], ended["problem"]) == ("failed", GONE)
    assert (await editor.get(""))["change_set"]["state"] == "open"


async def test_a_training_goes_on_while_the_service_starts_anew(
    start_kontakt: StartKontakt, data: Path, keeper: KeeperOfTrainings
) -> None:
    async with start_kontakt(data=data, keeper_url=keeper.url) as first:
        editor = await Editor.of(first)
        await editor.open()
        trainer = Trainer(first, await first.session("editor"))
        await trainer.start(editor.set_id)
    keeper.let_go()
    async with start_kontakt(data=data, keeper_url=keeper.url) as second:
        await second.services.trainings.settle()
        (found,) = await second.services.trainings.recent()
        assert (found.state, found.model) == ("done", MODEL)
        assert MODEL in await models_of(second)


async def test_without_a_keeper_nothing_is_trained(start_kontakt: StartKontakt, data: Path) -> None:
    async with start_kontakt(data=data) as kontakt:
        editor = await Editor.of(kontakt)
        await editor.open()
        trainer = Trainer(kontakt, await kontakt.session("editor"))
        refused = await trainer.start(editor.set_id)
        assert refused.json()["code"] == "keeper_missing"
        assert (await trainer.ask("GET", "")).json() == {"can_train": False, "trainings": []}
        assert (await editor.get(""))["change_set"]["state"] == "open"


async def test_a_keeper_that_is_away_is_told(start_kontakt: StartKontakt, data: Path) -> None:
    async with start_kontakt(data=data, keeper_url="http://127.0.0.1:9") as kontakt:
        editor = await Editor.of(kontakt)
        await editor.open()
        trainer = Trainer(kontakt, await kontakt.session("editor"))
        refused = await trainer.start(editor.set_id)
        assert (refused.status_code, refused.json()["code"]) == (503, "keeper_unavailable")
        assert (await editor.get(""))["change_set"]["state"] == "open"
        (kept,) = (await trainer.ask("GET", "")).json()["trainings"]
        assert (kept["state"], "svarar inte" in kept["problem"]) == ("failed", True)


async def test_what_is_not_known_is_not_there(trainer: Trainer) -> None:
    for path in ("/0123456789ab", "/0123456789ab/figures", "/0123456789ab/tables/faqs"):
        answer = await trainer.ask("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "training_unknown")
    assert (await trainer.start("no-such-set")).json()["code"] == "change_set_unknown"


async def _at_step(trainer: Trainer, step: str) -> bool:
    found = await trainer.get()
    return bool(found["step"] == step and found["tail"] and 0 < found["share"] < 1)
