"""A run over questions, part by part; its report can be had at any moment, also when it was stopped in the middle."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from assistant.evaluation.answer_figures import AnswerFigures, answer_figures
from assistant.evaluation.answer_log import AnswerLog
from assistant.evaluation.answers import MeasuredAnswer, measured_answer
from assistant.evaluation.dates import DateReading, DateRow, date_rows, read_dates
from assistant.evaluation.ports import Answers, Finder
from assistant.evaluation.questions import AnswerableQuestion, DatedQuestion, Question, Shape
from assistant.evaluation.refusal import Decision, RefusalFigures, decide, refusal_figures
from assistant.evaluation.retrieval import Ranked, RankingRow, rank, ranking_rows


class Part(StrEnum):
    """What is measured, in the order of a run: what costs least comes first."""

    RETRIEVAL = "retrieval"
    DATES = "dates"
    REFUSAL = "refusal"
    ANSWERS = "answers"
    COMPARE = "compare"

    @property
    def needs_model(self) -> bool:
        """Whether a model is asked."""
        return self in {Part.REFUSAL, Part.ANSWERS, Part.COMPARE}

    @property
    def writes(self) -> bool:
        """Whether answers are written."""
        return self in {Part.ANSWERS, Part.COMPARE}

    def concerns(self, question: Question) -> bool:
        """Whether the part measures with such a question."""
        match self:
            case Part.RETRIEVAL:
                return isinstance(question, AnswerableQuestion)
            case Part.DATES:
                return question.shape is Shape.DATED
            case Part.REFUSAL:
                return question.shape is not Shape.DATED
            case Part.ANSWERS:
                return question.shape is Shape.KNOWN_ITEM
            case Part.COMPARE:
                return question.shape is Shape.COMPARISON
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One more question of a part is done."""

    part: Part
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured: single results in the order of the questions, and their figures.

    ``complete`` is False while questions are left. Parts without results are empty; ``refusal`` is then None.
    """

    complete: bool
    ranked: tuple[Ranked, ...]
    readings: tuple[DateReading, ...]
    decisions: tuple[Decision, ...]
    answers: tuple[MeasuredAnswer, ...]
    retrieval: tuple[RankingRow, ...]
    dates: tuple[DateRow, ...]
    refusal: RefusalFigures | None
    answering: tuple[AnswerFigures, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured."""
        return not (self.ranked or self.readings or self.decisions or self.answers)


@dataclass(frozen=True, slots=True)
class Writing:
    """What answers, the name of its model, and where its answers are kept."""

    answers: Answers
    model: str
    log: AnswerLog | None = None


class Evaluation:
    """Asks questions and keeps what is measured.

    ``writing`` may be None when no part of the run asks a model.
    """

    def __init__(self, questions: Sequence[Question], finder: Finder, writing: Writing | None = None) -> None:
        self._questions = tuple(questions)
        self._finder = finder
        self._writing = writing
        self._ranked: list[Ranked] = []
        self._readings: list[DateReading] = []
        self._decisions: list[Decision] = []
        self._answers: list[MeasuredAnswer] = []
        self._complete = False

    async def run(self, parts: Sequence[Part]) -> AsyncGenerator[Step, None]:
        """Measure these parts, in their own order; yields `Step` after each question.

        Raises `ModelError` when the model fails, `LibraryError` when the library does; what was measured stays.
        """
        for part in (one for one in Part if one in parts):
            concerned = [question for question in self._questions if part.concerns(question)]
            for done, question in enumerate(concerned, start=1):
                await self._measure(part, question)
                yield Step(part, done, len(concerned))
        self._complete = True

    def report(self) -> Report:
        """What was measured so far."""
        return Report(
            complete=self._complete,
            ranked=tuple(self._ranked),
            readings=tuple(self._readings),
            decisions=tuple(self._decisions),
            answers=tuple(self._answers),
            retrieval=ranking_rows(self._ranked),
            dates=date_rows(self._readings),
            refusal=refusal_figures(self._decisions) if self._decisions else None,
            answering=answer_figures(self._answers),
        )

    async def _measure(self, part: Part, question: Question) -> None:
        if isinstance(question, DatedQuestion):
            self._readings.append(await read_dates(self._finder, question))
        elif part is Part.REFUSAL:
            self._decisions.append(await decide(self._needed().answers, question))
        elif isinstance(question, AnswerableQuestion) and part is Part.RETRIEVAL:
            self._ranked.append(await rank(self._finder, question))
        elif isinstance(question, AnswerableQuestion):
            self._answers.append(await self._answer(question))

    async def _answer(self, question: AnswerableQuestion) -> MeasuredAnswer:
        writing = self._needed()
        if writing.log is None:
            return await measured_answer(writing.answers, question, writing.model)
        if kept := writing.log.kept(question):
            return kept
        measured = await measured_answer(writing.answers, question, writing.model)
        writing.log.add(measured)
        return measured

    def _needed(self) -> Writing:
        assert self._writing is not None  # noqa: S101  # a caller gives it with the parts that need a model
        return self._writing
