"""The support check on labelled claims: its figures, and the model that judges what stays undecided."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.prompts import load_prompt
from assistant.answering.values import CheckedClaim, NumberedSource, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.review import judged
from assistant.evaluation.claims import JudgeOfClaims, MeasuredClaim, claim_rows, is_held_back
from assistant.evaluation.evaluation import Checking, Evaluation, EvaluationPart
from assistant.evaluation.questions import LabelledClaim, Place
from assistant.evaluation.result_log import ResultLog
from assistant.library.records import StoredPaper
from assistant.models.chat_model import Judgement
from tests.support.evaluation_samples import FixedFinder
from tests.support.paper_factory import three_papers

HELD_BACK, FITTED = "2608.20336", "2608.19880"
"""Their SHA-1 begins with 1 and with e."""


class FixedPapers:
    """A library of the three papers."""

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        known = {paper.paper_id: paper for paper in three_papers()}
        return [known[paper_id] for paper_id in paper_ids if paper_id in known]


class SaysYes:
    """A model that finds every claim supported; counts its judgements."""

    def __init__(self) -> None:
        self.judged = 0

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        self.judged += len(judgements)
        return [(1.0, 0.0) for _ in judgements]

    async def verified(self, claims: Sequence[CheckedClaim], sources: Sequence[NumberedSource]) -> list[CheckedClaim]:
        return await judged(claims, sources, self, load_prompt("judge_support"), vouches=True)


def claim(text: str, label: Verdict, line: int = 1, kind: str | None = None) -> LabelledClaim:
    return LabelledClaim(text, Place("claims", line), None, ("2601.00001",), label, kind)


QUOTED = claim("It cuts memory by 37% on ImageNet.", Verdict.SUPPORTED, kind="figure")
WRONG = claim("It cuts memory by 73% on ImageNet.", Verdict.UNSUPPORTED, 2, "figure")


def evaluation(*claims: LabelledClaim, judge: JudgeOfClaims | None = None, log: ResultLog | None = None) -> Evaluation:
    return Evaluation(claims, FixedFinder([]), checking=Checking(FixedPapers(), SupportChecker, judge), log=log)


async def test_claims_are_checked_against_their_papers() -> None:
    run = evaluation(QUOTED, WRONG)
    steps = [step async for step in run.run([EvaluationPart.CLAIMS])]
    report = run.report()

    assert [step.done for step in steps] == [1, 2]
    assert [one.verdict for one in report.claims] == [Verdict.QUOTED, Verdict.UNSUPPORTED]
    whole, figure = report.claim_rows
    assert (whole.claims, whole.supported, whole.balanced_accuracy, whole.false_supported, whole.auc) == (2, 1, 1, 0, 1)
    assert (figure.kind, figure.recall) == ("figure", 1.0)


async def test_results_are_kept_with_what_decided_them(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    for _ in range(2):
        run = evaluation(QUOTED, WRONG, log=ResultLog(file, "extractive", "no model"))
        async for _ in run.run([EvaluationPart.CLAIMS]):
            pass
        assert len(run.report().claims) == 2
    assert len(file.read_text().splitlines()) == 2
    with pytest.raises(Exception, match="claims checked with no model, and llama is to check"):
        ResultLog(file, "extractive", "llama")


async def test_a_judge_is_asked_about_undecided_claims_alone() -> None:
    says_yes = SaysYes()
    judge = JudgeOfClaims("yes-man", says_yes)
    run = evaluation(QUOTED, claim("Pruned training heads hurt.", Verdict.UNSUPPORTED, 3), judge=judge)
    async for _ in run.run([EvaluationPart.CLAIMS]):
        pass

    assert says_yes.judged <= 1
    assert {one.checked_by for one in run.report().claims} == {"yes-man"}


def measured(paper_id: str, label: Verdict, verdict: Verdict | None, probability: float) -> MeasuredClaim:
    one = MeasuredClaim("c", 1, None, "x", (paper_id,), None, label, verdict, "", probability, "no model")
    return replace(one, probability=probability)


def test_figures_are_apart_for_papers_that_are_held_back_from_fitting() -> None:
    assert is_held_back(HELD_BACK)
    assert not is_held_back(FITTED)
    yes, partly, no = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED

    whole, held_back, rest = claim_rows(
        [
            measured(HELD_BACK, yes, yes, 0.9),
            measured(HELD_BACK, no, yes, 0.9),
            measured(FITTED, yes, None, 0.0),
            measured(FITTED, partly, partly, 0.4),
        ]
    )

    assert (held_back.group, held_back.claims, held_back.balanced_accuracy, held_back.auc) == ("held back", 2, 0.5, 0.5)
    assert (rest.group, rest.recall, rest.false_supported, rest.auc) == ("rest", 0.0, 0.0, 0.0)
    assert (whole.balanced_accuracy, whole.recall, whole.false_supported) == (0.5, 0.5, 0.5)


def test_one_class_alone_has_no_balanced_accuracy() -> None:
    (row,) = claim_rows([measured(FITTED, Verdict.SUPPORTED, Verdict.SUPPORTED, 0.9)])
    assert (row.balanced_accuracy, row.false_supported, row.recall, row.auc) == (None, None, 1.0, None)
