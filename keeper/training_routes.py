"""The keeper's door for trainings; who may come in is checked where the router is mounted."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from keeper.training_run import Order
from keeper.training_state import Training, TrainingState
from keeper.trainings import TrainingRunning, Trainings, TrainingUnknown

MODEL_SUFFIX = ".tar.gz"


class StartTraining(BaseModel):
    """What is to be trained: a tree in the folder of trees, and the name of the model to compare with."""

    id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    tree: str = Field(max_length=1_000)
    against: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")


class TrainingView(BaseModel):
    """A training as it stands; `share` is an estimate from 0 to 1, `tail` the last lines of its log."""

    id: str
    state: TrainingState
    step: str
    share: float
    model: str | None
    problem: str | None
    started_at: datetime
    ended_at: datetime | None
    tail: list[str]


def training_routes(trainings: Trainings, trees: Path, models: Path) -> APIRouter:
    """Return the routes under `/trainings`; trees are taken from the folder `trees` and nowhere else."""
    router = APIRouter(prefix="/trainings", tags=["trainings"])

    @router.post("", status_code=202)
    async def start(body: StartTraining) -> TrainingView:
        """Start a training; one at a time."""
        order = await asyncio.to_thread(_order, body, trees, models)
        try:
            return _view(trainings.start(order))
        except TrainingRunning:
            raise HTTPException(409, "training_running") from None
        except OSError:
            raise HTTPException(507, "disk_full") from None

    @router.get("/{training}")
    async def get(training: str) -> TrainingView:
        """Return how far it is."""
        try:
            return _view(trainings.get(training))
        except TrainingUnknown:
            raise HTTPException(404, "training_unknown") from None

    @router.delete("/{training}")
    async def cancel(training: str) -> TrainingView:
        """Stop it; when this returns nothing of it runs."""
        try:
            return _view(await trainings.cancel(training))
        except TrainingUnknown:
            raise HTTPException(404, "training_unknown") from None

    @router.get("/{training}/files/{name}")
    async def file(training: str, name: str) -> FileResponse:
        """Return the log or a file of the judgement."""
        try:
            return FileResponse(trainings.find_file(training, name))
        except TrainingUnknown:
            raise HTTPException(404, "training_unknown") from None

    return router


def _order(body: StartTraining, trees: Path, models: Path) -> Order:
    tree = Path(body.tree).resolve()
    if not tree.is_relative_to(trees.resolve()) or not tree.is_dir():
        raise HTTPException(422, "tree_unknown")
    against = models / f"{body.against}{MODEL_SUFFIX}" if body.against else None
    if against is not None and not against.is_file():
        raise HTTPException(422, "model_unknown")
    return Order(body.id, tree, against)


def _view(training: Training) -> TrainingView:
    return TrainingView(
        id=training.id,
        state=training.state,
        step=training.step,
        share=round(training.share, 2),
        model=training.model,
        problem=training.problem,
        started_at=training.started_at,
        ended_at=training.ended_at,
        tail=list(training.tail),
    )
