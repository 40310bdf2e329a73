"""Papers like a paper: hybrid search with its own text as the query."""

from assistant.library.filters import Filters
from assistant.library.records import LibraryPaper
from assistant.retrieval.search import Hit, HybridSearch


async def similar_papers(search: HybridSearch, paper: LibraryPaper, limit: int) -> list[Hit]:
    """At most ``limit`` papers like this one, best first, itself left out.

    Papers that the abstract names by id or title count as alike. Raises what `HybridSearch.search` raises.
    """
    hits = await search.search_async(paper.paper.text, Filters(), limit + 1)
    others = [hit for hit in hits if hit.paper.paper.paper_id != paper.paper.paper_id]
    return others[:limit]
