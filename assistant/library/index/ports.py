"""What the library asks of its indexes and of the embedder: protocols, no vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from assistant.papers import Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a query papers have as it is typed.

    ``shares`` by paper id, most first: 1 for every word, weighed by rarity. ``rarity`` is that of the rarest word that
    any paper has as it is typed: 0 for one that all papers have, near 1 for one that is in a single paper.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    rarity: float = 0.0


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text may give another vector; the library is made with one and keeps to it."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of length 1, one row a text, in order: shape ``(len(texts), dimensions)``."""
        ...

    def understands(self, text: str) -> bool:
        """Whether a vector tells what the text means: most of it is known to the embedder."""
        ...


class PaperIndex(Protocol):
    """An index over papers; it can be lost at any time and is made again from the database."""

    @property
    def name(self) -> str:
        """What the index is called in reports: ``lexical`` or ``dense``."""
        ...

    def add(self, papers: Sequence[Paper]) -> None:
        """Put papers in, replacing those of the same id; they are on disk when this returns."""
        ...

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Take papers out; unknown ids are passed over."""
        ...

    def contents(self) -> dict[str, str]:
        """The content hash of every paper that is in the index, by paper id."""
        ...

    def clear(self) -> None:
        """Take everything out; also mends an index whose files cannot be read any more."""
        ...

    def close(self) -> None:
        """Free files and memory; the index is not used afterwards."""
        ...


class LexicalPaperIndex(PaperIndex, Protocol):
    """An index that ranks papers by the words of a query."""

    def search(self, query: str, limit: int, allowed: frozenset[str] | None = None) -> dict[str, float]:
        """Scores by paper id, best first, above 0; only papers of ``allowed`` unless it is None."""
        ...

    def coverage(self, query: str, limit: int, allowed: frozenset[str] | None = None) -> Coverage:
        """How much of a query papers have as it is typed; only papers of ``allowed`` unless it is None."""
        ...

    def document_frequencies(self, text: str) -> tuple[dict[str, int], int]:
        """How many papers have each word of a text, and how many papers there are."""
        ...


class DensePaperIndex(PaperIndex, Protocol):
    """An index that ranks papers by the likeness of vectors."""

    def add_vectors(self, papers: Sequence[Paper], vectors: "Vectors") -> None:
        """Like `add`, with the papers' vectors at hand: shape ``(len(papers), dimensions)``."""
        ...

    def vectors(self, papers: Sequence[Paper]) -> "dict[str, Vectors]":
        """The vectors of papers by id, length 1; papers that are not in the index with this text are left out."""
        ...

    def search(self, vector: "Vectors", limit: int, allowed: frozenset[str] | None = None) -> dict[str, float]:
        """Cosine similarities by paper id, best first; only papers of ``allowed`` unless it is None."""
        ...
