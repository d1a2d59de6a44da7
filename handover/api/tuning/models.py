"""Models over HTTP: which there are, which is in service, and how another takes its place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from handover.api.access import requires
from handover.api.services import Services
from handover.api.tuning import model_models as m
from handover.core.errors import HandoverError
from handover.core.roles import Right, rights_of
from handover.engine_keeper import KeptEngine
from handover.store.accounts import Account
from handover.store.models import Line, Model
from handover.store.supervision import Who
from handover.tuning.models.service import Standing

Reader = Annotated[Account, requires(Right.TUNE)]
Changer = Annotated[Account, requires(Right.CHANGE_MODEL)]


def model_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/tuning/models`."""
    router = APIRouter(prefix="/api/v1/tuning/models", tags=["tuning"])
    use = services.models

    @router.get("")
    async def list_models(_: Reader) -> m.ModelList:
        """Return the models, the engines and the newest lines of the log."""
        standing = await use.read()
        return m.ModelList(
            keeper=use.watch is not None,
            models=[_model(one, standing) for one in standing.models],
            engines=[_engine(one) for one in (use.watch.engines if use.watch else ())],
            swap=_line(standing.swap) if standing.swap else None,
            log=[_line(one) for one in standing.lines],
        )

    @router.post("/{model}/put", status_code=202)
    async def put(model: m.ModelName, body: m.PutModel, account: Changer) -> m.SwitchView:
        """Begin to put a model into service; the list tells how it goes."""
        if body.override and Right.OVERRIDE_GATE not in rights_of(account.roles):
            raise HandoverError("forbidden")
        return _line(await use.put(model, body.why, _who(account), body.override))

    @router.post("/{model}/roll_back", status_code=202)
    async def roll_back(model: m.ModelName, body: m.RollBack, account: Changer) -> m.SwitchView:
        """Begin to go back to a model that was in service."""
        return _line(await use.roll_back(model, body.why, _who(account)))

    return router


def _who(account: Account) -> Who:
    return Who(account.id, account.name)


def _model(model: Model, standing: Standing) -> m.ModelView:
    service = standing.service
    return m.ModelView(
        model=model.name,
        commit=model.commit,
        made_at=model.made_at.isoformat(),
        made_by=model.who.name,
        in_service=model.name == service.live,
        served=service.has_served(model.name),
        kept=model.kept,
        figures=None if model.figures is None else dict(model.figures),
        gate=None if model.gate is None else m.GateView.model_validate(model.gate, extra="ignore"),
    )


def _engine(engine: KeptEngine) -> m.EngineView:
    return m.EngineView(
        model=engine.model,
        number=engine.number,
        state=engine.state,
        since=engine.since.isoformat(),
        memory=engine.rss,
        problem=engine.problem,
    )


def _line(line: Line) -> m.SwitchView:
    return m.SwitchView(
        at=line.at.isoformat(),
        model=line.model,
        kind=line.kind,
        by_name=line.who.name,
        why=line.why,
        overridden=line.overridden,
    )
