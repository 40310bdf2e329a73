"""Papers like a paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library.library import Library
from assistant.papers import Paper, Provenance
from assistant.retrieval.search import HybridSearch, similar_papers
from tests.library.stand_ins import MORNING, batch, record

PAPERS = [
    Paper("2601.00001", "Pruning Heads", "We prune attention heads of transformers to save memory.", Provenance.EXPORT),
    Paper("2601.00002", "Merging Heads", "We merge attention heads of transformers.", Provenance.EXPORT),
    Paper("2601.00003", "Kitchen Robots", "Robots wash dishes and learn from 2601.00004.", Provenance.EXPORT),
    Paper("2601.00004", "Zebra", "Stripes.", Provenance.EXPORT),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=None) as opened:
        opened.ingest(batch(*map(record, PAPERS)), MORNING)
        opened.index_pending()
        yield opened


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
    library: Library, paper_id: str, limit: int, expected: list[str]
) -> None:
    (known,) = library.get([paper_id])
    search = HybridSearch(library, None, dense_weight=0.5, candidates=20)
    hits = await similar_papers(search, known, limit)
    assert [hit.paper.paper_id for hit in hits] == expected
