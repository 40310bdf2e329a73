"""Small parts for tests of the library: an index in a JSON file, an embedder of hashes, records."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library.index.index_set import DENSE, INDEX_FOLDERS, LEXICAL, IndexRegistry
from assistant.library.index.ports import Coverage, Embedder
from assistant.library.library import Library
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance, provisional_id

MORNING = datetime(2025, 10, 15, 8, tzinfo=UTC)
DAY = date(2025, 10, 15)


class HashEmbedder:
    """Vectors made of a hash of the text."""

    def __init__(self, fingerprint: str = "hash-1", dimensions: int = 8) -> None:
        self.fingerprint = fingerprint
        self.dimensions = dimensions

    def understands(self, text: str) -> bool:
        return bool(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") for text in texts]
        rows = [np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class FileIndex:
    """An index that is one JSON file of content hashes; keeps the order and size of what it was given."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.added: list[tuple[str, ...]] = []
        self.before_add: Callable[[], None] = lambda: None
        self._file = folder / INDEX_FOLDERS[name] / "papers.json"
        self._file.parent.mkdir(exist_ok=True)

    def add(self, papers: Sequence[Paper]) -> None:
        self.before_add()
        self.added.append(tuple(paper.paper_id for paper in papers))
        self._write(self.contents() | {paper.paper_id: paper.content_hash for paper in papers})

    def add_vectors(self, papers: Sequence[Paper], vectors: NDArray[np.float32]) -> None:
        assert vectors.shape[0] == len(papers)
        self.add(papers)

    def search(self, query: object, limit: int, allowed: frozenset[str] | None = None) -> dict[str, float]:
        raise NotImplementedError

    def vectors(self, papers: Sequence[Paper]) -> dict[str, NDArray[np.float32]]:
        raise NotImplementedError

    def coverage(self, query: str, limit: int, allowed: frozenset[str] | None = None) -> Coverage:
        raise NotImplementedError

    def document_frequencies(self, text: str) -> tuple[dict[str, int], int]:
        raise NotImplementedError

    def remove(self, paper_ids: Sequence[str]) -> None:
        self._write({known: text for known, text in self.contents().items() if known not in paper_ids})

    def contents(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        contents: dict[str, str] = json.loads(self._file.read_text())
        return contents

    def clear(self) -> None:
        self._write({})

    def close(self) -> None:
        pass

    def _write(self, contents: dict[str, str]) -> None:
        self._file.parent.mkdir(exist_ok=True)
        self._file.write_text(json.dumps(contents))


def file_shelf(folder: Path, embedder: Embedder | None) -> IndexRegistry:
    return IndexRegistry(folder, embedder, lambda at: FileIndex(at, LEXICAL), lambda at, _: FileIndex(at, DENSE))


def open_library(folder: Path, embedder: Embedder | None = None) -> Library:
    """A library whose indexes are files."""
    return Library.open(folder, embedder=embedder, registry=file_shelf(folder, embedder))


def file_index(library: Library, name: str) -> FileIndex:
    index = library._registry.get(name)
    assert isinstance(index, FileIndex)
    return index


def paper(
    paper_id: str | None,
    title: str = "A Paper",
    *,
    abstract: str = "It says.",
    source: Provenance = Provenance.HUGGINGFACE,
) -> Paper:
    """A paper; without an id it is one of a saved page."""
    return Paper(paper_id or provisional_id(title), title, abstract, source if paper_id else Provenance.SAVED_PAGE)


def record(known: Paper, day: date | None = DAY, upvotes: int | None = None, comments: int | None = None) -> FeedRecord:
    listing = Listing(day, upvotes, comments) if day else None
    return FeedRecord(known, listing, raw=json.dumps({"id": known.paper_id}), place="[0]")


def batch(*records: FeedRecord) -> FeedBatch:
    return FeedBatch("a test", records)


def many(count: int, start: int = 0) -> FeedBatch:
    """A batch of papers whose abstracts differ in length."""
    return batch(
        *(
            record(
                paper(f"2501.{number:05}", f"Paper {number}", abstract="word " * (count - number % count)),
                upvotes=number,
            )
            for number in range(start, start + count)
        )
    )
