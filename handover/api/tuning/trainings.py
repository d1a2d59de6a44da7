"""Trainings over HTTP: started, watched, cancelled; their figures, as JSON and as tables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from handover.api.access import requires
from handover.api.services import Services
from handover.api.tuning import training_models as m
from handover.core.errors import HandoverError
from handover.core.roles import Right
from handover.store.accounts import Account
from handover.store.supervision import Who
from handover.store.trainings import Training
from handover.tuning.training.service import Progress

Editor = Annotated[Account, requires(Right.TUNE)]


def training_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/tuning/trainings`."""
    router = APIRouter(prefix="/api/v1/tuning/trainings", tags=["tuning"])
    use = services.trainings

    @router.get("")
    async def list_trainings(_: Editor) -> m.TrainingList:
        """Return the newest trainings."""
        return m.TrainingList(can_train=use.can_train, trainings=[_view(Progress(one)) for one in await use.recent()])

    @router.post("", status_code=202)
    async def start(body: m.StartTraining, editor: Editor) -> m.TrainingView:
        """Train what a change set holds, and judge it beside the model in service; one training at a time."""
        return _view(await use.start(body.change_set, Who(editor.id, editor.name)))

    @router.get("/{training}")
    async def get(training: m.TrainingId, _: Editor) -> m.TrainingView:
        """Return how far a training is, with the end of its log."""
        return _view(await use.get(training))

    @router.post("/{training}/cancel")
    async def cancel(training: m.TrainingId, editor: Editor) -> m.TrainingView:
        """Stop a training; nothing half is left of it."""
        return _view(await use.cancel(training, Who(editor.id, editor.name)))

    @router.get("/{training}/figures")
    async def figures(training: m.TrainingId, _: Editor) -> m.TrainingFigures:
        """Return the judgement of the model that a training led to."""
        return m.TrainingFigures.model_validate(_figures(await use.get(training)), extra="ignore")

    @router.get("/{training}/tables/{table}")
    async def table(training: m.TrainingId, table: m.Table, _: Editor) -> Response:
        """Return one table of the judgement as CSV, while its files are kept."""
        content = await use.read_table(training, table)
        name = f"attachment; filename={training}-{table}.csv"
        return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})

    return router


def _figures(progress: Progress) -> dict[str, object]:
    if progress.training.figures is None:
        raise HandoverError("training_not_judged")
    return dict(progress.training.figures)


def _view(progress: Progress) -> m.TrainingView:
    training, kept = progress.training, progress.kept
    view = _ended(training)
    if kept is None:
        return view
    running = {"state": kept.state} if training.is_running and kept.state in ("training", "judging") else {}
    told = {"step": kept.step, "share": kept.share, "tail": kept.tail, "model": training.model or kept.model}
    return view.model_copy(update={**told, **running})


def _ended(training: Training) -> m.TrainingView:
    return m.TrainingView.model_validate(
        {
            "id": training.id,
            "change_set": training.change_set,
            "commit": training.commit,
            "state": training.state,
            "model": training.model,
            "problem": training.problem,
            "started_at": training.started_at.isoformat(),
            "started_by": training.who.name,
            "ended_at": training.ended_at.isoformat() if training.ended_at else None,
        }
    )
