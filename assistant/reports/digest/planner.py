"""From the papers of a digest to its plan: clustered, named, numbered in the order in which they are shown.

A topic is named by one or two terms that most of its papers share; a cluster without such terms is divided.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering import GenerationCache, numbered_sources
from assistant.errors import LibraryError
from assistant.library import Library, StoredPaper, as_written, is_everywhere, keyword_terms, places_spoken, title_terms
from assistant.papers import Paper
from assistant.reports.digest.selection import PeriodPapers
from assistant.reports.digest.values import LEADING, OTHERS, DigestPlan, Topic
from assistant.reports.digest.week_over_week import differences_from_before
from assistant.retrieval import IdfWeights, PaperVectors, content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


_FEWEST_SHARING = 2
_FEWEST_OF_MANY = 3
_OWN_WORTH = 0.5
_PAIR_WORTH = 0.4
"""Beside the share of the topic's papers that speak of a term: having it in title or keywords, and several words."""
_SECOND_SHARE = 0.6
"""A second term joins the name when it is worth this share of the first."""
VERSION = "1"
"""Changes with every change of the grouping, so that groups kept before are not taken for these."""
_WORDS_SHARE = 0.5
_LEAST_LIKENESS = 0.06
_FEWEST_PAPERS = 2
_FEWEST_TO_GROUP = 6


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
        if len(places) >= _FEWEST_SHARING
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
    return papers >= _FEWEST_SHARING and 3 * papers >= 2 * of


def _best_term(
    terms: Sequence[SpokenTerm], remaining: frozenset[int], papers: int, taken_words: set[str]
) -> SpokenTerm | None:
    """The term of the next topic of the papers left; None when no telling one is shared by enough of them."""
    enough = min(_FEWEST_OF_MANY, max(_FEWEST_SHARING, (len(remaining) + 1) // 2))
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
        and (" " in term.key or len(term.own & members) >= _FEWEST_SHARING)
    ]


def _worth(term: SpokenTerm, members: frozenset[int], papers: int) -> float:
    """Greater for a term that more of the members and fewer of the others speak of."""
    inside = len(term.places & members) / len(members)
    outside = len(term.places - members) / max(papers - len(members), 1)
    own = len(term.own & members) / len(members)
    return inside - outside + _OWN_WORTH * own + (_PAIR_WORTH if " " in term.key else 0.0)


def clusters(papers: Sequence[Paper], vectors: "Matrix | None") -> list[list[int]]:
    """Places of papers that belong together, each place in at most one group; those in none share too little.

    Average linkage into about the square root of their number of groups, over centered vectors and weighted words in
    equal shares; without ``vectors`` (one row a paper) over words alone. A paper that is hardly like the others of its
    group is left out of it. Against k-means and other linkages: benchmarks/topics.
    """
    if len(papers) <= _FEWEST_PAPERS:
        return []
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    features = _features(papers, vectors)
    if not np.ptp(features, axis=0).any():
        return [list(range(len(papers)))]
    tree = linkage(pdist(features), "average")  # rows themselves may look like distances
    labels = fcluster(tree, max(2, round(len(papers) ** 0.5)), "maxclust")
    likeness = features @ features.T
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    fitting = [[place for place in group if _fits(likeness, place, group)] for group in groups]
    return [group for group in fitting if len(group) >= _FEWEST_PAPERS]


def _fits(likeness: "Matrix", place: int, group: Sequence[int]) -> bool:
    """Whether a paper is on average like the others of its group."""
    others = likeness[place, group].sum() - likeness[place, place]
    return len(group) > 1 and bool(others / (len(group) - 1) >= _LEAST_LIKENESS)


def _features(papers: Sequence[Paper], vectors: "Matrix | None") -> "Matrix":
    """One row a paper; the product of two rows is how alike the papers are."""
    import numpy as np

    worded = _word_rows(papers)
    if vectors is None:
        return worded
    meant = _normalized(vectors - vectors.mean(axis=0))
    return np.hstack([meant * np.sqrt(1 - _WORDS_SHARE), worded * np.sqrt(_WORDS_SHARE)])


def _word_rows(papers: Sequence[Paper]) -> "Matrix":
    """Rows of length 1: the weighted words that at least two papers have; a word of the title counts twice."""
    import numpy as np

    counted = [Counter(content_words(f"{paper.title} {paper.text}")) for paper in papers]
    weights = IdfWeights.from_words(set(words) for words in counted)
    shared = sorted(word for word, count in Counter(w for words in counted for w in words).items() if count > 1)
    columns = {word: column for column, word in enumerate(shared)}
    rows = np.zeros((len(papers), max(len(columns), 1)), dtype=np.float32)
    for row, words in zip(rows, counted, strict=True):
        for word, count in words.items():
            if word in columns:
                row[columns[word]] = (1 + np.log(count)) * weights.weight(word)
    return _normalized(rows)


def _normalized(rows: "Matrix") -> "Matrix":
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32, copy=False)


