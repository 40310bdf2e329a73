"""Papers found by a query, by likeness and by name."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import NothingFound
from assistant.library import Filters
from assistant.papers import FeedBatch, FeedRecord, Paper, Provenance
from assistant.services import (
    AppContainer,
    paper_named,
    rank_papers,
    require_paper,
    search_papers,
    similar_papers,
    starred_papers,
)
from tests.services.conftest import NOW, container_in


def more_papers(count: int) -> FeedBatch:
    """Papers that share one word with a query, and one that has all of its words."""
    papers = [
        Paper(f"2602.{number:05}", f"Sponge {number}", "A sponge filters water.", Provenance.EXPORT)
        for number in range(count)
    ]
    papers.append(Paper("2603.00001", "Glass Sponges", "Quokkas study a glass sponge.", Provenance.EXPORT))
    return FeedBatch("test", tuple(FeedRecord(paper, None, "{}", "") for paper in papers))


async def test_a_search_gives_papers_with_the_sentence_that_fits(container: AppContainer) -> None:
    best, *_ = await search_papers(container, "prune attention heads", Filters(), 10)
    assert best.paper.title == "Pruning Heads"
    assert best.sentence is not None
    assert best.sentence.text.startswith("We prune attention heads")


async def test_a_query_that_no_paper_fits_finds_nothing(container: AppContainer) -> None:
    assert await search_papers(container, "volcano", Filters(), 10) == ()
    assert await search_papers(container, "robots", Filters(min_upvotes=100), 10) == ()


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
async def test_a_shorter_list_is_the_beginning_of_a_longer_one(tmp_path: Path, limit: int) -> None:
    async with container_in(tmp_path) as container:
        container.library.ingest(more_papers(50), NOW)
        container.library.index_pending()
        every = [hit.paper.paper_id for hit in await rank_papers(container, "glass sponge quokkas", Filters(), 200)]
        some = [hit.paper.paper_id for hit in await rank_papers(container, "glass sponge quokkas", Filters(), limit)]
    assert every[0] == "2603.00001"
    assert some == every[:limit]


async def test_the_python_api_finds_what_other_front_ends_find(container: AppContainer) -> None:
    ranked = await rank_papers(container, "attention heads of transformers", Filters(), 100)
    async with Assistant(container=container) as assistant:
        results = await assistant.search("attention heads of transformers", limit=100)
    assert [result.paper.paper_id for result in results] == [hit.paper.paper_id for hit in ranked]


@pytest.mark.parametrize(
    ("paper_id", "limit", "expected"),
    [
        ("2601.00001", 1, ["2601.00002"]),
        ("2601.00002", 5, ["2601.00001"]),
        ("2601.00003", 1, ["2601.00004"]),
        ("2601.00004", 5, []),
    ],
)
async def test_similar_papers_share_words_and_are_never_the_paper_itself(
    container: AppContainer, paper_id: str, limit: int, expected: list[str]
) -> None:
    (paper,) = container.library.get([paper_id])
    hits = await similar_papers(container, paper, limit)
    assert [hit.paper.paper_id for hit in hits] == expected


@pytest.mark.parametrize("name", ["2601.00003", "https://arxiv.org/abs/2601.00003v2", "kitchen robots"])
def test_a_paper_is_named_by_id_link_or_title(container: AppContainer, name: str) -> None:
    assert require_paper(container.library, name).paper_id == "2601.00003"


@pytest.mark.parametrize(("name", "remedy"), [("2605.00009", "--arxiv 2605.00009"), ("No Such Title", "search")])
def test_a_paper_that_is_not_there_is_none_or_an_error_that_says_how_to_get_it(
    container: AppContainer, name: str, remedy: str
) -> None:
    assert paper_named(container.library, name) is None
    with pytest.raises(NothingFound) as raised:
        require_paper(container.library, name)
    assert remedy in (raised.value.remedy or "")


def test_starred_papers_are_those_of_the_reader(container: AppContainer) -> None:
    assert starred_papers(container.library) == []
    container.library.marks.set_starred(["2601.00004", "2601.00001"], True)
    assert {paper.title for paper in starred_papers(container.library)} == {"Zebra", "Pruning Heads"}
