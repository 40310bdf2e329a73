"""Two rankings become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import fuse

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1e6, 1e6), max_size=8)


@pytest.mark.parametrize(
    ("lexical", "dense", "weight", "fused"),
    [
        ({}, {}, 0.4, {}),
        ({"a": 7.0, "b": 5.0, "c": 3.0}, {}, 0.4, {"a": 1.0, "b": 0.5, "c": 0.0}),
        ({}, {"a": 0.9, "b": 0.1}, 0.4, {"a": 1.0, "b": 0.0}),
        ({"a": 2.0, "b": 1.0}, {"b": 0.9, "c": 0.5, "d": 0.1}, 0.4, {"a": 0.6, "b": 0.4, "c": 0.2, "d": 0.0}),
        ({"a": 2.0, "b": 1.0}, {"b": 0.9, "c": 0.5}, 0.0, {"a": 1.0, "b": 0.0, "c": 0.0}),
        ({"a": 2.0, "b": 1.0}, {"b": 0.9, "c": 0.5}, 1.0, {"b": 1.0, "a": 0.0, "c": 0.0}),
        ({"a": 3.0}, {"b": 0.2}, 0.5, {"a": 0.5, "b": 0.5}),
    ],
)
def test_scores_are_scaled_weighted_and_added(
    lexical: dict[str, float], dense: dict[str, float], weight: float, fused: dict[str, float]
) -> None:
    made = fuse(lexical, dense, weight)
    assert list(made) == list(fused)
    assert made == pytest.approx(fused)


@given(lexical=SCORES, dense=SCORES, weight=st.floats(0, 1))
def test_every_paper_comes_once_with_a_score_from_0_to_1_best_first(
    lexical: dict[str, float], dense: dict[str, float], weight: float
) -> None:
    fused = fuse(lexical, dense, weight)
    assert fused.keys() == lexical.keys() | dense.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
