"""How the assistant replies to a turn: pure decisions over the ranking, the catalogue and the phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.follow_up import could_be_anybodys, leans_on_the_last
from actions.languages import find_asked_language, is_same_language
from actions.municipalities import names_another_municipality
from actions.turn import Choice, Decided, Question, Reply, Turn
from catalogue.phrases import Phrases
from catalogue.search import CatalogueSearch
from catalogue.snapshot import Catalogue, FaqUnknownError

MAX_CHOICES = 3
#: A miss is an answer that was only searched for; the second in a row goes to a person.
MAX_MISSES = 2
#: "Menade du" so often in a row, then search.
MAX_ASKED = 2
#: Above this share of the confidence, a citizen's question is about an internal service.
STAFF_SHARE_TO_SIGN_IN = 0.6
#: Whoever may well be asking for a person gets one rather than a question back.
HUMAN_SHARE = 0.15
#: A message that leans on the last one means a question of its service with this share, unless it surely means another.
SHARE_OF_FOLLOW_UP = 0.5
SURE_OF_ANOTHER_SERVICE = 0.97
#: A short message less sure than this does not say by itself what it is about.
SURE_BY_ITSELF = 0.6
#: A second question as likely as this is answered at once; a less likely one is asked about.
SURE_TOO = 0.5
HUMAN_PAYLOAD = "human"
ASK_HUMAN_INTENT = "dialogue.ask_human"
DENY_PAYLOAD = "dialogue.deny"
DIALOGUE_PREFIX = "dialogue."
VAGUE_INTENT = "dialogue.vague"


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

    def answer(self, turn: Turn) -> list[Reply]:
        """Answer what was surely understood, or chosen: each question of the message, staff answers only to staff."""
        if self._is_seen(turn.intent, turn) and names_another_municipality(turn.text):
            return [self._ask_where([turn.intent], turn)]
        followed = self._follow_up(turn)
        if followed is not None:
            return [self._answer_one(followed, turn)]
        return [self._answer_one(turn.intent, turn), *self._others(turn)]

    def clarify(self, turn: Turn) -> list[Reply]:
        """Not sure enough to answer: take what the last turn was about, ask which question was meant, else search."""
        if turn.unsupported is not None and self._phrases.is_said_in("unsupported_language", turn.unsupported):
            text = self._phrases.say("unsupported_language", turn.unsupported)
            return [Reply(Decided.REFUSED, text, choices=self._person_choice(turn))]
        if turn.staff_share > STAFF_SHARE_TO_SIGN_IN and turn.audience != "staff":
            return [self.sign_in(turn)]
        if self._asks_for_person(turn):
            return [self.escalate(turn, "asked_for_human")]
        others = self._also_seen(turn)
        if others and turn.ranking and self._is_seen(turn.ranking[0].intent, turn):
            several = [turn.ranking[0].intent, *(other.intent for other in others)]
            return [self._ask(several, turn) if turn.asked < MAX_ASKED else self.search(turn)]
        followed = self._follow_up(turn)
        if followed is not None:
            return [self._answer_one(followed, turn)]
        return [self._clarify_one(turn)]

    def _answer_one(self, intent: str, turn: Turn) -> Reply:
        try:
            found = self._catalogue.get_answer(intent, turn.language, turn.audience)
        except FaqUnknownError:
            if self._catalogue.find_faq(intent) is not None:
                return self.sign_in(turn)
            return self.search(turn)
        reply = Reply.of_answer(found)
        if is_same_language(found.language, turn.language):
            return reply
        return replace(
            reply,
            text=f"{self._say('answer_in_swedish', turn)}\n\n{reply.text}",
            choices=self._person_choice(turn),
        )

    def _others(self, turn: Turn) -> list[Reply]:
        """Return what is said to the questions that a message asks beside its first: likely ones are answered too."""
        others = self._also_seen(turn)
        replies = [self._answer_one(other.intent, turn) for other in others if other.likelihood >= SURE_TOO]
        offered = [other.intent for other in others if other.likelihood < SURE_TOO]
        if offered:
            text = self._say("also_meant", turn)
            replies.append(Reply(Decided.ASKED, text, choices=self._titled(offered, turn)))
        return replies

    def _also_seen(self, turn: Turn) -> list[Question]:
        """Return the questions beside the first that the asker may see."""
        first = turn.ranking[0].intent if turn.ranking else turn.intent
        return [other for other in turn.also if other.intent != first and self._is_seen(other.intent, turn)]

    def _follow_up(self, turn: Turn) -> str | None:
        """Return the question of the service just spoken of that a message which leans on it means, if it is one.

        A short question that could be anybody's ("vad ska jag bifoga?") leans on it too. Small talk ("hmm") does not.
        """
        if turn.service is None or not turn.within_service:
            return None
        is_vague = could_be_anybodys(turn.text) and turn.confidence < SURE_BY_ITSELF
        if not is_vague and not leans_on_the_last(turn.text):
            return None
        likeliest = turn.within_service[0]
        first = turn.ranking[0].intent if turn.ranking else turn.intent
        if first.startswith(DIALOGUE_PREFIX) and first != VAGUE_INTENT:
            return None
        is_faq = self._catalogue.find_faq(first) is not None
        elsewhere = is_faq and first.partition(".")[0] != turn.service
        sure_elsewhere = elsewhere and turn.confidence >= SURE_OF_ANOTHER_SERVICE
        if sure_elsewhere or likeliest.confidence < SHARE_OF_FOLLOW_UP or not self._is_seen(likeliest.intent, turn):
            return None
        return likeliest.intent

    def _clarify_one(self, turn: Turn) -> Reply:
        seen = [r for r in turn.ranking if not self._is_hidden(r.intent, turn)]
        if not seen or seen[0].confidence < turn.ask_threshold:
            return self.search(turn)
        asked = [r.intent for r in seen if self._is_seen(r.intent, turn)]
        if not asked or turn.asked >= MAX_ASKED:
            return self.search(turn)
        return self._ask(asked, turn)

    def _ask(self, intents: Iterable[str], turn: Turn) -> Reply:
        return Reply(
            Decided.ASKED,
            self._say("did_you_mean", turn),
            choices=self._faq_choices(intents, turn),
            context={"misses": turn.misses, "asked": turn.asked + 1},
        )

    def _ask_where(self, intents: Iterable[str], turn: Turn) -> Reply:
        """Say that answers are about our municipality alone, and let the person choose them all the same."""
        asked = self._ask(intents, turn)
        return replace(asked, text=self._say("other_municipality", turn))

    def sign_in(self, turn: Turn) -> Reply:
        """Tell an anonymous person that the question is for employees."""
        return Reply(Decided.REFUSED, self._say("sign_in", turn), choices=self._person_choice(turn))

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
        return Reply(Decided.SEARCHED, text, choices=choices, context={"misses": misses, "asked": 0})

    def escalate(self, turn: Turn, reason: str, phrase: str = "fetching_person") -> Reply:
        """Fetch a person."""
        return Reply(Decided.ESCALATED, self._say(phrase, turn), escalate=reason)

    def danger(self, turn: Turn) -> Reply:
        """Somebody may be in danger: the handover service says what is to be said, and fetches a person first."""
        return self.escalate(turn, "crisis")

    def _asks_for_person(self, turn: Turn) -> bool:
        likeliest = turn.ranking[:MAX_CHOICES]
        return any(r.intent == ASK_HUMAN_INTENT and r.confidence >= HUMAN_SHARE for r in likeliest)

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
        if self._asks_for_person(turn):
            return self.escalate(turn, "asked_for_human")
        if turn.misses + 1 >= MAX_MISSES:
            return self.escalate(turn, "not_resolved", "second_miss")
        return Reply(
            Decided.SMALLTALK,
            self._say("complaint", turn),
            choices=self._person_choice(turn),
            context={"misses": turn.misses + 1},
        )

    def out_of_scope(self, turn: Turn) -> Reply:
        """Not the municipality's business: say so, offer a person; unless it leans on what was spoken of."""
        followed = self._follow_up(turn)
        if followed is not None:
            return self._answer_one(followed, turn)
        return Reply(Decided.REFUSED, self._say("out_of_scope", turn), choices=self._person_choice(turn))

    def small_talk(self, turn: Turn) -> Reply:
        """A short, polite sentence; openers without a subject are asked back."""
        topic = turn.intent.removeprefix(DIALOGUE_PREFIX)
        if self._asks_for_person(turn):
            return self.escalate(turn, "asked_for_human")
        followed = self._follow_up(turn) if topic == "vague" else None
        if followed is not None:
            return self._answer_one(followed, turn)
        if topic == "switch_language":
            return self._switch_language(turn)
        asked_back = topic in ("vague", "order", "report")
        with_person = topic in ("are_you_robot", "hostile")
        return Reply(
            Decided.ASKED if asked_back else Decided.SMALLTALK,
            self._say(topic, turn),
            choices=self._person_choice(turn) if with_person else (),
        )

    def _switch_language(self, turn: Turn) -> Reply:
        """Go on in the language that was asked for; where there are no answers in it, offer a person."""
        asked = find_asked_language(turn.text)
        if asked is None:
            return Reply(Decided.SMALLTALK, self._say("switch_language", turn), choices=self._person_choice(turn))
        text = self._phrases.say("affirm", asked)
        return Reply(Decided.SMALLTALK, text, context={"language": asked})

    def _say(self, key: str, turn: Turn) -> str:
        return self._phrases.say(key, turn.language)

    def _is_hidden(self, intent: str, turn: Turn) -> bool:
        """Tell whether the intent is a FAQ that the asker may not see."""
        faq = self._catalogue.find_faq(intent)
        return faq is not None and not self._catalogue.may_see(faq.service, turn.audience)

    def _is_seen(self, intent: str, turn: Turn) -> bool:
        """Tell whether the intent is a FAQ that the asker may see."""
        return self._title(intent, turn) is not None

    def _title(self, faq_id: str, turn: Turn) -> str | None:
        """Return the FAQ's question as the title of a choice, None where the asker may not see it."""
        try:
            return self._catalogue.get_answer(faq_id, turn.language, turn.audience).question
        except FaqUnknownError:
            return None

    def _faq_choices(self, faq_ids: Iterable[str], turn: Turn) -> tuple[Choice, ...]:
        return (
            *self._titled(faq_ids, turn),
            Choice(self._say("none_of_these", turn), DENY_PAYLOAD),
            *self._person_choice(turn),
        )

    def _titled(self, faq_ids: Iterable[str], turn: Turn) -> tuple[Choice, ...]:
        titled = ((self._title(faq_id, turn), faq_id) for faq_id in faq_ids)
        return tuple([Choice(title, faq_id) for title, faq_id in titled if title is not None][:MAX_CHOICES])

    def _person_choice(self, turn: Turn) -> tuple[Choice, ...]:
        return (Choice(self._say("talk_to_person", turn), HUMAN_PAYLOAD),)
