"""`assistant compare`: papers side by side, every cell with its evidence."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.answering import DEFAULT_ASPECTS
from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option, sample_option
from assistant.cli.report_output import (
    aspects_of,
    out_option,
    require_whole,
    show_making,
    write_documents,
)
from assistant.errors import UsageError
from assistant.export import Exportable

if TYPE_CHECKING:
    from assistant.answering import Comparison
    from assistant.services import AppContainer


@click.command("compare", short_help="Compare papers in a table.")
@click.argument("papers", nargs=-1, required=True, metavar="A B [C…]")
@click.option(
    "--aspects",
    metavar="LIST",
    default=",".join(DEFAULT_ASPECTS),
    show_default=True,
    help="Rows of the table, separated by commas.",
)
@out_option
@model_option
@json_option
@sample_option
@common_options
def command(papers: tuple[str, ...], aspects: str, out: tuple[Path, ...], model: str | None, as_json: bool) -> None:
    """Compare papers (id, link or title) in a table: one row an aspect, one column a paper.

    A cell says only what the paper's abstract bears out, "nothing found in the abstract" where that is so. With --out a
    document is written beside: the table, checked sentences about the papers together, the open problems that they
    state, and references.
    """
    from assistant.services import require_places

    rows = aspects_of(aspects)
    require_places(out, Exportable.DOCUMENT)
    asyncio.run(_compare(invocation(), papers, rows, model, out, as_json=as_json))


async def _compare(
    called: Invocation,
    names: tuple[str, ...],
    aspects: tuple[str, ...],
    model: str | None,
    out: tuple[Path, ...],
    *,
    as_json: bool,
) -> None:
    from assistant.answering import ColumnFinished, ComparisonFinished
    from assistant.cli.arguments import papers_named
    from assistant.cli.render.document import comparison_text
    from assistant.export.json import comparison_json
    from assistant.services import compare_papers

    async with called.container() as container:
        papers = papers_named(container, names)
        if len(papers) < 2:
            raise UsageError("A comparison needs two papers or more.", "Name further papers by id, link or title.")
        comparing = compare_papers(container, container.model(model), papers, aspects)
        with console.progress_bars() as bars:
            task = bars.add_task("reading abstracts", total=len(papers))
            async with aclosing(comparing) as events:
                async for event in events:
                    match event:
                        case ColumnFinished():
                            bars.update(task, completed=event.done)
                        case ComparisonFinished():
                            comparison = event.comparison
        if as_json:
            console.write_json(comparison_json(comparison))
        else:
            console.write(comparison_text(comparison))
            console.note(f"written by {comparison.writer.name} ({comparison.writer.kind})")
        if out:
            await _write_document(container, comparison, model, out)


async def _write_document(
    container: "AppContainer", comparison: "Comparison", model: str | None, out: tuple[Path, ...]
) -> None:
    from assistant.reports import Document
    from assistant.services import write_comparison

    document = await show_making(write_comparison(container, container.model(model), comparison))
    assert isinstance(document, Document)  # noqa: S101  # chosen papers are not refused
    await asyncio.to_thread(write_documents, document, out)
    require_whole(document)
