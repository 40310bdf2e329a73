"""Papers grouped by what they are about: hierarchical clustering of their vectors and of their words."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.papers import Paper
from assistant.retrieval.term_weights import WordWeights, content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

VERSION = "1"
"""Changes with every change of the grouping, so that groups kept before are not taken for these."""

_WORDS_SHARE = 0.5
_LEAST_LIKENESS = 0.06
_FEWEST_PAPERS = 2


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
    weights = WordWeights.from_words(set(words) for words in counted)
    shared = sorted(word for word, held in Counter(w for words in counted for w in words).items() if held > 1)
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
