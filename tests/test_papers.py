"""Papers: ids, titles and the cleaning of feed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.papers import (
    Author,
    Paper,
    Source,
    clean_text,
    find_paper_ids,
    is_provisional,
    normalized_title,
    parse_paper_id,
    provisional_id,
)


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("2501.01234", "2501.01234"),
        (" arXiv:2501.01234v3 ", "2501.01234"),
        ("https://arxiv.org/abs/2501.01234v2", "2501.01234"),
        ("https://arxiv.org/pdf/2501.01234.pdf", "2501.01234"),
        ("https://huggingface.co/papers/2501.01234?x=1", "2501.01234"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        (provisional_id("A title"), provisional_id("A title")),
        ("2501.123", None),
        ("Attention is all you need", None),
        ("٢٥٠١.٠١٢٣٤", None),
        ("", None),
    ],
)
def test_ids_and_links(text: str, paper_id: str | None) -> None:
    assert parse_paper_id(text) == paper_id


def test_ids_in_running_text() -> None:
    text = "See arXiv:2501.01234v2, https://huggingface.co/papers/2502.00001 and 2501.01234."

    assert set(find_paper_ids(text)) == {"2501.01234", "2502.00001"}


def test_titles_of_different_feeds_are_equal_when_normalized() -> None:
    assert normalized_title("FooNet: A  Study!") == normalized_title("foonet — a study")
    assert normalized_title("???") == "???"
    assert is_provisional(provisional_id("x"))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("two\n lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07", "red link"),
        ("hid\u200bden \u202eevil\u202c", "hidden evil"),
        ("[RE] Attention [/x]", "[RE] Attention [/x]"),
        ("$\\alpha$ 🧑‍🔬 שלום", "$\\alpha$ 🧑‍🔬 שלום"),
        ("broken \ud800", "broken �"),
    ],
)
def test_cleaning(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaned_text_is_one_safe_line_and_stays_as_it_is(raw: str) -> None:
    clean = clean_text(raw)

    assert "\x1b" not in clean
    assert "\n" not in clean
    assert clean_text(clean) == clean


def test_bylines_and_links() -> None:
    people = tuple(Author(name) for name in ("A", "B", "C", "D"))
    paper = Paper("2501.01234", "T", "A.", Source.ARXIV, authors=people)

    assert paper.byline == "A, B, C et al."
    assert paper.link == "https://huggingface.co/papers/2501.01234"
    assert Paper(provisional_id("T"), "T", "A.", Source.SAVED_PAGE, organization="Lab").byline == "Lab"
    assert Paper(provisional_id("T"), "T", "A.", Source.SAVED_PAGE).link is None
