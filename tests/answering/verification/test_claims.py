"""What is held against the papers, and what only connects sentences."""

import pytest

from assistant.answering.verification.claims import clauses_of, is_claim, split_label


@pytest.mark.parametrize(
    "sentence",
    [
        "Several papers address this:",
        "Several papers look into this topic.",
        "Here is a summary of the papers.",
        "In summary,",
        "Here are the key points:",
        "The summary of “FooNet 2: Pruning” is as follows:",
        "## Results",
        "**Memory**",
        "Which of these is faster?",
        "- ",
        "...",
        "",
    ],
)
def test_connecting_sentences_claim_nothing(sentence: str) -> None:
    assert not is_claim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "FooNet cuts memory by 37%.",
        "- It prunes attention heads",
        "Paris is the capital of France.",
        "In summary, FooNet prunes heads.",
        "The papers report 450 tasks.",
        "**FooNet** prunes heads.",
        "Yes, it prunes heads during training.",
        "No paper prunes heads before training.",
    ],
)
def test_whatever_states_a_fact_is_a_claim(sentence: str) -> None:
    assert is_claim(sentence)


@pytest.mark.parametrize(
    ("sentence", "label", "stated"),
    [
        ("**Authors' Solution:** It prunes heads.", "**Authors' Solution:** ", "It prunes heads."),
        ("- **Main result**: It is small.", "- **Main result**: ", "It is small."),
        ("**FooNet** prunes heads: many.", "", "**FooNet** prunes heads: many."),
        ("It prunes heads.", "", "It prunes heads."),
        ("**Cuts memory by 99%:** It prunes heads.", "", "**Cuts memory by 99%:** It prunes heads."),
        ("**Beats every rival:** It prunes heads.", "", "**Beats every rival:** It prunes heads."),
        ("**FooNet:** It prunes heads.", "", "**FooNet:** It prunes heads."),
    ],
)
def test_a_bold_label_states_nothing(sentence: str, label: str, stated: str) -> None:
    assert split_label(sentence) == (label, stated)


def test_a_sentence_has_the_parts_that_could_stand_alone() -> None:
    assert clauses_of("FooNet prunes attention heads, and BarBench tests kitchen robots.") == [
        "FooNet prunes attention heads",
        "BarBench tests kitchen robots",
    ]
    assert clauses_of("FooNet is small and fast.") == ["FooNet is small and fast"]
    assert clauses_of("") == []
