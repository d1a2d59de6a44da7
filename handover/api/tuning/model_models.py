"""What the page of models is told, and what it asks for, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints

from handover.api.frames import Frame
from handover.api.rollout_models import Why
from handover.engine_keeper import EngineState

ModelName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class _Frame(Frame):
    model_config = ConfigDict(protected_namespaces=())


class GateReason(_Frame):
    """One reason why the gate is closed."""

    code: str
    sentence: str


class GateView(_Frame):
    """Whether a model may be put into service without a lead's word."""

    open: bool
    reasons: tuple[GateReason, ...] = ()


class ModelView(_Frame):
    """A model; without `commit` it was made from the data folder, without `made_by` by a start of the service."""

    model: str
    commit: str | None = None
    made_at: str
    made_by: str | None = None
    in_service: bool
    #: Whether it ever was in service, so that one can roll back to it.
    served: bool
    #: Whether its file is still there.
    kept: bool
    #: Of its judgement; none where it was not judged.
    figures: dict[str, Any] | None = None
    gate: GateView | None = None


class EngineView(_Frame):
    """An engine process; `memory` in bytes."""

    model: str
    number: int
    state: EngineState
    since: str
    memory: int | None = None
    problem: str | None = None


class SwitchView(_Frame):
    """A line of the log; without `by_name` a start of the service did it."""

    at: str
    model: str
    kind: Literal["begun", "put", "rolled_back", "failed"]
    by_name: str | None = None
    why: str
    overridden: bool


class ModelList(_Frame):
    """Answer of `GET /api/v1/tuning/models`; `swap` is the one under way."""

    #: Whether models can be changed here: somebody keeps engines.
    keeper: bool
    models: list[ModelView]
    engines: list[EngineView]
    swap: SwitchView | None = None
    log: list[SwitchView]


class PutModel(_Frame):
    """Body of `POST /api/v1/tuning/models/{model}/put`: with `override` although its gate is closed, and then why."""

    why: Why = ""
    override: bool = False


class RollBack(_Frame):
    """Body of `POST /api/v1/tuning/models/{model}/roll_back`."""

    why: Why
