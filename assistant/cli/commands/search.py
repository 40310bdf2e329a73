"""`assistant search`: papers for a query, each with the sentence that fits best."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from assistant.cli import console
from assistant.cli.options import (
    Invocation,
    common_options,
    filter_options,
    filters_of,
    invocation,
    json_option,
    sample_option,
)
from assistant.errors import NothingFound, UsageError
from assistant.papers import clean_text

if TYPE_CHECKING:
    from assistant.retrieval import SearchResult


@click.command("search", short_help="Find papers and the sentence in each that fits.")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Papers to show.")
@filter_options
@json_option
@sample_option
@common_options
def command(query: tuple[str, ...], limit: int, as_json: bool, **filters: object) -> None:
    """List the papers that fit QUERY best: the matching sentence, date, upvotes and score of each."""
    asyncio.run(_search(invocation(), clean_text(" ".join(query)), limit, as_json=as_json, filters=filters))


async def _search(
    called: Invocation, query: str, limit: int, *, as_json: bool, filters: "Mapping[str, object]"
) -> None:
    from assistant.cli.arguments import require_papers
    from assistant.export.json import search_json
    from assistant.services import search_papers

    if not query:
        raise UsageError("The query is empty.", "Write it behind the command: assistant search robot policies")
    async with called.container() as container:
        require_papers(container)
        results = await search_papers(container, query, filters_of(filters), limit)
    if not results:
        raise NothingFound("No paper fits.", "Take other words, or widen the filters.")
    if as_json:
        console.write_json(search_json(query, results))
        return
    for rank, result in enumerate(results, start=1):
        _show(rank, result)


def _show(rank: int, result: "SearchResult") -> None:
    from assistant.cli.render.sources import facts_line

    paper = result.paper
    console.write(f"{rank:2}. {console.strong(paper.title)}")
    facts = (paper.paper.shown_id, facts_line(paper), f"score {result.hit.score:.2f}")
    console.write("    " + console.dim(" · ".join(part for part in facts if part)))
    if result.sentence:
        console.write(console.wrapped(f"“{result.sentence.text}”", "    "))
