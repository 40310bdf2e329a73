"""Measures: known values, and what holds for all rankings and texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import (
    first_rank,
    hit,
    mean,
    median,
    ndcg,
    overlap,
    recall,
    share,
    tokens,
)

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)
GRADES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 2), min_size=1)


def test_a_ranking_is_measured_as_the_field_does_it() -> None:
    grades = {"a": 2, "b": 1}

    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) == pytest.approx((1 + 2 / 1.58496) / (2 + 1 / 1.58496), abs=1e-4)
    assert ndcg(["c"], grades) == 0.0
    assert (hit(["c", "b"], grades, 1), hit(["c", "b"], grades, 2)) == (0.0, 1.0)
    assert (recall(["c", "b"], grades, 1), recall(["c", "b"], grades, 2)) == (0.0, 0.5)
    assert (first_rank(["c", "b"], grades), first_rank(["c"], grades)) == (2, None)


@given(IDS, GRADES, st.integers(1, 10))
def test_measures_are_shares_and_grow_with_depth(ranking: list[str], grades: dict[str, int], depth: int) -> None:
    for measure in (hit, recall):
        assert 0 <= measure(ranking, grades, depth) <= measure(ranking, grades, depth + 1) <= 1
    assert 0 <= ndcg(ranking, grades, depth) <= 1 + 1e-9
    assert hit(ranking, grades, depth) == (first_rank(ranking[:depth], grades) is not None)


@pytest.mark.parametrize(
    ("text", "reference", "f1", "rouge"),
    [
        ("It cuts memory by 37% [1].", "Memory by 37%", 6 / 8, 1.0),
        ("37% by memory", "memory by 37%", 1.0, 1 / 3),
        ("The result: 50.8", "50", 0.0, 0.0),
        ("", "something", 0.0, 0.0),
        ("a the an", "A reference", 0.0, 0.0),
    ],
)
def test_the_overlap_with_a_reference(text: str, reference: str, f1: float, rouge: float) -> None:
    found = overlap(text, reference)

    assert found is not None
    assert found.f1 == pytest.approx(f1)
    assert found.rouge_l_recall == pytest.approx(rouge)


def test_a_reference_without_words_measures_nothing() -> None:
    assert overlap("something", "… [3]") is None
    assert tokens("The 1,024 GPUs [1][2], of 3.5k") == ["1,024", "gpus", "of", "3.5", "k"]


@given(st.text(alphabet="ab c1.", max_size=30), st.text(alphabet="ab c1.", max_size=30))
def test_overlap_is_a_share_and_whole_for_the_text_itself(text: str, reference: str) -> None:
    found = overlap(text, reference)
    if found is not None:
        assert 0 <= found.f1 <= 1
        assert 0 <= found.rouge_l_recall <= 1
        same = overlap(reference, reference)
        assert same is not None
        assert same.f1 == same.rouge_l_recall == 1.0


def test_nothing_to_count_is_no_figure() -> None:
    assert mean([None, 1.0, 3.0]) == 2.0
    assert median([5.0, None, 1.0, 2.0]) == 2.0
    assert mean([]) is median([None]) is share(0, 0) is None
