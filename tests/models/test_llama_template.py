"""Chat templates as they are met, each reduced to what it does with the things it is given besides the messages."""

import pytest

from assistant.models.chat_model import Message
from assistant.models.llama.tokenizer import ModelTemplate, TemplateRefused, prompt_pieces

pytest.importorskip("llama_cpp", reason="the local extra is not installed")

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
EACH = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ '<assistant>' if add_generation_prompt }}"
PLAIN = "<system>Be brief.<user>Why?<assistant>"


def rendered(text: str) -> str:
    return ModelTemplate(text, "<s>", "</s>").render(MESSAGES)


@pytest.mark.parametrize(
    "tools",
    [
        "{% if tools | length > 0 %}TOOLS{% endif %}",
        "{% for tool in tools %}TOOL{% endfor %}",
        "{% set names = tools | map(attribute='name') | join(', ') %}{{ names }}",
        "{% for one in tools %}{{ one | tojson }}{% endfor %}{% if functions | length %}FUNCTIONS{% endif %}",
        "{% if tools is not none and tools | length %}TOOLS{% endif %}{% for tool in tools[:2] %}TOOL{% endfor %}",
    ],
)
def test_a_template_that_needs_a_list_of_tools_gets_an_empty_one(tools: str) -> None:
    assert rendered(tools + EACH) == PLAIN


@pytest.mark.parametrize(
    "tools",
    [
        "{% if tools is not none %}You may call:{% endif %}",
        "{% if not tools is defined %}{% set tools = none %}{% endif %}{{ 'You may call:' if not tools is none }}",
        "{% if tools %}You may call:{% endif %}",
        "{% if documents %}Documents:{% endif %}{% for one in documents %}{{ one }}{% endfor %}",
    ],
)
def test_a_template_that_asks_whether_there_are_tools_is_told_that_there_are_none(tools: str) -> None:
    assert rendered(tools + EACH) == PLAIN


@pytest.mark.parametrize(
    "today",
    [
        "{% if strftime_now is defined %}{% set date_string = strftime_now('%d %b %Y') %}{% endif %}{{ date_string }}",
        "{{ strftime_now('%Y-%m-%d') }}",
        "{% set today = strftime_now('%A') %}{{ today }}{{ strftime_now('%B %d, %Y') }}",
    ],
)
def test_a_template_that_writes_todays_date_writes_the_same_every_day(
    today: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from llama_cpp import llama_chat_format

    class NoClock:
        @staticmethod
        def now() -> None:
            raise AssertionError("the clock was asked")

    monkeypatch.setattr(llama_chat_format, "datetime", NoClock)

    assert any(character.isdigit() for character in rendered(today).replace(PLAIN, ""))


@pytest.mark.parametrize(
    ("thinking", "without"),
    [
        (
            "{% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}",
            "<think></think>",
        ),
        ("{% if thinking %}<think>{% else %}</think>{% endif %}", "</think>"),
        ("{% if thinking_budget == 0 %}<no thoughts>{% endif %}", "<no thoughts>"),
        ("{% if enable_thinking is not defined or enable_thinking %}<think>{% endif %}", ""),
        ("Reasoning: {{ reasoning_effort | default('medium') }}", "Reasoning: low"),
    ],
)
def test_where_a_template_offers_it_the_model_does_not_think(thinking: str, without: str) -> None:
    assert rendered(EACH + thinking) == PLAIN + without


def test_a_template_that_does_not_know_our_effort_is_left_to_its_own() -> None:
    strict = (
        "{% if reasoning_effort not in ('none', 'high', undefined_name) %}{{ raise_exception('which?') }}{% endif %}"
    )

    assert rendered(strict + EACH) == PLAIN


@pytest.mark.parametrize(
    "broken",
    [
        "{% for",
        "{{ messages[9].content }}",
        "{{ raise_exception('no messages, please') }}",
        "{{ messages | length // 0 }}",
        "{{ strftime_now(7) }}",
        "{{ nothing.at.all }}",
    ],
)
def test_a_broken_template_is_refused_with_its_reason(broken: str) -> None:
    with pytest.raises(TemplateRefused, match=r"\w"):
        rendered(broken)


def test_tools_and_a_missing_system_role_may_come_together() -> None:
    template = ModelTemplate(
        "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
        "{% for tool in tools %}TOOL{% endfor %}" + EACH,
        "<s>",
        "</s>",
    )
    messages = [Message("system", "Be brief."), Message("user", "Why?")]

    assert "".join(piece.text for piece in prompt_pieces(messages, template.render, "m")) == (
        "<user>Be brief.\n\nWhy?<assistant>"
    )
