"""Markers: their forms, and where they are put."""

import pytest

from assistant.answering.citation_markers import (
    AllowedReferences,
    clean_markers,
    marker_numbers,
    neutralized,
    with_markers,
)

ALLOWED = AllowedReferences(frozenset({1, 2, 3}), frozenset({"2501.00001"}), "a score of 2501.99999 points in [0, 1]")


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1;3]", (1, 3)),
        ("[1-3]", (1, 2, 3)),
        ("[ 2 ]", (2,)),
        ("[5–4]", (4, 5)),
        ("【9】", (9,)),
        ("[Source 3]", (3,)),
    ],
)
def test_marker_forms(marker: str, numbers: tuple[int, ...]) -> None:
    assert marker_numbers(marker) == numbers


def test_a_range_is_never_long() -> None:
    assert len(marker_numbers("[1-999999999]")) == 21


@pytest.mark.parametrize(
    ("text", "left", "numbers", "stripped"),
    [
        ("It wins [1][2].", "It wins.", (1, 2), ()),
        ("It wins [1, 9].", "It wins.", (1,), ("[1, 9]",)),
        ("As in 2501.00001, and 2501.99999 points.", "As in 2501.00001, and 2501.99999 points.", (), ()),
        ("As in arXiv:2402.12345v2.", "As in (removed).", (), ("arXiv:2402.12345v2",)),
        ("On [0, 1] it wins 【2†x】.", "On [0, 1] it wins.", (2,), ()),
        ("A [x](https://arxiv.org/abs/2501.00001v2).", "A [x](https://arxiv.org/abs/2501.00001v2).", (), ()),
        ("https://evil.example/?q=2501.00001", "(removed)", (), ("https://evil.example/?q=2501.00001",)),
        ("A [link](https://elsewhere.example).", "A [link].", (), ("(https://elsewhere.example)",)),
        ("See www.elsewhere.example now", "See (removed) now", (), ("www.elsewhere.example",)),
        ("An array x[i] of [Smith] stays", "An array x[i] of [Smith] stays", (), ()),
    ],
)  # fmt: skip
def test_cleaning(text: str, left: str, numbers: tuple[int, ...], stripped: tuple[str, ...]) -> None:
    cleaned = clean_markers(text, ALLOWED)

    assert (cleaned.text, cleaned.numbers, cleaned.stripped) == (left, numbers, stripped)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [("It wins.", "It wins [1][2]."), ('He said "no."', 'He said "no [1][2]."'), ("It wins", "It wins [1][2]")],
)
def test_markers_stand_before_the_closing_punctuation(sentence: str, expected: str) -> None:
    assert with_markers(sentence, (1, 2)) == expected
    assert with_markers(sentence, ()) == sentence


def test_numbers_in_brackets_of_a_paper_cannot_pass_for_markers() -> None:
    assert neutralized("as shown in [7] and [1, 2], not x[i]") == "as shown in (7) and (1, 2), not x[i]"
