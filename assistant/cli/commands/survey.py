"""`assistant survey`: a document about the work on a topic."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import (
    Invocation,
    common_options,
    filter_options,
    filters_of,
    invocation,
    json_option,
    model_option,
    sample_option,
)
from assistant.cli.report_output import (
    aspects_of,
    out_option,
    require_whole,
    show_making,
    write_documents,
)
from assistant.export import Exportable

if TYPE_CHECKING:
    from assistant.library import Filters
    from assistant.reports import Document

_ASPECTS = "method,data,results"


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command."""

    topic: str
    papers: int | None
    aspects: tuple[str, ...]
    out: tuple[Path, ...]
    model: str | None
    as_json: bool
    refuse: bool | None


@click.command("survey", short_help="Survey a topic in a document of checked sentences.")
@click.argument("topic", nargs=-1, required=True)
@click.option("--papers", type=click.IntRange(1, 50), metavar="N", help="Papers that are written about.")
@click.option("--aspects", metavar="LIST", default=_ASPECTS, show_default=True, help="Columns of the table.")
@click.option("--no-refusal", is_flag=True, help="Write also when the papers do not seem to be about the topic.")
@filter_options
@out_option
@model_option
@json_option
@sample_option
@common_options
def command(**options: Any) -> int:
    """Survey the work on TOPIC: groups of approaches, a table, open problems, references.

    Papers are gathered and grouped by what they do, each group gets a paragraph, the leading papers a table; the open
    problems are those that the papers state themselves, and every reference shows its evidence. Every sentence is held
    against the abstracts. Days, organizations and upvotes that the topic names narrow the search ("robot policies last
    month"). With --out the document goes to files, else to the terminal.
    """
    from assistant.cli.arguments import topic_of
    from assistant.services import require_places

    require_places(options["out"], Exportable.DOCUMENT)
    survey_options = _Options(
        topic_of(options["topic"]),
        options["papers"],
        aspects_of(options["aspects"]),
        options["out"],
        options["model"],
        options["as_json"],
        False if options["no_refusal"] else None,
    )
    return asyncio.run(_survey(invocation(), survey_options, filters_of(options)))


async def _survey(called: Invocation, options: _Options, filters: "Filters") -> int:
    from assistant.cli.arguments import refused_topic, require_papers
    from assistant.export.json import refused_document_json
    from assistant.reports import Document, SurveyRequest
    from assistant.services import write_survey

    request = SurveyRequest(options.topic, filters, options.papers, options.aspects)
    async with called.container() as container:
        require_papers(container)
        model = container.model(options.model)
        document = await show_making(write_survey(container, model, request, refuse=options.refuse))
        if not isinstance(document, Document):
            return await refused_topic(document, refused_document_json(document) if options.as_json else None)
    await _show(document, options)
    require_whole(document)
    return 0


async def _show(document: "Document", options: _Options) -> None:
    from assistant.cli.render.document import document_text
    from assistant.export.json import document_json

    if options.as_json:
        console.write_json(document_json(document))
    elif not options.out:
        console.write(document_text(document))
    console.note(f"{document.coverage}; written by {document.writer.name} ({document.writer.kind})")
    await asyncio.to_thread(write_documents, document, options.out)
