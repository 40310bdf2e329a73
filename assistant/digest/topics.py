"""Papers grouped by what they are about: by keywords, else by words of their titles. No model is asked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.library.terms import abbreviated, keyword_terms, title_terms, usual_spelling
from assistant.library.values import LibraryPaper

OTHERS = "Also"
_FEWEST_ENTRIES = 2
_LARGEST_SHARE = 0.4
"""A term that more papers share than this says too little to be a topic, unless it is only a handful of papers."""
_HANDFUL = 6

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Group(Generic[_Entry]):
    """Entries that share a topic, those of most upvotes first; the name is in lower case but for `OTHERS`."""

    name: str
    entries: tuple[_Entry, ...]


def grouped(entries: Sequence[_Entry], paper_of: Callable[[_Entry], LibraryPaper]) -> tuple[Group[_Entry], ...]:
    """The entries by topic, every one once; the topics of most upvotes first, `OTHERS` last.

    They are covered greedily: the term that most of those left share makes the next topic.
    Terms are keywords, and words and pairs of words of titles; single words group what the longer ones leave over.
    Of terms shared equally often the one with most upvotes is taken, then the longer one.
    """
    papers = [paper_of(entry) for entry in entries]
    left = set(range(len(papers)))
    groups: list[tuple[str, list[int]]] = []
    for terms in _terms_by_worth(papers):
        while (found := _next_topic(terms, left, papers)) is not None:
            groups.append(found)
            left.difference_update(found[1])
    named = sorted(groups, key=lambda group: -sum(_upvotes(papers[place]) for place in group[1]))
    if left:
        named.append((OTHERS, sorted(left)))
    return tuple(
        Group(name, tuple(entries[place] for place in sorted(places, key=lambda place: -_upvotes(papers[place]))))
        for name, places in named
    )


def _terms_by_worth(papers: Sequence[LibraryPaper]) -> list[list[dict[str, str]]]:
    """Spellings by key of each paper's terms: first those of two words and more, then single words as well.

    Terms that one paper has or too many have are left out.
    """
    found = [title_terms(paper.paper.title) | keyword_terms(paper.paper.keywords) for paper in papers]
    meant = abbreviated(Counter(key for terms in found for key in terms))
    resolved = [{meant.get(key, key): spelling for key, spelling in terms.items()} for terms in found]
    most = max(_HANDFUL, int(len(papers) * _LARGEST_SHARE))
    counts = Counter(key for terms in resolved for key in terms)
    resolved = [{key: terms[key] for key in terms if _FEWEST_ENTRIES <= counts[key] <= most} for terms in resolved]
    longer = [{key: spelling for key, spelling in terms.items() if " " in key} for terms in resolved]
    return [longer, resolved]


def _next_topic(
    terms: Sequence[Mapping[str, str]], left: set[int], papers: Sequence[LibraryPaper]
) -> tuple[str, list[int]] | None:
    """Name and places of the largest topic among the entries that are left; None when no two share a term."""
    places_of: dict[str, list[int]] = {}
    for place in sorted(left):
        for key in terms[place]:
            places_of.setdefault(key, []).append(place)
    shared = {key: places for key, places in places_of.items() if len(places) >= _FEWEST_ENTRIES}
    if not shared:
        return None
    key = max(shared, key=lambda key: (len(shared[key]), sum(_upvotes(papers[p]) for p in shared[key]), len(key), key))
    return usual_spelling(Counter(terms[place][key] for place in shared[key])), shared[key]


def _upvotes(paper: LibraryPaper) -> int:
    return paper.upvotes or 0
