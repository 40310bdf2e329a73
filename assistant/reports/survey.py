"""Surveys of a topic: papers gathered and grouped, a paragraph a group, a table, the open problems that they state."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from assistant.answering import (
    Answer,
    AnswerSentence,
    ColumnFinished,
    Comparer,
    Comparison,
    ComparisonFinished,
    Finished,
    ModelInfo,
    NumberedSource,
    SentenceFinished,
    extracted_filters,
    numbered_sources,
    unanswered_notes,
)
from assistant.answering.answerability import RetrievalResult, Sufficiency, about_topic, refused
from assistant.answering.survey import FURTHER, Approach, Gathered, SurveyWriter, gather
from assistant.errors import ModelError
from assistant.library import Filters, StoredPaper, filter_sentences
from assistant.reports.document import (
    Document,
    DocumentEvent,
    DocumentFinished,
    DocumentKind,
    DocumentRefused,
    DocumentStarted,
    Group,
    SentenceWritten,
)
from assistant.reports.open_problems import open_problem_sentences, stated_problems
from assistant.retrieval import Hit, PaperRetriever, QueryRequest
from assistant.retrieval.query import ParsedQuery

_HEADING = re.compile(r"^\*\*\s*([^*]+?)\s*\*\*:?$")
SURVEY_ASPECTS = ("method", "data", "results")
"""Columns of a survey's table; its limitations stand among the open problems."""
_GATHERED = 20
"""Papers looked through for open problems; those that are written about are the first of them."""
_IN_THE_TABLE = 8
_OPEN_PROBLEMS = 12
_LISTED = 6
"""Papers named below a refusal."""


def groups_of(answer: Answer, approaches: Sequence[Approach]) -> tuple[Group, ...]:
    """Every approach with the sentences below its name; names that a model made itself come behind them.

    Sentences before the first name are about all papers and come first. Papers that share no approach at all make one
    group without a name.
    """
    numbers = {source.paper.paper_id: source.number for source in answer.sources}
    written = _by_heading(answer.sentences)
    groups = []
    for approach in approaches:
        ids = (hit.paper.paper_id for hit in approach.hits)
        _, sentences = written.pop(approach.name.casefold(), ("", []))
        name = "" if len(approaches) == 1 and approach.name == FURTHER else approach.name
        groups.append(Group(name, tuple(numbers[i] for i in ids if i in numbers), tuple(sentences)))
    others = [Group(name, _cited(sentences), tuple(sentences)) for name, sentences in written.values() if sentences]
    general = [group for group in others if not group.name]
    return (*general, *groups, *(group for group in others if group.name))


def _by_heading(sentences: Sequence[AnswerSentence]) -> dict[str, tuple[str, list[AnswerSentence]]]:
    """The sentences by the name above them, case folded; each with the name as it is written."""
    sections: dict[str, tuple[str, list[AnswerSentence]]] = {}
    name = ""
    for sentence in sentences:
        heading = _HEADING.match(sentence.text.strip())
        if heading:
            name = heading.group(1)
        else:
            sections.setdefault(name.casefold(), (name, []))[1].append(sentence)
    return sections


def _cited(sentences: Sequence[AnswerSentence]) -> tuple[int, ...]:
    return tuple(sorted({citation.number for sentence in sentences for citation in sentence.citations}))


class TableMaker:
    """Compares papers and keeps what came: the table is there also when the model fails half-way.

    After `make` is through, ``table`` is None when not even the first paper was read; ``failure`` says what happened.
    """

    def __init__(self, comparer: Comparer, writer: ModelInfo) -> None:
        self.table: Comparison | None = None
        self.failure: ModelError | None = None
        self._comparer = comparer
        self._writer = writer

    async def make(
        self, sources: Sequence[NumberedSource], aspects: Sequence[str]
    ) -> AsyncGenerator[ColumnFinished, None]:
        """Yield every paper's cells as they come."""
        columns: list[ColumnFinished] = []
        try:
            async with aclosing(self._comparer.compare(sources, aspects)) as events:
                async for event in events:
                    match event:
                        case ColumnFinished():
                            columns.append(event)
                            yield event
                        case ComparisonFinished(comparison):
                            self.table = comparison
        except ModelError as error:
            self.failure = error
            if columns:
                rows = tuple(zip(*(column.cells for column in columns), strict=True))
                papers = tuple(column.source for column in columns)
                self.table = Comparison(tuple(aspects), papers, rows, self._writer)


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """What is asked for; ``papers`` None takes as many as suit the model."""

    topic: str
    filters: Filters = Filters()  # noqa: RUF009  # frozen
    papers: int | None = None
    aspects: tuple[str, ...] = SURVEY_ASPECTS


@dataclass(frozen=True, slots=True)
class _Read:
    """The papers of a survey: all that were gathered, best first, and those that are written about, in groups."""

    understood: ParsedQuery
    gathered: Gathered
    approaches: tuple[Approach, ...]

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.gathered.hits


