"""The catalogue as one asker may read it: what the pages show, and nothing that they may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from catalogue.documents import CORE_LANGUAGES, LinkDoc, LocalText, Offer
from catalogue.search import Hit
from catalogue.snapshot import Catalogue, Faq, Service
from handover.portal.said import Part, Said, said, said_in_swedish, said_locally
from handover.portal.strings import LANGUAGES, Language

EXAMPLE = "example"
#: A hit with less than this share of the best one's score shares letters with the question, and no more.
LEAST_SHARE_OF_BEST = 0.3
#: The order in which topics stand on the first page.
TOPICS = (
    "barn_utbildning",
    "omsorg_stod",
    "bygga_bo",
    "trafik_gator",
    "miljo_avfall",
    "uppleva",
    "arbete_foretag",
    "kommun_demokrati",
    "kontakt",
    "internt",
)
_SCHEMES = ("https://", "mailto:", "tel:")
_TELEPHONE = re.compile(r"\+?[\d\s()–-]{4,}")


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in a list."""

    id: str
    name: Said
    description: Said


@dataclass(frozen=True, slots=True)
class Topic:
    """An area with its services."""

    id: str
    services: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach the service; `href` where its value is a number or an address."""

    channel: str
    value: Said
    href: str | None


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link whose address is known."""

    title: Said
    href: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """One thing that an order needs to know."""

    label: Said
    required: bool


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """Something that can be ordered."""

    id: str
    name: Said
    price: str
    fields: tuple[ShownField, ...]
    example: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a link to its answer."""

    service: str
    anchor: str
    text: Said


@dataclass(frozen=True, slots=True)
class ShownFaq:
    """A question with its answer; `answer` is None where it may not be shown."""

    anchor: str
    question: Said
    answer: Said | None
    links: tuple[ShownLink, ...]
    related: tuple[Question, ...]
    example: bool
    machine: bool


@dataclass(frozen=True, slots=True)
class ServicePage:
    """All that the page of a service shows."""

    id: str
    name: Said
    description: Said
    topic: str
    audience: str
    provider: str
    contact: tuple[Way, ...]
    hours: Said | None
    links: tuple[ShownLink, ...]
    offers: tuple[ShownOffer, ...]
    faqs: tuple[ShownFaq, ...]
    languages: tuple[Language, ...]
    reviewed: date

    @property
    def prices(self) -> tuple[str, ...]:
        """The prices of what can be ordered, each once."""
        return tuple(dict.fromkeys(offer.price for offer in self.offers))


@dataclass(frozen=True, slots=True)
class Found:
    """A service with those of its questions that a search found."""

    service: ServiceLine
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One revision of the catalogue for one asker; `examples` tells whether answers marked so are shown."""

    catalogue: Catalogue
    language: str
    audience: str
    examples: bool

    def topics(self) -> list[Topic]:
        """Return the areas that have services for this asker."""
        lines: dict[str, list[ServiceLine]] = {topic: [] for topic in TOPICS}
        for service in self.services():
            lines[service.topic].append(self._line(service))
        return [Topic(topic, tuple(found)) for topic, found in lines.items() if found]

    def services(self) -> list[Service]:
        """Return the services that this asker may see."""
        return [one for one in self.catalogue.services.values() if self.catalogue.may_see(one.id, self.audience)]

    def find(self, service_id: str) -> Service | None:
        """Return a service, None when there is none or this asker may not see it: nobody can tell which."""
        return self.catalogue.services.get(service_id) if self.catalogue.may_see(service_id, self.audience) else None

    def page(self, service: Service) -> ServicePage:
        """Return all that the page of a service shows."""
        details = service.details
        offers = [Offer.model_validate(offer) for offer in details["offers"]]
        return ServicePage(
            id=service.id,
            name=self._local(service.name),
            description=self._local(service.description),
            topic=service.topic,
            audience=service.audience,
            provider=service.provider,
            contact=tuple(self._way(way["channel"], way["value"]) for way in details["contact"]),
            hours=self._swedish(details["opening_hours"]) if details["opening_hours"] else None,
            links=self._links(LinkDoc.model_validate(link) for link in details["links"]),
            offers=tuple(self._offer(offer) for offer in offers if self.examples or offer.source != EXAMPLE),
            faqs=tuple(self._faq(faq) for faq in service.faqs),
            languages=tuple(LANGUAGES[tag] for tag in details["languages"] if tag in LANGUAGES),
            reviewed=min(faq.reviewed for faq in service.faqs),
        )

    def found(self, hits: Sequence[Hit]) -> list[Found]:
        """Return what a search found by service, the best first; weak hits are left out."""
        by_service: dict[str, Found] = {}
        for hit in hits:
            faq = self.catalogue.find_faq(hit.faq_id)
            if faq is None or hit.score < LEAST_SHARE_OF_BEST * hits[0].score or self.find(faq.service) is None:
                continue
            line = self._line(self.catalogue.services[faq.service])
            by_service.setdefault(faq.service, Found(line)).questions.append(self._question(faq))
        return list(by_service.values())

    def _line(self, service: Service) -> ServiceLine:
        return ServiceLine(service.id, self._local(service.name), self._local(service.description))

    def _faq(self, faq: Faq) -> ShownFaq:
        answer = self.catalogue.get_answer(faq.id, self.language, self.audience)
        raw, example = faq.texts[answer.language], faq.source == EXAMPLE
        shown = self.examples or not example
        return ShownFaq(
            anchor=_anchor(faq),
            question=said(self.catalogue, answer.question, answer.language),
            answer=said(self.catalogue, raw, answer.language) if shown else None,
            links=self._links(faq.links) if shown else (),
            related=tuple(self._related(faq)),
            example=example,
            machine=answer.translation is not None and answer.translation != "reviewed",
        )

    def _related(self, faq: Faq) -> Iterator[Question]:
        for other_id in faq.related:
            other = self.catalogue.find_faq(other_id)
            if other is not None and self.find(other.service) is not None:
                yield self._question(other)

    def _question(self, faq: Faq) -> Question:
        answer = self.catalogue.get_answer(faq.id, self.language, self.audience)
        return Question(faq.service, _anchor(faq), said(self.catalogue, answer.question, answer.language))

    def _offer(self, offer: Offer) -> ShownOffer:
        fields = tuple(ShownField(self._local(one.label), one.required) for one in offer.fields)
        return ShownOffer(offer.id, self._local(offer.name), offer.price, fields, offer.source == EXAMPLE)

    def _way(self, channel: str, value: str) -> Way:
        filled = self.catalogue.fill(value, self.language).strip()
        href = None if self.catalogue.gaps(value) else _address(channel, filled)
        if href is None:
            return Way(channel, self._swedish(value), None)
        return Way(channel, Said(self.language, (Part(filled, isolated=True),)), href)

    def _links(self, links: Iterable[LinkDoc]) -> tuple[ShownLink, ...]:
        addressed = ((link.title, self.catalogue.fill(link.url, self.language)) for link in links)
        return tuple(ShownLink(self._local(title), url) for title, url in addressed if url.startswith(_SCHEMES))

    def _local(self, text: LocalText) -> Said:
        return said_locally(self.catalogue, text, self.language)

    def _swedish(self, text: str) -> Said:
        return said_in_swedish(self.catalogue, text, self.language)


def languages_of(service: Service) -> tuple[Language, ...]:
    """Return the languages that at least one answer of a service is in; its page is offered in them."""
    spoken = {tag for faq in service.faqs for tag in faq.texts}
    return tuple(language for tag, language in LANGUAGES.items() if tag in spoken or tag in CORE_LANGUAGES)


def _anchor(faq: Faq) -> str:
    return faq.id.partition(".")[2]


def _address(channel: str, value: str) -> str | None:
    """Return the link of a way of contact, None where its value is a phrase."""
    if channel == "phone" and _TELEPHONE.fullmatch(value):
        return "tel:" + re.sub(r"[^\d+]", "", value)
    if channel == "email" and re.fullmatch(r"[^\s@]+@[^\s@]+", value):
        return f"mailto:{value}"
    return value if value.startswith("https://") else None
