"""What commands that make documents share: --aspects, --out and the files that it means, progress."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

import click

from assistant.cli import console
from assistant.errors import AssistantError, ModelInterrupted, UsageError
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.answering import Answer
    from assistant.reports import Document, DocumentEvent

Decorated = TypeVar("Decorated", bound=Callable[..., object])

FORMS = (".md", ".html", ".pdf", ".json", ".bib", ".ris")
"""What --out writes, by the suffix of the file."""


def out_option(command: Decorated) -> Decorated:
    """Add --out, which may be repeated."""
    return click.option(
        "--out",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the document to FILE; its suffix says how: .md, .html, .pdf, .json, .bib or .ris. May be repeated.",
    )(command)


def aspects_of(listed: str) -> tuple[str, ...]:
    """The aspects that --aspects names, each once. Raises `UsageError` when there is none."""
    aspects = tuple(dict.fromkeys(part.strip() for part in listed.split(",") if part.strip()))
    if not aspects:
        raise UsageError("--aspects names no aspect.", "Give them as in --aspects method,data,results.")
    return aspects


async def show_making(events: "AsyncGenerator[DocumentEvent, None]") -> "Document | Answer":
    """Follow a document to its end with bars on stderr; the answer that says why there is none instead."""
    from assistant.answering import ColumnFinished, extracted_filters
    from assistant.reports import DocumentFinished, DocumentRefused, DocumentStarted, SentenceWritten

    made: Document | Answer | None = None
    with console.progress_bars() as bars:
        sentences = bars.add_task("sentences", total=None)
        table = bars.add_task("table", total=None, visible=False)
        async with aclosing(events) as stream:
            async for event in stream:
                match event:
                    case DocumentStarted():
                        for line in extracted_filters(event.understood):
                            console.note(line)
                        papers = counted(event.papers, "paper")
                        console.note(f"{event.writer.name} ({event.writer.kind}) writes from {papers} …")
                        bars.update(table, total=event.table, visible=event.table > 0)
                    case SentenceWritten(done):
                        bars.update(sentences, completed=done)
                    case ColumnFinished():
                        bars.update(table, completed=event.done)
                    case DocumentRefused(answer):
                        made = answer
                    case DocumentFinished(document):
                        made = document
                    case _:
                        assert_never(event)
    assert made is not None  # noqa: S101  # the last event
    return made


def require_places(files: Sequence[Path], forms: Sequence[str] = FORMS) -> None:
    """Make sure that files can be written before a model is asked for minutes.

    Raises `UsageError` for a suffix that is none of ``forms``, `DeliveryError` for a folder that cannot be
    written, and for a PDF where no program makes one.
    """
    from assistant.export import require_converter
    from assistant.files import require_writable

    for file in files:
        if file.suffix.casefold() not in forms:
            known = ", ".join(forms)
            raise UsageError(f"--out {file}: {_form(file)}.", f"The suffix says the form: {known}.")
        require_writable(file)
        if file.suffix.casefold() == ".pdf":
            require_converter()


def write_documents(document: "Document", files: Sequence[Path]) -> None:
    """Write a document to every file and say where; one that cannot be written does not keep the others from it.

    Blocking. Raises the first failure once all are through.
    """
    from assistant.files import save_bytes

    failures: list[AssistantError] = []
    for file in files:
        try:
            saved = save_bytes(file, _content(document, file.suffix.casefold()))
        except AssistantError as error:
            failures.append(error)
        else:
            console.note(f"written: {saved}")
    if failures:
        raise failures[0]


def require_whole(document: "Document") -> None:
    """Raise `ModelInterrupted` for a document that is not whole, once it is shown; a script sees it by the code."""
    if document.incomplete:
        what = "; ".join(document.incomplete)
        raise ModelInterrupted(f"The document is incomplete: {what}.", "Run it again: what was written is kept.")


def _content(document: "Document", suffix: str) -> bytes:
    from assistant.export import document_file, pdf_of

    if suffix == ".pdf":
        return pdf_of(document_file(document, ".html"))
    return document_file(document, suffix).encode("utf-8", "replace")


def _form(file: Path) -> str:
    return f"{file.suffix} is no form of a document" if file.suffix else "the file has no suffix"
