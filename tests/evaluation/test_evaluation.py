"""Runs: what each part asks and measures, and that what was measured outlives whatever ends the run."""

from datetime import date

import pytest

from assistant.answering.values import Answer, Gate, Refusal, Verdict
from assistant.errors import ModelUnavailable, NothingFound
from assistant.evaluation.evaluation import Evaluation, EvaluationPart, Step, Writing
from assistant.evaluation.questions import DatedQuestion, Place, Question, Shape
from assistant.library.filters import Filters
from assistant.periods import Window
from tests.support.evaluation_samples import (
    REFUSED,
    FixedFinder,
    ScriptedAnswers,
    answer,
    citation,
    known,
    second_paper,
    sentence,
    unanswerable,
)
from tests.support.paper_factory import paper, three_papers

SUPPORTED = answer(
    sentence("FooNet cuts memory by 37% on ImageNet [1].", Verdict.SUPPORTED, citation()), text="It cuts 37% [1]."
)
TODAY = date(2026, 1, 8)


def dated(text: str, window: Window, *alternatives: Window) -> DatedQuestion:
    return DatedQuestion(text, Place("dated", 1), None, TODAY, window, alternatives)


async def run(evaluation: Evaluation, *parts: EvaluationPart) -> list[Step]:
    return [step async for step in evaluation.run(parts)]


async def test_rankings_are_measured_by_file_and_kind() -> None:
    questions = [
        known("one", kind="named"),
        known("two", line=2, kind="paraphrase", grades={"2601.00002": 1}),
        known("three", place=Place("multi", 1), shape=Shape.SURVEY, grades={"2601.00002": 2, "2699.99999": 1}),
    ]
    evaluation = Evaluation(questions, FixedFinder([paper(), second_paper()]))

    steps = await run(evaluation, EvaluationPart.RETRIEVAL)
    report = evaluation.report()

    assert steps == [Step(EvaluationPart.RETRIEVAL, done, 3) for done in (1, 2, 3)]
    assert [one.rank for one in report.ranked] == [1, 2, 2]
    figures = {(row.file, row.kind): row.figures for row in report.retrieval}
    assert list(figures) == [("known", None), ("known", "named"), ("known", "paraphrase"), ("multi", None)]
    assert (figures["known", None].hit_1, figures["known", None].hit_5) == (0.5, 1.0)
    assert figures["multi", None].recall_100 == 0.5
    assert report.complete


async def test_a_search_that_finds_nothing_is_a_miss() -> None:
    evaluation = Evaluation([known()], FixedFinder([]))

    await run(evaluation, EvaluationPart.RETRIEVAL)

    assert evaluation.report().ranked[0].rank is None
    assert evaluation.report().retrieval[0].figures.recall_100 == 0.0


async def test_windows_count_when_exact_and_alternatives_apart() -> None:
    week, rolling = Window(date(2026, 1, 5), TODAY), Window(date(2026, 1, 2), TODAY)
    read = {"this week": Filters(*_ends(week)), "a week": Filters(*_ends(rolling)), "newest": Filters()}
    retriever = FixedFinder([], read)
    evaluation = Evaluation(
        [
            dated("this week", week),
            dated("a week", week, rolling),
            dated("newest", Window(None, None)),
            dated("else", week),
        ],
        retriever,
    )

    await run(evaluation, EvaluationPart.DATES)
    (row,) = evaluation.report().dates

    assert (row.questions, row.exact, row.fair) == (4, 2, 3)
    assert {asked.today for asked in retriever.asked} == {TODAY}


def _ends(window: Window) -> tuple[date | None, date | None]:
    return window.since, window.until


async def test_refusals_have_precision_recall_and_coverage_against_each_answerable_file() -> None:
    refused = {"off 1", "off 2", "near 1", "known 2", "multi 1"}

    def script(question: str) -> Refusal | Answer | NothingFound:
        if question == "off 2":
            return NothingFound("No paper fits.")
        return REFUSED if question in refused else SUPPORTED

    questions: list[Question] = [
        *(known(f"known {n}", line=n) for n in range(1, 5)),
        *(known(f"multi {n}", place=Place("multi", n), shape=Shape.SURVEY) for n in (1, 2)),
        unanswerable("off 1"),
        unanswerable("off 2", line=2),
        unanswerable("near 1", "near", 3),
        unanswerable("near 2", "near", 4),
    ]
    answers = ScriptedAnswers(script)
    evaluation = Evaluation(questions, FixedFinder([]), Writing(answers, "scripted"))

    await run(evaluation, EvaluationPart.REFUSAL)
    figures = evaluation.report().refusal

    assert figures is not None
    assert answers.asked == []
    rows = {(row.file, row.kind): row for row in figures.rows}
    assert list(rows) == [("unanswerable", None), ("unanswerable", "near"), ("unanswerable", "off"),
                          ("known", None), ("multi", None)]  # fmt: skip
    assert (rows["unanswerable", None].by_retrieval, rows["unanswerable", None].by_evidence) == (1, 2)
    assert rows["unanswerable", "near"].refused == 1
    quality = {one.against: (one.precision, one.recall, one.coverage) for one in figures.quality}
    assert quality == {"known": (3 / 4, 3 / 4, 3 / 4), "multi": (3 / 4, 3 / 4, 1 / 2), "all": (3 / 5, 3 / 4, 4 / 6)}
    assert [one.right for one in evaluation.report().decisions].count(False) == 3


