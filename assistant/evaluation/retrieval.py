"""How well papers are found, and times in words read: rankings and windows of days held against the expected ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import NothingFound
from assistant.evaluation.measures import first_rank, hit, mean, ndcg, recall
from assistant.evaluation.ports import Retriever
from assistant.evaluation.questions import AnswerableQuestion, DatedQuestion
from assistant.library import Filters
from assistant.periods import Window
from assistant.retrieval import QueryRequest

DEPTH = 100
"""Papers asked for; the deepest that is measured."""


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """Measures of one ranking, or their means over several."""

    hit_1: float
    hit_5: float
    ndcg_10: float
    recall_20: float
    recall_100: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question, the measures of its ranking, and the rank of the first paper that answers (None: not found)."""

    question: AnswerableQuestion
    figures: RankingFigures
    rank: int | None


@dataclass(frozen=True, slots=True)
class RankingRow:
    """The means over the questions of a file, or of one kind of them."""

    file: str
    kind: str | None
    questions: int
    figures: RankingFigures


async def rank(retriever: Retriever, question: AnswerableQuestion) -> Ranked:
    """Find papers as an answer to the question would: filters that its words make hold."""
    understood = await retriever.parse_query(QueryRequest(question.text, Filters()))
    try:
        hits = await retriever.find(understood, DEPTH)
    except NothingFound:
        hits = []
    return measured(question, [hit.paper.paper_id for hit in hits])


def measured(question: AnswerableQuestion, ranking: Sequence[str]) -> Ranked:
    """The measures of a ranking of paper ids, best first."""
    grades = question.grades
    figures = RankingFigures(
        hit_1=hit(ranking, grades, 1),
        hit_5=hit(ranking, grades, 5),
        ndcg_10=ndcg(ranking, grades, 10),
        recall_20=recall(ranking, grades, 20),
        recall_100=recall(ranking, grades, DEPTH),
    )
    return Ranked(question, figures, first_rank(ranking, grades))


def ranking_rows(ranked: Sequence[Ranked]) -> tuple[RankingRow, ...]:
    """One row a file; below it one for each of its kinds, by name, where it has several."""
    rows = []
    for file in dict.fromkeys(ranking.question.place.file for ranking in ranked):
        of_file = [ranking for ranking in ranked if ranking.question.place.file == file]
        rows.append(_row(file, None, of_file))
        kinds = sorted({ranking.question.kind for ranking in of_file if ranking.question.kind})
        if len(kinds) > 1:
            rows += [
                _row(file, kind, [ranking for ranking in of_file if ranking.question.kind == kind]) for kind in kinds
            ]
    return tuple(rows)


def _row(file: str, kind: str | None, ranked: Sequence[Ranked]) -> RankingRow:
    def of(name: str) -> float:
        return mean(getattr(ranking.figures, name) for ranking in ranked) or 0.0

    figures = RankingFigures(of("hit_1"), of("hit_5"), of("ndcg_10"), of("recall_20"), of("recall_100"))
    return RankingRow(file, kind, len(ranked), figures)


@dataclass(frozen=True, slots=True)
class DateReading:
    """A question and the window that was read out of it."""

    question: DatedQuestion
    extracted: Window

    @property
    def exact(self) -> bool:
        """Whether it is the expected window."""
        return self.extracted == self.question.window

    @property
    def fair(self) -> bool:
        """Whether it is the expected window or one of the alternatives."""
        return self.exact or self.extracted in self.question.alternatives


@dataclass(frozen=True, slots=True)
class DateRow:
    """How many windows of a file were read exactly, and how many when the alternatives count too."""

    file: str
    questions: int
    exact: int
    fair: int


async def read_dates(retriever: Retriever, question: DatedQuestion) -> DateReading:
    """Read the window of a question on its own day."""
    filters = (await retriever.parse_query(QueryRequest(question.text, Filters(), today=question.today))).filters
    return DateReading(question, Window(filters.since, filters.until))


def date_rows(readings: Sequence[DateReading]) -> tuple[DateRow, ...]:
    """One row a file."""
    files = dict.fromkeys(reading.question.place.file for reading in readings)
    return tuple(
        _date_row(file, [reading for reading in readings if reading.question.place.file == file]) for file in files
    )


def _date_row(file: str, readings: Sequence[DateReading]) -> DateRow:
    return DateRow(
        file, len(readings), sum(reading.exact for reading in readings), sum(reading.fair for reading in readings)
    )
