"""What every command prints with --json, held against the schema that is published for it."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from assistant.cli.main import COMMANDS
from assistant.export.json.commands import SHAPES, schema_of
from tests.cli.conftest import Assistant
from tests.export.json.conftest import SAMPLE_FEED

PUBLISHED = Path(__file__).with_name("schemas.json")
"""The schemas by command, as they are published."""
OFFLINE = ("--offline", "--model", "extractive")
CASES: dict[str, tuple[str, ...]] = {
    "today": ("today", "--json", "--top", "4"),
    "ask": ("ask", "--json", "how do agents remember?"),
    "ask refused": ("ask", "--json", "who won the football world cup in 1954?"),
    "ask filtered": ("ask", "--json", "what is new since 2026-08-01 with at least 1 upvotes?"),
    "search": ("search", "--json", "robot policies"),
    "summarize": ("summarize", "--json", "2608.19880"),
    "compare": ("compare", "--json", "2608.19880", "2608.19891"),
    "survey": ("survey", "--json", "agents"),
    "sync": ("sync", "--json", "{feed}"),
    "library": ("library", "--json"),
    "library check": ("library", "check", "--json"),
    "library rebuild": ("library", "rebuild", "--json"),
    "library export": ("library", "export", "--json", "{folder}/papers.jsonl"),
    "library remove": ("library", "remove", "2608.19880", "--yes", "--json"),
    "assets list": ("assets", "list", "--json"),
    "assets pull": ("assets", "pull", "--json", "{asset}"),
    "assets verify": ("assets", "verify", "--json", "{asset}"),
    "assets where": ("assets", "where", "--json"),
    "assets where one": ("assets", "where", "--json", "minilm"),
    "config": ("config", "--json"),
    "doctor": ("doctor", "--json"),
    "eval": ("eval", "--json", "{questions}"),
    "trends": ("trends", "--json"),
    "trends of topics": ("trends", "--json", "robots", "--weeks", "1"),
    "cite": ("cite", "--json", "2608.19880", "2608.19891"),
    "schedule": ("schedule", "--json", "--at", "07:30", "--weekdays"),
    "schema": ("schema", "--json"),
}
"""Command lines by the command whose schema they are held against, with a word behind it where one is not enough."""

ELSEWHERE = {"conversation", "ideas"}
"""What no command prints without a model; `tests/services/conversations` and `tests/reports/ideas` look after it."""

QUESTIONS = (
    {"question": "Which method lets agents remember?", "paper_id": "2608.19880", "kind": "known"},
    {"question": "Who won the football world cup in 1954?", "kind": "off"},
    {"question": "papers of last week", "today": "2026-08-21", "from": "2026-08-10", "to": "2026-08-16"},
    {"claim": "EnvHarness keeps the original verifier.", "paper_ids": ["2608.19880"], "label": "supported"},
    {"question": "what is EnvHarness?", "type": "about_named", "expected": {"paper_id": "2608.19880"}},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file with a question of every kind."""
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return file


@pytest.fixture
def places(tmp_path: Path, questions: Path) -> dict[str, str]:
    """What stands in braces in command lines."""
    return {"feed": str(SAMPLE_FEED), "folder": str(tmp_path), "questions": str(questions), "asset": "cl100k_base"}


def command_of(case: str) -> str:
    """The command of a case: the longest one that its name begins with."""
    return max((command for command in SHAPES if f"{case} ".startswith(f"{command} ")), key=len)


def errors(value: Any, command: str) -> list[str]:
    """Where the value differs from the command's schema."""
    found = Draft202012Validator(schema_of(command)).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("case", CASES)
def test_what_a_command_prints_is_what_its_schema_says(synced: Assistant, places: dict[str, str], case: str) -> None:
    ran = synced(*OFFLINE, *(part.format(**places) for part in CASES[case]))

    assert ran.code in {0, 3}, ran.err
    assert errors(ran.json, command_of(case)) == []


def test_every_command_with_a_schema_is_run() -> None:
    assert {command_of(case) for case in CASES} == SHAPES.keys() - ELSEWHERE


@pytest.mark.parametrize("command", SHAPES)
def test_a_schema_is_valid_names_every_key_and_needs_nothing_from_outside(command: str) -> None:
    schema = schema_of(command)

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"assistant {command} --json"
    assert schema["description"]
    assert "$id" not in schema
    for shape in (schema, *schema.get("$defs", {}).values()):
        if shape["type"] == "object":
            assert shape["additionalProperties"] is False, shape
            assert set(shape["required"]) == set(shape["properties"])


@pytest.mark.parametrize("command", SHAPES)
def test_a_published_schema_stays_as_it_is(command: str) -> None:
    """A change here is one that other programs see: it goes into the changelog and into the file."""
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))[command]

    assert json.dumps(schema_of(command), indent=1) == json.dumps(published, indent=1)


def test_a_key_too_many_and_a_key_too_few_are_noticed(synced: Assistant) -> None:
    found = synced("--offline", "search", "--json", "robots").json

    assert errors(found | {"more": 1}, "search")
    assert errors({"query": "robots"}, "search")
    assert errors(found | {"hits": [found["hits"][0] | {"rank": "first"}]}, "search")


def test_descriptions_of_keys_reach_the_schema_also_those_of_a_base() -> None:
    hit = schema_of("search")["$defs"]["HitJson"]["properties"]

    assert hit["rank"]["description"] == "Its place in the list, from 1."
    assert hit["published"]["description"] == "The arXiv date, YYYY-MM-DD."


def test_schema_prints_one_and_lists_all(assistant: Assistant) -> None:
    assert assistant("schema", "library", "check").json == schema_of("library check")
    listed = assistant("schema")
    assert [line.split("  ")[0] for line in listed.out.splitlines()] == list(SHAPES)
    assert [entry["command"] for entry in assistant("schema", "--json").json["commands"]] == list(SHAPES)


def test_an_unknown_command_has_no_schema(assistant: Assistant) -> None:
    ran = assistant("schema", "serach")

    assert ran.code == 2
    assert "Did you mean 'search'?" in ran.err


def test_papers_and_the_report_do_not_mix_on_standard_output(synced: Assistant) -> None:
    ran = synced("library", "export", "--json", "-")

    assert ran.code == 2
    assert ran.out == ""


def test_a_pull_says_what_it_fetched(synced: Assistant) -> None:
    pulled = synced("--offline", "assets", "pull", "cl100k_base", "--json").json

    assert [asset["name"] for asset in pulled["assets"]] == ["cl100k_base"]
    assert pulled["fetched"] == []


def leaves(name: str, found: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and its subcommands; a group that only holds them is none."""
    if not isinstance(found, click.Group) or found.invoke_without_command:
        yield name, found
    if isinstance(found, click.Group):
        for sub, command in found.commands.items():
            yield from leaves(f"{name} {sub}", command)


FORMS_OF_THEIR_OWN = {"serve", "mcp", "completion"}
"""A page, a protocol, a script: what other programs read of these is no object."""


def test_every_command_that_shows_something_takes_json() -> None:
    commands = {name: import_module(f"assistant.cli.commands.{name}").command for name in COMMANDS}
    found = dict(each for name, command in commands.items() for each in leaves(name, command))
    without = {name for name, each in found.items() if not any("--json" in option.opts for option in each.params)}

    assert without <= FORMS_OF_THEIR_OWN
