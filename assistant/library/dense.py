"""The dense index: vectors of title and abstract, in an embedded Chroma.

Chroma and its folder are known here alone. Vectors are made by our own embedder, telemetry is off, and neither the
environment nor a ``.env`` file is read for settings.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import LibraryError
from assistant.papers import Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FOLDER = "chroma"

_COLLECTION = "papers"
_HASH = "content_hash"
# Recall of the true first 100 of 11,028 papers: 0.99 (0.88 with Chroma's defaults), in 3 ms. A low sync threshold
# keeps the graph on disk current: what is not in it yet is inserted anew by every process that opens the index.
_HNSW = {
    "space": "cosine",
    "ef_construction": 100,
    "max_neighbors": 16,
    "ef_search": 600,
    "batch_size": 16,
    "sync_threshold": 32,
}
_BATCH = 512
_PAGE = 5000
_REBUILD = "run `assistant library rebuild`"
_UNKNOWN_ID = "Error finding id"


class Embedder(Protocol):
    """Turns texts into vectors of length 1, float32, one row a text."""

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of the texts, in order."""
        ...


class DenseIndex:
    """Papers by the vector of their text, in the subfolder ``chroma`` of a library's folder."""

    name = "dense"

    def __init__(self, library_folder: Path, embedder: Embedder) -> None:
        self._folder = library_folder / FOLDER
        self._embedder = embedder
        self._client: Any = None
        self._opened: Any = None

    def add(self, papers: Sequence[Paper]) -> None:
        """Embed papers and put them in, replacing those of the same id; they are on disk when this returns."""
        for start in range(0, len(papers), _BATCH):
            batch = papers[start : start + _BATCH]
            vectors = self._embedder.embed([paper.text for paper in batch])
            self.add_vectors(batch, vectors)

    def add_vectors(self, papers: Sequence[Paper], vectors: "Vectors") -> None:
        """Put papers in whose vectors are known; shape (papers, dimensions)."""
        with self._translated():
            self._collection().upsert(
                ids=[paper.paper_id for paper in papers],
                embeddings=vectors,
                documents=[paper.text for paper in papers],
                metadatas=[{_HASH: paper.content_hash} for paper in papers],
            )

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Take papers out; unknown ids are passed over."""
        with self._translated():
            for start in range(0, len(paper_ids), _PAGE):
                self._collection().delete(ids=list(paper_ids[start : start + _PAGE]))

    def contents(self) -> dict[str, str]:
        """The content hash of every paper that is in the index, by paper id."""
        hashes: dict[str, str] = {}
        with self._translated():
            collection = self._collection()
            for offset in range(0, collection.count(), _PAGE):
                page = collection.get(include=["metadatas"], limit=_PAGE, offset=offset)
                hashes |= {paper_id: held[_HASH] for paper_id, held in zip(page["ids"], page["metadatas"], strict=True)}
        return hashes

    def clear(self) -> None:
        """Take everything out; also mends an index that cannot be read any more."""
        self.close()
        if self._folder.exists():
            shutil.rmtree(self._folder)
        with self._translated():
            self._collection()

    def close(self) -> None:
        """Free files and memory."""
        client, self._client, self._opened = self._client, None, None
        if client is not None:
            client.close()

    def search(self, vector: "Vectors", limit: int, allowed: frozenset[str] | None = None) -> dict[str, float]:
        """The papers nearest to a vector of length 1, best first, by cosine similarity (-1..1).

        ``allowed`` leaves other papers out.
        """
        if limit < 1 or (allowed is not None and not allowed):
            return {}
        with self._translated():
            collection = self._collection()
            if allowed is None:
                return _nearest(collection, vector, limit)
            return _nearest_of(collection, vector, limit, sorted(allowed))

    def _collection(self) -> Any:
        if self._opened is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._client = _open_client(self._folder)
            self._opened = self._client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )
        return self._opened

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, ValueError) as cause:
            raise LibraryError(f"the dense index in {self._folder} cannot be used: {cause}", _REBUILD) from cause


def _open_client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    settings = Settings(_env_file=None, anonymized_telemetry=False)
    try:
        return chromadb.PersistentClient(str(folder), settings)
    except (ChromaError, ValueError):
        # Chroma 1.5 keeps the half-started client of a folder and would hand it out again.
        SharedSystemClient.clear_system_cache()
        raise


def _nearest_of(collection: Any, vector: "Vectors", limit: int, allowed: list[str]) -> dict[str, float]:
    """Chroma refuses a filter that names a paper which is not in the index, so such papers are taken out then."""
    from chromadb.errors import InternalError

    try:
        return _nearest(collection, vector, limit, ids=allowed)
    except InternalError as error:
        if _UNKNOWN_ID not in str(error):
            raise
    present = collection.get(ids=allowed, include=[])["ids"]
    return _nearest(collection, vector, limit, ids=present) if present else {}


def _nearest(collection: Any, vector: "Vectors", limit: int, ids: list[str] | None = None) -> dict[str, float]:
    found = collection.query(query_embeddings=[vector], n_results=limit, ids=ids, include=["distances"])
    distances = zip(found["ids"][0], found["distances"][0], strict=True)
    return {paper_id: 1.0 - distance for paper_id, distance in distances}
