"""`assistant ideas`: research directions that build on the papers of a topic."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
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
from assistant.errors import NothingFound
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.answering import Answer
    from assistant.reports.ideas import IdeaEvent, Ideas

_IDEAS = 5


@click.command("ideas", short_help="Propose research directions that build on the papers of a topic.")
@click.argument("topic", nargs=-1, required=True)
@click.option(
    "--number", type=click.IntRange(1, 20), default=_IDEAS, show_default=True, metavar="N", help="Ideas to show."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, metavar="N", help="Another number gives other ideas.")
@click.option("--no-refusal", is_flag=True, help="Write also when the papers do not seem to be about the topic.")
@filter_options
@model_option
@json_option
@sample_option
@common_options
def command(**options: Any) -> int:
    """Propose research directions on TOPIC, each with the sentences of papers that it builds on.

    A model writes several candidates with their probabilities in one text. The unlikely ones are kept; what repeats
    another one or has no grounds in the papers is dropped. Proposals are proposals: only their grounds are checked.
    """
    from assistant.cli.arguments import topic_of

    return asyncio.run(_ideas(invocation(), topic_of(options["topic"]), options))


async def _ideas(called: Invocation, topic: str, options: Mapping[str, Any]) -> int:
    from assistant.cli.arguments import refused_topic, require_papers
    from assistant.cli.render.document import ideas_text, summary_line
    from assistant.export.json import ideas_json, refused_ideas_json
    from assistant.reports.ideas import IdeaRequest, Ideas
    from assistant.services import propose_ideas

    as_json = options["as_json"]
    request = IdeaRequest(topic, filters_of(options), options["number"], options["seed"])
    async with called.container() as container:
        require_papers(container)
        model = container.model(options["model"])
        refuse = False if options["no_refusal"] else None
        proposed = await _show_progress(propose_ideas(container, model, request, refuse=refuse))
    if not isinstance(proposed, Ideas):
        return await refused_topic(proposed, refused_ideas_json(proposed) if as_json else None)
    if as_json:
        console.write_json(ideas_json(proposed))
    elif proposed.ideas:
        console.write(ideas_text(proposed))
    console.note(summary_line(proposed))
    if not proposed.ideas:
        raise NothingFound("No candidate has grounds in the papers.", "Try another --seed, or a larger --model.")
    return 0


async def _show_progress(events: "AsyncGenerator[IdeaEvent, None]") -> "Ideas | Answer":
    """Follow the writing with a bar on stderr."""
    from assistant.answering import extracted_filters
    from assistant.reports.ideas import CandidateWritten, IdeasFinished, IdeasRefused, IdeasStarted

    proposed: Ideas | Answer | None = None
    with console.progress_bars() as bars:
        task = bars.add_task("candidates", total=None)
        async with aclosing(events) as stream:
            async for event in stream:
                match event:
                    case IdeasStarted():
                        for line in extracted_filters(event.understood):
                            console.note(line)
                        writer = event.writer
                        papers = counted(len(event.sources), "paper")
                        console.note(f"{writer.name} ({writer.kind}) writes from {papers} …")
                        bars.update(task, total=event.candidates)
                    case CandidateWritten(done):
                        bars.update(task, completed=done)
                    case IdeasRefused(answer):
                        proposed = answer
                    case IdeasFinished(ideas):
                        proposed = ideas
    assert proposed is not None  # noqa: S101  # the last event
    return proposed
