"""Where a list of papers ends."""

from assistant.retrieval.search import Hit, relevant
from tests.support.paper_factory import paper

ONE = paper("2605.00001", "Pruning Heads", "We prune attention heads.")


def hit(*, score: float = 0.4, lexical: float | None = None, dense: float | None = None, coverage: float = 0.0) -> Hit:
    return Hit(ONE, score, lexical, dense, coverage=coverage)


def test_papers_that_are_named_that_have_the_words_or_mean_them_stay_in_their_order() -> None:
    named, typed, meant = hit(score=1.0), hit(lexical=9.0, coverage=0.8), hit(dense=0.6)
    assert relevant([named, typed, meant]) == [named, typed, meant]


def test_a_list_ends_where_only_a_common_word_is_shared() -> None:
    typed, noise = hit(lexical=9.0, dense=0.1, coverage=1.0), hit(lexical=1.0, dense=0.12, coverage=0.05)
    assert relevant([typed, noise, hit(dense=0.2)]) == [typed]
    assert relevant([noise, hit(dense=0.2)]) == []


def test_without_vectors_a_shared_word_is_enough() -> None:
    shared = hit(lexical=1.0, coverage=0.05)
    assert relevant([shared, hit()]) == [shared]
    assert relevant([]) == []
