"""Questions, papers and answers that tests of the evaluation share."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import date

from assistant.answering.values import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Check,
    Citation,
    CitationOrigin,
    DecisionStage,
    Delta,
    Finished,
    Gate,
    ModelInfo,
    Packed,
    Refusal,
    Repair,
    Retrieved,
    SentenceFinished,
    Verdict,
)
from assistant.errors import NothingFound
from assistant.evaluation.questions import AnswerableQuestion, Place, Shape, UnanswerableQuestion
from assistant.library.filters import Filters
from assistant.library.records import StoredPaper
from assistant.models.chat_model import ModelKind, Usage
from assistant.retrieval.paper_finder import QueryRequest
from assistant.retrieval.query.parser import ParsedQuery
from assistant.retrieval.search import Hit
from assistant.sentences import Sentence, split_sentences
from tests.support.paper_factory import BAR, FOO, paper, sources

WRITER = ModelInfo("scripted", ModelKind.LOCAL)
SAVES = split_sentences(FOO)[1]
"""It cuts memory by 37% on ImageNet."""


def known(text: str = "how much memory does FooNet save?", *, line: int = 1, **further: object) -> AnswerableQuestion:
    """A known item about FooNet."""
    values: dict[str, object] = {
        "text": text, "place": Place("known", line), "name": None, "shape": Shape.KNOWN_ITEM,
        "grades": {"2601.00001": 1}, "answer": "By 37% on ImageNet.",
    }  # fmt: skip
    return AnswerableQuestion(**(values | further))  # type: ignore[arg-type]


def unanswerable(text: str, kind: str = "off", line: int = 1) -> UnanswerableQuestion:
    return UnanswerableQuestion(text, Place("unanswerable", line), None, kind)


def citation(number: int = 1, evidence: Sentence | None = SAVES) -> Citation:
    return Citation(number, evidence, CitationOrigin.ATTRIBUTED)


def sentence(text: str, verdict: Verdict | None, *citations: Citation, mending: Repair | None = None) -> AnswerSentence:
    """A sentence of an answer; one without a verdict claims nothing."""
    check = Check(verdict, "", DecisionStage.WORDS, 0.5) if verdict else None
    return AnswerSentence(text, citations, check=check, mending=mending)


def answer(*sentences: AnswerSentence, text: str | None = None, refusal: Refusal | None = None) -> Answer:
    """An answer about `tests.support.paper_factory.three_papers`."""
    written = " ".join(one.text for one in sentences) if text is None else text
    return Answer("how much?", sentences, written, sources(), WRITER, Usage(100, 20, 60), refusal=refusal)


class ScriptedAnswers:
    """Answers, refuses and fails as a function of the question says; keeps what it was asked."""

    def __init__(self, script: Callable[[str], Answer | Refusal | NothingFound | Exception]) -> None:
        self.asked: list[str] = []
        self.decided: list[str] = []
        self._script = script

    async def ask(
        self, question: str, filters: Filters, *, today: date | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        self.asked.append(question)
        written = self._script(question)
        if isinstance(written, Exception):
            raise written
        made = answer(refusal=written) if isinstance(written, Refusal) else written
        yield Retrieved(())
        yield Packed(made.sources, (), (), 100, WRITER)
        yield Delta(made.text)
        for one in made.sentences:
            yield SentenceFinished(one)
        yield Finished(made)

    async def decide(self, question: str, filters: Filters) -> Refusal | None:
        self.decided.append(question)
        written = self._script(question)
        if isinstance(written, Exception):
            raise written
        return written if isinstance(written, Refusal) else None


REFUSED = Refusal(Gate.EVIDENCE, "The papers do not say.", 0.1)


class FixedFinder:
    """Finds the same papers for every question, reads the filters that it is told."""

    def __init__(self, papers: list[StoredPaper], filters: Mapping[str, Filters] | None = None) -> None:
        self.papers = papers
        self.asked: list[QueryRequest] = []
        self._filters = filters or {}

    async def parse_query(self, asked: QueryRequest) -> ParsedQuery:
        self.asked.append(asked)
        return ParsedQuery(asked.question, asked.question, self._filters.get(asked.question, Filters()))

    async def find(self, understood: ParsedQuery, limit: int) -> list[Hit]:
        if not self.papers:
            raise NothingFound("No paper fits.")
        return [Hit(found, 1.0) for found in self.papers[:limit]]


def second_paper() -> StoredPaper:
    return paper("2601.00002", "BarBench: Agents in Kitchens", BAR)
