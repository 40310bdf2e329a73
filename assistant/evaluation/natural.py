"""Questions as people type them: asked one by one, and the right outcomes counted by type."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, Self, runtime_checkable

from assistant.answering import Answer, AnswerEvent, Finished, Refusal
from assistant.errors import AssistantError, LibraryError, ModelError, NothingFound
from assistant.evaluation.answers import CitedPaper
from assistant.evaluation.measures import mean, median
from assistant.evaluation.outcomes import Outcome, Reply, outcome_of
from assistant.evaluation.ports import Answers, Conversations, Retriever, Table
from assistant.evaluation.questions import NaturalQuestion, NaturalType
from assistant.evaluation.refusal import nothing_found
from assistant.library import Filters, StoredPaper
from assistant.retrieval import QueryRequest


class _Links(Protocol):
    @property
    def code(self) -> str | None: ...
    @property
    def project(self) -> str | None: ...


class _Row(Protocol):
    @property
    def paper(self) -> StoredPaper: ...
    @property
    def links(self) -> _Links: ...


class _Result(Protocol):
    @property
    def total(self) -> int: ...
    @property
    def rows(self) -> Sequence[_Row]: ...
    @property
    def writers(self) -> Sequence[tuple[str, int]]: ...


@runtime_checkable
class _FromTables(Protocol):
    @property
    def collection(self) -> _Result | None: ...


@dataclass(frozen=True, slots=True)
class TableValues:
    """A table as it is kept."""

    paper_ids: tuple[str, ...] = ()
    number: int | None = None
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """The values of a table."""
        return cls(tuple(table.paper_ids), table.number, tuple(table.names), tuple(table.links))

    @classmethod
    def of_result(cls, result: _Result) -> Self:
        """The values of what the tables say: of few papers their people, organizations and links too."""
        papers = [row.paper.paper for row in result.rows]
        links = [link for row in result.rows for link in (row.links.code, row.links.project) if link]
        names = [name for name, _ in result.writers]
        names += [author.name for paper in papers for author in paper.authors]
        names += [paper.organization for paper in papers if paper.organization]
        ids = tuple(paper.paper_id for paper in papers)
        return cls(ids, result.total, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(links)))


def table_of(answer: object) -> Table | None:
    """The table of an answer to a question on the collection; None for an answer in sentences."""
    if isinstance(answer, _FromTables) and (result := answer.collection) is not None:
        return TableValues.of_result(result)
    return None


_RANKED = frozenset({NaturalType.NEED, NaturalType.EXACT_WORD, NaturalType.OTHER_LANGUAGE})


@dataclass(frozen=True, slots=True)
class MeasuredNatural:
    """A question, what became of it, and how that stands: one row of the file that keeps results."""

    file: str
    line: int
    name: str | None
    type: NaturalType
    question: str
    model: str
    text: str
    sources: tuple[CitedPaper, ...]
    table: TableValues | None
    refusal: Refusal | None
    missing: tuple[str, ...]
    faults: tuple[str, ...]
    gaps: tuple[str, ...]
    covered: float | None
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the outcome is the right one."""
        return not self.faults

    @property
    def complete(self) -> bool:
        """Whether it is right and lacks nothing that a good answer has."""
        return self.right and not self.gaps


@dataclass(frozen=True, slots=True)
class NaturalRow:
    """How many questions of a file, or of one type of them, have the right outcome.

    ``answered`` counts replies that are neither refusals nor errors. ``covered`` is the mean over questions that ask
    for passages, or for papers.
    """

    file: str
    type: NaturalType | None
    questions: int
    answered: int
    right: int
    complete: int
    covered: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Asking:
    """What questions are asked with."""

    answers: Answers
    retriever: Retriever
    conversations: Conversations | None
    model: str