class DigestPlanner:
    """Plans digests. Groups are kept: the second plan of the same papers needs no vectors."""

    def __init__(self, library: Library, vectors: PaperVectors, cache: GenerationCache) -> None:
        self._library = library
        self._vectors = vectors
        self._cache = cache

    async def plan(self, selection: PeriodPapers) -> DigestPlan:
        """Group the papers; a topic stands where its first paper does, the rest behind all of them.

        The paper that leads is on top of its topic, and that topic on top of all: see `_leading_paper`.
        """
        return await asyncio.to_thread(self._plan, selection)

    def _plan(self, selection: PeriodPapers) -> DigestPlan:
        leading = _leading_paper(selection)
        leading_first = sorted(selection.papers, key=lambda paper: paper is not leading)
        papers = [ranked_paper.paper for ranked_paper in leading_first]
        named = named_groups(sorted(self._groups(papers), key=min), spoken_terms(papers), papers)
        grouped = {place for _, group in named for place in group}
        rest = [place for place in range(len(papers)) if place not in grouped]
        if leading and named and rest[:1] == [0]:
            named.append((LEADING, [rest.pop(0)]))
        named.sort(key=lambda topic: min(topic[1]))
        in_order = [place for group in (*(group for _, group in named), rest) for place in group]
        number = {place: number for number, place in enumerate(in_order, start=1)}
        topics = [Topic(name, tuple(number[place] for place in group)) for name, group in named]
        if rest:
            topics.append(Topic(OTHERS, tuple(number[place] for place in rest), is_rest=True))
        sources = numbered_sources([leading_first[place] for place in in_order])
        why = {source.number: selection.why.get(source.paper.paper_id, ()) for source in sources}
        return DigestPlan(
            selection.period,
            sources,
            tuple(topics),
            selection.listed,
            selection.left_out,
            {number: reasons for number, reasons in why.items() if reasons},
            selection.profile,
            differences_from_before(self._library, selection.period.first, selection.period.last),
        )

    def _groups(self, papers: Sequence[Paper]) -> list[list[int]]:
        if len(papers) < _FEWEST_TO_GROUP:
            return []
        paper_hashes = sorted((paper.paper_id, paper.content_hash) for paper in papers)
        key = hashlib.sha256(
            json.dumps(["groups", VERSION, self._vectors.fingerprint, paper_hashes]).encode()
        ).hexdigest()
        cached = self._cache.generation(key)
        if cached is None:
            groups = [[papers[p].paper_id for p in group] for group in clusters(papers, self._vectors.of(papers))]
            with suppress(LibraryError):  # groups that cannot be kept are still groups
                self._cache.remember_generation(key, json.dumps(groups), "clusters")
        else:
            groups = json.loads(cached)
        place = {paper.paper_id: place for place, paper in enumerate(papers)}
        return [sorted(place[paper_id] for paper_id in group) for group in groups]


def _leading_paper(selection: PeriodPapers) -> StoredPaper | None:
    """The paper with most upvotes; None without any, and for a profile, which leads with what fits it best."""
    leading = max(selection.papers, key=lambda paper: paper.upvotes or 0, default=None)
    return leading if leading is not None and leading.upvotes and selection.profile is None else None
