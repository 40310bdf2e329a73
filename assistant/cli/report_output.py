"""What commands that make documents share: --aspects, --out and the files that it means, progress."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

import click

from assistant.cli import console
from assistant.errors import AssistantError, ModelInterrupted, UsageError
from assistant.export import Exportable, format_of, suffixes_of
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.answering import Answer
    from assistant.reports import Document, DocumentEvent

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def out_option(command: Decorated) -> Decorated:
    """Add --out, which may be repeated."""
    *others, last = suffixes_of(Exportable.DOCUMENT)
    return click.option(
        "--out",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Write the document to FILE; its suffix says how: {', '.join(others)} or {last}. May be repeated.",
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

    outcome: Document | Answer | None = None
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
                        outcome = answer
                    case DocumentFinished(document):
                        outcome = document
                    case _:
                        assert_never(event)
    assert outcome is not None  # noqa: S101  # the last event
    return outcome


def write_documents(document: "Document", files: Sequence[Path]) -> None:
    """Write a document to every file and say where; one that cannot be written does not keep the others from it.

    Blocking. Raises the first failure once all are through.
    """
    from assistant.files import save_bytes

    failures: list[AssistantError] = []
    for file in files:
        try:
            form = format_of(Exportable.DOCUMENT, file, "--out")
            saved = save_bytes(file, form.content(Exportable.DOCUMENT, document))
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
