"""`assistant summarize`: chosen papers, summarized together."""

import asyncio

import click

from assistant.cli.options import (
    Invocation,
    check_mode,
    check_option,
    common_options,
    invocation,
    is_strict,
    json_option,
    model_option,
    sample_option,
)


@click.command("summarize", short_help="Summarize papers by id, link or title.")
@click.argument("papers", nargs=-1, required=True, metavar="ID|URL|TITLE…")
@check_option
@model_option
@json_option
@sample_option
@common_options
def command(papers: tuple[str, ...], check: str | None, model: str | None, as_json: bool) -> int:
    """Summarize papers of the library from their abstracts, each named by its arXiv id, its link or its title."""
    return asyncio.run(_summarize(invocation(), papers, check, model, as_json=as_json))


async def _summarize(
    called: Invocation, names: tuple[str, ...], check: str | None, model: str | None, *, as_json: bool
) -> int:
    from assistant.cli.arguments import papers_named
    from assistant.cli.render.answer import end_of, show_answer

    async with called.container() as container:
        papers = papers_named(container, names)
        answerer = container.answerer(container.model(model), check=check_mode(check))
        return end_of(
            await show_answer(answerer.summarize(papers), as_json=as_json, strict=is_strict(check, container.config))
        )
