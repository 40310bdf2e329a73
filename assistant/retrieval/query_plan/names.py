"""Whom and what a name in a question means: authors, organizations and papers of the library."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.library import (
    AuthorIndex,
    AuthorMatch,
    Filters,
    LexicalPaperIndex,
    StoredPaper,
    organization_key,
    words,
)
from assistant.library import Collection as Tables
from assistant.papers import normalized_title, parse_paper_id
from assistant.retrieval.paper_mentions import FEW_PAPERS, MentionMatch, naming, spelled_name
from assistant.retrieval.query.organizations import organizations_called

_CANDIDATES = 20
_SHORTEST_BEGINNING = 12
_SHORTEST_INSIDE = 20
_MOST_NAMESAKES = 12


class NamedTables(Protocol):
    """What resolving names needs of the library."""

    @property
    def collection(self) -> Tables:
        """Who wrote what."""
        ...

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids."""
        ...

    def organizations(self) -> Collection[str]:
        """The organizations that papers come from."""
        ...

    def newest_day(self) -> date | None:
        """The last day that has papers."""
        ...

    def find_by_title(self, text: str, limit: int = 10) -> list[StoredPaper]:
        """Papers by what is remembered of their titles."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...

    def matching_ids(self, filters: Filters) -> frozenset[str] | None:
        """The ids of all papers that pass the filters."""
        ...


@dataclass(frozen=True, slots=True)
class NameResolver:
    """Resolves names against one library; it reads the disk and blocks."""

    library: NamedTables

    def authors(self) -> AuthorIndex:
        """The authors by name."""
        return self.library.collection.authors()

    def author(self, name: str) -> AuthorMatch | None:
        """Whom a name means as an author."""
        return self.authors().find(name)

    def organizations(self, name: str) -> tuple[str, ...]:
        """What `Filters` should hold for an organization; empty when none is called so."""
        return organizations_called(name, self.library.organizations())

    def is_organization(self, name: str) -> bool:
        """Whether an organization bears just this name, however it is spelled."""
        return organization_key(name) in set(map(organization_key, self.library.organizations()))

    def is_common(self, name: str) -> bool:
        """Whether many papers have every word of a name, so that it is rather a subject."""
        return self._rarest(name) >= FEW_PAPERS

    def is_rare(self, words: str) -> bool:
        """Whether papers have every word of a text, and one of them only few have."""
        return 0 < self._rarest(words) < FEW_PAPERS

    def _rarest(self, text: str) -> int:
        frequencies, _ = self.library.lexical_index().document_frequencies(text)
        return min(frequencies.values(), default=0)

    def paper_spans(self, spans: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
        """The first of several spellings, longest first, that papers are called by, and these papers, the newest first.

        The last one is the shortest and stands in all others.
        """
        if not spans:
            return None
        if (paper_id := parse_paper_id(spans[-1])) and (papers := self.library.get([paper_id])):
            return spans[-1], tuple(paper.paper_id for paper in papers)
        candidates = self.library.get(self.library.collection.ids_with_title(spans[-1]))
        for span in spans:
            if ids := self._called(span, candidates):
                return span, ids
        shortest = spans[-1]
        if not normalized_title(shortest) or self.is_common(shortest):
            return None
        candidate_ids = list(self.library.lexical_index().search(shortest, _CANDIDATES, None))
        ids = self._called(shortest, self.library.get(candidate_ids))
        return (shortest, ids) if ids else None

    def _called(self, name: str, candidates: Sequence[StoredPaper]) -> tuple[str, ...]:
        spelled = spelled_name(name)
        if spelled is None:
            return ()
        by_naming: dict[MentionMatch, list[StoredPaper]] = {}
        for paper in candidates:
            how = naming(spelled, paper.paper) or _part_of_title(name, paper.title)
            if how is not None:
                by_naming.setdefault(how, []).append(paper)
        if not by_naming:
            return ()
        best = max(by_naming)
        papers = by_naming[best]
        plain = not spelled.spelled and len(words(name)) == 1 and best < MentionMatch.TITLE and self.is_common(name)
        if plain or len(papers) > (_MOST_NAMESAKES if best >= MentionMatch.BEGINS_TITLE else 1):
            return ()
        return tuple(paper.paper_id for paper in sorted(papers, key=lambda paper: paper.day_text, reverse=True))


def _part_of_title(name: str, title: str) -> MentionMatch | None:
    """A title that begins with a name of some length, or has a long one inside."""
    key, title_key = normalized_title(name), normalized_title(title)
    if len(key) >= _SHORTEST_BEGINNING and title_key.startswith(key):
        return MentionMatch.BEGINS_TITLE
    return MentionMatch.IN_TITLE if len(key) >= _SHORTEST_INSIDE and key in title_key else None
