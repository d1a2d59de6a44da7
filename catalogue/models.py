"""The catalogue in SQL: what the importer writes and the snapshot reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of the catalogue's tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON,
        list[Any]: JSON,
        datetime: DateTime(timezone=True),
    }


class ServiceRow(Base):
    """One service; what is only shown, never searched by column, is kept as JSON in `details`."""

    __tablename__ = "catalogue_services"
    __table_args__ = (CheckConstraint("audience IN ('citizen', 'staff')", name="audience"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    audience: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(40))
    provider: Mapped[str]
    sensitive: Mapped[bool]
    name: Mapped[dict[str, Any]]
    description: Mapped[dict[str, Any]]
    search_words: Mapped[list[Any]]
    details: Mapped[dict[str, Any]]


class FaqRow(Base):
    """One question of a service; its id is `service.faq`."""

    __tablename__ = "catalogue_faqs"
    __table_args__ = (CheckConstraint("source IN ('facts', 'law', 'example')", name="source"),)

    id: Mapped[str] = mapped_column(String(81), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey(ServiceRow.id, ondelete="CASCADE"))
    position: Mapped[int]
    source: Mapped[str] = mapped_column(String(10))
    law: Mapped[str | None]
    owner: Mapped[str]
    reviewed: Mapped[date]
    review_by: Mapped[date]
    links: Mapped[list[Any]]
    related: Mapped[list[Any]]


class AnswerRow(Base):
    """Question and answer of a FAQ in one language, placeholders still in place."""

    __tablename__ = "catalogue_answers"

    faq_id: Mapped[str] = mapped_column(ForeignKey(FaqRow.id, ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    question: Mapped[str]
    text: Mapped[str]
    translation: Mapped[str | None]
    stale: Mapped[bool]


class PlaceholderRow(Base):
    """A gap that the municipality fills in, with its fallback phrases."""

    __tablename__ = "catalogue_placeholders"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    data: Mapped[dict[str, Any]]


class ImportRow(Base):
    """One import; the newest is the catalogue's revision."""

    __tablename__ = "catalogue_imports"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
