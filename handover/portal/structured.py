"""What search engines read of a page: schema.org's GovernmentService, FAQPage and BreadcrumbList as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from handover.portal.shelf import ServicePage, Way
from handover.portal.strings import BRAND, Language

_CONTEXT = "https://schema.org"
#: Characters that could end the script element or begin another, as JSON writes them otherwise.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def service_data(page: ServicePage, language: Language, url: str, crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the data of a service's page; `crumbs` are names and addresses from the first page to this one."""
    graph = [_service(page, language, url), _breadcrumbs(crumbs)]
    answered = [faq for faq in page.faqs if faq.answer is not None]
    if answered:
        questions = [
            {
                "@type": "Question",
                "name": faq.question.text,
                "url": f"{url}#{faq.anchor}",
                "inLanguage": faq.question.language,
                "acceptedAnswer": {"@type": "Answer", "text": faq.answer.text if faq.answer else ""},
            }
            for faq in answered
        ]
        graph.append({"@type": "FAQPage", "@id": f"{url}#faq", "inLanguage": language.tag, "mainEntity": questions})
    return {"@context": _CONTEXT, "@graph": graph}


def script_text(data: dict[str, Any]) -> str:
    """Return data as the content of a script element, safe as it is: no text in it can end the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _service(page: ServicePage, language: Language, url: str) -> dict[str, Any]:
    return {
        "@type": "GovernmentService",
        "@id": f"{url}#service",
        "url": url,
        "name": page.name.text,
        "description": page.description.text,
        "inLanguage": language.tag,
        "serviceOperator": {"@type": "GovernmentOrganization", "name": page.provider},
        "provider": {"@type": "GovernmentOrganization", "name": BRAND},
        "availableLanguage": [one.tag for one in page.languages],
        "availableChannel": [_channel(way) for way in page.contact if way.href],
    }


def _channel(way: Way) -> dict[str, Any]:
    if way.channel == "phone":
        phone = {"@type": "ContactPoint", "telephone": way.value.text}
        return {"@type": "ServiceChannel", "servicePhone": phone}
    return {"@type": "ServiceChannel", "serviceUrl": way.href}


def _breadcrumbs(crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(crumbs, 1)
        ],
    }
