"""Two rankings become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.index.ports import Coverage
from assistant.retrieval.search import fuse

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


def test_papers_with_a_rare_word_stand_before_those_that_only_mean_it() -> None:
    lexical = {"typed once": 3.0, "typed often": 9.0, "other form": 9.0}
    dense = {"meant": 0.9, "likewise": 0.8, "other form": 0.7, "unlike": 0.1}
    coverage = Coverage({"typed once": 1.0, "typed often": 1.0, "other form": 0.7}, rarity=0.8)
    ranking = list(fuse(lexical, dense, 0.5, coverage))
    assert ranking[:3] == ["typed often", "typed once", "other form"]


def test_a_common_word_decides_nothing() -> None:
    lexical, dense = {"typed": 1.0, "meant": 0.8, "other": 0.1}, {"meant": 0.9, "typed": 0.2, "other": 0.1}
    assert next(iter(fuse(lexical, dense, 0.5, Coverage({"typed": 1.0, "meant": 0.9}, rarity=0.1)))) == "meant"


def test_the_best_score_tells_how_far_words_and_vectors_agree_whatever_is_typed() -> None:
    lexical, dense = {"a": 2.0, "b": 1.0}, {"b": 0.9, "c": 0.5}
    typed = fuse(lexical, dense, 0.4, Coverage({"b": 1.0, "d": 1.0}, rarity=0.9))
    assert max(typed.values()) == pytest.approx(max(fuse(lexical, dense, 0.4).values()))
    assert typed.keys() == {"a", "b", "c", "d"}


@given(lexical=SCORES, dense=SCORES, weight=st.floats(0, 1), rarity=st.floats(0, 1))
def test_every_paper_comes_once_with_a_score_from_0_to_1_best_first(
    lexical: dict[str, float], dense: dict[str, float], weight: float, rarity: float
) -> None:
    fused = fuse(lexical, dense, weight, Coverage(dict.fromkeys("ah", 0.5), rarity))
    assert fused.keys() == lexical.keys() | dense.keys() | set("ah")
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
