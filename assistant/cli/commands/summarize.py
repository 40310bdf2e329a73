"""`assistant summarize`: chosen papers, summarized together."""

import asyncio

import click

from assistant.cli.options import Invocation, common_options, invocation, json_option, model_option


@click.command("summarize", short_help="Summarize papers by id, link or title.")
@click.argument("papers", nargs=-1, required=True, metavar="ID|URL|TITLE…")
@model_option
@json_option
@common_options
def command(papers: tuple[str, ...], model: str | None, as_json: bool) -> None:
    """Summarize papers of the library from their abstracts, each named by its arXiv id, its link or its title."""
    asyncio.run(_summarize(invocation(), papers, model, as_json=as_json))


async def _summarize(called: Invocation, names: tuple[str, ...], model: str | None, *, as_json: bool) -> None:
    from assistant.cli.checks import papers_named
    from assistant.cli.render.answer import end_of, show_answer

    async with called.workspace() as workspace:
        papers = papers_named(workspace, names)
        asker = workspace.asker(workspace.model(model))
        end_of(await show_answer(asker.summarize(papers), as_json=as_json))
