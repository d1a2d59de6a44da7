"""The imported catalogue as an immutable value in memory: what answers are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from catalogue.documents import (
    PLACEHOLDER,
    LinkDoc,
    LocalText,
    PlaceholderDoc,
    nearest_languages,
)
from catalogue.models import AnswerRow, FaqRow, ImportRow, PlaceholderRow, ServiceRow


class FaqUnknownError(LookupError):
    """No FAQ has this id, or the audience may not see it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link whose address is known; https, mailto or tel."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready to show: gaps filled in, links known."""

    faq_id: str
    service: str
    language: str
    question: str
    text: str
    links: tuple[Link, ...]
    source: str
    translation: str | None


@dataclass(frozen=True, slots=True)
class Faq:
    """A question of a service, with its raw texts by language."""

    id: str
    service: str
    source: str
    questions: Mapping[str, str]
    texts: Mapping[str, str]
    translations: Mapping[str, str | None]
    links: tuple[LinkDoc, ...]
    related: tuple[str, ...]
    reviewed: date


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its FAQs, in the order of the file."""

    id: str
    audience: str
    topic: str
    provider: str
    sensitive: bool
    name: LocalText
    description: LocalText
    search_words: tuple[str, ...]
    details: Mapping[str, Any]
    faqs: tuple[Faq, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services; staff services are seen only by those who ask as `staff`."""

    revision: int
    services: Mapping[str, Service]
    placeholders: Mapping[str, PlaceholderDoc]

    def find_faq(self, faq_id: str) -> Faq | None:
        """Return the FAQ with this id, whoever asks, or None."""
        service = self.services.get(faq_id.partition(".")[0])
        if service is None:
            return None
        return next((faq for faq in service.faqs if faq.id == faq_id), None)

    def may_see(self, service_id: str, audience: str) -> bool:
        """Tell whether an audience may see the service: staff see all, citizens what is for citizens."""
        service = self.services.get(service_id)
        return service is not None and (audience == "staff" or service.audience == "citizen")

    def get_answer(self, faq_id: str, language: str, audience: str) -> Answer:
        """Return the answer in `language`, else in the nearest; raise `FaqUnknownError` when none is seen."""
        faq = self.find_faq(faq_id)
        if faq is None or not self.may_see(faq.service, audience):
            raise FaqUnknownError(faq_id)
        chosen = next(one for one in nearest_languages(language) if one in faq.texts)
        return Answer(
            faq_id=faq.id,
            service=faq.service,
            language=chosen,
            question=faq.questions[chosen],
            text=self.fill(faq.texts[chosen], chosen),
            links=self.links(faq.links, chosen),
            source=faq.source,
            translation=faq.translations.get(chosen),
        )

    def fill(self, text: str, language: str) -> str:
        """Return `text` with every gap filled by its value or its fallback phrase."""

        def phrase(match: re.Match[str]) -> str:
            gap = self.placeholders.get(match[1])
            return (gap.phrase(language) if gap else None) or match[1].replace("_", " ")

        return PLACEHOLDER.sub(phrase, text)

    def gaps(self, text: str) -> tuple[str, ...]:
        """Return the gaps of `text` that the municipality has not filled, each once, in order."""
        names = dict.fromkeys(PLACEHOLDER.findall(text))
        return tuple(name for name in names if name not in self.placeholders or self.placeholders[name].value is None)

    def describe(self, gap: str) -> str:
        """Return what a gap is for, in Swedish; its name where nothing declares it."""
        placeholder = self.placeholders.get(gap)
        return placeholder.describes if placeholder else gap

    def links(self, links: tuple[LinkDoc, ...], language: str) -> tuple[Link, ...]:
        """Return the links whose address is known; one that is still a gap is left out."""
        known: list[Link] = []
        for link in links:
            gap = PLACEHOLDER.fullmatch(link.url)
            placeholder = self.placeholders.get(gap[1]) if gap else None
            url = link.url if gap is None else placeholder.value if placeholder else None
            if url is not None:
                known.append(Link(link.title.in_language(language), url))
        return tuple(known)


def get_revision(connection: Connection) -> int:
    """Return the number of the newest import, 0 when there is none."""
    return connection.scalar(select(ImportRow.id).order_by(ImportRow.id.desc()).limit(1)) or 0


def load_catalogue(connection: Connection) -> Catalogue:
    """Return the imported catalogue."""
    questions: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, str]] = {}
    translations: dict[str, dict[str, str | None]] = {}
    for row in connection.execute(select(AnswerRow.__table__)):
        questions.setdefault(row.faq_id, {})[row.language] = row.question
        texts.setdefault(row.faq_id, {})[row.language] = row.text
        translations.setdefault(row.faq_id, {})[row.language] = row.translation
    faqs: dict[str, list[Faq]] = {}
    for row in connection.execute(select(FaqRow.__table__).order_by(FaqRow.position)):
        faqs.setdefault(row.service_id, []).append(
            Faq(
                id=row.id,
                service=row.service_id,
                source=row.source,
                questions=questions[row.id],
                texts=texts[row.id],
                translations=translations[row.id],
                links=tuple(LinkDoc.model_validate(link) for link in row.links),
                related=tuple(row.related),
                reviewed=row.reviewed,
            )
        )
    services = {
        row.id: Service(
            id=row.id,
            audience=row.audience,
            topic=row.topic,
            provider=row.provider,
            sensitive=row.sensitive,
            name=LocalText.model_validate(row.name),
            description=LocalText.model_validate(row.description),
            search_words=tuple(row.search_words),
            details=row.details,
            faqs=tuple(faqs[row.id]),
        )
        for row in connection.execute(select(ServiceRow.__table__).order_by(ServiceRow.position))
    }
    gaps = {
        row.name: PlaceholderDoc.model_validate(row.data)
        for row in connection.execute(select(PlaceholderRow.__table__))
    }
    return Catalogue(get_revision(connection), services, gaps)
