"""Note in the files which Swedish text each translation was made from; comments and order stay."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from catalogue.documents import SOURCE_LANGUAGE, ServiceDoc, read_document


def stamp(path: Path) -> list[str]:
    """Mark all languages of the file's FAQs as made from today's Swedish text; return what was stale."""
    document = read_document(path, ServiceDoc).document
    stale = {faq.id: faq.stale_languages() for faq in document.faqs}
    if not any(stale.values()):
        return []
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4_096
    content = yaml.load(path.read_text(encoding="utf-8"))
    for faq, node in zip(document.faqs, content["faqs"], strict=True):
        languages = [language for language, _, _ in faq.texts() if language != SOURCE_LANGUAGE]
        node["made_from"] = dict.fromkeys(languages, faq.source_hash())
    with path.open("w", encoding="utf-8") as out:
        yaml.dump(content, out)
    return [f"{document.id}.{faq_id}: {', '.join(languages)}" for faq_id, languages in stale.items() if languages]
