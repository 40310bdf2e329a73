"""From a question as it is typed to papers: filters in its words, the newest first, lists without a search."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import NothingFound
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.retrieval.paper_finder import PaperRetriever, QueryRequest
from assistant.retrieval.query.parser import FilterKind
from assistant.retrieval.search import Hit, HybridSearch
from tests.support.library_factory import MORNING, batch, record
from tests.support.paper_factory import paper

TODAY = date(2026, 8, 21)
OLD = paper("2605.00001", "Pruning Heads of Transformers", "We prune attention heads.")
MIDDLE = paper("2608.00002", "Heads That Prune Themselves", "Attention heads prune themselves during training.")
NEW = paper("2608.00003", "Kitchen Robots", "Robots cook in kitchens.")


@pytest.fixture
def retriever(tmp_path: Path) -> Iterator[PaperRetriever]:
    days = (date(2026, 5, 4), date(2026, 8, 12), date(2026, 8, 20))
    with Library.open(tmp_path / "library", embedder=None) as library:
        library.ingest(
            batch(
                *(
                    record(known.paper, upvotes=upvotes, day=day)
                    for known, upvotes, day in zip((OLD, MIDDLE, NEW), (90, 5, 40), days, strict=True)
                )
            ),
            MORNING,
        )
        library.index_pending()
        yield PaperRetriever(HybridSearch(library, None), library)


async def found(retriever: PaperRetriever, question: str, *ignored: FilterKind, limit: int = 6) -> list[str]:
    understood = await retriever.parse_query(QueryRequest(question, Filters(), ignored, TODAY))
    return [hit.paper.paper_id for hit in await retriever.find(understood, limit)]


async def test_days_in_the_question_are_a_hard_filter_and_can_be_ignored(retriever: PaperRetriever) -> None:
    question = "how are attention heads pruned in papers from August 2026?"

    assert await found(retriever, question) == [MIDDLE.paper.paper_id]
    assert OLD.paper.paper_id in await found(retriever, question, FilterKind.DATES)


async def test_the_newest_papers_on_a_subject_come_by_date(retriever: PaperRetriever) -> None:
    assert (await found(retriever, "the newest papers on pruning attention heads"))[0] == MIDDLE.paper.paper_id


@pytest.mark.parametrize(
    ("question", "given", "days"),
    [
        ("the newest papers on pruning", Filters(), (None, TODAY)),
        ("latest work about kitchen robots", Filters(), (None, TODAY)),
        ("what's new in pruning?", Filters(), (None, TODAY)),
        ("most recent papers since May 2026", Filters(), (date(2026, 5, 1), TODAY)),
        ("newest papers before June 2026", Filters(), (None, date(2026, 5, 31))),
        ("the newest papers", Filters(since=date(2026, 8, 1)), (date(2026, 8, 1), None)),
        ("how are heads pruned?", Filters(), (None, None)),
    ],
)
async def test_the_newest_papers_end_today(
    retriever: PaperRetriever, question: str, given: Filters, days: tuple[date | None, date | None]
) -> None:
    filters = (await retriever.parse_query(QueryRequest(question, given, (), TODAY))).filters
    assert (filters.since, filters.until) == days


async def test_a_question_of_filters_alone_lists_what_passes_them(retriever: PaperRetriever) -> None:
    assert await found(retriever, "the newest papers") == [p.paper.paper_id for p in (NEW, MIDDLE, OLD)]
    assert await found(retriever, "papers from August 2026") == [NEW.paper.paper_id, MIDDLE.paper.paper_id]
    assert await found(retriever, "the newest papers", limit=1) == [NEW.paper.paper_id]


async def test_nothing_found_names_the_filters_that_were_read(retriever: PaperRetriever) -> None:
    with pytest.raises(NothingFound) as raised:
        await found(retriever, "pruning papers from 2019")

    assert "2019" in (raised.value.remedy or "")


@pytest.mark.parametrize("question", ["?!", "…", " "])
async def test_a_question_without_a_word_finds_nothing(retriever: PaperRetriever, question: str) -> None:
    with pytest.raises(NothingFound):
        await found(retriever, question)


async def test_without_a_library_the_search_alone_answers() -> None:
    class One:
        async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
            return [Hit(OLD, 1.0)]

    assert await found(PaperRetriever(One()), "the newest papers") == [OLD.paper.paper_id]
