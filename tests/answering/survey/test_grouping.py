"""Groups: every paper once, named by words that its papers share."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.survey.grouping import FURTHER, grouped_approaches
from tests.support.small_corpus import hits_of, library_paper

SELF = "Self-speculative decoding skips layers."
HEADS = "Extra decoding heads draft many tokens."
PAPERS = [
    library_paper(1, "LayerHop", f"{SELF} It is fast.", ["self-speculative decoding", "early exit"]),
    library_paper(2, "HeadStart", f"{HEADS} It is quick.", ["decoding heads"]),
    library_paper(3, "HopScotch", f"{SELF} No training.", ["self-speculative decoding"]),
    library_paper(4, "Hydra", f"{HEADS} With trees.", ["decoding heads"]),
    library_paper(5, "Retrieval drafts", "A datastore proposes tokens.", ["datastore"]),
    library_paper(6, "Lookahead", "Jacobi iterations find n-grams.", ["Jacobi iteration"]),
]


def test_papers_that_share_a_keyword_make_a_group_of_that_name() -> None:
    approaches = grouped_approaches("speculative decoding", hits_of(PAPERS))

    assert [(approach.name, [hit.paper.title for hit in approach.hits]) for approach in approaches] == [
        ("Self-speculative decoding", ["LayerHop", "HopScotch"]),
        ("Decoding heads", ["HeadStart", "Hydra"]),
        (FURTHER, ["Retrieval drafts", "Lookahead"]),
    ]


def test_words_of_the_question_name_no_group() -> None:
    approaches = grouped_approaches("decoding heads and self-speculative decoding", hits_of(PAPERS[:4]))

    assert [approach.name for approach in approaches] == [FURTHER]


def test_a_lone_paper_joins_the_group_nearest_to_it() -> None:
    approaches = grouped_approaches("speculative decoding", hits_of(PAPERS[:5]))

    assert FURTHER not in [approach.name for approach in approaches]
    assert sum(len(approach.hits) for approach in approaches) == 5


def test_no_papers_make_no_group() -> None:
    assert grouped_approaches("anything", []) == ()


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(st.text(max_size=30), st.text(max_size=80), st.lists(st.text(max_size=15), max_size=3)), max_size=12
    ),
)
def test_every_paper_stands_in_one_group(question: str, texts: list[tuple[str, str, list[str]]]) -> None:
    hits = hits_of([library_paper(place, *text) for place, text in enumerate(texts)])

    approaches = grouped_approaches(question, hits)

    placed = [hit.paper.paper_id for approach in approaches for hit in approach.hits]
    assert sorted(placed) == [hit.paper.paper_id for hit in hits]
    assert len(approaches) <= 6
    assert all(approach.hits and approach.name for approach in approaches)
