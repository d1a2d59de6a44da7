"""What the pages say around the catalogue's texts, from `strings.yml`, and the languages that they say it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from catalogue.documents import CORE_LANGUAGES, EASY_SWEDISH, NEWCOMER_LANGUAGES, SOURCE_LANGUAGE, is_swedish

BRAND = "Kontakt Linköping"
STRINGS = Path(__file__).with_name("strings.yml")
_TABLE: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(dict[str, dict[str, str]])
_RIGHT_TO_LEFT = frozenset({"ar", "fa"})
#: What each language is called by those who speak it.
_NAMES = {
    SOURCE_LANGUAGE: "Svenska",
    EASY_SWEDISH: "Lätt svenska",
    "en": "English",
    "ar": "العربية",
    "so": "Soomaali",
    "fa": "فارسی",
    "ti": "ትግርኛ",
    "fi": "Suomi",
    "uk": "Українська",
    "pl": "Polski",
    "bs": "Bosanski / Hrvatski / Srpski",
    "es": "Español",
}


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages are in."""

    tag: str

    @property
    def name(self) -> str:
        """What it is called by those who speak it."""
        return _NAMES[self.tag]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as the attribute `dir` has it."""
        return direction(self.tag)

    def is_same_as(self, tag: str) -> bool:
        """Tell whether a text in `tag` needs no mark on a page in this language; all Swedish is one."""
        return self.tag == tag or (is_swedish(self.tag) and is_swedish(tag))


LANGUAGES: Mapping[str, Language] = {tag: Language(tag) for tag in (*CORE_LANGUAGES, *NEWCOMER_LANGUAGES)}
SWEDISH = LANGUAGES[SOURCE_LANGUAGE]


def find_language(tag: str | None) -> Language:
    """Return the language with this tag, Swedish when there is none."""
    return LANGUAGES.get(tag or SOURCE_LANGUAGE, SWEDISH)


def direction(tag: str) -> str:
    """Return which way a language is written: `ltr` or `rtl`."""
    return "rtl" if tag in _RIGHT_TO_LEFT else "ltr"


class Strings:
    """The pages' own strings by key and language."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self.table = table

    @classmethod
    def read(cls) -> Strings:
        """Return the strings of `strings.yml`."""
        return cls(_TABLE.validate_python(yaml.load(STRINGS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)))

    def say(self, key: str, language: Language, **values: object) -> str:
        """Return a string with its values filled in; an unknown key is a mistake in the code: `KeyError`."""
        return self.table[key][language.tag].format(**values)

    def lacking(self) -> list[str]:
        """Return `key: language` for every string that a language does not have."""
        return [f"{key}: {tag}" for key, said in self.table.items() for tag in LANGUAGES if not said.get(tag)]
