"""Questions of other languages in English, by a model that must keep names and numbers."""

import pytest

from assistant.answering.prompts import load_prompt
from assistant.answering.query_transformation import keeps_names, translated
from assistant.errors import ModelUnavailable
from assistant.models.chat_model import ModelKind
from tests.support.fake_models import ScriptedModel

PROMPT = load_prompt("translate")
QUESTION = "Wie viele Schichten hat FooNet-7B auf 8 GPUs?"


async def test_a_translation_is_taken_when_it_keeps_names_and_numbers() -> None:
    model = ScriptedModel(lambda _: "How many layers has FooNet-7B on 8 GPUs?\nThat is all.")

    assert await translated(QUESTION, "de", model, PROMPT) == "How many layers has FooNet-7B on 8 GPUs?"
    assert "German" in model.requests[0].messages[-1].content


@pytest.mark.parametrize(
    "written", ["How many layers has BarNet-7B on 8 GPUs?", "How many layers has FooNet-7B on GPUs?", "", "x " * 300]
)
async def test_a_translation_that_loses_something_is_refused(written: str) -> None:
    assert await translated(QUESTION, "de", ScriptedModel(lambda _: written), PROMPT) is None


async def test_english_and_models_that_only_quote_translate_nothing() -> None:
    model = ScriptedModel(lambda _: "never asked")
    quoting = ScriptedModel(lambda _: "never asked", kind=ModelKind.EXTRACTIVE)

    assert await translated("how many layers?", "en", model, PROMPT) is None
    assert await translated(QUESTION, "de", quoting, PROMPT) is None
    assert not model.requests
    assert not quoting.requests


async def test_a_model_that_fails_is_done_without() -> None:
    model = ScriptedModel(lambda _: "How", fails_with=ModelUnavailable("gone"))

    assert await translated(QUESTION, "de", model, PROMPT) is None


@pytest.mark.parametrize(
    ("question", "english", "kept"),
    [
        ("FooNet 和 barbench 有什么区别?", "What is the difference between FooNet and barbench?", True),
        ("FooNet 和 barbench 有什么区别?", "What is the difference between FooNet and Bar?", False),
        ("它有多少个智能体?", "How many agents does it have?", True),
    ],
)
def test_every_latin_word_of_a_chinese_question_is_a_name(question: str, english: str, kept: bool) -> None:
    assert keeps_names(question, english, "zh") is kept
