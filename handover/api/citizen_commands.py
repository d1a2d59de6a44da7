"""Citizens' frames as commands of the core: texts are cleaned and redacted here, before anything else sees them."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from handover.api import frames as f
from handover.conversations import safe_text
from handover.core import commands as c
from handover.danger import DangerWatch


async def citizen_command(frame: f.CitizenCommandFrame, watch: DangerWatch) -> c.CitizenCommand:
    """Return the command of a frame, with the danger that it tells of; raises `text_empty` and `text_too_long`."""
    command = _command(frame)
    if isinstance(command, c.Say):
        return replace(command, danger=await watch.find_danger(command.text))
    return command


@singledispatch
def _command(frame: Any) -> c.CitizenCommand:
    raise TypeError(f"no command for {type(frame).__name__}")


@_command.register
def _(frame: f.Say) -> c.CitizenCommand:
    return c.Say(safe_text(frame.text))


@_command.register
def _(frame: f.Choose) -> c.CitizenCommand:
    return c.Choose(frame.payload)


@_command.register
def _(frame: f.AskHuman) -> c.CitizenCommand:
    return c.AskHuman()


@_command.register
def _(frame: f.Rate) -> c.CitizenCommand:
    comment = safe_text(frame.comment) if frame.comment and frame.comment.strip() else None
    return c.Rate(frame.score, frame.resolved, comment)


@_command.register
def _(frame: f.CitizenClose) -> c.CitizenCommand:
    return c.CitizenClose()
