"""Guides' frames as commands of the core; what a guide types is cleaned and redacted too."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from handover.api import frames as f
from handover.conversations import guide_text, safe_text
from handover.core import commands as c
from handover.core.commands import Guide


def guide_command(frame: f.GuideCommandFrame, guide: Guide) -> c.GuideCommand:
    """Return the command of a frame; raises `text_empty` and `text_too_long`."""
    return _command(frame, guide)


@singledispatch
def _command(frame: Any, guide: Guide) -> c.GuideCommand:
    raise TypeError(f"no command for {type(frame).__name__}")


@_command.register
def _(frame: f.Claim, guide: Guide) -> c.GuideCommand:
    return c.Claim(guide)


@_command.register
def _(frame: f.TakeOver, guide: Guide) -> c.GuideCommand:
    return c.TakeOver(guide)


@_command.register
def _(frame: f.Reply, guide: Guide) -> c.GuideCommand:
    return c.Reply(guide, guide_text(frame.text))


@_command.register
def _(frame: f.Approve, guide: Guide) -> c.GuideCommand:
    return c.ApproveDraft(guide, frame.draft_id)


@_command.register
def _(frame: f.Edit, guide: Guide) -> c.GuideCommand:
    return c.ApproveDraft(guide, frame.draft_id, guide_text(frame.text))


@_command.register
def _(frame: f.Reject, guide: Guide) -> c.GuideCommand:
    return c.RejectDraft(guide, frame.draft_id, frame.label, frame.harmful)


@_command.register
def _(frame: f.HandBack, guide: Guide) -> c.GuideCommand:
    return c.HandBack(guide, safe_text(frame.note) if frame.note and frame.note.strip() else None)


@_command.register
def _(frame: f.Release, guide: Guide) -> c.GuideCommand:
    return c.Release(guide)


@_command.register
def _(frame: f.Transfer, guide: Guide) -> c.GuideCommand:
    return c.Transfer(guide, frame.to_guide, frame.to_service, frame.to_language)


@_command.register
def _(frame: f.AddNote, guide: Guide) -> c.GuideCommand:
    return c.AddNote(guide, safe_text(frame.text))


@_command.register
def _(frame: f.Whisper, guide: Guide) -> c.GuideCommand:
    return c.Whisper(guide, safe_text(frame.text))


@_command.register
def _(frame: f.Review, guide: Guide) -> c.GuideCommand:
    return c.Review(guide, frame.item, frame.verdict, frame.harmful)


@_command.register
def _(frame: f.GuideClose, guide: Guide) -> c.GuideCommand:
    return c.GuideClose(guide, frame.outcome)
