"""The two indexes of a library, opened when they are first needed and closed with it."""

import threading
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssetMissing
from assistant.library.index.chroma_index import UNFINISHED
from assistant.library.index.ports import DensePaperIndex, Embedder, LexicalPaperIndex, PaperIndex
from assistant.library.sqlite.errors import translated

LEXICAL = "lexical"
DENSE = "dense"
INDEX_NAMES = (LEXICAL, DENSE)
INDEX_FOLDERS = {LEXICAL: "tantivy", DENSE: "chroma"}

OpenLexical = Callable[[Path], LexicalPaperIndex]
OpenDense = Callable[[Path, Embedder], DensePaperIndex]


def open_tantivy(folder: Path) -> LexicalPaperIndex:
    """The lexical index in the library's folder; imports Tantivy."""
    from assistant.library.index.tantivy_index import LexicalIndex

    return LexicalIndex(folder)


def open_chroma(folder: Path, embedder: Embedder) -> DensePaperIndex:
    """The dense index in the library's folder; imports Chroma."""
    from assistant.library.index.chroma_index import DenseIndex

    return DenseIndex(folder, embedder)


class IndexRegistry:
    """Opens each index once. Without an embedder there is no dense index to open."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None,
        open_lexical: OpenLexical = open_tantivy,
        open_dense: OpenDense = open_chroma,
    ) -> None:
        self._folder = folder
        self._open_lexical = open_lexical
        self._open_dense = open_dense
        self._lexical: LexicalPaperIndex | None = None
        self._dense: DensePaperIndex | None = None
        self._lock = threading.Lock()
        self.embedder = embedder

    @property
    def names(self) -> tuple[str, ...]:
        """The indexes that can be opened here."""
        return (LEXICAL,) if self.embedder is None else INDEX_NAMES

    def lexical(self) -> LexicalPaperIndex:
        """The lexical index; raises `LibraryError` when it cannot be opened."""
        with self._lock, translated(self._folder):
            if self._lexical is None:
                self._lexical = self._open_lexical(self._folder)
            return self._lexical

    def dense(self) -> DensePaperIndex:
        """The dense index; raises `AssetMissing` without an embedder, `LibraryError` when it cannot be opened."""
        if self.embedder is None:
            raise AssetMissing("the dense index needs an embedder, and none is here", "run `assistant assets pull`")
        with self._lock, translated(self._folder):
            if self._dense is None:
                self._dense = self._open_dense(self._folder, self.embedder)
            return self._dense

    def get(self, name: str) -> PaperIndex:
        """The index of that name; raises what `lexical` and `dense` raise."""
        return self.lexical() if name == LEXICAL else self.dense()

    def exists(self, name: str) -> bool:
        """Whether the index was made before, and not left behind by a writer that was killed."""
        folder = self._folder / INDEX_FOLDERS[name]
        return folder.exists() and not (folder / UNFINISHED).exists()

    def bytes_of(self, name: str) -> int:
        """The size of an index's files; 0 before it was made."""
        files = (self._folder / INDEX_FOLDERS[name]).rglob("*")
        return sum(file.stat().st_size for file in files if file.is_file())

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            opened = (self._lexical, self._dense)
            self._lexical = self._dense = None
            for index in opened:
                if index is not None:
                    index.close()
