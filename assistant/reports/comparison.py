"""A comparison of chosen papers as a document: the table, what is said of them together, what they leave open."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.answering import (
    Answer,
    Comparison,
    Finished,
    NumberedSource,
    QuestionAnswerer,
    SentenceFinished,
    unanswered_notes,
)
from assistant.answering.survey import Approach, SurveyWriter, salient_terms
from assistant.errors import ModelError
from assistant.reports.document import (
    Document,
    DocumentEvent,
    DocumentFinished,
    DocumentKind,
    Group,
    SentenceWritten,
)
from assistant.reports.open_problems import stated_problems
from assistant.reports.survey import groups_of
from assistant.retrieval import Hit

_FEWEST_TO_GROUP = 4
_SHARED_TERMS = 6
_OPEN_PROBLEMS = 8
_LONGEST_NAME = 40


class ComparisonBuilder:
    """Makes documents of comparison tables with one model.

    ``answerer`` answers in any case: the papers are chosen, and what they do not tell the check shows.
    """

    def __init__(self, answerer: QuestionAnswerer, surveys: SurveyWriter) -> None:
        self._answerer = answerer
        self._surveys = surveys

    async def build(self, comparison: Comparison) -> AsyncGenerator[DocumentEvent, None]:
        """Yield progress and `DocumentFinished`. The table is there already, so a model that fails only leaves gaps."""
        question = comparison_question(comparison.sources, comparison.aspects)
        hits = tuple(Hit(source.paper, 1.0) for source in comparison.sources)
        approaches: tuple[Approach, ...] = ()
        if len(hits) >= _FEWEST_TO_GROUP:
            approaches = await self._surveys.grouped("", hits, len(hits))
            numbers = {source.paper.paper_id: source.number for source in comparison.sources}
            writing = self._surveys.write_groups(question, approaches, numbers=numbers, outputs=len(approaches))
        else:
            writing = self._answerer.write_comparison(question, [hit.paper for hit in hits])
        answer: Answer | None = None
        done = 0
        incomplete: tuple[str, ...] = ()
        try:
            async with aclosing(writing) as events:
                async for event in events:
                    if isinstance(event, SentenceFinished):
                        done += 1
                        yield SentenceWritten(done)
                    elif isinstance(event, Finished):
                        answer = event.answer
        except ModelError as error:
            incomplete = (f"nothing is written about the papers together: {error.message}",)
        if answer and answer.incomplete:
            incomplete = (f"what is written about the papers breaks off: {answer.incomplete}",)
        document = _document(question, comparison, _groups(answer, approaches), incomplete)
        yield DocumentFinished(
            replace(document, method=(*document.method, *unanswered_notes(answer))) if answer else document
        )


def comparison_question(sources: Sequence[NumberedSource], aspects: Sequence[str]) -> str:
    """What a comparison answers: "How do FooNet and BarBench compare on method and data?"."""
    names = [short_name(source.paper.title) for source in sources]
    return f"How do {_listed(names)} compare on {_listed(aspects)}?"


def short_name(title: str) -> str:
    """What a paper calls its subject: the words before the colon of its title when they are few, else all of it."""
    name, colon, _ = title.partition(": ")
    return name if colon and len(name) <= _LONGEST_NAME else title.rstrip("?!. ")


def _groups(answer: Answer | None, approaches: Sequence[Approach]) -> tuple[Group, ...]:
    if answer is None:
        return ()
    if approaches:
        return groups_of(answer, approaches)
    return (Group("", tuple(source.number for source in answer.sources), answer.sentences),)


def _document(
    question: str, comparison: Comparison, groups: tuple[Group, ...], incomplete: tuple[str, ...]
) -> Document:
    sources = comparison.sources
    names = [short_name(source.paper.title) for source in sources]
    return Document(
        DocumentKind.COMPARISON,
        f"Comparison: {_listed(names)}",
        question,
        (f"the reader chose {len(sources)} papers",),
        sources,
        groups,
        comparison,
        tuple(stated_problems(sources, _OPEN_PROBLEMS)),
        comparison.writer,
        shared=tuple(salient_terms([source.paper for source in sources], len(sources), _SHARED_TERMS)),
        incomplete=incomplete,
    )


def _listed(parts: Sequence[str]) -> str:
    """Parts as prose: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
