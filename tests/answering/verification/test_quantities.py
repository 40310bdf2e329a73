"""Numbers mean the same however they are written."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.verification.facts import missing_quantities, quantities


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("37%", "37 percent"),
        ("99%", r"99\%"),
        ("12.5%", r"$12.5\,\%$"),
        ("2.5x faster", r"$2.5\times$ faster"),
        ("a 2-fold gain", "twice the gain"),
        ("doubling speed", "speeds up 2x"),
        ("1.3B parameters", "1.3 billion parameters"),
        ("50K examples", "50,000 examples"),
        ("1,300 tasks", "1{,}300 tasks"),
        ("three agents", "3 agents"),
        ("a rate of 1e-4", "a rate of $10^{-4}$"),
        ("81% accuracy", "81.2% accuracy"),
        ("about 46 million", "45.6 million"),
        ("in 5 minutes", "a 5-minute run"),
        ("all 128K tokens", "128k tokens"),
        *itertools.permutations(
            ["1.84×", "1.84x", "1.84 times", "1.84times", "1.84-fold", r"$1.84\times$", "x1.84"], 2
        ),
        *itertools.permutations(["50%", "50 %", r"50\%", "50 percent", "50percent"], 2),
        *itertools.permutations(
            ["1,200 toys", "1200 toys", "1 200 toys", "1\u202f200 toys", "1.2k toys", "1.2 thousand"], 2
        ),
        *itertools.permutations(["2,000,000", "2 000 000", "2M", "2 million"], 2),
        *itertools.permutations(["4×4 grids", "4x4 grids", "4 x 4 grids", "4times4 grids"], 2),
        *itertools.permutations(["69.8 ± 0.5", r"69.8 \pm 0.5", "69.8 pm 0.5", "69.8 +/- 0.5"], 2),
        ("5 networks of 100 layers", "5 100-layer networks"),
        ("It holds 1 200 toys.", "All of its 1,200 toys are told."),
    ],
)
def test_a_number_is_found_in_another_form(claim: str, source: str) -> None:
    assert missing_quantities(quantities(claim), quantities(source)) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("37%", "36%"),
        ("37%", "37x"),
        ("81.2%", "81%"),
        ("3 seconds", "3 minutes"),
        ("45.6 thousand", "45.6 million"),
        ("three agents", "four agents"),
        ("2.78", "no number at all"),
        ("7B parameters", "7 parameters"),
    ],
)
def test_another_number_or_unit_is_missed(claim: str, source: str) -> None:
    assert len(missing_quantities(quantities(claim), quantities(source))) == 1


@pytest.mark.parametrize("text", ["GPT-4 and Llama", "a 3D scene", "one of the papers", "L2 and F1", ""])
def test_digits_of_names_are_no_numbers(text: str) -> None:
    assert quantities(text) == ()


def test_a_number_is_shown_as_it_stands() -> None:
    assert [quantity.written for quantity in quantities("It gains 2.78 points on 45.6 million items (37%).")] == [
        "2.78",
        "45.6 million",
        "37%",
    ]


@given(st.text(max_size=80))
def test_any_text_bears_its_own_numbers_out(text: str) -> None:
    assert missing_quantities(quantities(text), quantities(text)) == ()
