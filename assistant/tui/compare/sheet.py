"""A comparison as far as it is written: its papers and aspects, the columns that came, who writes."""

from collections.abc import Sequence
from enum import Enum, auto

from assistant.answering import (
    Cell,
    ColumnFinished,
    Comparison,
    ComparisonEvent,
    ComparisonFinished,
    ModelInfo,
    NumberedSource,
    numbered_sources,
)
from assistant.errors import UsageError
from assistant.library import StoredPaper

FEWEST_PAPERS, MOST_PAPERS = 2, 12
_MOST_ASPECTS = 20


class Stage(Enum):
    """How far the writing is."""

    WRITING = auto()
    STOPPED = auto()
    FAILED = auto()
    DONE = auto()


class Sheet:
    """The table's state; columns by the number of their source."""

    def __init__(self, papers: Sequence[StoredPaper], aspects: Sequence[str]) -> None:
        self.sources: tuple[NumberedSource, ...] = numbered_sources(papers)
        self.aspects = tuple(aspects)
        self.columns: dict[int, tuple[Cell, ...]] = {}
        self.writer: ModelInfo | None = None
        self.stage = Stage.WRITING

    def take(self, event: ComparisonEvent) -> None:
        """Take in what the comparer says."""
        match event:
            case ColumnFinished():
                self.columns[event.source.number] = event.cells
            case ComparisonFinished():
                self.writer = event.comparison.writer
                self.stage = Stage.DONE

    def cell(self, row: int, number: int) -> Cell | None:
        """One cell; None while it is not written."""
        column = self.columns.get(number)
        return column[row] if column else None

    @property
    def progress(self) -> str:
        """How many papers are read: "2 of 3"."""
        return f"{len(self.columns)} of {len(self.sources)}"

    @property
    def writing_number(self) -> int | None:
        """The source whose column is being written."""
        missing = (source.number for source in self.sources if source.number not in self.columns)
        return next(missing, None) if self.stage is Stage.WRITING else None

    def comparison(self) -> Comparison | None:
        """The columns that came as a comparison of their papers; None before the first one."""
        if not self.columns or self.writer is None:
            return None
        sources = tuple(source for source in self.sources if source.number in self.columns)
        rows = zip(*(self.columns[source.number] for source in sources), strict=True)
        return Comparison(self.aspects, sources, tuple(rows), self.writer)


def distinct(papers: Sequence[StoredPaper]) -> list[StoredPaper]:
    """The papers, each once."""
    return list({paper.paper_id: paper for paper in papers}.values())


def check_number(papers: Sequence[StoredPaper]) -> None:
    """Raise `UsageError` for too few or too many papers."""
    if len(papers) < FEWEST_PAPERS:
        raise UsageError("A comparison needs two papers or more.", "Go back, select further papers and compare again.")
    if len(papers) > MOST_PAPERS:
        raise UsageError(
            f"{len(papers):,} papers are too many for one table.", f"Go back and select at most {MOST_PAPERS}."
        )


def read_aspects(text: str) -> tuple[str, ...]:
    """Aspects separated by commas, each once. Raises `UsageError` for none or too many."""
    named: dict[str, str] = {}
    for part in text.split(","):
        if aspect := " ".join(part.split()):
            named.setdefault(aspect.casefold(), aspect)
    aspects = tuple(named.values())
    if not aspects:
        raise UsageError("The table needs an aspect.", "Write them with commas, such as: method, data, results.")
    if len(aspects) > _MOST_ASPECTS:
        raise UsageError(f"{len(aspects)} aspects are too many.", f"Write at most {_MOST_ASPECTS}.")
    return aspects
