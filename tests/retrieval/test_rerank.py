"""A second look at the leading papers."""

import pytest

from assistant.papers import Paper, Provenance
from assistant.retrieval.rerank import reordered, rerank

TOGETHER = Paper("1", "Robots", "The tired robot arm folds shirts. It is slow.", Provenance.EXPORT)
APART = Paper("2", "Robots", "Shirts are sold. The arm of the law is tired. A robot came. It folds.", Provenance.EXPORT)
OTHER = Paper("3", "Cats", "They sleep.", Provenance.EXPORT)


def test_words_that_stand_together_count_more() -> None:
    scores = rerank("robot arm folds shirts", {"2": 0.5, "1": 0.5, "3": 0.4}, [APART, TOGETHER, OTHER])
    assert list(scores) == ["1", "2", "3"]


def test_the_best_score_and_the_rest_stay_in_their_places() -> None:
    scores = rerank("robot arm", {"1": 0.9, "2": 0.8, "3": 0.7, "4": 0.65}, [TOGETHER, APART])
    assert max(scores.values()) == pytest.approx(0.9)
    assert list(scores)[2:] == ["3", "4"]
    assert all(0 <= score <= 1 for score in scores.values())


@pytest.mark.parametrize("question", ["", "???", "zebra"])
def test_a_question_without_shared_words_changes_nothing(question: str) -> None:
    fused = {"1": 0.9, "2": 0.8, "3": 0.1}
    assert list(rerank(question, fused, [TOGETHER, APART])) == ["1", "2", "3"]


def test_nothing_found_stays_nothing() -> None:
    assert rerank("robot", {}, []) == {}
    assert rerank("robot", {"1": 0.0}, [TOGETHER]) == {"1": 0.0}


def test_what_a_model_read_orders_the_leading_papers() -> None:
    scores = reordered({"1": 0.9, "2": 0.8, "3": 0.7}, [TOGETHER, APART], [0.1, 0.9])
    assert list(scores) == ["2", "1", "3"]
    assert max(scores.values()) == pytest.approx(0.9)
