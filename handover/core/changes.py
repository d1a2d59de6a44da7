"""The life of a change set: from its opening to the day its model answers, or to its end. Pure."""

from __future__ import annotations

from enum import StrEnum

from handover.core.errors import HandoverError


class ChangeState(StrEnum):
    """Where a change set is; mirrored by a CHECK constraint."""

    #: Edits are taken.
    OPEN = "open"
    #: A model is made of it; edits wait.
    IN_TRAINING = "in_training"
    #: The model of its head answers, or did until the next one; the next change set begins where it ends.
    IN_SERVICE = "in_service"
    #: Given up; what was written stays readable.
    ABANDONED = "abandoned"


#: What editors and trainings bring about; in and out of service a set comes with its model.
_MOVES: dict[ChangeState, frozenset[ChangeState]] = {
    ChangeState.OPEN: frozenset({ChangeState.IN_TRAINING, ChangeState.ABANDONED}),
    ChangeState.IN_TRAINING: frozenset({ChangeState.OPEN}),
    ChangeState.IN_SERVICE: frozenset(),
    ChangeState.ABANDONED: frozenset(),
}


def check_move(now: ChangeState, to: ChangeState) -> None:
    """Raise `change_set_busy` or `change_set_closed` where a change set cannot go from one state to another."""
    if to not in _MOVES[now]:
        raise HandoverError("change_set_busy" if now is ChangeState.IN_TRAINING else "change_set_closed")


def check_editable(state: ChangeState) -> None:
    """Raise `change_set_busy` or `change_set_closed` where no edits are taken."""
    if state is not ChangeState.OPEN:
        raise HandoverError("change_set_busy" if state is ChangeState.IN_TRAINING else "change_set_closed")
