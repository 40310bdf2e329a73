"""Sentences are exact spans, and abbreviations do not end them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It wins by 3.5 points. It is small.", ["It wins by 3.5 points.", "It is small."]),
        ("Tools (e.g. X et al. 2024) work. Good.", ["Tools (e.g. X et al. 2024) work.", "Good."]),
        ("We follow Smith et al. The rest is ours.", ["We follow Smith et al.", "The rest is ours."]),
        ("See Fig. 2 for more. End", ["See Fig. 2 for more.", "End"]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("Costs $x$. $y$ is small.", ["Costs $x$.", "$y$ is small."]),
        ("1. World models: they predict. More.", ["1. World models: they predict.", "More."]),
        ("**2.** Agents act. 17. Tools help.", ["**2.** Agents act.", "17. Tools help."]),
        ("It costs 5.", ["It costs 5."]),
        ("", []),
        ("   ", []),
    ],
)
def test_splitting(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == sentences


@given(st.text(alphabet="aA. !?()\"'e.g1\n"))
def test_sentences_are_exact_spans_in_order_that_cover_the_text(text: str) -> None:
    sentences = split_sentences(text)

    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("我们提出了VideoFlow。它提高了12.5%。代码已公开。", 3),
        ("本研究は「速い」手法を提案する。12.5%優れている！", 2),
        ("हम एक मॉडल बनाते हैं। यह तेज़ है।", 2),
        ("Она превосходит методы на 12,5 %. Код открыт.", 2),
    ],
)
def test_sentences_of_other_languages(text: str, sentences: int) -> None:
    found = split_sentences(text)
    assert len(found) == sentences
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)
