"""Catalogue, ready-made answers and earlier conversations as guides see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalogue.canned import VARIABLES, Canned, CannedText, Filled
from catalogue.documents import PLACEHOLDER, SOURCE_LANGUAGE, LinkDoc, LocalText, Offer, is_swedish
from catalogue.snapshot import Catalogue, Faq, Service
from handover.api import knowledge_models as k
from handover.core.events import Audience
from handover.knowledge import canned_values
from handover.store.earlier import Earlier


def service_line(service: Service, language: str) -> k.CatalogueServiceLine:
    """Return a service's line in the list of all."""
    return k.CatalogueServiceLine(
        id=service.id,
        name=_said(service.name, language),
        audience=Audience(service.audience),
        sensitive=service.sensitive,
        topic=service.topic,
    )


def card(catalogue: Catalogue, service: Service, language: str) -> k.CatalogueCard:
    """Return all that the catalogue says of a service."""
    details = service.details
    hours = details["opening_hours"]
    offers = [Offer.model_validate(offer) for offer in details["offers"]]
    return k.CatalogueCard(
        **dict(service_line(service, language)),
        description=_said(service.description, language),
        provider=service.provider,
        contact=[
            k.CatalogueContact(channel=way["channel"], **dict(_text(catalogue, way["value"], language)))
            for way in details["contact"]
        ],
        opening_hours=_text(catalogue, hours, language) if hours else None,
        links=_links(catalogue, [LinkDoc.model_validate(link) for link in details["links"]], language),
        offers=[
            k.CatalogueOffer(id=offer.id, name=_said(offer.name, language), price=offer.price, source=offer.source)
            for offer in offers
        ],
        faqs=[_faq(catalogue, faq, language) for faq in service.faqs],
    )


def hit(catalogue: Catalogue, faq_id: str, language: str) -> k.CatalogueHit:
    """Return a question that the catalogue's search found, with its answer."""
    service = catalogue.services[faq_id.partition(".")[0]]
    faq = next(one for one in service.faqs if one.id == faq_id)
    return k.CatalogueHit(
        service=service.id,
        service_name=_said(service.name, language),
        audience=Audience(service.audience),
        faq=_faq(catalogue, faq, language),
    )


def canned_answers(
    answers: Sequence[Canned], catalogue: Catalogue, language: str, guide_name: str, service: Service | None
) -> k.CannedAnswers:
    """Return ready-made answers with their variables filled in."""
    known = {
        one: canned_values(catalogue, one, guide_name, service)
        for one in {SOURCE_LANGUAGE, *(answer.in_language(language).language for answer in answers)}
    }

    def fill(text: CannedText) -> Filled:
        return text.fill(known[text.language])

    def shown(answer: Canned) -> k.CannedAnswer:
        text = answer.in_language(language)
        filled = fill(text)
        return k.CannedAnswer(
            id=answer.id,
            title=answer.title,
            shortcuts=list(answer.shortcuts),
            text=filled.text,
            language=text.language,
            translation=text.translation,
            swedish=None if is_swedish(text.language) else fill(answer.in_language(SOURCE_LANGUAGE)).text,
            unfilled=_gaps(catalogue, filled.unfilled),
            stand_ins=_gaps(catalogue, filled.stand_ins),
        )

    return k.CannedAnswers(answers=[shown(answer) for answer in answers])


def earlier_conversation(earlier: Earlier) -> k.EarlierConversation:
    """Return a line of the earlier conversations of the same person."""
    conversation, last = earlier.conversation, earlier.last_message_at
    return k.EarlierConversation(
        conversation_id=conversation.id,
        opened_at=earlier.opened_at.isoformat(),
        state=conversation.state,
        outcome=earlier.outcome,
        service=conversation.service,
        intent=conversation.intent,
        last_message_at=last.isoformat() if last else None,
        messages=earlier.messages,
    )


def _faq(catalogue: Catalogue, faq: Faq, language: str) -> k.CatalogueFaq:
    answer = catalogue.get_answer(faq.id, language, "staff")
    return k.CatalogueFaq.model_validate(
        {
            "id": faq.id,
            "question": answer.question,
            "answer": answer.text,
            "language": answer.language,
            "source": answer.source,
            "translation": answer.translation,
            "gaps": _gaps(catalogue, catalogue.gaps(faq.texts[answer.language])),
            "links": _links(catalogue, faq.links, language),
        }
    )


def _text(catalogue: Catalogue, text: str, language: str) -> k.CatalogueText:
    """Return what is written in Swedish alone, or is nothing but gaps, whose phrases are in English too."""
    gaps = catalogue.gaps(text)
    has_words = PLACEHOLDER.sub("", text).strip()
    english = bool(gaps) and not has_words and not is_swedish(language)
    filled = catalogue.fill(text, language if english or is_swedish(language) else SOURCE_LANGUAGE)
    return k.CatalogueText(text=filled, language="en" if english else SOURCE_LANGUAGE, gaps=_gaps(catalogue, gaps))


def _links(catalogue: Catalogue, links: Iterable[LinkDoc], language: str) -> list[k.CatalogueLink]:
    return [
        k.CatalogueLink(
            title=_said(link.title, language),
            url=None if catalogue.gaps(link.url) else catalogue.fill(link.url, language),
        )
        for link in links
    ]


def _gaps(catalogue: Catalogue, names: Iterable[str]) -> list[k.Gap]:
    return [k.Gap(name=name, describes=VARIABLES.get(name) or catalogue.describe(name)) for name in names]


def _said(text: LocalText, language: str) -> k.Said:
    return k.Said(text=text.in_language(language), language=text.nearest(language))
