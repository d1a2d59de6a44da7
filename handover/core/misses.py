"""What the assistant did not get right: the messages of a conversation that it missed, how, and how badly. Pure.

A miss is something that a person wrote in own words. What became of it later counts against it: which question was
chosen when the assistant asked back, how its answer was judged, whether a guide had to step in.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handover.core import events as e
from handover.core.decisions import HUMAN_CHOICE, SAFETY_SUFFIX
from handover.core.events import Reason
from handover.core.likeness import SMALL_EDIT


class MissKind(StrEnum):
    """In which way a message was missed."""

    #: The assistant asked "menade du"; `denied`: and none of its questions was meant.
    ASKED = "asked"
    DENIED = "denied"
    #: Too unsure even to ask: the catalogue was searched, or a person fetched.
    SEARCHED = "searched"
    LOW_CONFIDENCE = "low_confidence"
    #: It was answered, and the person said that this did not help: in the chat, or when rating it.
    NOT_RESOLVED = "not_resolved"
    NOT_HELPED = "not_helped"
    #: What a guide did with the answer.
    TAKEN_OVER = "taken_over"
    EDITED = "edited"
    REJECTED = "rejected"
    #: What somebody who reviewed the answer thought of it.
    JUDGED_UNCLEAR = "judged_unclear"
    JUDGED_WRONG = "judged_wrong"
    HARMFUL = "harmful"


#: How bad each kind is. What was found in the end is mild, what misled somebody is not.
WEIGHTS: dict[MissKind, float] = {
    MissKind.ASKED: 1.0,
    MissKind.EDITED: 1.0,
    MissKind.JUDGED_UNCLEAR: 1.0,
    MissKind.SEARCHED: 2.0,
    MissKind.DENIED: 2.0,
    MissKind.TAKEN_OVER: 2.0,
    MissKind.LOW_CONFIDENCE: 3.0,
    MissKind.NOT_RESOLVED: 3.0,
    MissKind.NOT_HELPED: 3.0,
    MissKind.REJECTED: 4.0,
    MissKind.JUDGED_WRONG: 4.0,
    MissKind.HARMFUL: 6.0,
}
#: A draft that was rejected for how it was said is less of a miss than one that said something else.
REJECTED_WEIGHTS: dict[str, float] = {"tone": 1.0, "outdated": 2.0, "should_have_been_a_person": 3.0}
#: Kinds by which the answer that was given is not the one that was asked for.
_NOT_THAT_ANSWER = frozenset({MissKind.REJECTED, MissKind.JUDGED_WRONG, MissKind.HARMFUL})
LOW_SCORE = 2
MOST_GUESSES = 3
_DIALOGUE = "dialogue."
_DENY, _COMPLAINT = "dialogue.deny", "dialogue.complaint"
_DECISIONS = {"asked": MissKind.ASKED, "searched": MissKind.SEARCHED}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Guess:
    """A FAQ that may have been meant, and how likely that is, 0 to 1; 1: the person chose it."""

    faq: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class Miss:
    """A message that the assistant missed; `seq` and `at` are the message's own, `text` is as the record holds it."""

    seq: int
    at: datetime
    text: str
    language: str
    audience: str
    kinds: tuple[MissKind, ...]
    weight: float
    #: The FAQ that it was answered with, or would have been.
    answered: str | None = None
    offered: tuple[str, ...] = ()
    chosen: str | None = None
    #: Why a guide rejected the draft.
    label: str | None = None
    guesses: tuple[Guess, ...] = ()
    model_id: str | None = None


