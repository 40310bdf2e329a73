"""How well times in words are read: the window of days of each question held against the expected one."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.ports import Finder
from assistant.evaluation.questions import DatedQuestion, Window
from assistant.library.filters import Filters
from assistant.retrieval.paper_finder import Asked


@dataclass(frozen=True, slots=True)
class DateReading:
    """A question and the window that was read out of it."""

    question: DatedQuestion
    read: Window

    @property
    def exact(self) -> bool:
        """Whether it is the expected window."""
        return self.read == self.question.window

    @property
    def fair(self) -> bool:
        """Whether it is the expected window or one of the alternatives."""
        return self.exact or self.read in self.question.alternatives


@dataclass(frozen=True, slots=True)
class DateRow:
    """How many windows of a file were read exactly, and how many when the alternatives count too."""

    file: str
    questions: int
    exact: int
    fair: int


async def read_dates(finder: Finder, question: DatedQuestion) -> DateReading:
    """Read the window of a question on its own day."""
    filters = (await finder.understand(Asked(question.text, Filters(), today=question.today))).filters
    return DateReading(question, Window(filters.since, filters.until))


def date_rows(readings: Sequence[DateReading]) -> tuple[DateRow, ...]:
    """One row a file."""
    files = dict.fromkeys(reading.question.place.file for reading in readings)
    return tuple(_row(file, [one for one in readings if one.question.place.file == file]) for file in files)


def _row(file: str, readings: Sequence[DateReading]) -> DateRow:
    return DateRow(file, len(readings), sum(one.exact for one in readings), sum(one.fair for one in readings))
