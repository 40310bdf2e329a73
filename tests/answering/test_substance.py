"""Sentences that add nothing to the question and the titles, and those that look like it and do."""

import pytest

from assistant.answering.citation_stream import PriorKnowledge, without_label

TITLES = ["FooNet: Pruning Heads of Models", "Kitchen robots at work"]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How does FooNet work?", "How does FooNet work?"),
        ("How does FooNet work?", "FooNet works as follows in the paper."),
        ("Why do heads waste memory in transformers?", "Heads waste memory in transformers."),
        ("what is FooNet", "FooNet is a method."),
        ("what is FooNet", "This is described in more detail in the paper."),
        ("what is FooNet", "For further information, please refer to the paper “FooNet: Pruning Heads of Models”."),
        ("who tests robots", "FooNet: Pruning Heads of Models."),
        ("who tests robots", "- Kitchen robots at work"),
        ("what is FooNet", "The summary of the paper “FooNet: Pruning Heads of Models” is as follows:"),
    ],
)
def test_what_restates_points_or_copies_a_title_adds_nothing(question: str, sentence: str) -> None:
    prior = PriorKnowledge(question, TITLES)

    assert prior.adds_nothing(sentence)
    words = sentence.split(" ")
    assert all(prior.may_add_nothing(" ".join(words[:place])) for place in range(1, len(words) + 1))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How does FooNet work?", "FooNet works by pruning heads while it trains."),
        ("Does FooNet save memory?", "FooNet saves memory."),
        ("Does FooNet save memory?", "Yes."),
        ("How much does FooNet save?", "The paper does not say how much FooNet saves."),
        ("How many heads does FooNet prune?", "FooNet prunes 12 heads."),
        ("Which is smaller, FooNet or BarNet?", "FooNet is smaller than BarNet."),
        ("what is FooNet", "FooNet prunes heads."),
        ("what is FooNet", "The paper has the following results:"),
        ("what is FooNet", "## FooNet"),
        ("compare them", "1. FooNet: Pruning Heads of Models:"),
        ("compare them", "**FooNet: Pruning Heads of Models:**"),
        ("what is FooNet", "| Method | Result |"),
        ("Wie arbeitet FooNet?", "FooNet entfernt Köpfe."),
    ],
)
def test_what_answers_or_gives_form_stays(question: str, sentence: str) -> None:
    assert not PriorKnowledge(question, TITLES).adds_nothing(sentence)


@pytest.mark.parametrize(
    ("text", "rest", "number"),
    [
        ("Source 2: It is small.", "It is small.", 2),
        ("**Paper 1:** It is", "It is", 1),
        ("Answer: It is", "It is", None),
    ],
)
def test_labels_of_the_prompt_are_told_from_words(text: str, rest: str, number: int | None) -> None:
    left, label = without_label(text)

    assert left == rest
    assert label is not None
    assert label.number == number
    assert without_label("Sources of light are tested.")[1] is None
