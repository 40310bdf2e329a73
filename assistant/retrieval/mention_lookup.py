"""Finds the papers that a question names, also those that its ranking does not have: each name is searched for."""

from collections.abc import Sequence
from typing import Protocol

from assistant.library.index.ports import LexicalPaperIndex
from assistant.library.index.tantivy_index import words
from assistant.library.records import LibraryPaper
from assistant.papers import Paper
from assistant.retrieval.paper_mentions import (
    FEW_PAPERS,
    RARE_PAPERS,
    PossibleName,
    Use,
    named_papers,
    possible_names,
    use_of,
)
from assistant.retrieval.titles import title_likeness, title_pieces

_TITLE_CANDIDATES = 20
"""Leading hits whose titles are held against the query: every title of 11,028 finds its paper among them."""
_LOOKED_AT = 50
_KEPT_OF_A_NAME = 10
_MOST_SEARCHES = 6
_LONGEST_SEARCHED = 4  # words


class NamedLibrary(Protocol):
    """What finding names needs of the library."""

    def get(self, paper_ids: Sequence[str]) -> list[LibraryPaper]:
        """The papers in the order of their ids; unknown ids are left out."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...


class NamedPapers:
    """The papers named in one question; ``allowed`` leaves other papers out."""

    def __init__(self, library: NamedLibrary, allowed: frozenset[str] | None) -> None:
        self._library = library
        self._allowed = allowed
        self._frequencies: dict[str, int] = {}

    def find(self, text: str, ranked: Sequence[Paper]) -> list[str]:
        """Ids of the papers that the text names, by title first; ``ranked`` are those found for it, best first."""
        self._frequencies, _ = self._library.lexical_index().document_frequencies(text)
        names = [name for name in possible_names(text) if name.spelled or self._rarest(name) < FEW_PAPERS]
        further = self._searched(names, {paper.paper_id for paper in ranked}) if names else []
        titled = _titled(text, [*ranked[:_TITLE_CANDIDATES], *further])
        return list(dict.fromkeys([*titled, *named_papers(names, [*ranked, *further], self._use)]))

    def _searched(self, names: Sequence[PossibleName], known: set[str]) -> list[Paper]:
        """Papers that come up for the names alone."""
        searched = [name for name in names if len(words(name.text)) <= _LONGEST_SEARCHED]
        searched.sort(key=lambda name: (not name.coined, not name.capitalized, self._rarest(name)))
        wanted: dict[str, None] = {}
        for name in searched[:_MOST_SEARCHES]:
            wanted |= dict.fromkeys(self._search(name, _KEPT_OF_A_NAME))
        return [found.paper for found in self._library.get([paper_id for paper_id in wanted if paper_id not in known])]

    def _search(self, name: PossibleName, limit: int) -> list[str]:
        return list(self._library.lexical_index().search(name.text, limit, self._allowed))

    def _rarest(self, name: PossibleName) -> int:
        """How many papers have the rarest word of the name: at most so many have the name as it is spelled here."""
        return min((self._frequencies.get(word, 0) for word in words(name.text)), default=0)

    def _use(self, name: PossibleName) -> Use:
        rarest, alone = self._rarest(name), len(words(name.text)) == 1
        if name.spelled and (rarest < RARE_PAPERS or (alone and name.coined)):
            return Use(rarest, 0)  # no text needs to be read
        return use_of(name, [one.paper for one in self._library.get(self._search(name, _LOOKED_AT))])


def _titled(text: str, papers: Sequence[Paper]) -> list[str]:
    """The papers that the text, or a part of it, names by title, the likest first."""
    pieces = title_pieces(text)
    likeness = {paper.paper_id: max(title_likeness(piece, paper.title) for piece in pieces) for paper in papers}
    named = [paper_id for paper_id, likely in likeness.items() if likely > 0]
    return sorted(named, key=lambda paper_id: -likeness[paper_id])
