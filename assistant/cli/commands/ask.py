"""`assistant ask`: an answer from the papers, streamed, with its sources."""

import asyncio

import click

from assistant.cli.filters import Chosen, filter_options, filters_of
from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option
from assistant.errors import UsageError
from assistant.papers import clean_text


@click.command("ask", short_help="Answer a question from the papers, with citations.")
@click.argument("question", nargs=-1, required=True)
@click.option("--papers", type=click.IntRange(1, 50), help="Papers given to the model.")
@filter_options
@model_option
@json_option
@common_options
def command(question: tuple[str, ...], papers: int | None, model: str | None, as_json: bool, **chosen: object) -> None:
    """Answer QUESTION from the papers of the library; every citation names a paper that was given to the model."""
    asked = clean_text(" ".join(question))
    asyncio.run(_ask(invocation(), asked, papers, model, as_json=as_json, chosen=Chosen.of(chosen)))


async def _ask(
    called: Invocation, question: str, papers: int | None, model: str | None, *, as_json: bool, chosen: Chosen
) -> None:
    from assistant.cli.checks import require_papers
    from assistant.cli.render.answer import end_of, show_answer

    if not question:
        raise UsageError("The question is empty.", 'Write it behind the command: assistant ask "what is …?"')
    async with called.workspace() as workspace:
        require_papers(workspace)
        asker = workspace.asker(workspace.model(model))
        end_of(await show_answer(asker.ask(question, filters_of(chosen), papers), as_json=as_json))
