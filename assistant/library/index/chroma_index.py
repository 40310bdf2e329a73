"""The dense index: vectors of title and abstract, in an embedded Chroma.

Chroma and its folder are known here alone. Vectors are made by our own embedder, telemetry is off, and no
environment variable or ``.env`` file can turn it on or put a server in the place of the folder.

Chroma 1.5 loads its graph while another process may be rewriting it, and crashes on what it reads then. So every
use of it, a few milliseconds for a search, goes through a lock of the operating system; embedding does not. A
process that is killed while it writes may leave a torn graph, which crashes the next one to load it: a mark says that
a write was not finished, and such an index is never opened again but made anew.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.index.ports import Embedder
from assistant.papers import Paper
from assistant.telemetry import switch_off

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FOLDER = "chroma"
UNFINISHED = "unfinished"
"""A file in the folder while something is written; after a crash it says that the index has to be made anew."""

_COLLECTION = "papers"
_STAMP = "last_write"  # a file whose content changes with every write
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
_PAGE = 5000  # SQLite takes 32,766 variables in a statement
_LONGEST_WAIT_SECONDS = 60.0
_FULL_DISK = ("database or disk is full", "No space left")
_REBUILD = "run `assistant library rebuild`"
_UNKNOWN_ID = "Error finding id"


class DenseIndex:
    """Papers by the vector of their text, in the subfolder ``chroma`` of a library's folder."""

    name = "dense"

    def __init__(self, library_folder: Path, embedder: Embedder) -> None:
        self._folder = library_folder / FOLDER
        self._embedder = embedder
        self._client: Any = None
        self._opened: Any = None
        self._stamp = ""

    def add(self, papers: Sequence[Paper]) -> None:
        """Embed papers and put them in, replacing those of the same id; they are on disk when this returns."""
        for start in range(0, len(papers), _BATCH):
            batch = papers[start : start + _BATCH]
            vectors = self._embedder.embed([paper.text for paper in batch])
            self.add_vectors(batch, vectors)

    def add_vectors(self, papers: Sequence[Paper], vectors: "Vectors") -> None:
        """Put papers in whose vectors are known; shape (papers, dimensions)."""
        with self._writing() as collection:
            collection.upsert(
                ids=[paper.paper_id for paper in papers],
                embeddings=vectors,
                documents=[paper.text for paper in papers],
                metadatas=[{_HASH: paper.content_hash} for paper in papers],
            )

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Take papers out; unknown ids are passed over."""
        with self._writing() as collection:
            for start in range(0, len(paper_ids), _PAGE):
                collection.delete(ids=list(paper_ids[start : start + _PAGE]))

    def contents(self) -> dict[str, str]:
        """The content hash of every paper that is in the index, by paper id."""
        hashes: dict[str, str] = {}
        with self._reading() as collection:
            for offset in range(0, collection.count(), _PAGE):
                page = collection.get(include=["metadatas"], limit=_PAGE, offset=offset)
                hashes |= {paper_id: held[_HASH] for paper_id, held in zip(page["ids"], page["metadatas"], strict=True)}
        return hashes

    def vectors(self, papers: Sequence[Paper]) -> "dict[str, Vectors]":
        """The vectors of papers by id, length 1; papers that are not in the index with this text are left out."""
        vectors: dict[str, Vectors] = {}
        hashes = {paper.paper_id: paper.content_hash for paper in papers}
        ids = list(hashes)
        with self._reading() as collection:
            for start in range(0, len(ids), _PAGE):
                page = collection.get(ids=ids[start : start + _PAGE], include=["embeddings", "metadatas"])
                rows = zip(page["ids"], page["embeddings"], page["metadatas"], strict=True)
                vectors |= {paper_id: row for paper_id, row, held in rows if held[_HASH] == hashes[paper_id]}
        return vectors

    def clear(self) -> None:
        """Take everything out; also mends an index that cannot be read any more."""
        with self._locked():
            self._start_anew()
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
        with self._reading() as collection:
            if allowed is None:
                return _nearest(collection, vector, limit)
            return _nearest_of(collection, vector, limit, sorted(allowed))

    def _collection(self) -> Any:
        """The collection, opened anew after another process has written to it: Chroma would not see that."""
        if self._opened is not None and self._stamp != _stamp_of(self._folder):
            self.close()
        if self._opened is None:
            self._client = _open_client(self._folder)
            self._opened = _open_collection(self._client)
            self._stamp = _stamp_of(self._folder)
        return self._opened

    def _start_anew(self) -> None:
        self.close()
        shutil.rmtree(self._folder)
        self._folder.mkdir()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """The collection to write to: an empty one when the last write was not finished."""
        unfinished = self._folder / UNFINISHED
        with self._locked():
            if unfinished.exists():
                self._start_anew()
            collection = self._collection()
            unfinished.touch()
            self._stamp = uuid4().hex
            (self._folder / _STAMP).write_text(self._stamp)
            yield collection
            unfinished.unlink()

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        with self._locked():
            if (self._folder / UNFINISHED).exists():
                raise LibraryError(f"a write to the dense index in {self._folder} was broken off", _REBUILD)
            yield self._collection()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes and threads away for the block; failures in it are translated."""
        switch_off()  # Chroma knows onnxruntime too, for embeddings of its own
        from chromadb.errors import ChromaError
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder.with_suffix(".lock"), timeout=_LONGEST_WAIT_SECONDS):
                yield
        except Timeout as cause:
            message = f"another process keeps the dense index in {self._folder} to itself"
            raise LibraryLocked(message, "wait until it has finished, then try again") from cause
        except (ChromaError, ValueError, OSError) as cause:
            raise _failure(self._folder, cause) from cause


