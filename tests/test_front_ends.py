"""What front ends take of the packages below services: values, and functions that put a value into words.

What acts (opens, reads, searches, fetches, writes, decides) is behind `assistant.services`: a recipe exists once.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from enum import Enum
from pathlib import Path

import pytest

import assistant
from assistant.cli.commands.search import command as search_command
from assistant.library import READER_FILTERS
from assistant.mcp.server import paper_server

_ROOT = Path(assistant.__file__).parent
_FRONT_ENDS = ("cli", "tui", "mcp")
_BELOW_SERVICES = (
    "answering", "config", "evaluation", "export", "feeds", "language", "library", "models", "reports", "retrieval"
)  # fmt: skip
_WORDING = {
    "assistant.answering.citation_markers": "text of papers without what could pass for a citation",
    "assistant.answering.collection_answers": "the answer of tables in words",
    "assistant.answering.verdict_text": "verdicts, refusals and what was understood, in words and signs",
    "assistant.config.loader": "a setting as it is shown",
    "assistant.config.reference": "the example configuration",
    "assistant.evaluation.report_json": "figures as JSON",
    "assistant.export.formats": "digests and documents as text files",
    "assistant.export.json": "values as JSON, and the schemas of it",
    "assistant.export.markdown": "values as Markdown",
    "assistant.export.paper_list": "papers as lines, links and citations",
    "assistant.export.plain_text": "a digest as plain text",
    "assistant.export.references": "papers as BibTeX and RIS",
    "assistant.export.schedule": "a schedule as text of cron and systemd",
    "assistant.export.mail": "a digest as a message",
    "assistant.feeds.record_parser": "a paper as a line of an export",
    "assistant.library.filter_parser": "filters in words, and out of words",
    "assistant.reports.digest.labels": "headings, facts and links of a digest",
    "assistant.reports.document": "what a document says of itself",
    "assistant.reports.trends.drawing": "counts drawn on a plot that the front end has",
}
"""Modules whose functions may be called: each turns a value into text or signs and does nothing else."""
_PURE = {
    "assistant.answering.context_packing.numbered_sources": "numbers papers",
    "assistant.reports.digest.selection.period_of": "a period out of words",
    "assistant.reports.trends.report.axis_counts": "the numbers of an axis",
    "assistant.reports.trends.report.days_of": "the days of weeks",
    "assistant.reports.trends.report.most_first": "an order for a table",
    "assistant.reports.trends.report.rising": "what a report says of its own counts",
    "assistant.reports.trends.report.week_name": "a week in words",
}
_HANDED_OUT = {"Evaluation", "Library", "QuestionAnswerer"}
"""What services hand out and front ends hand back; imported for types alone, so that nobody makes one."""


@dataclass(frozen=True)
class _Import:
    file: str
    package: str
    name: str
    for_types: bool

    @property
    def value(self) -> object:
        return getattr(importlib.import_module(self.package), self.name)


def _imports(front_end: str) -> Iterator[_Import]:
    for path in sorted((_ROOT / front_end).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_types = {
            child
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for child in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and _is_below_services(node.module):
                for alias in node.names:
                    yield _Import(path.relative_to(_ROOT).as_posix(), node.module, alias.name, node in for_types)


def _is_below_services(module: str) -> bool:
    package, _, rest = module.partition(".")
    return package == "assistant" and rest.partition(".")[0] in _BELOW_SERVICES


def _acts(imported: _Import) -> bool:
    value = imported.value
    if inspect.isclass(value):
        is_record = is_dataclass(value) and value.__dataclass_params__.frozen  # type: ignore[attr-defined]
        is_value = is_record or issubclass(value, Enum | Exception | dict)
        is_shape = getattr(value, "_is_protocol", False) or hasattr(value, "__total__")
        return not (is_value or is_shape or (imported.for_types and imported.name in _HANDED_OUT))
    if inspect.isroutine(value):
        module = str(value.__module__)
        wording = any(module == known or module.startswith(f"{known}.") for known in _WORDING)
        return not wording and f"{module}.{value.__name__}" not in _PURE
    return inspect.ismodule(value)


@pytest.mark.parametrize("front_end", _FRONT_ENDS)
def test_front_ends_leave_to_services_what_acts(front_end: str) -> None:
    acting = {
        f"{imported.file}: {imported.package}.{imported.name}" for imported in _imports(front_end) if _acts(imported)
    }
    assert sorted(acting) == []


def test_wording_modules_are_there() -> None:
    for module in _WORDING:
        importlib.import_module(module)


async def test_every_filter_is_an_option_and_an_argument() -> None:
    options = {option for parameter in search_command.params for option in parameter.opts}
    assert {each.option for each in READER_FILTERS} <= options
    async with assistant.Assistant() as started:
        tools = {tool.name: set(tool.input_schema["properties"]) for tool in await paper_server(started).list_tools()}
    arguments = {each.argument for each in READER_FILTERS}
    assert arguments <= tools["ask"]
    assert arguments - tools["search"] == {"papers"}
