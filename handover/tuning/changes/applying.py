"""How each edit changes the files; a refused one raises and changes nothing that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable

from catalogue.documents import SOURCE_LANGUAGE, text_hash
from handover.core.errors import HandoverError
from handover.core.redaction import redact
from handover.core.text import clean_text
from handover.tuning.changes import edits as e
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.documents import YamlText, fold, quote
from handover.tuning.changes.draft import Draft, faq_ids, hash_of, places_of, words_hash
from handover.tuning.changes.questions import add_question, remove_question, rename_expected
from handover.tuning.changes.refusals import EditRefused

_MARKUP = re.compile(r"[\[\]{}()]")
_UNREVIEWED, _REVIEWED = "machine, unreviewed", "reviewed"


def apply(edit: e.Edit, draft: Draft) -> str:
    """Change the draft as the edit says; return what was done, as the first line of a commit's message."""
    act = _ACTS[type(edit)]
    return act(edit, draft)


def check_example(text: str) -> str:
    """Return an example as it is written; raises `example_invalid`, `example_personal_data`."""
    text = " ".join(clean_text(text).split())
    if len(text) > e.MAX_EXAMPLE_CHARS:
        raise EditRefused("example_invalid", reason="too_long")
    if _MARKUP.search(text):
        raise EditRefused("example_invalid", reason="markup")
    if text.startswith("-"):
        raise EditRefused("example_invalid", reason="dash")
    if redact(text) != text:
        raise HandoverError("example_personal_data")
    return text


# --- examples -------------------------------------------------------------------------------------


def _add_example(edit: e.AddExample, draft: Draft) -> str:
    kind, text = _kind(edit, draft), check_example(edit.text)
    path = draft.place_of(kind)
    file = draft.examples_at(path)
    if file.locate(kind, text) is not None:
        raise HandoverError("example_exists")
    draft.write(path, file.add(kind, text).text)
    return f"{kind.intent}: Add an example ({_voice(kind)})."


def _remove_example(edit: e.RemoveExample, draft: Draft) -> str:
    kind = _kind(edit, draft)
    path = draft.place_of(kind)
    file = draft.examples_at(path)
    if file.locate(kind, edit.text) is None:
        raise EditRefused("edit_conflict", theirs="", subject=edit.intent)
    changed = file.remove(kind, edit.text)
    draft.write(path, changed.text if changed.blocks else None)
    return f"{kind.intent}: Remove an example ({_voice(kind)})."


def _change_example(edit: e.ChangeExample, draft: Draft) -> str:
    kind, text = _kind(edit, draft), check_example(edit.to)
    path = draft.place_of(kind)
    file = draft.examples_at(path)
    if file.locate(kind, edit.text) is None:
        raise EditRefused("edit_conflict", theirs="", subject=edit.intent)
    if file.locate(kind, text) is not None:
        raise HandoverError("example_exists")
    draft.write(path, file.change(kind, edit.text, text).text)
    return f"{kind.intent}: Change an example ({_voice(kind)})."


def _kind(edit: e.AddExample | e.RemoveExample | e.ChangeExample, draft: Draft) -> Kind:
    if not draft.has_intent(edit.intent):
        raise HandoverError("intent_unknown", edit.intent)
    return Kind(edit.intent, edit.language, edit.voice)


def _voice(kind: Kind) -> str:
    return kind.voice if kind.language in (SOURCE_LANGUAGE, kind.voice) else f"{kind.language}, {kind.voice}"


# --- answers --------------------------------------------------------------------------------------


def _set_answer(edit: e.SetAnswer, draft: Draft) -> str:
    path, document, number = _seen_faq(draft, edit.faq, edit.language, edit.seen)
    question, answer = clean_text(edit.question), clean_text(edit.answer)
    if edit.seen:
        for place, text in zip(places_of(number, edit.language), (question, answer), strict=True):
            if document.value(place) != text:
                document = document.set_text(place, text)
        reviewed = ("faqs", number, "translations", edit.language, "translation")
        if document.value(reviewed) == _UNREVIEWED:
            document = document.set_text(reviewed, _REVIEWED)
    else:
        document = _with_translation(document, number, edit.language, question, answer)
    draft.write(path, _stamped(document, number, edit.language).text)
    return f"{edit.faq}: Change the answer ({edit.language})."


