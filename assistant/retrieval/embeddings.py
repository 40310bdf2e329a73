"""The vectors of papers: read from the dense index, made anew where it does not have them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import LibraryError
from assistant.library import Embedder, Library
from assistant.papers import Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class PaperVectors:
    """Vectors of a library's papers; none while there is no embedder."""

    def __init__(self, library: Library, embedder: Embedder | None) -> None:
        self._library = library
        self._embedder = embedder

    @property
    def fingerprint(self) -> str:
        """What the vectors depend on beside the papers; "none" without an embedder."""
        return self._embedder.fingerprint if self._embedder else "none"

    def of(self, papers: Sequence[Paper]) -> "Vectors | None":
        """Vectors of length 1, one row a paper, in order; None without an embedder.

        Blocks: call it in a thread. An index that cannot be read costs time, not the vectors.
        """
        if self._embedder is None or not papers:
            return None
        import numpy as np

        try:
            vectors = self._library.dense_index().vectors(papers)
        except LibraryError:
            vectors = {}
        missing = [paper for paper in papers if paper.paper_id not in vectors]
        if missing:
            new_vectors = self._embedder.embed([paper.text for paper in missing])
            vectors |= {paper.paper_id: vector for paper, vector in zip(missing, new_vectors, strict=True)}
        return np.stack([vectors[paper.paper_id] for paper in papers]).astype(np.float32, copy=False)
