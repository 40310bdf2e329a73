"""A run over questions, part by part; its report can be had at any moment, also when it was stopped in the middle."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, assert_never

from assistant.concurrency import in_thread
from assistant.evaluation.answers import AnswerFigures, MeasuredAnswer, answer_figures, measured_answer
from assistant.evaluation.claims import (
    ClaimRow,
    JudgeOfClaims,
    MeasuredClaim,
    claim_rows,
    measured_claim,
)
from assistant.evaluation.natural import Asking, MeasuredNatural, NaturalRow, measured_natural, natural_rows
from assistant.evaluation.ports import Answers, Checkers, Conversations, Papers, Retriever
from assistant.evaluation.questions import (
    AnswerableQuestion,
    DatedQuestion,
    LabelledClaim,
    NaturalQuestion,
    Question,
    Shape,
    UnanswerableQuestion,
)
from assistant.evaluation.refusal import Decision, RefusalFigures, decide, refusal_figures
from assistant.evaluation.result_log import Measured, ResultLog
from assistant.evaluation.retrieval import (
    DateReading,
    DateRow,
    Ranked,
    RankingRow,
    date_rows,
    rank,
    ranking_rows,
    read_dates,
)

Asked = TypeVar("Asked", AnswerableQuestion, LabelledClaim, NaturalQuestion)
Result = TypeVar("Result", bound=Measured)


class EvaluationPart(StrEnum):
    """What is measured, in the order of a run: what costs least comes first."""

    RETRIEVAL = "retrieval"
    DATES = "dates"
    CLAIMS = "claims"
    REFUSAL = "refusal"
    NATURAL = "natural"
    ANSWERS = "answers"
    COMPARE = "compare"

    @property
    def needs_model(self) -> bool:
        """Whether a model is asked; claims can be judged by one."""
        return self in {EvaluationPart.REFUSAL, EvaluationPart.NATURAL, EvaluationPart.ANSWERS, EvaluationPart.COMPARE}

    @property
    def is_kept(self) -> bool:
        """Whether results are kept in a file: they cost much."""
        return self in {EvaluationPart.CLAIMS, EvaluationPart.NATURAL, EvaluationPart.ANSWERS, EvaluationPart.COMPARE}

    def concerns(self, question: Question) -> bool:
        """Whether the part measures with such a question."""
        return question.shape in _SHAPES[self]


_ANSWERABLE = frozenset({Shape.KNOWN_ITEM, Shape.SURVEY, Shape.COMPARISON})
_SHAPES = {
    EvaluationPart.RETRIEVAL: _ANSWERABLE,
    EvaluationPart.DATES: {Shape.DATED},
    EvaluationPart.CLAIMS: {Shape.CLAIM},
    EvaluationPart.REFUSAL: _ANSWERABLE | {Shape.UNANSWERABLE},
    EvaluationPart.NATURAL: {Shape.NATURAL},
    EvaluationPart.ANSWERS: {Shape.KNOWN_ITEM},
    EvaluationPart.COMPARE: {Shape.COMPARISON},
}
"""The shapes of the questions that a part measures with."""


@dataclass(frozen=True, slots=True)
class Step:
    """One more question of a part is done."""

    part: EvaluationPart
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
    claims: tuple[MeasuredClaim, ...]
    natural: tuple[MeasuredNatural, ...]
    retrieval: tuple[RankingRow, ...]
    dates: tuple[DateRow, ...]
    refusal: RefusalFigures | None
    answering: tuple[AnswerFigures, ...]
    claim_rows: tuple[ClaimRow, ...]
    natural_rows: tuple[NaturalRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured."""
        return not (self.ranked or self.readings or self.decisions or self.answers or self.claims or self.natural)


@dataclass(frozen=True, slots=True)
class Writing:
    """What answers, the name of its model, and what opens conversations with it."""

    answers: Answers
    model: str
    conversations: Conversations | None = None


