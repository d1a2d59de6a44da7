"""The accessibility statement that the Swedish law (2018:1937) asks of a digital public service.

What it says of the service comes from the last run of the gate and from a list of known shortcomings, both in
`data/accessibility.json`, which `make accessibility` writes. What it says besides stands in `statement.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from catalogue.documents import CORE_LANGUAGES, LocalText
from handover.portal.said import Part, Said
from handover.portal.strings import LANGUAGES as ALL_LANGUAGES
from handover.portal.strings import Language

log = structlog.get_logger(__name__)

FILE = "accessibility.json"
STRINGS = Path(__file__).with_name("statement.yml")
#: Where the supervising authority takes complaints; the same for every public body in Sweden.
COMPLAINTS = "https://www.digg.se/tdosanmalan"
LANGUAGES = tuple(ALL_LANGUAGES[tag] for tag in CORE_LANGUAGES)
_TABLE: TypeAdapter[dict[str, LocalText]] = TypeAdapter(dict[str, LocalText])


class Compliance(StrEnum):
    """How far the service meets the law's demands, in the words that the authority's rules prescribe."""

    FULL = "full"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckResult(_Part):
    """What one check of the gate came to: in how many states it looked, and the titles of those it failed in."""

    name: str
    criteria: tuple[str, ...] = ()
    looked: Annotated[int, Field(ge=0)]
    failed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fails_where_it_looked(self) -> CheckResult:
        if len(self.failed) > self.looked:
            raise ValueError("a check cannot fail more often than it looked")
        return self

    @property
    def is_well(self) -> bool:
        """Whether it looked, and found nothing."""
        return self.looked > 0 and not self.failed

    @property
    def passed(self) -> int:
        """In how many states all was well."""
        return self.looked - len(self.failed)


class Shortcoming(_Part):
    """Something known that is not as it should be, why, and what becomes of it."""

    id: str
    text: LocalText
    reason: LocalText
    plan: LocalText


class Assessment(_Part):
    """The last run of the gate, and what is known besides."""

    tested_on: date
    updated_on: date
    version: str
    #: In how many states widget and portal were looked at.
    states: Annotated[int, Field(gt=0)]
    checks: Annotated[tuple[CheckResult, ...], Field(min_length=1)]
    shortcomings: tuple[Shortcoming, ...] = ()

    @property
    def compliance(self) -> Compliance:
        """Full only where everything was looked at, nothing failed and nothing is known to be wrong."""
        well = all(check.is_well for check in self.checks) and not self.shortcomings
        return Compliance.FULL if well else Compliance.PARTIAL


@dataclass(frozen=True, slots=True)
class Statement:
    """What the page shows: the last assessment, None where none can be read, and the words around it."""

    assessment: Assessment | None
    words: Mapping[str, LocalText]
    complaints: str = COMPLAINTS

    @classmethod
    def read(cls, data: Path) -> Statement:
        """Return the statement that the data folder gives rise to."""
        words = yaml.load(STRINGS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return cls(find_assessment(data), _TABLE.validate_python(words))

    @property
    def compliance(self) -> Compliance:
        """How far the law is met, as far as is known."""
        return self.assessment.compliance if self.assessment else Compliance.UNKNOWN

    def say(self, key: str, language: Language, **values: object) -> Said:
        """Return words of the page in the language nearest to `language`, with their values filled in."""
        return self.tell(self.words[key], language, **values)

    def tell(self, text: LocalText, language: Language, **values: object) -> Said:
        """Return a text of the assessment in the language nearest to `language`."""
        spoken = text.in_language(language.tag)
        return Said(text.nearest(language.tag), (Part(spoken.format(**values) if values else spoken),))


def find_assessment(data: Path) -> Assessment | None:
    """Return what `data/accessibility.json` says; None where it cannot be read, which the log then says why."""
    path = data / FILE
    try:
        return Assessment.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = f"{'.'.join(str(part) for part in first['loc']) or 'the file'}: {first['msg']}"
    log.error("accessibility_not_known", file=str(path), reason=reason, remedy="make accessibility")
    return None