def _confirm_answer(edit: e.ConfirmAnswer, draft: Draft) -> str:
    path, document, number = _seen_faq(draft, edit.faq, edit.language, edit.seen)
    draft.write(path, _stamped(document, number, edit.language).text)
    return f"{edit.faq}: Confirm that the answer still fits ({edit.language})."


def _seen_faq(draft: Draft, faq: str, language: str, seen: str) -> tuple[str, YamlText, int]:
    path, document, number = draft.find_faq(faq)
    if hash_of(document, number, language) != seen:
        question, answer = (document.value(place) for place in places_of(number, language))
        raise EditRefused("edit_conflict", theirs=f"{question or ''}\n\n{answer or ''}".strip(), subject=faq)
    return path, document, number


def _with_translation(document: YamlText, number: int, language: str, question: str, answer: str) -> YamlText:
    block = [f"  question: {quote(question, '"')}", *_folded("  answer", answer), f"  translation: {_REVIEWED}"]
    if document.find(("faqs", number, "translations")) is not None:
        return document.add_key(("faqs", number, "translations"), f"{language}:", block)
    lines = [f"  {language}:", *(f"  {line}" if line else line for line in block)]
    return document.add_key(("faqs", number), "translations:", lines)


def _stamped(document: YamlText, number: int, language: str) -> YamlText:
    """Note that a translation was made from the Swedish text as it is now."""
    if language == SOURCE_LANGUAGE:
        return document
    now = hash_of(document, number, SOURCE_LANGUAGE)
    table = ("faqs", number, "made_from")
    if document.find((*table, language)) is not None:
        return document.set_text((*table, language), now)
    entry = f"{language}: {quote(now, None)}"
    if document.find(table) is not None:
        return document.add_key(table, entry, [])
    return document.add_key(("faqs", number), "made_from:", [f"  {entry}"])


# --- services and questions -----------------------------------------------------------------------


def _set_search_words(edit: e.SetSearchWords, draft: Draft) -> str:
    path = draft.service_path(edit.service)
    document = draft.service_at(path)
    now = list(map(str, document.value(("search_words",))))
    if words_hash(now) != edit.seen:
        raise EditRefused("edit_conflict", theirs=", ".join(now), subject=edit.service)
    words = list(dict.fromkeys(clean_text(word) for word in edit.words))
    draft.write(path, document.set_words(("search_words",), words).text)
    return f"{edit.service}: Change the search words."


def _new_faq(edit: e.NewFaq, draft: Draft) -> str:
    service, _, name = edit.faq.partition(".")
    path = draft.service_path(service)
    document = draft.service_at(path)
    if name in faq_ids(document) or draft.has_intent(edit.faq):
        raise HandoverError("faq_exists")
    faqs = document.get(("faqs",))
    pad = " " * int(faqs.start_mark.column)
    lines = [f"{pad}{line}" if line else line for line in _faq_lines(name, edit)]
    draft.write(path, document.insert(document.last_line(faqs) + 1, lines).text)
    fixed = YamlText(draft.read(draft.inventory) or "")
    ids = fixed.get((service,))
    entry = f"{' ' * int(ids.start_mark.column)}- {name}"
    draft.write(draft.inventory, fixed.insert(fixed.last_line(ids) + 1, [entry]).text)
    return f"{edit.faq}: Add the question."


def _faq_lines(name: str, edit: e.NewFaq) -> list[str]:
    if edit.question.keys() != edit.answer.keys() or len(edit.question) < 3:
        raise EditRefused("bad_request")
    made_from = text_hash(f"{edit.question['sv']}\n{edit.answer['sv']}")
    lines = [f"- id: {name}", "  question:"]
    lines += [f"    {language}: {quote(text, '"')}" for language, text in edit.question.items()]
    lines += ["  answer:"]
    for language, text in edit.answer.items():
        lines += _folded(f"    {language}", text)
    lines += [f"  source: {edit.source}"]
    if edit.law is not None:
        lines += [f"  law: {quote(edit.law, None)}"]
    lines += [
        f"  owner: {quote(edit.owner, None)}",
        f"  reviewed: {edit.reviewed.isoformat()}",
        f"  review_by: {edit.review_by.isoformat()}",
        "  made_from:",
    ]
    return lines + [f"    {language}: {quote(made_from, None)}" for language in edit.question if language != "sv"]


def _folded(key: str, text: str) -> list[str]:
    indent = len(key) - len(key.lstrip()) + 2
    return f"{key}: {fold(text, indent)}".split("\n")


def _retire_faq(edit: e.RetireFaq, draft: Draft) -> str:
    path, document, number = _seen_faq(draft, edit.faq, SOURCE_LANGUAGE, edit.seen)
    if len(faq_ids(document)) == 1:
        raise HandoverError("last_faq")
    item = document.get(("faqs", number))
    draft.write(path, document.cut(int(item.start_mark.line), document.last_line(item)).text)
    _in_inventory(draft, edit.faq, None)
    _in_relations(draft, edit.faq, None)
    for one in draft.example_files():
        if edit.faq in (draft.read(one) or ""):
            left = draft.examples_at(one).drop(edit.faq)
            draft.write(one, left.text if left.blocks else None)
    rename_expected(draft, edit.faq, None)
    return f"{edit.faq}: Retire the question."


def _rename_faq(edit: e.RenameFaq, draft: Draft) -> str:
    if edit.faq.partition(".")[0] != edit.to.partition(".")[0]:
        raise EditRefused("bad_request")
    path, document, number = draft.find_faq(edit.faq)
    if draft.has_intent(edit.to):
        raise HandoverError("faq_exists")
    draft.write(path, document.set_text(("faqs", number, "id"), edit.to.partition(".")[2]).text)
    _in_inventory(draft, edit.faq, edit.to)
    _in_relations(draft, edit.faq, edit.to)
    for one in draft.example_files():
        if edit.faq in (draft.read(one) or ""):
            draft.write(one, draft.examples_at(one).rename(edit.faq, edit.to).text)
    rename_expected(draft, edit.faq, edit.to)
    return f"{edit.faq}: Rename to {edit.to}."


def _in_inventory(draft: Draft, faq: str, to: str | None) -> None:
    fixed = YamlText(draft.read(draft.inventory) or "")
    service, _, name = faq.partition(".")
    ids = list(fixed.value((service,)) or [])
    if name not in ids:
        return
    place = (service, ids.index(name))
    if to is not None:
        changed = fixed.set_text(place, to.partition(".")[2])
    else:
        line = int(fixed.get(place).start_mark.line)
        changed = fixed.cut(line, line)
    draft.write(draft.inventory, changed.text)


def _in_relations(draft: Draft, faq: str, to: str | None) -> None:
    for path in draft.catalogue_files():
        if faq not in (draft.read(path) or ""):
            continue
        document = draft.service_at(path)
        for number in range(len(faq_ids(document))):
            place = ("faqs", number, "related")
            related = list(document.value(place) or [])
            if faq in related:
                named = [to if one == faq else one for one in related]
                document = document.set_words(place, [one for one in named if one is not None])
        draft.write(path, document.text)


_ACTS: dict[type[e.Edit], Callable[..., str]] = {
    e.AddExample: _add_example,
    e.RemoveExample: _remove_example,
    e.ChangeExample: _change_example,
    e.SetAnswer: _set_answer,
    e.ConfirmAnswer: _confirm_answer,
    e.SetSearchWords: _set_search_words,
    e.NewFaq: _new_faq,
    e.RetireFaq: _retire_faq,
    e.RenameFaq: _rename_faq,
    e.AddQuestion: add_question,
    e.RemoveQuestion: remove_question,
}
