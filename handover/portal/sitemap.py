"""What crawlers are told: `sitemap.xml` of the public pages in each of their languages, and `robots.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from handover.portal.asked import KIOSK, SEARCH, START, STATEMENT, Asked
from handover.portal.shelf import Shelf, languages_of
from handover.portal.statement import LANGUAGES as STATEMENT_LANGUAGES
from handover.portal.strings import LANGUAGES, SWEDISH, Language

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def sitemap(asked: Asked, shelf: Shelf) -> str:
    """Return the sitemap of the pages on a citizen's shelf."""
    return _HEAD + "".join(_entries(asked, shelf)) + "</urlset>\n"


def robots(asked: Asked) -> str:
    """Return what crawlers may read."""
    closed = "".join(f"Disallow: {path}\n" for path in (SEARCH, KIOSK, "/api/", "/console/"))
    return f"User-agent: *\n{closed}Sitemap: {asked.base}/sitemap.xml\n"


def alternates(asked: Asked, path: str, languages: tuple[Language, ...]) -> list[tuple[str, str]]:
    """Return the tag and address of a page in each of its languages, and of the one for everybody else."""
    named = [(language.tag, asked.canonical(path, language)) for language in languages]
    return [*named, ("x-default", asked.canonical(path, SWEDISH))]


def _entries(asked: Asked, shelf: Shelf) -> Iterator[str]:
    yield from _page(asked, START, tuple(LANGUAGES.values()), None)
    yield from _page(asked, STATEMENT, STATEMENT_LANGUAGES, None)
    for service in shelf.services():
        reviewed = max(faq.reviewed for faq in service.faqs).isoformat()
        yield from _page(asked, f"{START}/{service.id}", languages_of(service), reviewed)


def _page(asked: Asked, path: str, languages: tuple[Language, ...], changed: str | None) -> Iterator[str]:
    others = "".join(
        f'    <xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(address)}/>\n'
        for tag, address in alternates(asked, path, languages)
    )
    last = f"    <lastmod>{changed}</lastmod>\n" if changed else ""
    for language in languages:
        yield f"  <url>\n    <loc>{escape(asked.canonical(path, language))}</loc>\n{last}{others}  </url>\n"
