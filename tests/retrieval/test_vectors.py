"""Vectors of papers: from the index where it has them, made anew where it has not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library.library import Library
from assistant.retrieval.embeddings import PaperVectors
from tests.support.library_factory import MORNING, HashEmbedder, many, paper


class CountingEmbedder(HashEmbedder):
    def __init__(self, fingerprint: str = "hash-1") -> None:
        super().__init__(fingerprint)
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return super().embed(texts)


def test_only_what_the_index_lacks_is_embedded(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with Library.open(tmp_path, embedder=embedder) as library:
        library.ingest(many(5), MORNING)
        library.index_pending()
        before = embedder.embedded
        papers = [known for known, _ in library.export()]
        new = paper("2501.99999", "Not in the index")
        rows = PaperVectors(library, embedder).of([*papers, new])

    assert rows is not None
    assert embedder.embedded == before + 1
    assert np.allclose(rows, embedder.embed([one.text for one in [*papers, new]]), atol=1e-6)


def test_an_index_made_with_another_embedder_is_not_read(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=HashEmbedder("former")) as library:
        library.ingest(many(3), MORNING)
        library.index_pending()
        papers = [known for known, _ in library.export()]
    embedder = CountingEmbedder("now")
    with Library.open(tmp_path, embedder=embedder) as library:
        rows = PaperVectors(library, embedder).of(papers)

    assert rows is not None
    assert embedder.embedded == 3


def test_without_an_embedder_there_are_none(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as library:
        vectors = PaperVectors(library, None)
        assert vectors.of([paper("2501.00001")]) is None
        assert vectors.fingerprint == "none"
        assert PaperVectors(library, HashEmbedder()).of([]) is None
