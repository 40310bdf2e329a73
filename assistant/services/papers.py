"""Papers found: by a query, by likeness, by name; the sentences of theirs that are closest, what they can answer."""

import asyncio
from collections.abc import Sequence

from assistant.errors import NothingFound
from assistant.library import Filters, Library, Mark, StoredPaper
from assistant.models import ExtractiveModel
from assistant.papers import clean_text, parse_paper_id
from assistant.retrieval import EvidenceRanker, Hit, SearchResult, relevant
from assistant.sentences import Sentence
from assistant.services.container import AppContainer

_SEARCHED = 200
"""So many papers are ranked before the irrelevant ones are left out, however few are asked for: where a list of
relevant papers ends does not depend on how much of it is shown."""


async def search_papers(container: AppContainer, query: str, filters: Filters, limit: int) -> tuple[SearchResult, ...]:
    """At most ``limit`` relevant papers, best first, each with the sentence that fits the query best.

    Empty when no paper is relevant. Raises what `rank_papers` raises.
    """
    hits = await rank_papers(container, query, filters, limit)
    sentences = await asyncio.to_thread(container.ranker.best_sentences, query, [hit.paper.paper for hit in hits])
    best = ((hit, sentences.get(hit.paper.paper_id)) for hit in hits)
    return tuple(SearchResult(hit, evidence.sentence if evidence else None) for hit, evidence in best)


async def rank_papers(container: AppContainer, query: str, filters: Filters, limit: int) -> list[Hit]:
    """At most ``limit`` papers that pass the filters and are relevant to the query, best first.

    Raises `LibraryError` when an index cannot be used, `AssetError` when the embedder cannot.
    """
    hits = await container.search.search_async(query, filters, max(limit, _SEARCHED))
    return relevant(hits)[:limit]


async def similar_papers(container: AppContainer, paper: StoredPaper, limit: int) -> list[Hit]:
    """At most ``limit`` papers like this one, best first, itself left out.

    Papers that the abstract names by id or title count as alike. Raises what `rank_papers` raises.
    """
    hits = await container.search.search_async(paper.text, Filters(), limit + 1)
    others = [hit for hit in hits if hit.paper.paper_id != paper.paper_id]
    return others[:limit]


def paper_named(library: Library, name: str) -> StoredPaper | None:
    """The paper that an id, a link or a title means; of several that a title may mean the likest. Blocks."""
    paper_id = parse_paper_id(name)
    papers = library.get([paper_id]) if paper_id else library.find_by_title(clean_text(name), limit=1)
    return papers[0] if papers else None


def require_paper(library: Library, name: str) -> StoredPaper:
    """`paper_named`; raises `NothingFound`, which says how to get the paper, when there is none. Blocks."""
    paper = paper_named(library, name)
    if paper is None:
        paper_id = parse_paper_id(name)
        remedy = f"run `assistant sync --arxiv {paper_id}`" if paper_id else "`assistant search` finds papers by topic"
        raise NothingFound(f"No paper {clean_text(name)!r} in the library.", remedy)
    return paper


def starred_papers(library: Library) -> list[StoredPaper]:
    """The papers that the reader starred, newest first. Blocks."""
    return library.get([row.paper_id for row in library.browsing.rows(mark=Mark.STARRED)])


def closest_sentences(question: str, papers: Sequence[StoredPaper]) -> dict[str, Sentence]:
    """The sentence of each abstract that is closest to the question by its words, by id. Blocks."""
    best = EvidenceRanker().best_sentences(question, [paper.paper for paper in papers])
    return {paper_id: evidence.sentence for paper_id, evidence in best.items()}


async def answerable_questions(container: AppContainer, questions: Sequence[str], limit: int) -> tuple[str, ...]:
    """The first ``limit`` of these questions that get an answer, found without a model that writes."""
    answerer = await asyncio.to_thread(container.answerer, ExtractiveModel())
    answerable: list[str] = []
    for question in questions:
        if len(answerable) < limit and await answerer.would_answer(question):
            answerable.append(question)
    return tuple(answerable)
