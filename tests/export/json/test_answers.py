"""Answers and comparisons in their published shapes."""

from assistant.answering.comparison import Cell, Comparison
from assistant.answering.values import AnswerSentence
from assistant.export.json.answers import answer_json, comparison_json
from tests.support.checked_answers import WRITER, WRONG, answer, refused
from tests.support.paper_factory import sources


def test_a_refusal_names_gate_reason_and_papers() -> None:
    refusal = answer_json(refused())["refusal"]

    assert refusal is not None
    assert (refusal["gate"], refusal["reason"], refusal["probability"]) == (
        "evidence",
        "no sentence tells the licence",
        0.12,
    )
    assert refusal["closest"][0] == {
        "number": 2,
        "id": "2601.00002",
        "title": "BarBench: Agents in Kitchens",
        "why": "it is about robots too",
    }


def test_a_sentence_that_claims_nothing_has_no_verdict() -> None:
    (plain,) = answer_json(answer(AnswerSentence("So it is:")))["sentences"]

    checked = ("verdict", "reason", "rung", "probability", "mending", "original")
    assert {value for key, value in plain.items() if key in checked} == {None}


def test_a_comparison_tells_the_verdicts_of_its_cells() -> None:
    cells = (Cell("results", 1, WRONG), Cell("results", 2, None))
    comparison = Comparison(("results",), sources()[:2], (cells,), WRITER)
    wrong, empty = comparison_json(comparison)["rows"][0]["cells"]

    assert (wrong["verdict"], wrong["reason"]) == ("unsupported", "the number 2.78 is not in the source")
    assert (empty["verdict"], empty["citations"]) == (None, [])
