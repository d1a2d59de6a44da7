"""Write the catalogue's files into SQL, all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from catalogue.documents import CatalogueFiles, ServiceDoc
from catalogue.models import AnswerRow, FaqRow, ImportRow, PlaceholderRow, ServiceRow


def import_catalogue(connection: Connection, files: CatalogueFiles) -> bool:
    """Replace the catalogue by `files` in the caller's transaction; False when it was the same already."""
    digest = files.digest()
    latest = select(ImportRow.digest).order_by(ImportRow.id.desc()).limit(1)
    if connection.scalar(latest) == digest:
        return False
    for table in (AnswerRow, FaqRow, ServiceRow, PlaceholderRow):
        connection.execute(delete(table))
    services = [file.document for file in files.services]
    connection.execute(insert(ServiceRow), [_service(s, i) for i, s in enumerate(services)])
    connection.execute(insert(FaqRow), [row for s in services for row in _faqs(s)])
    connection.execute(insert(AnswerRow), [row for s in services for row in _answers(s)])
    if files.placeholders:
        connection.execute(
            insert(PlaceholderRow),
            [
                {"name": name, "data": doc.model_dump(mode="json", by_alias=True)}
                for name, doc in files.placeholders.items()
            ],
        )
    connection.execute(insert(ImportRow), [{"digest": digest, "at": datetime.now(UTC)}])
    return True


def _service(service: ServiceDoc, position: int) -> dict[str, object]:
    body = service.model_dump(mode="json", by_alias=True)
    details = ("contact", "links", "opening_hours", "offers", "languages")
    columns = (
        "id",
        "audience",
        "topic",
        "provider",
        "sensitive",
        "name",
        "description",
        "search_words",
    )
    return {
        **{column: body[column] for column in columns},
        "position": position,
        "details": {key: body[key] for key in details},
    }


def _faqs(service: ServiceDoc) -> list[dict[str, object]]:
    return [
        {
            "id": f"{service.id}.{faq.id}",
            "service_id": service.id,
            "position": position,
            "source": faq.source,
            "law": faq.law,
            "owner": faq.owner,
            "reviewed": faq.reviewed,
            "review_by": faq.review_by,
            "links": [link.model_dump(mode="json", by_alias=True) for link in faq.links],
            "related": faq.related,
        }
        for position, faq in enumerate(service.faqs)
    ]


def _answers(service: ServiceDoc) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for faq in service.faqs:
        stale = faq.stale_languages()
        for language, question, answer in faq.texts():
            translated = faq.translations.get(language)
            rows.append(
                {
                    "faq_id": f"{service.id}.{faq.id}",
                    "language": language,
                    "question": question,
                    "text": answer,
                    "translation": translated.translation if translated else None,
                    "stale": language in stale,
                }
            )
    return rows
