"""How questions are read: names, parts, and which of these ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answerability.question_features import Wording, asks, names_in, parts_of


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("which ViT does SEED-X use on COCO?", ("ViT", "SEED-X", "COCO")),
        ("what is Kestrel-Diffusion's FID?", ("Kestrel-Diffusion", "FID")),
        ("does it run on 8 GPUs with Qwen2.5-VL-7B?", ("GPUs", "Qwen2.5-VL-7B")),
        ("Which attention is cheapest in 2025?", ()),
        ("how do people merge models", ()),
    ],
)
def test_names_are_coined_or_capitalized_inside_the_question(question: str, names: tuple[str, ...]) -> None:
    assert names_in(question) == names


@pytest.mark.parametrize("name", ["Llama-3", "llama3", "LLAMA 3", "COCO", "LLM", "LLMs"])
def test_a_name_is_found_however_it_is_written(name: str) -> None:
    assert Wording("We run Llama 3, LLMs and COCO-Stuff.").has_name(name)


@pytest.mark.parametrize("name", ["Llama-2", "ama 3", "OCO", "StuffNet"])
def test_a_name_is_whole_words(name: str) -> None:
    assert not Wording("We run Llama 3, LLMs and COCO-Stuff.").has_name(name)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("how many layers does FooNet have, and which licence?", ("how many layers does FooNet have", "which licence")),
        ("what is its size? how was it trained?", ("what is its size", "how was it trained")),
        ("what learning rate and batch size were used?", ("what learning rate and batch size were used",)),
        ("salt and pepper noise", ("salt and pepper noise",)),
        ("", ("",)),
    ],
)
def test_parts_begin_with_a_question_word(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "language", "parts"),
    [
        ("Was ist es und wie viele Schichten hat es?", "de", ("Was ist es", "wie viele Schichten hat es")),
        ("C'est quoi, et comment ça marche ?", "fr", ("C'est quoi", "comment ça marche")),
        ("它是什么？它有多少个智能体？", "zh", ("它是什么", "它有多少个智能体")),
        ("Ist Salz und Pfeffer ein Problem?", "de", ("Ist Salz und Pfeffer ein Problem",)),
    ],
)
def test_parts_of_other_languages_begin_where_their_english_asks(
    question: str, language: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(question, language) == parts


@pytest.mark.parametrize(
    ("part", "asking"),
    [
        ("how does it work", True),
        ("tell me about it", True),
        ("it: what is it for", True),
        ("it - the small one", False),
        ("I have two old laptops", False),
    ],
)
def test_a_part_may_only_say_what_is_spoken_of(part: str, asking: bool) -> None:
    assert asks(part) is asking


@given(st.text(max_size=300))
def test_any_text_can_be_asked(question: str) -> None:
    assert parts_of(question)
    assert all(name in question for name in names_in(question))