@dataclass(frozen=True, slots=True)
class Checking:
    """What claims are checked with: their papers, the checks, and a model that judges them.

    ``reader`` names the model that reads along in the checks.
    """

    papers: Papers
    checkers: Checkers
    judge: JudgeOfClaims | None = None
    reader: str | None = None


class Evaluation:
    """Asks questions and keeps what is measured.

    ``writing`` may be None when no part of the run asks a model, ``checking`` when none checks claims. Results that
    the ``log`` has are not measured again.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        retriever: Retriever,
        writing: Writing | None = None,
        *,
        checking: Checking | None = None,
        log: ResultLog | None = None,
    ) -> None:
        self._questions = tuple(questions)
        self._retriever = retriever
        self._writing = writing
        self._checking = checking
        self._log = log
        self._ranked: list[Ranked] = []
        self._readings: list[DateReading] = []
        self._decisions: list[Decision] = []
        self._answers: list[MeasuredAnswer] = []
        self._claims: list[MeasuredClaim] = []
        self._natural: list[MeasuredNatural] = []
        self._complete = False

    async def run(self, parts: Sequence[EvaluationPart]) -> AsyncGenerator[Step, None]:
        """Measure these parts, in their own order; yields `Step` after each question.

        Raises `ModelError` when the model fails, `LibraryError` when the library does; what was measured stays.
        """
        for part in (part for part in EvaluationPart if part in parts):
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
            claims=tuple(self._claims),
            natural=tuple(self._natural),
            retrieval=ranking_rows(self._ranked),
            dates=date_rows(self._readings),
            refusal=refusal_figures(self._decisions) if self._decisions else None,
            answering=answer_figures(self._answers),
            claim_rows=claim_rows(self._claims),
            natural_rows=natural_rows(self._natural),
        )

    async def _measure(self, part: EvaluationPart, question: Question) -> None:
        match question:
            case DatedQuestion():
                self._readings.append(await read_dates(self._retriever, question))
            case LabelledClaim():
                self._claims.append(await self._logged_or(question, MeasuredClaim, self._checked))
            case NaturalQuestion():
                self._natural.append(await self._logged_or(question, MeasuredNatural, self._measure_natural))
            case AnswerableQuestion() | UnanswerableQuestion() if part is EvaluationPart.REFUSAL:
                self._decisions.append(await decide(self._needed().answers, question))
            case AnswerableQuestion() if part is EvaluationPart.RETRIEVAL:
                self._ranked.append(await rank(self._retriever, question))
            case AnswerableQuestion():
                self._answers.append(await self._logged_or(question, MeasuredAnswer, self._answered))
            case UnanswerableQuestion():
                pass
            case _:
                assert_never(question)

    async def _logged_or(
        self, question: Asked, kind: type[Result], measure: Callable[[Asked], Awaitable[Result]]
    ) -> Result:
        """The result that the log has, else one that is measured and kept now."""
        if self._log and isinstance(logged := self._log.logged(question), kind):
            return logged
        result = await measure(question)
        if self._log:
            self._log.add(result)
        return result

    async def _answered(self, question: AnswerableQuestion) -> MeasuredAnswer:
        return await measured_answer(self._needed().answers, question, self._needed().model)

    async def _measure_natural(self, question: NaturalQuestion) -> MeasuredNatural:
        writing = self._needed()
        return await measured_natural(
            Asking(writing.answers, self._retriever, writing.conversations, writing.model), question
        )

    async def _checked(self, claim: LabelledClaim) -> MeasuredClaim:
        checking = self._checking
        assert checking is not None  # noqa: S101  # a caller gives it with the part that checks claims
        papers = await in_thread(lambda: checking.papers.get(claim.paper_ids))
        return await measured_claim(claim, papers, checking.checkers, checking.judge, checking.reader)

    def _needed(self) -> Writing:
        assert self._writing is not None  # noqa: S101  # a caller gives it with the parts that need a model
        return self._writing
