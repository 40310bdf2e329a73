"""The forms of files by their suffix: one table that the command line and the application read.

A form is a row here and the functions that write it, which are loaded when they are first used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.text import nearest

if TYPE_CHECKING:
    from assistant.library import StoredPaper

_PACKAGE = "assistant.export"
_LIKE_A_SUFFIX = 0.6


class Exportable(StrEnum):
    """What is written to a file. A form for `REFERENCES` takes papers, also those of a digest or a document."""

    DIGEST = "a digest"
    DOCUMENT = "a document"
    COMPARISON = "a comparison"
    CONVERSATION = "a conversation"
    PAPERS = "papers"
    REFERENCES = "references"


_WITH_PAPERS = (Exportable.DIGEST, Exportable.DOCUMENT, Exportable.PAPERS)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A form of a file.

    ``name`` is what an option calls it, ``label`` what a reader does. ``writers`` has a function of this package for
    each content, as "module:function"; it takes the value and returns text or bytes. ``requirement`` is one that
    raises `AssistantError` where this machine cannot write the form.
    """

    suffix: str
    name: str
    label: str
    writers: Mapping[Exportable, str]
    requirement: str | None = None

    def writes(self, exportable: Exportable) -> bool:
        """Whether this form can hold such a value, of papers at least their references."""
        return exportable in self.writers or (self.holds_references and exportable in _WITH_PAPERS)

    @property
    def holds_references(self) -> bool:
        """Whether it holds references of papers, whatever it is written from."""
        return Exportable.REFERENCES in self.writers

    def require(self) -> None:
        """Raise `AssistantError` where this machine cannot write the form."""
        if self.requirement:
            _function(self.requirement)()

    def content(self, exportable: Exportable, value: Any) -> bytes:
        """The bytes of the file. Blocking: seconds for a PDF. Raises what the writer raises."""
        if exportable not in self.writers and self.writes(exportable):
            exportable, value = Exportable.REFERENCES, _papers_of(exportable, value)
        written: str | bytes = _function(self.writers[exportable])(value)
        return written if isinstance(written, bytes) else written.encode("utf-8", "replace")


FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat(
        ".md",
        "markdown",
        "Markdown",
        {
            Exportable.DIGEST: "markdown.digest:digest_markdown_file",
            Exportable.DOCUMENT: "markdown.document:document_markdown",
            Exportable.COMPARISON: "markdown.document:comparison_markdown",
            Exportable.CONVERSATION: "markdown.conversation:conversation_markdown",
            Exportable.PAPERS: "paper_list:papers_markdown",
        },
    ),
    ExportFormat(
        ".html",
        "html",
        "a page",
        {Exportable.DIGEST: "html.page:digest_page", Exportable.DOCUMENT: "html.page:document_page"},
    ),
    ExportFormat(
        ".pdf",
        "pdf",
        "the page as PDF",
        {Exportable.DIGEST: "pdf:digest_pdf", Exportable.DOCUMENT: "pdf:document_pdf"},
        requirement="pdf:require_converter",
    ),
    ExportFormat(
        ".json",
        "json",
        "for programs",
        {
            Exportable.DIGEST: "json.digest:digest_json_file",
            Exportable.DOCUMENT: "json.reports:document_json_file",
            Exportable.CONVERSATION: "json.conversation:conversation_json_file",
        },
    ),
    ExportFormat(".txt", "text", "plain text", {Exportable.DIGEST: "plain_text:digest_text_file"}),
    ExportFormat(".bib", "bibtex", "BibTeX", {Exportable.REFERENCES: "references:bibtex"}),
    ExportFormat(".ris", "ris", "RIS", {Exportable.REFERENCES: "references:ris"}),
    ExportFormat(".jsonl", "jsonl", "what sync reads", {Exportable.PAPERS: "paper_list:papers_lines"}),
)
"""Every form, in the order in which readers are told of them."""


def formats_of(exportable: Exportable) -> tuple[ExportFormat, ...]:
    """The forms that can hold such a value."""
    return tuple(form for form in FORMATS if form.writes(exportable))


def suffixes_of(exportable: Exportable) -> tuple[str, ...]:
    """The suffixes of these forms."""
    return tuple(form.suffix for form in formats_of(exportable))


def described_suffixes(exportable: Exportable) -> str:
    """The suffixes with what they stand for, for a reader: ".md is Markdown, .bib BibTeX, .ris RIS"."""
    first, *others = formats_of(exportable)
    return ", ".join([f"{first.suffix} is {first.label}", *(f"{form.suffix} {form.label}" for form in others)])


def format_of(exportable: Exportable, file: Path, named_by: str = "") -> ExportFormat:
    """The form that the suffix of a file means, in capitals or not.

    ``named_by`` is the option that named the file. Raises `UsageError`, with the nearest suffix, for a suffix that is
    none of such a value.
    """
    suffix, forms = file.suffix.casefold(), {form.suffix: form for form in formats_of(exportable)}
    if suffix in forms:
        return forms[suffix]
    names = {f".{form.name}": form.suffix for form in forms.values()} | {suffix: suffix for suffix in forms}
    near = nearest(suffix, names, _LIKE_A_SUFFIX) if suffix else None
    hint = f"Did you mean {names[near]}? " if near else ""
    reason = f"{file.suffix} is no form of {exportable}" if suffix else "the file has no suffix"
    place = " ".join(filter(None, (named_by, str(file))))
    raise UsageError(f"{place}: {reason}.", f"{hint}The suffix says the form: {described_suffixes(exportable)}.")


def format_named(exportable: Exportable, name: str) -> ExportFormat:
    """The form of that name or of the suffix ``.name``. Raises `KeyError` when such a value has no such form."""
    forms = formats_of(exportable)
    return ({form.suffix[1:]: form for form in forms} | {form.name: form for form in forms})[name]


def _papers_of(exportable: Exportable, value: Any) -> "Sequence[StoredPaper]":
    """The papers that references of such a value are for."""
    match exportable:
        case Exportable.DIGEST:
            return [entry.source.paper for entry in value.entries]
        case Exportable.DOCUMENT:
            return [source.paper for source in value.sources]
        case _:
            papers: Sequence[StoredPaper] = value
            return papers


def _function(name: str) -> Any:
    return resolve_name(f"{_PACKAGE}.{name}")
