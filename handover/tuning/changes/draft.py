"""The files of a commit with what an edit has changed in them so far."""

from __future__ import annotations

import yaml

from catalogue.documents import NEWCOMER_LANGUAGES, text_hash
from catalogue.examples import DANGER_PREFIX, DIALOGUE_PREFIX, HARMLESS, OUT_OF_SCOPE
from catalogue.regression import FOLDER as REGRESSION
from handover.core.errors import HandoverError
from handover.tuning.changes.blocks import EMPTY_FILE, ExampleFile, Kind
from handover.tuning.changes.documents import Where, YamlText
from handover.tuning.changes.repository import QUESTIONS, Snapshot

#: Intents with so many examples that they have a file of their own.
_FILES_OF_THEIR_OWN = {HARMLESS: "harmless", OUT_OF_SCOPE: "out_of_scope"}


class Draft:
    """Reads what was changed, else what the commit holds; `files` is what the next commit changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.files: dict[str, str | None] = {}

    def read(self, path: str) -> str | None:
        """Return a file's text, None where there is no such file."""
        return self.files[path] if path in self.files else self._snapshot.read(path)

    def write(self, path: str, text: str | None) -> None:
        """Change a file; one that then is as before is not changed."""
        self.files[path] = text
        if text == self._snapshot.read(path):
            del self.files[path]

    def example_files(self) -> list[str]:
        """Return the paths of the files of examples."""
        return self._names(self._snapshot.data("nlu"), ".yml")

    def catalogue_files(self) -> list[str]:
        """Return the paths of the files of services."""
        return self._names(self._snapshot.data("catalogue"), ".yml")

    def question_files(self) -> list[str]:
        """Return the paths of the files of questions: to calibrate on, and to test with."""
        calibration = self._snapshot.data("calibration")
        return [
            *self._names(calibration, ".jsonl"),
            *self._names(QUESTIONS, ".jsonl"),
            *self.regression_files(),
        ]

    def regression_files(self) -> list[str]:
        """Return the paths of the files of regression questions that editors keep."""
        return self._names(self._snapshot.data(REGRESSION), ".jsonl")

    def regression_path(self, name: str) -> str:
        """Return the file that regression questions of a service, or of the dialogue, belong in."""
        return self._snapshot.data(f"{REGRESSION}/{name}.jsonl")

    @property
    def inventory(self) -> str:
        """The path of the file of fixed ids."""
        return self._snapshot.data("inventory.yml")

    def examples_at(self, path: str) -> ExampleFile:
        """Return a file of examples; an empty one where there is none yet."""
        return ExampleFile(self.read(path) or EMPTY_FILE)

    def place_of(self, kind: Kind) -> str:
        """Return the file that a kind's examples stand in, or belong in."""
        likely = self._snapshot.data(f"nlu/{_file_name(kind)}.yml")
        others = [path for path in self.example_files() if path != likely]
        for path in (likely, *others):
            text = self.read(path)
            if text is not None and kind.intent in text and ExampleFile(text).of(kind):
                return path
        return likely

    def service_path(self, service: str) -> str:
        """Return the file of a service; raises `service_unknown`."""
        path = self._snapshot.data(f"catalogue/{service}.yml")
        if self.read(path) is None:
            raise HandoverError("service_unknown")
        return path

    def service_at(self, path: str) -> YamlText:
        """Return a file of the catalogue."""
        return YamlText(self.read(path) or "")

    def find_faq(self, faq: str) -> tuple[str, YamlText, int]:
        """Return a FAQ's file, its text and the FAQ's number in it; raises `intent_unknown`."""
        service, _, name = faq.partition(".")
        path = self._snapshot.data(f"catalogue/{service}.yml")
        text = self.read(path)
        if text is not None:
            document = YamlText(text)
            ids = faq_ids(document)
            if name in ids:
                return path, document, ids.index(name)
        raise HandoverError("intent_unknown", faq)

    def has_intent(self, intent: str) -> bool:
        """Tell whether there is a FAQ of this name, or examples of it."""
        try:
            self.find_faq(intent)
        except HandoverError:
            names = (f"intent: {intent}\n", f"intent: {intent}\r\n")
            return any(name in (self.read(path) or "") for path in self.example_files() for name in names)
        return True

    def _names(self, folder: str, ending: str) -> list[str]:
        names = set(self._snapshot.names(folder, ending))
        made = {path for path in self.files if path.rpartition("/")[0] == folder and path.endswith(ending)}
        return sorted(path for path in names | made if self.read(path) is not None)


def faq_ids(document: YamlText) -> list[str]:
    """Return the ids of a service's FAQs, in order."""
    faqs = document.get(("faqs",))
    if not isinstance(faqs, yaml.SequenceNode):
        raise HandoverError("content_broken", "no list `faqs`")
    return [str(document.value(("faqs", number, "id"))) for number in range(len(faqs.value))]


def places_of(number: int, language: str) -> tuple[Where, Where]:
    """Return where question and answer of a FAQ stand in a language."""
    faq: Where = ("faqs", number)
    if language in ("sv", "sv-x-easy", "en"):
        return (*faq, "question", language), (*faq, "answer", language)
    return (*faq, "translations", language, "question"), (*faq, "translations", language, "answer")


def hash_of(document: YamlText, number: int, language: str) -> str:
    """Return the hash of question and answer in a language, empty where there are none."""
    question, answer = (document.value(place) for place in places_of(number, language))
    return text_hash(f"{question}\n{answer}") if question is not None and answer is not None else ""


def words_hash(words: list[str]) -> str:
    """Return the hash of a list of words."""
    return text_hash("\n".join(words))


def _file_name(kind: Kind) -> str:
    if kind.intent in _FILES_OF_THEIR_OWN:
        return _FILES_OF_THEIR_OWN[kind.intent]
    if kind.intent.startswith(DANGER_PREFIX):
        return "danger"
    if kind.language in NEWCOMER_LANGUAGES:
        return "newcomers"
    if kind.intent.startswith(DIALOGUE_PREFIX):
        return "dialogue"
    return kind.intent.partition(".")[0]
