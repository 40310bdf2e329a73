"""How fast search is in the process: hybrid search over the papers of ``--shared``, by part, and filtered.

Queries: `known_item`, each once a round, in turn over the variants, so that a busy machine slows all of them; the
index and the model are loaded before. The embedder's own time for the same queries is the yardstick. Beside it: the
embedder's throughput on abstracts, and the ranking of the sentences of six papers.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.embedder import OnnxEmbedder
from assistant.papers import Paper
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.sentence_ranking import rank_evidence
from benchmarks import common
from benchmarks.common import RememberingEmbedder

_CANDIDATES = 100
_PAPERS = 6
_ABSTRACTS = 256


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common.add_options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    embedder = common.embedder_of(arguments)
    with RememberingEmbedder(embedder, arguments.work / "vectors.npz") as remembering:
        common.corpus_library(arguments, remembering).close()
    with Library.open(arguments.work / "library", embedder=embedder) as library:
        queries = [question.text for question in common.known_item_questions(arguments.shared)]
        seconds = _measure(_steps(library, embedder, queries), queries, arguments.rounds)
        yardstick = statistics.median(seconds["the embedder alone"])
        print(f"{library.stats().papers} papers, {len(queries)} queries, {arguments.rounds} rounds\n")
        print("| step | p50 ms | p95 ms | against the embedder |\n|---|---|---|---|")
        for name, durations in seconds.items():
            p50, p95 = statistics.median(durations), statistics.quantiles(durations, n=20)[-1]
            print(f"| {name} | {p50 * 1000:.1f} | {p95 * 1000:.1f} | {p50 / yardstick:.2f} |")
        print(f"\nEmbedder on abstracts: {_throughput(library, embedder):.0f} a second")


def _steps(library: Library, embedder: OnnxEmbedder, queries: list[str]) -> Mapping[str, Callable[[str], object]]:
    hybrid = HybridSearch(library, embedder)
    last = library.newest_day()
    if last is None:
        raise SystemExit("the library is empty")
    week = Filters(since=last - timedelta(days=6), until=last)
    year = Filters(since=last - timedelta(days=364), until=last)
    vectors = dict(zip(queries, embedder.embed(queries), strict=True))
    hits_of = {query: hybrid.search(query, Filters(), _PAPERS) for query in queries}
    papers = {query: [hit.paper.paper for hit in hits] for query, hits in hits_of.items()}
    ids = {query: [paper.paper_id for paper in selected] for query, selected in papers.items()}
    return {
        "the embedder alone": lambda query: embedder.embed([query]),
        "dense index": lambda query: library.dense_index().search(vectors[query], _CANDIDATES),
        "lexical index": lambda query: library.lexical_index().search(query, _CANDIDATES),
        f"fetch {_PAPERS} papers": lambda query: library.get(ids[query]),
        f"**search**, {_PAPERS} papers": lambda query: hybrid.search(query, Filters(), _PAPERS),
        "search, last week": lambda query: hybrid.search(query, week, _PAPERS),
        "search, last year": lambda query: hybrid.search(query, year, _PAPERS),
        f"sentences of {_PAPERS} papers": lambda query: rank_evidence(query, papers[query]),
        f"sentences of {_PAPERS} papers, embedder": lambda query: rank_evidence(query, papers[query], embedder),
    }


def _measure(steps: Mapping[str, Callable[[str], object]], queries: list[str], rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        step(queries[0])
    for _ in range(rounds):
        for query in queries:
            for name, step in steps.items():
                began = time.perf_counter()
                step(query)
                seconds[name].append(time.perf_counter() - began)
    return seconds


def _throughput(library: Library, embedder: OnnxEmbedder) -> float:
    papers: list[Paper] = []
    with suppress(StopIteration):
        exported = library.export()
        papers = [next(exported)[0] for _ in range(_ABSTRACTS * 8)]
    texts = [paper.text for paper in random.Random(0).sample(papers, min(_ABSTRACTS, len(papers)))]
    began = time.perf_counter()
    embedder.embed(texts)
    return len(texts) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
