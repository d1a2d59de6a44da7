"""What an editor can change: each edit a value that is checked once, as it comes in.

An edit names what its editor saw (`seen`, or the example's own text), so that nobody writes over what somebody else has
written meanwhile.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from catalogue.documents import MAX_ANSWER_CHARS, SOURCE_LANGUAGE, LanguageCode

#: One example, in characters: the longest of the formal voice are half of it.
MAX_EXAMPLE_CHARS = 600
MAX_SEARCH_WORDS = 100

Intent = Annotated[str, StringConstraints(max_length=81, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
FaqName = Annotated[str, StringConstraints(max_length=81, pattern=r"^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}$")]
Service = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Language = Annotated[str, StringConstraints(pattern=r"^(sv|sv-x-easy|[a-z]{2,3})$")]
Voice = Literal["vardag", "formell", "sms", "andraspråk", "en"]
ExampleText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ANSWER_CHARS)]
#: What should come of a message that is no FAQ's.
Outcome = Literal["out_of_scope", "human", "crisis", "not_crisis"]
#: The hash of what the editor saw, as a reading of it told.
Seen = Annotated[str, StringConstraints(max_length=16)]


class Edit(BaseModel):
    """Base of all edits: immutable, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _OfExamples(Edit):
    intent: Intent
    language: Language = "sv"
    voice: Voice = "vardag"


class AddExample(_OfExamples):
    """One more example, at the end of its block."""

    kind: Literal["add_example"] = "add_example"
    text: ExampleText


class RemoveExample(_OfExamples):
    """An example is no longer one."""

    kind: Literal["remove_example"] = "remove_example"
    text: ExampleText


class ChangeExample(_OfExamples):
    """An example is written otherwise, in its place."""

    kind: Literal["change_example"] = "change_example"
    text: ExampleText
    to: ExampleText


class SetAnswer(Edit):
    """Question and answer of a FAQ in one language; a translation counts as made from today's Swedish text."""

    kind: Literal["set_answer"] = "set_answer"
    faq: FaqName
    language: Language
    question: Text
    answer: Text
    #: Empty where the FAQ has no text in this language yet.
    seen: Seen


class ConfirmAnswer(Edit):
    """The text of a language still fits, though the Swedish text has changed."""

    kind: Literal["confirm_answer"] = "confirm_answer"
    faq: FaqName
    language: Language
    seen: Seen


class SetSearchWords(Edit):
    """The words that people use for a service: the search and the recognition of service names go by them."""

    kind: Literal["set_search_words"] = "set_search_words"
    service: Service
    words: Annotated[
        list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]],
        Field(min_length=3, max_length=MAX_SEARCH_WORDS),
    ]
    seen: Seen


class NewFaq(Edit):
    """A question that the catalogue does not have, in the three languages that each has."""

    kind: Literal["new_faq"] = "new_faq"
    faq: FaqName
    question: dict[Literal["sv", "sv-x-easy", "en"], Text]
    answer: dict[Literal["sv", "sv-x-easy", "en"], Text]
    source: Literal["facts", "law", "example"]
    law: Text | None = None
    owner: Text
    reviewed: date
    review_by: date


class RetireFaq(Edit):
    """A question is taken out, with its examples and whatever names it."""

    kind: Literal["retire_faq"] = "retire_faq"
    faq: FaqName
    seen: Seen


class RenameFaq(Edit):
    """A question gets another id, everywhere: examples, relations, questions to calibrate on and to test with."""

    kind: Literal["rename_faq"] = "rename_faq"
    faq: FaqName
    to: FaqName


class _OfQuestions(Edit):
    """A regression question: either of a FAQ, or of what should come of it instead."""

    faq: FaqName | None = None
    outcome: Outcome | None = None
    text: ExampleText

    @model_validator(mode="after")
    def _is_of_one(self) -> Self:
        if (self.faq is None) is (self.outcome is None):
            raise ValueError("either `faq` or `outcome`")
        return self

    @property
    def subject(self) -> str:
        """What the question is of: the FAQ, or the outcome."""
        return self.faq or self.outcome or ""


class AddQuestion(_OfQuestions):
    """One more question that nobody trains on and every new model is asked."""

    kind: Literal["add_question"] = "add_question"
    language: LanguageCode = SOURCE_LANGUAGE
    #: Who asks; None: whom the FAQ is for.
    audience: Literal["citizen", "staff"] | None = None
    #: A cry for help that no model may miss.
    must_catch: bool = False


class RemoveQuestion(_OfQuestions):
    """A regression question is no longer asked."""

    kind: Literal["remove_question"] = "remove_question"


AnyEdit = Annotated[
    AddExample
    | RemoveExample
    | ChangeExample
    | SetAnswer
    | ConfirmAnswer
    | SetSearchWords
    | NewFaq
    | RetireFaq
    | RenameFaq
    | AddQuestion
    | RemoveQuestion,
    Field(discriminator="kind"),
]