class SurveyBuilder:
    """Writes surveys with one model; without ``refuse`` also on a topic that the papers do not seem to be about."""

    def __init__(
        self,
        retriever: PaperRetriever,
        surveys: SurveyWriter,
        comparer: Comparer,
        writer: ModelInfo,
        *,
        refuse: bool = True,
    ) -> None:
        self._retriever = retriever
        self._surveys = surveys
        self._comparer = comparer
        self._writer = writer
        self._refuse = refuse

    async def build(self, request: SurveyRequest) -> AsyncGenerator[DocumentEvent, None]:
        """Yield `DocumentStarted`, progress, and `DocumentFinished`; for a topic of which nothing is known a refusal.

        Filters in the topic's own words hold beside the given ones. Raises `NothingFound` when no paper fits, and
        `ModelError` when the model fails before any text; what comes of one that fails later is kept.
        """
        reading = await self._read(request)
        sufficiency = about_topic(await self._retrieval(reading))
        if self._refuse and not sufficiency.sufficient:
            yield DocumentRefused(_refusal(request, reading, sufficiency, self._writer))
            return
        papers = sum(len(approach.hits) for approach in reading.approaches)
        yield DocumentStarted(papers, min(_IN_THE_TABLE, papers), self._writer, reading.understood)
        answer: Answer | None = None
        done = 0
        writing = self._surveys.write_groups(request.topic, reading.approaches, outputs=len(reading.approaches))
        async with aclosing(writing) as events:
            async for event in events:
                if isinstance(event, SentenceFinished):
                    done += 1
                    yield SentenceWritten(done)
                elif isinstance(event, Finished):
                    answer = event.answer
        assert answer is not None  # noqa: S101  # the last event of every survey
        tables = TableMaker(self._comparer, self._writer)
        async with aclosing(tables.make(_leading(answer.sources, reading.hits), request.aspects)) as columns:
            async for column in columns:
                yield column
        yield DocumentFinished(_document(request, reading, answer, tables))

    async def _read(self, request: SurveyRequest) -> _Read:
        understood = await self._retriever.parse_query(QueryRequest(request.topic, request.filters))
        limit = max(_GATHERED, request.papers or 0)
        gathered = Gathered((), 0, ())
        if understood.query.strip() and not understood.newest:
            gathered = await gather(self._retriever.search, understood.query, understood.filters, limit=limit)
        if not gathered.hits:  # a topic that is nothing but filters is listed; one that finds nothing says so here
            listed = tuple(await self._retriever.find(understood, limit))
            gathered = Gathered(listed, 1, (understood.query,), listed)
        approaches = await self._surveys.grouped(understood.query, gathered.hits, request.papers)
        return _Read(understood, gathered, approaches)

    async def _retrieval(self, reading: _Read) -> RetrievalResult:
        query = reading.understood.query
        weights = await self._retriever.weights(query)
        return RetrievalResult(query, reading.gathered.question_hits, weights, user_selected=not query.strip())


def _refusal(request: SurveyRequest, reading: _Read, sufficiency: Sufficiency, writer: ModelInfo) -> Answer:
    sources = numbered_sources([hit.paper for hit in reading.gathered.question_hits[:_LISTED]])
    return replace(refused(request.topic, sources, sufficiency, writer), understood=reading.understood)


def _leading(sources: Sequence[NumberedSource], hits: Sequence[Hit]) -> tuple[NumberedSource, ...]:
    """The best papers of those written about, by their numbers."""
    rank = {hit.paper.paper_id: place for place, hit in enumerate(hits)}
    best = sorted(sources, key=lambda source: rank[source.paper.paper_id])[:_IN_THE_TABLE]
    return tuple(sorted(best, key=lambda source: source.number))


def _document(request: SurveyRequest, reading: _Read, answer: Answer, tables: TableMaker) -> Document:
    sources = _with_further(answer.sources, [hit.paper for hit in reading.hits])
    incomplete = [f"the paragraphs break off: {answer.incomplete}"] if answer.incomplete else []
    if tables.failure:
        incomplete.append(f"the table breaks off: {tables.failure.message}")
    problems = tuple(stated_problems(sources, _OPEN_PROBLEMS))
    stating = {citation.number for sentence in problems for citation in sentence.citations}
    written = {source.number for source in answer.sources}
    return Document(
        DocumentKind.SURVEY,
        f"Survey: {request.topic}",
        f"On “{request.topic}”: which approaches do the papers take, what do they find, and what stays open?",
        _method(reading, answer),
        tuple(source for source in sources if source.number in written | stating),
        groups_of(answer, reading.approaches),
        tables.table,
        problems,
        answer.writer,
        incomplete=tuple(incomplete),
    )


def _with_further(sources: Sequence[NumberedSource], papers: Sequence[StoredPaper]) -> tuple[NumberedSource, ...]:
    """The sources, and behind them further papers of the search that state an open problem."""
    source_ids = {source.paper.paper_id for source in sources}
    further = [p for p in papers if p.paper.paper_id not in source_ids and open_problem_sentences(p.paper.abstract)]
    numbered = (NumberedSource(number, paper, ()) for number, paper in enumerate(further, start=len(sources) + 1))
    return (*sources, *numbered)


def _method(reading: _Read, answer: Answer) -> tuple[str, ...]:
    queries = len(reading.gathered.queries)
    written = len(answer.sources)
    return (
        f"{len(reading.hits)} papers found with {queries} search{'' if queries == 1 else 'es'}; "
        f"the first {written} are written about, all are looked through for open problems",
        *_limits(reading.understood.filters),
        *extracted_filters(reading.understood),
        *unanswered_notes(answer),
    )


def _limits(filters: Filters) -> list[str]:
    """The hard filters in words."""
    limits = ", ".join(filter_sentences(filters))
    return [f"only papers {limits}"] if limits else []