def _failure(folder: Path, cause: Exception) -> LibraryError:
    if any(sign in str(cause) for sign in _FULL_DISK):
        return LibraryError(f"the disk of the dense index in {folder} is full", "free some space and try again")
    return LibraryError(f"the dense index in {folder} cannot be used: {cause}", _REBUILD)


def _open_client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # known to pydantic-settings, and to its mypy plugin alone
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        chroma_otel_collection_endpoint="",
    )
    try:
        return chromadb.PersistentClient(str(folder), settings)
    except (ChromaError, ValueError):
        # Chroma 1.5 keeps the half-started client of a folder and would hand it out again.
        SharedSystemClient.clear_system_cache()
        raise


def _open_collection(client: Any) -> Any:
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(_COLLECTION, embedding_function=None)
    except NotFoundError:
        return client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW})


def _stamp_of(folder: Path) -> str:
    """What the last writer left; the files of Chroma tell less, as opening them writes to them too."""
    try:
        return (folder / _STAMP).read_text()
    except FileNotFoundError:
        return ""


def _nearest_of(collection: Any, vector: "Vectors", limit: int, allowed: list[str]) -> dict[str, float]:
    """Chroma refuses a filter that names a paper which is not in the index, so such papers are taken out then."""
    from chromadb.errors import InternalError

    try:
        return _nearest(collection, vector, limit, ids=allowed)
    except InternalError as error:
        if _UNKNOWN_ID not in str(error):
            raise
    pages = [allowed[start : start + _PAGE] for start in range(0, len(allowed), _PAGE)]
    present = [paper_id for page in pages for paper_id in collection.get(ids=page, include=[])["ids"]]
    return _nearest(collection, vector, limit, ids=present) if present else {}


def _nearest(collection: Any, vector: "Vectors", limit: int, ids: list[str] | None = None) -> dict[str, float]:
    matches = collection.query(query_embeddings=[vector], n_results=limit, ids=ids, include=["distances"])
    distances = zip(matches["ids"][0], matches["distances"][0], strict=True)
    return {paper_id: 1.0 - distance for paper_id, distance in distances}
