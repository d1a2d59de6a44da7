"""How change sets and what they hold are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalogue.documents import PlaceholderDoc
from catalogue.example_checks import MIN_ENGLISH_EXAMPLES, MIN_EXAMPLES_A_VOICE
from catalogue.examples import VOICES, is_faq
from catalogue.regression import RegressionQuestion
from catalogue.snapshot import Catalogue
from handover.api.tuning import change_models as m
from handover.store.changes import ChangeSet, EditLine
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.check import Fault
from handover.tuning.changes.content import FaqLine, FaqTexts, LanguageText, ServiceLine
from handover.tuning.changes.live import Finding


def change_set_view(one: ChangeSet, edits: int) -> m.ChangeSetView:
    """Return a change set as a line."""
    return m.ChangeSetView(
        id=one.id,
        title=one.title,
        state=one.state,
        opened_at=one.opened_at.isoformat(),
        opened_by=one.opened_by_name,
        changed_at=one.changed_at.isoformat(),
        edits=edits,
    )


def edit_view(line: EditLine) -> m.EditView:
    """Return an edit as a line."""
    return m.EditView(commit=line.commit, at=line.at.isoformat(), by=line.by_name, subject=line.subject, what=line.what)


def fault_views(faults: Iterable[Fault]) -> list[m.FaultView]:
    """Return faults as lines."""
    return [m.FaultView(file=one.file, line=one.line, message=one.message) for one in faults]


def finding_view(one: Finding) -> m.FindingView:
    """Return a finding."""
    return m.FindingView(code=one.code, blocks=one.blocks, intent=one.intent, text=one.text, count=one.count)


def service_intents(service: ServiceLine) -> m.ServiceIntents:
    """Return a service with its FAQs."""
    return m.ServiceIntents(
        id=service.id,
        name=service.name,
        audience="staff" if service.audience == "staff" else "citizen",
        search_words=list(service.search_words),
        seen=service.seen,
        intents=[_faq_line(faq) for faq in service.faqs],
    )


def other_intent(intent: str, counts: Mapping[tuple[str, str], int]) -> m.IntentLine:
    """Return an intent that is no FAQ."""
    return m.IntentLine(id=intent, question="", counts=_counts(counts), stale=[])


def example_list(intent: str, examples: Iterable[tuple[Kind, str]], audience: str) -> m.ExampleList:
    """Return the examples of an intent by language and voice: the Swedish voices first, empty ones too."""
    blocks: dict[tuple[str, str], list[str]] = {("sv", voice): [] for voice in VOICES}
    blocks["en", "en"] = []
    for kind, text in examples:
        blocks.setdefault((kind.language, kind.voice), []).append(text)
    return m.ExampleList(
        intent=intent,
        blocks=[
            m.ExampleBlock(language=language, voice=voice, least=_least(intent, language, audience), texts=texts)
            for (language, voice), texts in blocks.items()
        ],
    )


def faq_answers(faq: FaqTexts, gaps: Mapping[str, PlaceholderDoc]) -> m.FaqAnswers:
    """Return a FAQ's languages side by side."""
    return m.FaqAnswers(
        faq=faq.id,
        service=faq.service,
        source=faq.source,
        owner=faq.owner,
        texts=[_answer_text(text, gaps) for text in faq.texts],
    )


def question_list(questions: Iterable[RegressionQuestion]) -> m.QuestionList:
    """Return regression questions."""
    return m.QuestionList(
        questions=[
            m.QuestionView(
                text=one.text,
                language=one.lang,
                expect=list(one.expect),
                outcome=one.outcome,
                audience=one.audience,
                must_catch=one.must_catch,
            )
            for one in questions
        ]
    )


def preview(faq: FaqTexts, gaps: Mapping[str, PlaceholderDoc], language: str, answer: str) -> m.AnswerPreview:
    """Return an answer as the assistant would give it: filled by the rules of the catalogue itself."""
    catalogue = Catalogue(0, {}, gaps)
    links = catalogue.links(faq.links, language)
    return m.AnswerPreview(
        text=catalogue.fill(answer, language),
        links=[m.PreviewLink(title=link.title, url=link.url) for link in links],
        language=language,
    )


def _faq_line(faq: FaqLine) -> m.IntentLine:
    return m.IntentLine(id=faq.id, question=faq.question, counts=_counts(faq.counts), stale=list(faq.stale))


def _counts(counts: Mapping[tuple[str, str], int]) -> list[m.VoiceCount]:
    return [m.VoiceCount(language=language, voice=voice, count=n) for (language, voice), n in counts.items()]


def _least(intent: str, language: str, audience: str) -> int:
    if not is_faq(intent):
        return 0
    if language == "sv":
        return MIN_EXAMPLES_A_VOICE
    return MIN_ENGLISH_EXAMPLES if language == "en" and audience == "citizen" else 0


def _answer_text(text: LanguageText, gaps: Mapping[str, PlaceholderDoc]) -> m.AnswerText:
    catalogue = Catalogue(0, {}, gaps)
    return m.AnswerText(
        language=text.language,
        question=text.question,
        answer=text.answer,
        seen=text.seen,
        stale=text.stale,
        translation=text.translation,
        placeholders=[
            m.Placeholder(
                name=name,
                shown=catalogue.fill(f"{{{{{name}}}}}", text.language),
                filled=name in gaps and gaps[name].value is not None,
            )
            for name in text.placeholders
        ],
    )
