"""What guides are told beside a conversation: catalogue, ready-made answers, earlier conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handover.api.frames import Frame, LanguageTag
from handover.core.events import Audience, State

MAX_QUERY_CHARS = 200
MAX_HITS = 20
DEFAULT_HITS = 5

Source = Literal["facts", "law", "example"]
Translation = Literal["machine, unreviewed", "reviewed"]


class Said(Frame):
    """A text and the language that it really is in."""

    text: str
    language: str


class Gap(Frame):
    """Something that nobody has filled in; `describes` says in Swedish what it is."""

    name: str
    describes: str


class CatalogueServiceLine(Frame):
    """One line of the list of services."""

    id: str
    name: Said
    audience: Audience
    sensitive: bool
    topic: str


class CatalogueServices(Frame):
    """Answer of `GET /api/v1/catalogue/services`; `questions` are the questions of all FAQs by id, in Swedish."""

    services: list[CatalogueServiceLine]
    questions: dict[str, str]


class CatalogueText(Said):
    """A text with the municipality's gaps filled; for each of `gaps` a phrase stands in."""

    gaps: list[Gap]


class CatalogueContact(CatalogueText):
    """One way to reach a service."""

    channel: str


class CatalogueLink(Frame):
    """A link; `url` is null where the municipality has not filled in the address."""

    title: Said
    url: str | None


class CatalogueOffer(Frame):
    """Something that can be ordered."""

    id: str
    name: Said
    price: str
    source: Source


class CatalogueFaq(Frame):
    """A question with its answer, both in `language`; for each of `gaps` a phrase stands in."""

    id: str
    question: str
    answer: str
    language: str
    source: Source
    translation: Translation | None
    gaps: list[Gap]
    links: list[CatalogueLink]


class CatalogueCard(CatalogueServiceLine):
    """Answer of `GET /api/v1/catalogue/services/{id}`."""

    description: Said
    provider: str
    contact: list[CatalogueContact]
    opening_hours: CatalogueText | None
    links: list[CatalogueLink]
    offers: list[CatalogueOffer]
    faqs: list[CatalogueFaq]


class CatalogueHit(Frame):
    """A question that was found; `audience: staff` is not for citizens."""

    service: str
    service_name: Said
    audience: Audience
    faq: CatalogueFaq


class SearchCatalogue(Frame):
    """Body of `POST /api/v1/catalogue/search`; `audience` is who is to have the answer."""

    q: Annotated[str, StringConstraints(max_length=MAX_QUERY_CHARS)]
    audience: Audience
    language: LanguageTag = "sv"
    limit: Annotated[int, Field(ge=1, le=MAX_HITS)] = DEFAULT_HITS


class CatalogueHits(Frame):
    """Answer of `POST /api/v1/catalogue/search`, best first."""

    hits: list[CatalogueHit]


class CannedAnswer(Frame):
    """A ready-made answer; what is `unfilled` stands in `text` as `{{name}}`, a phrase stands for `stand_ins`.

    `swedish` is the same in Swedish, null where `text` is.
    """

    id: str
    title: str
    shortcuts: list[str]
    text: str
    language: str
    translation: Translation | None
    swedish: str | None
    unfilled: list[Gap]
    stand_ins: list[Gap]


class CannedAnswers(Frame):
    """Answer of `GET /api/v1/canned`, best first."""

    answers: list[CannedAnswer]


class EarlierConversation(Frame):
    """A conversation that the same signed-in person opened before."""

    conversation_id: str
    opened_at: str
    state: State
    outcome: Literal["solved", "referred", "case_created", "no_contact"] | None
    service: str | None
    intent: str | None
    last_message_at: str | None
    messages: int


class EarlierConversations(Frame):
    """Answer of `GET /api/v1/conversations/{id}/earlier`, newest first."""

    conversations: list[EarlierConversation]
