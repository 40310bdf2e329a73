"""From the papers of a digest to its plan: clustered, named, numbered in the order in which they are shown."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.answering import GenerationCache, numbered_sources
from assistant.errors import LibraryError
from assistant.library import Library, StoredPaper
from assistant.papers import Paper
from assistant.reports.digest.selection import PeriodPapers
from assistant.reports.digest.topic_names import named_groups, spoken_terms
from assistant.reports.digest.values import LEADING, OTHERS, DigestPlan, Topic
from assistant.reports.digest.week_over_week import differences_from_before
from assistant.retrieval import IdfWeights, PaperVectors, content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

VERSION = "1"
"""Changes with every change of the grouping, so that groups kept before are not taken for these."""

_WORDS_SHARE = 0.5
_LEAST_LIKENESS = 0.06
_FEWEST_PAPERS = 2
_FEWEST_TO_GROUP = 6


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
