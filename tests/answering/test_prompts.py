"""Prompt files: every variable is rendered, the user's own file wins, mistakes are named."""

from pathlib import Path

import pytest

from assistant.answering.prompts import load_prompt, parse_prompt, prompt_names, prompt_variables, shipped_prompts
from assistant.errors import ConfigError


@pytest.mark.parametrize("name", prompt_names())
def test_every_variable_of_a_shipped_prompt_is_documented_and_rendered(name: str) -> None:
    variables = {variable: f"<{variable} given>" for variable in prompt_variables(name)}
    text = "\n".join(message.content for message in load_prompt(name).render(**variables))
    head = (shipped_prompts() / f"{name}.txt").read_text(encoding="utf-8").split("==")[0]

    for variable, names in variables.items():
        assert names in text
        assert f"${variable}" in head
    assert "$" not in text


def test_there_is_no_prompt_file_without_a_task() -> None:
    files = {entry.name.removesuffix(".txt") for entry in shipped_prompts().iterdir()}

    assert files == set(prompt_names())


def test_text_of_papers_is_never_read_as_a_template() -> None:
    messages = load_prompt("ask").render(sources="costs $5 and $question", question="why?")

    assert "costs $5 and $question" in messages[-1].content


def test_the_users_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ask.txt").write_text("== user ==\n$sources\n$question for $$5\n")

    own = load_prompt("ask", tmp_path)

    assert [m.content for m in own.render(sources="S", question="Q")] == ["S\nQ for $5"]
    assert load_prompt("topic", tmp_path).render(notes="N") == load_prompt("topic").render(notes="N")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("== user ==\n$sources $answer", "unknown variable $answer"),
        ("== users ==\n$sources", "no section 'users'"),
        ("== system ==\nhello", "'== user ==' is missing"),
        ("== user ==\ncosts $ 5", "does not start a variable"),
    ],
)
def test_a_broken_prompt_is_an_error_that_names_its_file(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_prompt("ask", text, "mine/ask.txt")

    assert message in caught.value.message
    assert "mine/ask.txt" in caught.value.message


def test_a_prompt_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ask.txt").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigError, match="cannot be read"):
        load_prompt("ask", tmp_path)
