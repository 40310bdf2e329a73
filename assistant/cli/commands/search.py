"""`assistant search`: papers for a query, each with the sentence that fits best."""

import asyncio
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.filters import Chosen, filter_options, filters_of
from assistant.cli.options import Invocation, common_options, invocation, json_option
from assistant.errors import NothingFound, UsageError
from assistant.papers import clean_text

if TYPE_CHECKING:
    from assistant.retrieval.evidence import EvidenceSentence
    from assistant.retrieval.search import Hit


@click.command("search", short_help="Find papers and the sentence in each that fits.")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Papers to show.")
@filter_options
@json_option
@common_options
def command(query: tuple[str, ...], limit: int, as_json: bool, **chosen: object) -> None:
    """List the papers that fit QUERY best: the matching sentence, date, upvotes and score of each."""
    asyncio.run(_search(invocation(), clean_text(" ".join(query)), limit, as_json=as_json, chosen=Chosen.of(chosen)))


async def _search(called: Invocation, query: str, limit: int, *, as_json: bool, chosen: Chosen) -> None:
    from assistant.cli.checks import require_papers

    if not query:
        raise UsageError("The query is empty.", "Write it behind the command: assistant search robot policies")
    async with called.workspace() as workspace:
        require_papers(workspace)
        hits = await asyncio.to_thread(workspace.search.search, query, filters_of(chosen), limit)
        if not hits:
            raise NothingFound("No paper fits.", "Take other words, or widen the filters.")
        evidence = workspace.ranker.best_sentences(query, [hit.paper.paper for hit in hits])
    if as_json:
        rows = [_hit_json(rank, hit, evidence.get(_id(hit))) for rank, hit in enumerate(hits, start=1)]
        console.write_json({"query": query, "hits": rows})
        return
    for rank, hit in enumerate(hits, start=1):
        _show(rank, hit, evidence.get(_id(hit)))


def _id(hit: "Hit") -> str:
    return hit.paper.paper.paper_id


def _show(rank: int, hit: "Hit", sentence: "EvidenceSentence | None") -> None:
    from assistant.cli.render.sources import facts_line

    paper = hit.paper
    console.write(f"{rank:2}. {console.strong(paper.paper.title)}")
    facts = (paper.paper.paper_id, facts_line(paper), f"score {hit.score:.2f}")
    console.write("    " + console.dim(" · ".join(part for part in facts if part)))
    if sentence:
        console.write(console.wrapped(f"“{sentence.sentence.text}”", "    "))


def _hit_json(rank: int, hit: "Hit", sentence: "EvidenceSentence | None") -> dict[str, Any]:
    from assistant.cli.render.sources import paper_json
    from assistant.conversations.answer_json import span_json

    return {
        "rank": rank,
        **paper_json(hit.paper),
        "score": round(hit.score, 4),
        "lexical": None if hit.lexical is None else round(hit.lexical, 4),
        "dense": None if hit.dense is None else round(hit.dense, 4),
        "sentence": span_json(sentence.sentence) if sentence else None,
    }
