"""How well it is told that the papers do not say: refusals of unanswerable questions against answerable ones."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering import Gate, Refusal
from assistant.errors import NothingFound
from assistant.evaluation.measures import median, share
from assistant.evaluation.ports import Answers
from assistant.evaluation.questions import AnswerableQuestion, UnanswerableQuestion
from assistant.library import Filters

Decidable = AnswerableQuestion | UnanswerableQuestion


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a question is refused, and what it took to tell."""

    question: Decidable
    refusal: Refusal | None
    seconds: float

    @property
    def answerable(self) -> bool:
        """Whether papers answer the question."""
        return isinstance(self.question, AnswerableQuestion)

    @property
    def right(self) -> bool:
        """Whether the decision is the right one."""
        return self.answerable == (self.refusal is None)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """How many questions of a file, or of one kind of them, were refused, and at which gate."""

    file: str
    kind: str | None
    answerable: bool
    questions: int
    by_retrieval: int
    by_evidence: int

    @property
    def refused(self) -> int:
        """Questions refused at either gate."""
        return self.by_retrieval + self.by_evidence


@dataclass(frozen=True, slots=True)
class RefusalQuality:
    """All unanswerable questions against the answerable ones of ``against``.

    ``precision`` is the share of refusals that are right, ``recall`` the share of unanswerable questions that are
    refused, ``coverage`` the share of answerable ones that are answered. None where there is nothing to count.
    """

    against: str
    precision: float | None
    recall: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class RefusalFigures:
    """Refusals by file and kind, their quality against each answerable file and all of them, seconds a decision."""

    rows: tuple[RefusedRow, ...]
    quality: tuple[RefusalQuality, ...]
    seconds: float | None


async def decide(answers: Answers, question: Decidable) -> Decision:
    """Let the gates decide on a question; a search that finds no paper refuses too."""
    began = time.perf_counter()
    try:
        refusal = await answers.decide(question.text, Filters())
    except NothingFound as error:
        refusal = nothing_found(error)
    return Decision(question, refusal, time.perf_counter() - began)


def nothing_found(error: NothingFound) -> Refusal:
    """The refusal that an empty search amounts to."""
    return Refusal(Gate.RETRIEVAL, error.message, 0.0)


def refusal_figures(decisions: Sequence[Decision]) -> RefusalFigures:
    """The figures of all decisions."""
    files = dict.fromkeys((decision.question.place.file, decision.answerable) for decision in decisions)
    rows: list[RefusedRow] = []
    for file, answerable in sorted(files, key=lambda key: key[1]):
        of_file = [
            decision
            for decision in decisions
            if (decision.question.place.file, decision.answerable) == (file, answerable)
        ]
        rows.append(_row(file, None, of_file))
        kinds = sorted({decision.question.kind for decision in of_file if decision.question.kind})
        if len(kinds) > 1:
            rows += [
                _row(file, kind, [decision for decision in of_file if decision.question.kind == kind]) for kind in kinds
            ]
    unanswerable = [decision for decision in decisions if not decision.answerable]
    answerable_files = [file for file, answerable in files if answerable]
    quality = [
        _quality(
            file,
            unanswerable,
            [decision for decision in decisions if decision.answerable and decision.question.place.file == file],
        )
        for file in answerable_files
    ]
    if len(answerable_files) != 1:
        quality.append(_quality("all", unanswerable, [decision for decision in decisions if decision.answerable]))
    return RefusalFigures(tuple(rows), tuple(quality), median(decision.seconds for decision in decisions))


def _row(file: str, kind: str | None, decisions: Sequence[Decision]) -> RefusedRow:
    gates = [decision.refusal.gate for decision in decisions if decision.refusal]
    by_retrieval, by_evidence = gates.count(Gate.RETRIEVAL), gates.count(Gate.EVIDENCE)
    return RefusedRow(file, kind, decisions[0].answerable, len(decisions), by_retrieval, by_evidence)


def _quality(against: str, unanswerable: Sequence[Decision], answerable: Sequence[Decision]) -> RefusalQuality:
    right = sum(decision.refusal is not None for decision in unanswerable)
    wrong = sum(decision.refusal is not None for decision in answerable)
    return RefusalQuality(
        against,
        precision=share(right, right + wrong),
        recall=share(right, len(unanswerable)),
        coverage=share(len(answerable) - wrong, len(answerable)),
    )
