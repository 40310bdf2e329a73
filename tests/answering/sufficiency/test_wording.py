"""How questions are read: names, parts, the clause that asks, and what of it a text has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.sufficiency.wording import (
    Wording,
    absent_phrases,
    asking_clause,
    asks_for_papers,
    listed,
    names_in,
    parts_of,
    shared_phrases,
)


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
    ("question", "clause"),
    [
        ("FooNet: how much memory does it save?", "how much memory does it save?"),
        ("do heads still help when half of them are pruned?", "do heads still help when half of them are pruned?"),
    ],
)
def test_a_question_for_yes_or_no_is_asked_as_a_whole(question: str, clause: str) -> None:
    assert asking_clause(question) == clause


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("the newest papers", True),
        ("anything on jailbreaks?", True),
        ("what approaches are there for merging?", True),
        ("how does FooNet prune heads?", False),
        ("what paper size is used for scanning?", False),
    ],
)
def test_a_question_may_want_papers_and_not_a_fact(question: str, wanted: bool) -> None:
    assert asks_for_papers(question) is wanted


def test_neighbouring_words_stay_a_phrase_as_the_question_writes_it() -> None:
    question = "what learning rate and batch size were used to pretrain FooNet?"
    text = "FooNet is pretrained on text."

    assert absent_phrases(question, text) == ("learning rate", "batch size")
    assert shared_phrases(question, text) == ("pretrain FooNet",)
    assert listed(absent_phrases(question, text)) == "“learning rate” or “batch size”"


@given(st.text(max_size=300))
def test_any_text_can_be_asked(question: str) -> None:
    assert parts_of(question)
    assert all(name in question for name in names_in(question))
    assert not set(absent_phrases(question, "")) & set(shared_phrases(question, ""))
    asking_clause(question)
