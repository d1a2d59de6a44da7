"""How the assistant replies to a turn: pure decisions over the ranking, the catalogue and the phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.turn import Choice, Decided, Ranked, Reply, Turn
from catalogue.phrases import Phrases
from catalogue.search import CatalogueSearch
from catalogue.snapshot import Catalogue, FaqUnknownError

MAX_CHOICES = 3
#: A miss is an answer that was only searched for; the second in a row goes to a person.
MAX_MISSES = 2
#: Above this share of the confidence, a citizen's question is about an internal service.
STAFF_SHARE_TO_SIGN_IN = 0.6
HUMAN_PAYLOAD = "human"
ASK_HUMAN_INTENT = "dialogue.ask_human"
DENY_PAYLOAD = "dialogue.deny"


class Assistant:
    """Everything an action may need, for one revision of the catalogue."""

    def __init__(self, catalogue: Catalogue, phrases: Phrases) -> None:
        self._catalogue = catalogue
        self._phrases = phrases
        self._search = CatalogueSearch(catalogue)

    @property
    def revision(self) -> int:
        """The catalogue's revision that this assistant speaks from."""
        return self._catalogue.revision

    def answer(self, turn: Turn) -> Reply:
        """Give the catalogue's answer to the intent; staff answers only to staff."""
        try:
            found = self._catalogue.get_answer(turn.intent, turn.language, turn.audience)
        except FaqUnknownError:
            if self._catalogue.find_faq(turn.intent) is not None:
                return self.sign_in(turn)
            return self.search(turn)
        return Reply.of_answer(found)

    def sign_in(self, turn: Turn) -> Reply:
        """Tell an anonymous person that the question is for employees."""
        return Reply(Decided.REFUSED, self._say("sign_in", turn), choices=self._person_choice(turn))

    def clarify(self, turn: Turn) -> Reply:
        """Not sure enough to answer: ask which question was meant, else search.

        A citizen cannot mean an internal service unless it is the likeliest by far: what those services took of
        the confidence is shared out among the rest, and that may be enough to answer after all.
        """
        staff_share = sum(r.confidence for r in turn.ranking if self._is_hidden(r.intent, turn))
        if staff_share > STAFF_SHARE_TO_SIGN_IN:
            return self.sign_in(turn)
        seen = [
            Ranked(r.intent, r.confidence / (1 - staff_share))
            for r in turn.ranking
            if not self._is_hidden(r.intent, turn)
        ]
        if not seen or seen[0].confidence < turn.ask_threshold:
            return self.search(turn)
        if seen[0].confidence >= turn.answer_threshold and self._title(seen[0].intent, turn) is not None:
            return self.answer(replace(turn, intent=seen[0].intent))
        if seen[0].intent == ASK_HUMAN_INTENT:
            return self.escalate(turn, "asked_for_human")
        asked = [r.intent for r in seen if self._title(r.intent, turn) is not None]
        if not asked:
            return self.search(turn)
        return Reply(
            Decided.ASKED,
            self._say("did_you_mean", turn),
            choices=self._faq_choices(asked, turn),
            context={"misses": turn.misses},
        )

    def search(self, turn: Turn) -> Reply:
        """Offer what the catalogue's search finds; a second miss fetches a person."""
        misses = turn.misses + 1
        if misses >= MAX_MISSES:
            return self.escalate(turn, "low_confidence", "second_miss")
        hits = self._search.search(turn.text, turn.audience, MAX_CHOICES)
        if not hits:
            choices = self._person_choice(turn)
            text = self._say("nothing_found", turn)
        else:
            choices = self._faq_choices((hit.faq_id for hit in hits), turn)
            text = self._say("found", turn)
        return Reply(Decided.SEARCHED, text, choices=choices, context={"misses": misses})

    def escalate(self, turn: Turn, reason: str, phrase: str = "fetching_person") -> Reply:
        """Fetch a person."""
        return Reply(Decided.ESCALATED, self._say(phrase, turn), escalate=reason)

    def deny(self, turn: Turn) -> Reply:
        """None of the offered questions was meant; after a second time, fetch a person."""
        if turn.misses + 1 >= MAX_MISSES:
            return self.escalate(turn, "low_confidence", "second_miss")
        return Reply(
            Decided.SMALLTALK,
            self._say("deny", turn),
            choices=self._person_choice(turn),
            context={"misses": turn.misses + 1},
        )

    def complain(self, turn: Turn) -> Reply:
        """The answer did not help: offer a person; the second time, fetch one."""
        if turn.misses + 1 >= MAX_MISSES:
            return self.escalate(turn, "not_resolved", "second_miss")
        return Reply(
            Decided.SMALLTALK,
            self._say("complaint", turn),
            choices=self._person_choice(turn),
            context={"misses": turn.misses + 1},
        )

    def out_of_scope(self, turn: Turn) -> Reply:
        """Not the municipality's business: say so, offer a person."""
        return Reply(Decided.REFUSED, self._say("out_of_scope", turn), choices=self._person_choice(turn))

    def small_talk(self, turn: Turn) -> Reply:
        """A short, polite sentence; openers without a subject are asked back."""
        topic = turn.intent.removeprefix("dialogue.")
        asked_back = topic in ("vague", "order", "report")
        with_person = topic in ("are_you_robot", "hostile", "switch_language")
        return Reply(
            Decided.ASKED if asked_back else Decided.SMALLTALK,
            self._say(topic, turn),
            choices=self._person_choice(turn) if with_person else (),
        )

    def _say(self, key: str, turn: Turn) -> str:
        return self._phrases.say(key, turn.language)

    def _is_hidden(self, intent: str, turn: Turn) -> bool:
        """Tell whether the intent is a FAQ that the asker may not see."""
        faq = self._catalogue.find_faq(intent)
        return faq is not None and not self._catalogue.may_see(faq.service, turn.audience)

    def _title(self, faq_id: str, turn: Turn) -> str | None:
        """Return the FAQ's question as the title of a choice, None where the asker may not see it."""
        try:
            return self._catalogue.get_answer(faq_id, turn.language, turn.audience).question
        except FaqUnknownError:
            return None

    def _faq_choices(self, faq_ids: Iterable[str], turn: Turn) -> tuple[Choice, ...]:
        titled = ((self._title(faq_id, turn), faq_id) for faq_id in faq_ids)
        offered = [Choice(title, faq_id) for title, faq_id in titled if title is not None]
        return (
            *offered[:MAX_CHOICES],
            Choice(self._say("none_of_these", turn), DENY_PAYLOAD),
            *self._person_choice(turn),
        )

    def _person_choice(self, turn: Turn) -> tuple[Choice, ...]:
        return (Choice(self._say("talk_to_person", turn), HUMAN_PAYLOAD),)