def normal_form(text: str) -> str:
    """Return the words of a text, lower case, one space between: what two people who ask the same have in common."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def text_key(text: str, language: str, audience: str) -> str:
    """Return what names a text among all that were missed: the same for the same words, language and audience."""
    return hashlib.sha256(f"{audience}\n{language}\n{normal_form(text)}".encode()).hexdigest()[:32]


def tells_of_misses(event: e.Event) -> bool:
    """Tell whether an event may change what was missed in its conversation; most events do not."""
    match event:
        case e.Message(sender="citizen"):
            return event.choice is not None
        case e.Message() | e.Draft():
            understood = event.understanding
            missed = understood is not None and (understood.decision in _DECISIONS or understood.intent == _COMPLAINT)
            return missed or _is_safety(event)
        case e.DraftDecided():
            return event.decision in ("edited", "rejected")
        case e.Escalated():
            return event.reason in (Reason.LOW_CONFIDENCE, Reason.NOT_RESOLVED, Reason.CRISIS)
        case e.Claimed():
            return event.via == "take_over"
        case e.Rated() | e.Reviewed() | e.Redacted():
            return True
        case _:
            return False


def find_misses(
    history: Iterable[tuple[int, datetime, e.Event]], language: str = "sv", audience: str = e.Audience.CITIZEN
) -> tuple[Miss, ...]:
    """Return what was missed in a conversation, in order.

    `language` and `audience` are those of the conversation, for a history that does not begin with its opening. A
    conversation in which somebody was in danger has none: nobody is to sort such words.
    """
    reader = _Reader(language, str(audience))
    for seq, at, event in history:
        reader.read(seq, at, event)
    return reader.misses()


@dataclass(slots=True)
class _Question:
    """A message of the person, and what has become of it so far."""

    seq: int
    at: datetime
    text: str
    language: str
    choice: str | None = None
    #: What offered the choice.
    origin: _Question | None = None
    kinds: set[MissKind] = field(default_factory=set)
    answered: str | None = None
    offered: tuple[str, ...] = ()
    chosen: str | None = None
    label: str | None = None
    understood: e.Understanding | None = None

    @property
    def is_small_talk(self) -> bool:
        intent = self.understood.intent if self.understood else None
        return self.answered is None and intent is not None and intent.startswith(_DIALOGUE)

    @property
    def in_own_words(self) -> _Question | None:
        """The message that led here: a quick reply is a title of ours."""
        return self if self.choice is None else self.origin


class _Reader:
    """Folds events, oldest first."""

    def __init__(self, language: str, audience: str) -> None:
        self._language, self._audience = language, audience
        self._questions: dict[int, _Question] = {}
        #: The question of each answer and draft, by the id of these.
        self._items: dict[str, _Question] = {}
        self._last: _Question | None = None
        self._last_answered: _Question | None = None
        self._in_danger = False

    def misses(self) -> tuple[Miss, ...]:
        if self._in_danger:
            return ()
        found = [one for one in self._questions.values() if one.kinds and not one.is_small_talk]
        return tuple(self._miss(one) for one in found if normal_form(one.text))

    def read(self, seq: int, at: datetime, event: e.Event) -> None:
        match event:
            case e.Opened():
                self._language, self._audience = event.language, str(event.audience)
            case e.Message(sender="citizen"):
                self._asked(_Question(seq, at, event.text, self._language, event.choice))
            case e.Message(sender="guide"):
                self._last_answered = None
            case e.Message() | e.Draft():
                self._replied(event)
            case e.DraftDecided():
                self._decided(event)
            case e.Escalated():
                self._escalated(event)
            case e.Claimed(via="take_over"):
                if self._last is not None and self._last is self._last_answered:
                    self._blame(self._last, MissKind.TAKEN_OVER)
            case e.Rated():
                if event.resolved is False or event.score <= LOW_SCORE:
                    self._blame(self._last_answered, MissKind.NOT_HELPED)
            case e.Reviewed():
                self._reviewed(event)
            case e.Redacted():
                self._questions.pop(event.target_seq, None)
            case _:
                pass

    def _asked(self, question: _Question) -> None:
        if question.choice is not None:
            self._chose(question, question.choice)
        self._questions[question.seq] = self._last = question

    def _chose(self, question: _Question, choice: str) -> None:
        """Note on the message that was asked back about what was chosen then."""
        asked_back = [one for one in self._questions.values() if one.offered]
        if choice in (_DENY, HUMAN_CHOICE):
            question.origin = asked_back[-1] if asked_back else None
            if question.origin is not None and question.origin.chosen is None:
                question.origin.kinds.add(MissKind.DENIED)
            return
        question.origin = next((one for one in reversed(asked_back) if choice in one.offered), None)
        if question.origin is not None:
            question.origin.chosen = choice

    def _replied(self, event: e.Message | e.Draft) -> None:
        self._in_danger |= _is_safety(event)
        question = self._questions.get(event.reply_to or 0)
        if question is None:
            return
        faqs = tuple(choice.payload for choice in event.choices if _is_faq(choice.payload))
        question.offered = tuple(dict.fromkeys((*question.offered, *faqs)))
        if event.understanding is not None:
            self._understood(question, event.understanding)
        if event.answer is None:
            return
        question.answered = event.answer.faq
        self._items[event.id] = question
        if isinstance(event, e.Message):
            self._last_answered = question

    def _understood(self, question: _Question, understood: e.Understanding) -> None:
        question.understood = understood
        question.language = understood.language or question.language
        if understood.intent == _COMPLAINT:
            self._blame(self._last_answered, MissKind.NOT_RESOLVED)
        kind = _DECISIONS.get(understood.decision)
        if kind is not None and (kind is not MissKind.ASKED or question.offered):
            self._blame(question, kind)

    def _decided(self, event: e.DraftDecided) -> None:
        question = self._items.get(event.draft_id)
        if event.decision == "edited" and (event.edit_distance or 0.0) > SMALL_EDIT:
            self._blame(question, MissKind.EDITED)
        if event.decision == "rejected":
            self._blame(question, MissKind.REJECTED, event.label)
            if event.harmful:
                self._blame(question, MissKind.HARMFUL)

    def _escalated(self, event: e.Escalated) -> None:
        if event.reason is Reason.CRISIS:
            self._in_danger = True
        if event.reason is Reason.NOT_RESOLVED:
            self._blame(self._last_answered, MissKind.NOT_RESOLVED)
        if event.reason is Reason.LOW_CONFIDENCE and self._last is not None:
            if event.understanding is not None:
                self._last.understood = event.understanding
            self._blame(self._subject(), MissKind.LOW_CONFIDENCE)

    def _subject(self) -> _Question | None:
        """The last message that was about something: "nej" is about what was asked before it."""
        return next((one for one in reversed(self._questions.values()) if not one.is_small_talk), None)

    def _reviewed(self, event: e.Reviewed) -> None:
        question = self._items.get(event.item)
        if event.verdict == "wrong":
            self._blame(question, MissKind.JUDGED_WRONG)
        if event.verdict == "unclear":
            self._blame(question, MissKind.JUDGED_UNCLEAR)
        if event.harmful:
            self._blame(question, MissKind.HARMFUL)

    def _blame(self, question: _Question | None, kind: MissKind, label: str | None = None) -> None:
        subject = question.in_own_words if question is not None else None
        if question is None or subject is None:
            return
        subject.kinds.add(kind)
        subject.label = label or subject.label
        subject.answered = question.answered or subject.answered

    def _miss(self, one: _Question) -> Miss:
        return Miss(
            seq=one.seq,
            at=one.at,
            text=one.text,
            language=one.language,
            audience=self._audience,
            kinds=tuple(kind for kind in MissKind if kind in one.kinds),
            weight=max(_weight(kind, one.label) for kind in one.kinds),
            answered=one.answered,
            offered=one.offered,
            chosen=one.chosen,
            label=one.label,
            guesses=_guesses(one),
            model_id=one.understood.model_id if one.understood else None,
        )


def _weight(kind: MissKind, label: str | None) -> float:
    if kind is MissKind.REJECTED and label is not None:
        return REJECTED_WEIGHTS.get(label, WEIGHTS[kind])
    return WEIGHTS[kind]


def _guesses(one: _Question) -> tuple[Guess, ...]:
    """What was chosen is what was meant; else what the engine ranked first, but for an answer that was wrong."""
    if one.chosen is not None:
        return (Guess(one.chosen, 1.0),)
    ranking = one.understood.ranking if one.understood else ()
    refused = {one.answered} if one.kinds & _NOT_THAT_ANSWER else set()
    likely = [Guess(r.intent, r.confidence) for r in ranking if _is_faq(r.intent) and r.intent not in refused]
    return tuple(likely[:MOST_GUESSES])


def _is_safety(event: e.Message | e.Draft) -> bool:
    """Tell whether this is the fixed text for somebody in danger, which is said whoever has the conversation."""
    return event.id.endswith(SAFETY_SUFFIX)


def _is_faq(intent: str) -> bool:
    return "." in intent and not intent.startswith((_DIALOGUE, "danger."))
