"""Words in common, weighted by rarity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.term_weights import IdfWeights, content_words

TEXTS = ["Models learn from images.", "Models learn from text.", "Robots learn from 12 videos."]
WEIGHTS = IdfWeights.from_texts(TEXTS)


def test_content_words_are_stems_in_order_without_stop_words() -> None:
    assert content_words("What do the models learn from 12 images?") == ("model", "learn", "12", "imag")
    assert content_words("the of") == ()


def test_rare_words_weigh_more_and_unknown_ones_most() -> None:
    assert 0 < WEIGHTS.weight("learn") < WEIGHTS.weight("model") < WEIGHTS.weight("robot") < WEIGHTS.weight("cat")


def test_coverage_is_the_weighted_share_of_the_claim() -> None:
    assert WEIGHTS.coverage("Robots learn", TEXTS[2]) == pytest.approx(1.0)
    assert WEIGHTS.coverage("", TEXTS[0]) == 0
    assert WEIGHTS.coverage("cats", TEXTS[0]) == 0
    assert WEIGHTS.coverage("Robots learn", TEXTS[0]) < 0.5 < WEIGHTS.coverage("Robots learn cats", TEXTS[2]) + 0.2


def test_similarity_is_highest_for_the_same_words() -> None:
    assert WEIGHTS.similarity(TEXTS[0], "images: models learn") == pytest.approx(1.0)
    assert WEIGHTS.similarity(TEXTS[0], TEXTS[1]) > WEIGHTS.similarity(TEXTS[0], TEXTS[2]) > 0
    assert WEIGHTS.similarity("", TEXTS[0]) == 0


@given(st.text(), st.text())
def test_measures_are_shares(one: str, other: str) -> None:
    assert 0 <= WEIGHTS.coverage(one, other) <= 1 + 1e-9
    assert 0 <= WEIGHTS.similarity(one, other) <= 1 + 1e-9
    assert WEIGHTS.similarity(one, other) == pytest.approx(WEIGHTS.similarity(other, one))


@given(st.frozensets(st.sampled_from("abcdef")), st.frozensets(st.sampled_from("abcdef")))
def test_a_share_is_within_0_and_1(words: frozenset[str], held: frozenset[str]) -> None:
    weights = IdfWeights.from_texts(["a b", "b c", "c d e"])

    assert 0 <= weights.share(words, held, of_none=0.5) <= 1 + 1e-9
    assert weights.share(words, words, of_none=1.0) == pytest.approx(1)


@pytest.mark.parametrize("of_none", [0.0, 1.0])
def test_a_share_of_no_words_is_what_the_caller_means_by_it(of_none: float) -> None:
    assert WEIGHTS.share(frozenset(), frozenset({"model"}), of_none=of_none) == of_none
