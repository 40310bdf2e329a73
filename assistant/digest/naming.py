"""Names of topics without a model: what the papers of a topic speak of and the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library.terms import as_written, is_everywhere, keyword_terms, places_spoken, title_terms
from assistant.papers import Paper

_FEWEST_PAPERS = 2
_OWN_WORTH = 0.5
_PAIR_WORTH = 0.25
"""Beside the share of the topic's papers that speak of a term: having it in title or keywords, and several words."""
_SECOND_SHARE = 0.6
"""A second term joins the name when it is worth this share of the first."""


@dataclass(frozen=True, slots=True)
class SpokenTerm:
    """A term of titles or keywords: the places of papers that speak of it, and of those that have it as their own."""

    key: str
    spelling: str
    places: frozenset[int]
    own: frozenset[int]


def spoken_terms(papers: Sequence[Paper]) -> list[SpokenTerm]:
    """The terms that at least two of the papers speak of, in the order in which they first come."""
    owned = [title_terms(paper.title) | keyword_terms(paper.keywords) for paper in papers]
    spellings = {key: spelling for own in reversed(owned) for key, spelling in own.items()}
    return [
        SpokenTerm(key, spellings[key], places, frozenset(place for place in places if key in owned[place]))
        for key, places in places_spoken(spellings, (paper.text for paper in papers)).items()
        if len(places) >= _FEWEST_PAPERS
    ]


def topic_names(groups: Sequence[Sequence[int]], terms: Sequence[SpokenTerm], papers: Sequence[Paper]) -> list[str]:
    """A name for each group of places: its one or two best terms, none in two names.

    A group that shares no term bears its first paper's title.
    """
    taken: set[str] = set()
    names = []
    for group in groups:
        members = frozenset(group)
        chosen = _best_terms(terms, members, len(papers), taken)
        taken.update(word for term in chosen for word in term.key.split())
        texts = [papers[place].text for place in group]
        spelled = [as_written(term.spelling, texts) for term in chosen]
        names.append(" · ".join(spelled) or papers[group[0]].title)
    return names


def _best_terms(terms: Sequence[SpokenTerm], members: frozenset[int], papers: int, taken: set[str]) -> list[SpokenTerm]:
    free = [
        term
        for term in terms
        if len(term.places & members) >= _FEWEST_PAPERS and not taken.intersection(term.key.split())
    ]
    if not free:
        return []
    telling = [term for term in free if " " in term.key or len(term.own & members) >= _FEWEST_PAPERS] or free
    worths = {term.key: _worth(term, members, papers) for term in telling}
    first, *others = sorted(telling, key=lambda term: (-worths[term.key], term.key))
    second = [
        term
        for term in others
        if worths[term.key] >= _SECOND_SHARE * worths[first.key] and not set(term.key.split()) & set(first.key.split())
    ]
    return [first, *second[:1]]


def _worth(term: SpokenTerm, members: frozenset[int], papers: int) -> float:
    """Greater for a term that more of the members and fewer of the others speak of."""
    inside = len(term.places & members) / len(members)
    outside = len(term.places - members) / max(papers - len(members), 1)
    own = len(term.own & members) / len(members)
    several_words = _PAIR_WORTH if " " in term.key else 0.0
    everywhere = 0.5 if is_everywhere(term.key) else 1.0
    return (inside - outside + _OWN_WORTH * own + several_words) * everywhere