async def test_refusals_without_the_other_side_have_no_precision_or_recall() -> None:
    evaluation = Evaluation([known()], FixedFinder([]), Writing(ScriptedAnswers(lambda _: SUPPORTED), "scripted"))

    await run(evaluation, EvaluationPart.REFUSAL)
    figures = evaluation.report().refusal

    assert figures is not None
    assert [(one.precision, one.recall, one.coverage) for one in figures.quality] == [(None, None, 1.0)]


async def test_answers_are_measured_against_reference_and_papers() -> None:
    def script(question: str) -> Answer | Refusal | NothingFound:
        if question == "nothing":
            return NothingFound("No paper fits.")
        return REFUSED if question == "refused" else SUPPORTED

    questions = [
        known("saved?"),
        known("refused", line=2),
        known("nothing", line=3),
        known("other", line=4, grades={"2601.00003": 1}, answer=None),
        known("both", place=Place("co", 1), shape=Shape.COMPARISON, grades={"2601.00001": 1, "2601.00002": 1}),
    ]
    evaluation = Evaluation(questions, FixedFinder(three_papers()), Writing(ScriptedAnswers(script), "scripted"))

    await run(evaluation, EvaluationPart.ANSWERS, EvaluationPart.COMPARE)
    report = evaluation.report()
    answers, compared = report.answering

    assert (answers.file, answers.questions, answers.refused) == ("known", 4, 2)
    assert (answers.counts.precision, answers.counts.recall, answers.counts.fabricated) == (1.0, 1.0, 0)
    assert answers.rouge_l_recall == pytest.approx(1 / 4)
    assert answers.right_cited == 0.5
    assert (answers.prompt_tokens, answers.cached_tokens, answers.output_tokens) == (100, 60, 20)
    assert compared.right_cited == 0.5
    assert report.answers[2].refusal == Refusal(Gate.RETRIEVAL, "No paper fits.", 0.0)
    times = report.answers[0].seconds
    stages = (times.retrieval, times.packing, times.first_text, times.writing, times.check)
    assert sum(stage or 0.0 for stage in stages) == pytest.approx(times.total)
    assert report.answers[1].seconds.gates is not None
    assert report.answers[1].seconds.writing is None


async def test_the_parts_run_in_the_order_of_their_cost_and_ask_only_what_concerns_them() -> None:
    questions: list[Question] = [known(), unanswerable("off"), dated("newest", Window(None, None))]
    answers = ScriptedAnswers(lambda _: SUPPORTED)
    evaluation = Evaluation(questions, FixedFinder(three_papers()), Writing(answers, "scripted"))

    steps = await run(evaluation, *reversed(EvaluationPart))

    assert [(step.part, step.total) for step in steps if step.done == 1] == [
        (EvaluationPart.RETRIEVAL, 1), (EvaluationPart.DATES, 1), (EvaluationPart.REFUSAL, 2),
        (EvaluationPart.ANSWERS, 1),
    ]  # fmt: skip
    assert len(answers.asked) == 1


async def test_a_failing_model_ends_the_run_and_what_was_measured_stays() -> None:
    def script(question: str) -> Answer | Exception:
        return ModelUnavailable("gone") if question == "second" else SUPPORTED

    evaluation = Evaluation(
        [known("first"), known("second", line=2)], FixedFinder([]), Writing(ScriptedAnswers(script), "scripted")
    )

    with pytest.raises(ModelUnavailable):
        await run(evaluation, EvaluationPart.ANSWERS)

    report = evaluation.report()
    assert not report.complete
    assert [one.question for one in report.answers] == ["first"]


async def test_an_evaluation_that_did_not_start_has_an_empty_report() -> None:
    report = Evaluation([known()], FixedFinder([])).report()

    assert report.is_empty
    assert report.refusal is None
    assert not report.complete
