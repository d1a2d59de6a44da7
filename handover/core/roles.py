"""Who may do what: roles of an account, and the rights that each of them brings. Pure.

An account holds a set of roles. `docs/roles.md` shows what a test found of every route and frame for every role.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What an account is to the municipality; mirrored by the names that claims of the sign-in are mapped to."""

    #: Answers citizens and employees, judges drafts.
    GUIDE = "guide"
    #: Leads guides: the live view, supervision levels, the kill switch, notices of disturbances.
    LEAD = "lead"
    #: Keeps intents, examples and answers.
    EDITOR = "editor"
    #: Reads figures, never conversations.
    ANALYST = "analyst"
    #: Keeps accounts.
    ADMIN = "admin"
    #: Asks as an employee.
    STAFF = "staff"


class Right(StrEnum):
    """One thing that a route or a frame asks for."""

    #: Open the desk: the queue, conversations, drafts, canned answers, the catalogue beside them.
    DESK = "desk"
    #: See every conversation that the assistant has, whisper to a guide.
    LIVE = "live"
    #: Judge answers on the review list.
    REVIEW = "review"
    #: Read levels, figures and changes of the rollout.
    READ_ROLLOUT = "read_rollout"
    #: Change levels and caps, and pull the kill switch.
    CHANGE_ROLLOUT = "change_rollout"
    #: Tell everybody of a disturbance.
    ANNOUNCE = "announce"
    #: See who is on duty and set capacity and skills.
    KEEP_GUIDES = "keep_guides"
    #: Give and take roles, end sessions.
    KEEP_ACCOUNTS = "keep_accounts"
    #: Sort what the assistant missed, edit examples and answers, train and judge models, try sentences.
    TUNE = "tune"
    #: Put a model into service where its gate is open, and take it back.
    CHANGE_MODEL = "change_model"
    #: Put a model into service though its gate is closed.
    OVERRIDE_GATE = "override_gate"
    #: Ask as an employee.
    ASK_AS_STAFF = "ask_as_staff"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.GUIDE: frozenset({Right.DESK, Right.REVIEW, Right.READ_ROLLOUT, Right.ASK_AS_STAFF}),
    Role.LEAD: frozenset(
        {
            Right.DESK,
            Right.LIVE,
            Right.REVIEW,
            Right.READ_ROLLOUT,
            Right.CHANGE_ROLLOUT,
            Right.ANNOUNCE,
            Right.KEEP_GUIDES,
            Right.TUNE,
            Right.CHANGE_MODEL,
            Right.OVERRIDE_GATE,
            Right.ASK_AS_STAFF,
        }
    ),
    Role.EDITOR: frozenset({Right.REVIEW, Right.READ_ROLLOUT, Right.TUNE, Right.CHANGE_MODEL, Right.ASK_AS_STAFF}),
    Role.ANALYST: frozenset({Right.READ_ROLLOUT, Right.ASK_AS_STAFF}),
    Role.ADMIN: frozenset({Right.KEEP_GUIDES, Right.KEEP_ACCOUNTS, Right.ASK_AS_STAFF}),
    Role.STAFF: frozenset({Right.ASK_AS_STAFF}),
}


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return everything that these roles allow together."""
    return frozenset().union(*(RIGHTS[role] for role in roles))
