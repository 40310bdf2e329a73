"""Topics of a digest: how often two papers that share two or more of the feed's keywords land together.

Data: days with 20 papers and more, and weeks, of the papers of ``--shared``, as far as the feed gave keywords (they
are not used for grouping). Random groups have the sizes of ours; k-means works on the raw vectors, with as many groups
as ours. "Share of pairs" is how many of all pairs are together: of two groupings that bring the same pairs together
the one with the smaller share is the better. The last column is the quotient of the two.
"""

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.cluster.vq import kmeans2

from assistant.library.library import Library
from assistant.papers import Paper
from assistant.reports.digest.planner import clusters
from assistant.retrieval.embeddings import PaperVectors
from benchmarks.common import RememberingEmbedder, Vectors, add_options, corpus_library, embedder_of

_FIRST_DAY = date(2025, 3, 1)
_FEWEST_PAPERS = 20
_SHUFFLES = 100

Groups = list[list[int]]


@dataclass(frozen=True)
class Period:
    """The papers of a day or a week with their vectors, and the pairs of places that share two keywords."""

    papers: list[Paper]
    vectors: Vectors
    pairs: list[tuple[int, int]]


def periods(library: Library, vectors: PaperVectors, days: int) -> list[Period]:
    """Every ``days`` days of the corpus with papers and pairs enough."""
    newest = library.newest_day()
    assert newest is not None
    periods_with_pairs = []
    day = _FIRST_DAY - timedelta(days=_FIRST_DAY.weekday())
    while day <= newest:
        listed = library.listed(day, day + timedelta(days=days - 1))
        papers = [paper.paper for paper in listed if paper.paper.keywords]
        if len(papers) >= _FEWEST_PAPERS and (pairs := _sharing(papers)):
            paper_vectors = vectors.of(papers)
            assert paper_vectors is not None
            periods_with_pairs.append(Period(papers, paper_vectors, pairs))
        day += timedelta(days=days)
    return periods_with_pairs


def _sharing(papers: Sequence[Paper]) -> list[tuple[int, int]]:
    keywords = [{keyword.casefold().strip() for keyword in paper.keywords} for paper in papers]
    return [(a, b) for a, b in itertools.combinations(range(len(papers)), 2) if len(keywords[a] & keywords[b]) >= 2]


def by_kmeans(period: Period, groups: int) -> Groups:
    """As many groups as ours by k-means++."""
    _, labels = kmeans2(period.vectors.astype(float), groups, minit="++", seed=1, missing="warn")
    return [np.flatnonzero(labels == label).tolist() for label in range(groups)]


def at_random(sizes: Sequence[int], papers: int, seed: int) -> Groups:
    """Groups of these sizes."""
    order = np.random.default_rng(seed).permutation(papers).tolist()
    ends = list(itertools.accumulate(sizes))
    return [order[end - size : end] for size, end in zip(sizes, ends, strict=True)]


@dataclass
class Tally:
    """Pairs that share keywords, those of them together, and the mean share of all pairs that are together."""

    together: float = 0.0
    pairs: int = 0
    shares: float = 0.0
    periods: int = 0

    def add(self, period: Period, groups: Groups) -> None:
        """Count one grouping of a period."""
        label = {place: number for number, group in enumerate(groups) for place in group}
        self.together += sum(1 for a, b in period.pairs if a in label and label[a] == label.get(b))
        self.pairs += len(period.pairs)
        papers = len(period.papers)
        self.shares += sum(len(group) * (len(group) - 1) for group in groups) / (papers * (papers - 1))
        self.periods += 1

    def row(self, name: str) -> str:
        """A line of the table."""
        together, share = self.together / self.pairs, self.shares / self.periods
        return f"| {name} | {together:.3f} | {share:.3f} | {together / share:.2f} |"


def main() -> None:
    """Print a table for days and one for weeks."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    arguments = parser.parse_args()
    with RememberingEmbedder(embedder_of(arguments), arguments.work / "vectors.npz") as embedder:
        library = corpus_library(arguments, embedder)
        vectors = PaperVectors(library, embedder)
        for name, days in (("days", 1), ("weeks", 7)):
            _report(name, periods(library, vectors, days))


def _report(name: str, measured: Sequence[Period]) -> None:
    ours, words, kmeans, chance = Tally(), Tally(), Tally(), Tally()
    left_out = 0
    for period in measured:
        groups = clusters(period.papers, period.vectors)
        left_out += len(period.papers) - sum(map(len, groups))
        ours.add(period, groups)
        words.add(period, clusters(period.papers, None))
        kmeans.add(period, by_kmeans(period, len(groups)))
        for seed in range(_SHUFFLES):
            chance.add(period, at_random([len(group) for group in groups], len(period.papers), seed))
    papers = sum(len(period.papers) for period in measured)
    print(
        f"\n{len(measured)} {name}, {papers} papers, {ours.pairs} pairs; "
        f"{left_out / papers:.1%} of papers in the rest\n"
    )
    print("| groups | together | share of pairs | quotient |\n|---|---|---|---|")
    for tally, label in ((chance, "random"), (kmeans, "k-means, raw vectors"), (words, "ours, words alone"),
                         (ours, "ours")):  # fmt: skip
        print(tally.row(label))


if __name__ == "__main__":
    main()
