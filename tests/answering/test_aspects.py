"""The sentence of an abstract that speaks of an aspect."""

import pytest

from assistant.answering.extractive_summary import aspect_sentence

ABSTRACT = (
    "Existing methods rely on results of large data. We propose FooNet, a framework that prunes heads. "
    "It is trained on 450 videos. It outperforms BarNet by 3%. Its FLOPs budget is small."
)


@pytest.mark.parametrize(
    ("aspect", "begins"),
    [
        ("method", "We propose FooNet"),
        ("data", "It is trained on"),
        ("results", "It outperforms"),
        ("FLOPs budget", "Its FLOPs budget"),
        ("licence", None),
    ],
)
def test_cues_of_an_aspect_count_more_than_its_name(aspect: str, begins: str | None) -> None:
    sentence = aspect_sentence(aspect, ABSTRACT)

    assert (sentence is None) if begins is None else (sentence is not None and sentence.text.startswith(begins))
