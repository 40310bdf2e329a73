"""How well papers are found: each question's ranking held against the papers that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import NothingFound
from assistant.evaluation.measures import first_rank, hit, mean, ndcg, recall
from assistant.evaluation.ports import Finder
from assistant.evaluation.questions import AnswerableQuestion
from assistant.library.filters import Filters
from assistant.retrieval.paper_finder import Asked

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


async def rank(finder: Finder, question: AnswerableQuestion) -> Ranked:
    """Find papers as an answer to the question would: filters that its words make hold."""
    understood = await finder.understand(Asked(question.text, Filters()))
    try:
        hits = await finder.find(understood, DEPTH)
    except NothingFound:
        hits = []
    return measured(question, [found.paper.paper.paper_id for found in hits])


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
    for file in dict.fromkeys(one.question.place.file for one in ranked):
        of_file = [one for one in ranked if one.question.place.file == file]
        rows.append(_row(file, None, of_file))
        kinds = sorted({one.question.kind for one in of_file if one.question.kind})
        if len(kinds) > 1:
            rows += [_row(file, kind, [one for one in of_file if one.question.kind == kind]) for kind in kinds]
    return tuple(rows)


def _row(file: str, kind: str | None, ranked: Sequence[Ranked]) -> RankingRow:
    def of(name: str) -> float:
        return mean(getattr(one.figures, name) for one in ranked) or 0.0

    figures = RankingFigures(of("hit_1"), of("hit_5"), of("ndcg_10"), of("recall_20"), of("recall_100"))
    return RankingRow(file, kind, len(ranked), figures)
