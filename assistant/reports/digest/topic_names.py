"""Names of topics without a model: what the papers of a topic speak of and the others do not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.library import as_written, is_everywhere, keyword_terms, places_spoken, title_terms
from assistant.papers import Paper

_FEWEST_PAPERS = 2
_FEWEST_OF_MANY = 3
_OWN_WORTH = 0.5
_PAIR_WORTH = 0.4
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
        for key, places in places_spoken(spellings, map(words_of, papers)).items()
        if len(places) >= _FEWEST_PAPERS
    ]


def words_of(paper: Paper) -> str:
    """What a paper says and is said to be about: title, abstract and keywords."""
    return f"{paper.text} ; {' ; '.join(paper.keywords)}"


def named_groups(
    groups: Sequence[Sequence[int]], terms: Sequence[SpokenTerm], papers: Sequence[Paper]
) -> list[tuple[str, list[int]]]:
    """The topics of groups of places: a name, one or two terms that two of three of its papers share, and the places.

    A group whose best term fewer papers share is divided: those that share it are a topic, then those of the others
    that share their best one. Papers that are left over are in no topic, and no word is in two names.
    """
    taken_words: set[str] = set()
    topics: list[tuple[str, list[int]]] = []
    for group in groups:
        remaining = frozenset(group)
        while first := _best_term(terms, remaining, len(papers), taken_words):
            members = (
                remaining if is_shared(len(first.places & remaining), len(remaining)) else remaining & first.places
            )
            name_terms = [first, *_second_terms(terms, first, members, len(papers), taken_words)]
            taken_words.update(word for term in name_terms for word in term.key.split())
            texts = [papers[place].text for place in members]
            topics.append((" · ".join(as_written(term.spelling, texts) for term in name_terms), sorted(members)))
            remaining -= members
    return topics


def is_shared(papers: int, of: int) -> bool:
    """Whether so many papers of a topic are enough for what its name says."""
    return papers >= _FEWEST_PAPERS and 3 * papers >= 2 * of


def _best_term(
    terms: Sequence[SpokenTerm], remaining: frozenset[int], papers: int, taken_words: set[str]
) -> SpokenTerm | None:
    """The term of the next topic of the papers left; None when no telling one is shared by enough of them."""
    enough = min(_FEWEST_OF_MANY, max(_FEWEST_PAPERS, (len(remaining) + 1) // 2))
    telling = _telling(terms, remaining, taken_words, lambda sharing: sharing >= enough)
    return min(telling, key=lambda term: (-_worth(term, remaining, papers), term.key), default=None)


def _second_terms(
    terms: Sequence[SpokenTerm], first: SpokenTerm, members: frozenset[int], papers: int, taken_words: set[str]
) -> list[SpokenTerm]:
    """The term that joins the first one in a name, if there is one."""
    used_words = taken_words.union(first.key.split())
    shared = _telling(terms, members, used_words, lambda sharing: is_shared(sharing, len(members)))
    least = _SECOND_SHARE * _worth(first, members, papers)
    good = [term for term in shared if _worth(term, members, papers) >= least]
    return sorted(good, key=lambda term: (-_worth(term, members, papers), term.key))[:1]


def _telling(
    terms: Sequence[SpokenTerm], members: frozenset[int], taken_words: set[str], enough: Callable[[int], bool]
) -> list[SpokenTerm]:
    """The free terms that enough of the members speak of, and that tell one subject from another."""
    return [
        term
        for term in terms
        if enough(len(term.places & members))
        and not taken_words.intersection(term.key.split())
        and not is_everywhere(term.key)
        and (" " in term.key or len(term.own & members) >= _FEWEST_PAPERS)
    ]


def _worth(term: SpokenTerm, members: frozenset[int], papers: int) -> float:
    """Greater for a term that more of the members and fewer of the others speak of."""
    inside = len(term.places & members) / len(members)
    outside = len(term.places - members) / max(papers - len(members), 1)
    own = len(term.own & members) / len(members)
    return inside - outside + _OWN_WORTH * own + (_PAIR_WORTH if " " in term.key else 0.0)
