"""The forms of files by their suffix: what each holds, what a wrong one is told, and where a new one is offered."""

import json
import subprocess
import sys
from pathlib import Path
from pkgutil import resolve_name
from typing import get_args

import pytest

from assistant.errors import UsageError
from assistant.export import formats
from assistant.export.formats import (
    Exportable,
    ExportFormat,
    described_suffixes,
    format_named,
    format_of,
    formats_of,
    suffixes_of,
)
from assistant.export.json.library import ReferenceForm
from tests.support.digest_factory import digest_of
from tests.support.paper_factory import three_papers

NEW = ExportFormat(
    ".org",
    "org",
    "Org mode",
    {
        Exportable.DIGEST: "markdown.digest:digest_markdown",
        Exportable.DOCUMENT: "markdown.document:document_markdown",
        Exportable.CONVERSATION: "markdown.conversation:conversation_markdown",
        Exportable.REFERENCES: "references:ris",
    },
)
WRITERS = {exportable.value: writer for exportable, writer in NEW.writers.items()}
REGISTER = f"""
from assistant.export import formats
from assistant.export.formats import Exportable, ExportFormat
formats.FORMATS += (ExportFormat(".org", "org", "Org mode", {WRITERS!r}),)
from assistant.cli.main import run
for command in ("today", "survey", "compare", "cite"):
    run([command, "--help"])
from assistant.tui.chat.commands import COMMANDS
print([command.arguments for command in COMMANDS if command.name == "export"])
"""
"""A form that a process knows from its beginning, and the places that name the forms when they are imported."""


@pytest.fixture
def new_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """One form more than there is."""
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, NEW))


@pytest.mark.parametrize("form", formats.FORMATS, ids=lambda form: form.suffix)
def test_every_writer_of_a_form_is_there(form: ExportFormat) -> None:
    for name in filter(None, (*form.writers.values(), form.requirement)):
        assert callable(resolve_name(f"assistant.export.{name}"))


def test_suffixes_and_names_differ() -> None:
    for names in ([form.suffix for form in formats.FORMATS], [form.name for form in formats.FORMATS]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("suffix", "begin"),
    [(".md", b"# Daily Papers, "), (".html", b"<!doctype html>"), (".json", b"{"), (".TXT", b"Daily Papers, ")],
)
def test_a_digest_is_written_in_the_form_of_the_suffix(suffix: str, begin: bytes) -> None:
    content = format_of(Exportable.DIGEST, Path(f"digest{suffix}")).content(Exportable.DIGEST, digest_of())

    assert content.startswith(begin)


def test_papers_are_lines_that_a_sync_reads() -> None:
    lines = format_of(Exportable.PAPERS, Path("a.jsonl")).content(Exportable.PAPERS, three_papers()).splitlines()

    assert [json.loads(line)["id"] for line in lines] == [paper.paper_id for paper in three_papers()]


@pytest.mark.parametrize("suffix", [".bib", ".ris"])
def test_references_of_a_digest_are_those_of_its_papers(suffix: str) -> None:
    form = format_of(Exportable.DIGEST, Path(f"digest{suffix}"))

    assert form.holds_references
    assert form.content(Exportable.DIGEST, digest_of()) == form.content(Exportable.REFERENCES, three_papers())


@pytest.mark.parametrize(
    ("file", "message", "remedy"),
    [
        ("a.htm", "--out a.htm: .htm is no form of a digest.", "Did you mean .html? The suffix says the form: .md is"),
        ("a.markdown", ".markdown is no form", "Did you mean .md? "),
        ("a.BIBTEX", ".BIBTEX is no form", "Did you mean .bib? "),
        ("a.xyz", ".xyz is no form", "The suffix says the form: .md is Markdown, .html a page, .pdf"),
        ("digest", "--out digest: the file has no suffix.", "The suffix says the form: "),
    ],
)
def test_a_suffix_that_is_none_names_the_nearest_and_all(file: str, message: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        format_of(Exportable.DIGEST, Path(file), "--out")

    assert message in caught.value.message
    assert (caught.value.remedy or "").startswith(remedy)


def test_a_form_has_a_name_and_its_suffix_is_one_too() -> None:
    assert format_named(Exportable.CONVERSATION, "markdown") is format_named(Exportable.CONVERSATION, "md")
    with pytest.raises(KeyError):
        format_named(Exportable.CONVERSATION, "bibtex")


@pytest.mark.usefixtures("new_form")
def test_a_new_form_is_offered_for_all_that_it_holds() -> None:
    for exportable in NEW.writers:
        assert format_of(exportable, Path("a.org")) is NEW
        assert described_suffixes(exportable).endswith(".org Org mode")
    assert ".org" in suffixes_of(Exportable.PAPERS)
    assert ".org" not in suffixes_of(Exportable.COMPARISON)


def test_a_new_form_is_offered_by_the_commands_and_the_application() -> None:
    ran = subprocess.run([sys.executable, "-c", REGISTER], capture_output=True, text=True, check=True)
    digest, survey, compare, cite = ran.stdout.split("Usage: ")[1:]

    assert ".md .html .pdf .json .txt .bib .ris .org." in " ".join(digest.split())
    for command in (survey, compare):
        assert ".md, .html, .pdf, .json, .bib, .ris or .org." in " ".join(command.split())
    assert "[bibtex|ris|org]" in cite
    assert "md|json|org [FILE]" in cite.splitlines()[-1]


def test_the_forms_are_known_without_what_writes_them() -> None:
    script = "import sys, json\nfrom assistant.export import suffixes_of\nprint(json.dumps(list(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = json.loads(ran.stdout)

    assert "assistant.export.formats" in loaded
    assert not {"pydantic", "pybtex", "jinja2", "assistant.reports", "assistant.export.pdf"} & set(loaded)


def test_the_published_names_of_reference_forms_are_those_of_the_table() -> None:
    assert list(get_args(ReferenceForm)) == [form.name for form in formats_of(Exportable.REFERENCES)]
