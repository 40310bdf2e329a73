"""Papers of a survey grouped by what they do, each group named by the words that its papers share."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import as_written, is_everywhere, keyword_terms, stop_words, title_terms, words
from assistant.retrieval import Hit, IdfWeights

FURTHER = "Further work"
"""The name of the papers that share no telling term with another one."""

_FEWEST_PAPERS = 2
_MOST_GROUPS = 5
_LARGEST_SHARE = 0.5
_SUITABLE_SIZE = 4
_PAIR_WORTH = 1.0
_OWN_WORTH = 0.5
"""Beside 1 for every paper that speaks of a term: for several words, and for each paper that has it in its title."""


@dataclass(frozen=True, slots=True)
class Approach:
    """Papers that share an approach, best first, under its name."""

    name: str
    hits: tuple[Hit, ...]


def grouped_approaches(question: str, hits: Sequence[Hit]) -> tuple[Approach, ...]:
    """The papers in at most five groups and `FURTHER`, every one once; the group of the best paper first.

    Groups are taken greedily: the term that most papers share that are left, up to four of them. Words of the
    question name no group: all papers share them.
    """
    terms = _shared_terms(question, hits)
    remaining = set(range(len(hits)))
    groups: list[tuple[str, list[int]]] = []
    while len(groups) < _MOST_GROUPS and (term := _best_term(terms, remaining)):
        places = sorted(term.places & remaining)
        groups.append((term.spelling, places))
        remaining.difference_update(places)
    if len(remaining) == 1 and groups:
        lone = remaining.pop()
        _nearest(groups, lone, hits).append(lone)
    groups.sort(key=lambda group: min(group[1]))
    texts = [hit.paper.abstract for hit in hits]
    named = [Approach(as_written(term, texts), _picked(hits, places)) for term, places in groups]
    return (*named, Approach(FURTHER, _picked(hits, remaining))) if remaining else tuple(named)


@dataclass(frozen=True, slots=True)
class _Term:
    """The papers that speak of a term, by place, and those of them that have it as a keyword or in the title."""

    spelling: str
    places: frozenset[int]
    own: frozenset[int]

    def worth(self, remaining: set[int]) -> tuple[float, int, str]:
        """How good a group it makes of the papers left; of equal ones the rarer."""
        shared, own = len(self.places & remaining), len(self.own & remaining)
        several_words = _PAIR_WORTH if len(words(self.spelling)) > 1 else 0.0
        return (min(shared, _SUITABLE_SIZE) + _OWN_WORTH * own + several_words, -len(self.places), self.spelling)


def _shared_terms(question: str, hits: Sequence[Hit]) -> list[_Term]:
    """The terms that some papers share and neither the question nor most papers have.

    They are keywords and terms of several words in titles: a single word of a title may be any verb.
    """
    ignored_words = {*words(question), *stop_words()}
    texts = [f" {' '.join(words(hit.paper.text))} " for hit in hits]
    titled = [{k: v for k, v in title_terms(hit.paper.title).items() if " " in k} for hit in hits]
    owned = [keyword_terms(hit.paper.paper.keywords) | titles for hit, titles in zip(hits, titled, strict=True)]
    spellings = {key: spelling for own in owned for key, spelling in own.items()}
    terms: list[_Term] = []
    for key, spelling in spellings.items():
        places = frozenset(place for place, text in enumerate(texts) if f" {key} " in text)
        telling = not is_everywhere(key) and not ignored_words.issuperset(key.split())
        if telling and _FEWEST_PAPERS <= len(places) <= len(hits) * _LARGEST_SHARE:
            terms.append(_Term(spelling, places, frozenset(p for p in places if key in owned[p])))
    return terms


def _best_term(terms: Sequence[_Term], remaining: set[int]) -> _Term | None:
    """The term of the next group; None when no two of the papers left share one."""
    shared = [term for term in terms if len(term.places & remaining) >= _FEWEST_PAPERS]
    return max(shared, key=lambda term: term.worth(remaining), default=None)


def _nearest(groups: Sequence[tuple[str, list[int]]], lone: int, hits: Sequence[Hit]) -> list[int]:
    """The places of the group that a paper shares most weighted words with."""
    texts = [hit.paper.text for hit in hits]
    weights = IdfWeights.from_texts(texts)
    return max(
        (places for _, places in groups),
        key=lambda places: max(weights.similarity(texts[lone], texts[place]) for place in places),
    )


def _picked(hits: Sequence[Hit], places: Sequence[int] | set[int]) -> tuple[Hit, ...]:
    return tuple(hits[place] for place in sorted(places))