async def measured_natural(asking: Asking, question: NaturalQuestion) -> MeasuredNatural:
    """Ask a question, after those before it, and judge the outcome; a wrong request counts as a wrong outcome.

    Raises `ModelError` and `LibraryError`: what fails there would fail for every question.
    """
    began = time.perf_counter()
    reply = await _reply(asking, question)
    seconds = time.perf_counter() - began
    if question.type in _RANKED:
        reply = replace(reply, ranking=await _ranking(asking.retriever, question))
    outcome = outcome_of(question, reply)
    return _measured(question, asking.model, reply, outcome, seconds)


async def _reply(asking: Asking, question: NaturalQuestion) -> Reply:
    try:
        if question.before and asking.conversations:
            answer = await _answer_in_conversation(asking.conversations, (*question.before, question.text))
        else:
            answer = await _last(asking.answers.ask(question.text, Filters(), today=question.today))
    except NothingFound as error:
        return Reply(refusal=nothing_found(error))
    except (ModelError, LibraryError):
        raise
    except AssistantError as error:
        return Reply(error=error.message)
    return Reply(answer, answer.refusal if answer else None, table_of(answer))


async def _answer_in_conversation(conversations: Conversations, questions: Sequence[str]) -> Answer | None:
    """The answer to the last question; an earlier one that finds nothing does not end the conversation."""
    *before, last = questions
    async with conversations() as conversation:
        for question in before:
            try:
                await _last(conversation.ask(question))
            except NothingFound:
                continue
        return await _last(conversation.ask(last))


async def _last(events: AsyncGenerator[AnswerEvent, None]) -> Answer | None:
    answer: Answer | None = None
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Finished):
                answer = event.answer
    return answer


async def _ranking(retriever: Retriever, question: NaturalQuestion) -> tuple[str, ...]:
    listed = question.expected.table.listings[0].paper_ids if question.expected.table else ()
    depth = max(question.expected.within, len(listed))
    try:
        understood = await retriever.parse_query(QueryRequest(question.text, Filters(), today=question.today))
        hits = await retriever.find(understood, depth)
    except NothingFound:
        return ()
    return tuple(hit.paper.paper_id for hit in hits)


def _measured(question: NaturalQuestion, model: str, reply: Reply, outcome: Outcome, seconds: float) -> MeasuredNatural:
    cited = reply.cited_ids
    papers = ((s.number, s.paper.paper) for s in (reply.answer.sources if reply.answer else ()))
    return MeasuredNatural(
        file=question.place.file,
        line=question.place.line,
        name=question.name,
        type=question.type,
        question=question.text,
        model=model,
        text=reply.text,
        sources=tuple(CitedPaper(number, p.paper_id, p.title, p.paper_id in cited) for number, p in papers),
        table=TableValues.of(reply.table) if reply.table else None,
        refusal=reply.refusal,
        missing=reply.answer.missing if reply.answer else (),
        faults=outcome.faults,
        gaps=outcome.gaps,
        covered=outcome.covered,
        seconds=seconds,
    )


def natural_rows(measured: Sequence[MeasuredNatural]) -> tuple[NaturalRow, ...]:
    """One row a file, and one for each type in it."""
    rows: list[NaturalRow] = []
    for file in dict.fromkeys(question.file for question in measured):
        questions = [question for question in measured if question.file == file]
        types = [kind for kind in NaturalType if any(question.type is kind for question in questions)]
        rows.append(_row(file, None, questions))
        rows += [_row(file, kind, [question for question in questions if question.type is kind]) for kind in types]
    return tuple(rows)


def _row(file: str, kind: NaturalType | None, questions: Sequence[MeasuredNatural]) -> NaturalRow:
    failed = sum(question.refusal is not None or not (question.text or question.table) for question in questions)
    return NaturalRow(
        file,
        kind,
        questions=len(questions),
        answered=len(questions) - failed,
        right=sum(question.right for question in questions),
        complete=sum(question.complete for question in questions),
        covered=mean(question.covered for question in questions),
        seconds=median(question.seconds for question in questions),
    )
