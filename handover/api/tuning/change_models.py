"""Change sets as they cross the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handover.api.frames import Frame
from handover.core.changes import ChangeState
from handover.tuning.changes.edits import AnyEdit, ExampleText, Intent, Language, Text, Voice
from handover.tuning.changes.sets import MAX_TITLE_CHARS

MAX_EDITS = 100


class OpenChangeSet(Frame):
    """Body of `POST /api/v1/tuning/changes`."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE_CHARS)]


class ChangeSetView(Frame):
    """A change set as a line of the list."""

    id: str
    title: str
    state: ChangeState
    opened_at: str
    opened_by: str
    changed_at: str
    edits: int


class ChangeSetList(Frame):
    """Answer of `GET /api/v1/tuning/changes`: the last changed first."""

    change_sets: list[ChangeSetView]


class EditView(Frame):
    """One edit: `subject` is an intent or a service, `what` is the commit's message without it."""

    commit: str
    at: str
    by: str
    subject: str
    what: str


class FaultView(Frame):
    """What the check of a change set found; `file` is of the data folder, `line` counts from 1."""

    file: str
    line: int
    message: str


class ChangeSetDetail(Frame):
    """A change set with its edits, oldest first; `faults` is null while nobody has asked for the check."""

    change_set: ChangeSetView
    head: str
    edits: list[EditView]
    faults: list[FaultView] | None
    #: Something is in service that this set lacks.
    behind: bool


class ChangeSetFaults(Frame):
    """Answer of `POST …/check`."""

    head: str
    faults: list[FaultView]


class EditChangeSet(Frame):
    """Body of `POST …/edits`: all of them become one commit, or nothing does."""

    edits: Annotated[list[AnyEdit], Field(min_length=1, max_length=MAX_EDITS)]


class Edited(Frame):
    """What came of edits: the set as it is now, and the commit that it ends with."""

    change_set: ChangeSetView
    head: str


class Imported(Frame):
    """What came of a file of examples: how many were added, and how many were there already."""

    change_set: ChangeSetView
    head: str
    added: int
    known: int


class VoiceCount(Frame):
    """How many examples there are in a language and voice."""

    language: str
    voice: str
    count: int


class IntentLine(Frame):
    """An intent with its examples counted; `question` is empty for what is no FAQ."""

    id: str
    question: str
    counts: list[VoiceCount]
    #: Languages whose answer was made from another Swedish text than today's.
    stale: list[str]


class ServiceIntents(Frame):
    """A service with its FAQs; `seen` goes with an edit of its search words."""

    id: str
    name: str
    audience: Literal["citizen", "staff"]
    search_words: list[str]
    seen: str
    intents: list[IntentLine]


class IntentList(Frame):
    """Answer of `GET …/intents`: services by name, and the intents that are no FAQ."""

    services: list[ServiceIntents]
    others: list[IntentLine]


class ExampleBlock(Frame):
    """The examples of an intent in one language and voice, in the order of the file; `least` is what the check asks."""

    language: str
    voice: str
    least: int
    texts: list[str]


class ExampleList(Frame):
    """Answer of `GET …/intents/{intent}`."""

    intent: str
    blocks: list[ExampleBlock]


class Placeholder(Frame):
    """A gap of an answer, and what is shown in its place."""

    name: str
    shown: str
    #: The municipality has filled it; else a phrase stands in.
    filled: bool


class AnswerText(Frame):
    """Question and answer in one language; `seen` goes with an edit of it."""

    language: str
    question: str
    answer: str
    seen: str
    stale: bool
    translation: str | None
    placeholders: list[Placeholder]


class FaqAnswers(Frame):
    """Answer of `GET …/faqs/{faq}`: the languages side by side, Swedish first."""

    faq: str
    service: str
    source: str
    owner: str
    texts: list[AnswerText]


class QuestionView(Frame):
    """A regression question: what it expects is FAQs, or an outcome."""

    text: str
    language: str
    expect: list[str]
    outcome: str | None
    audience: Literal["citizen", "staff"] | None
    must_catch: bool


class QuestionList(Frame):
    """Answer of `GET …/questions`, in the order of the files."""

    questions: list[QuestionView]


class CheckExample(Frame):
    """Body of `POST …/findings`: an example as it is typed; `instead_of` is the one that it replaces."""

    intent: Intent
    language: Language = "sv"
    voice: Voice = "vardag"
    text: ExampleText
    instead_of: str = ""


class FindingView(Frame):
    """Something to look at; one that `blocks` keeps the example from being saved."""

    code: str
    blocks: bool
    intent: str
    text: str
    count: int


class Findings(Frame):
    """Answer of `POST …/findings`; `neighbours` tells whether the engine was asked too."""

    findings: list[FindingView]
    neighbours: bool


class PreviewAnswer(Frame):
    """Body of `POST …/preview`: an answer as it is typed."""

    faq: Intent
    language: Language
    answer: Text


class PreviewLink(Frame):
    """A link under the answer."""

    title: str
    url: str


class AnswerPreview(Frame):
    """Answer of `POST …/preview`: what a citizen would be shown, gaps filled, links known."""

    text: str
    links: list[PreviewLink]
    language: str


class ChangeSetDiff(Frame):
    """Answer of `GET …/diff`: a unified diff."""

    diff: str
