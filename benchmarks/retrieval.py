"""How well papers and sentences are found: two Markdown tables.

Papers: SciFact test (300 claims, 5,183 abstracts), and over the 11,028 Daily Papers of ``--shared`` the silver
questions (`arxivqa`, 3,040), the written ones (`known_item`: paraphrases and named), the surveys (`multi`), and words
that 3 to 6 papers hold whole: how many of these are among the first 10.
Sentences: the rank of the gold sentence within its own abstract, while the abstracts of five more papers that were
retrieved for the question stand beside it (`known_item`). The first run embeds everything: minutes.
"""

import argparse
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.evaluation.measures import hit, ndcg, recall
from assistant.library.filters import Filters
from assistant.library.index.tantivy_index import LexicalIndex
from assistant.library.library import Library
from assistant.papers import Paper
from assistant.retrieval.rerank import rerank
from assistant.retrieval.search import HybridSearch, fuse
from assistant.retrieval.sentence_ranking import EvidenceSentence, rank_evidence
from assistant.retrieval.term_weights import content_words
from assistant.sentences import Sentence, split_sentences
from benchmarks import common
from benchmarks.common import Question, RememberingEmbedder

_DEPTH = 100
_CANDIDATES, _RERANKED = 300, 40  # as in `HybridSearch`
_RRF_CONSTANT = 60  # Cormack, Clarke, Büttcher 2009
Retriever = Callable[[str], list[str]]
SentenceRanker = Callable[[str, Sequence[Paper], Paper], list[Sentence]]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common.add_options(parser)
    parser.add_argument("--every", type=int, default=1, help="take every n-th silver question")
    arguments = parser.parse_args()
    with RememberingEmbedder(common.embedder_of(arguments), arguments.work / "vectors.npz") as embedder:
        corpus = common.corpus_library(arguments, embedder)
        scifact = common.scifact_library(arguments, embedder)
        try:
            _papers_table(arguments, corpus, scifact, embedder)
            _sentences_table(arguments.shared, corpus, embedder)
        finally:
            corpus.close()
            scifact.close()


def _papers_table(
    arguments: argparse.Namespace, corpus: Library, scifact: Library, embedder: RememberingEmbedder
) -> None:
    claims = common.scifact_questions(arguments.shared)
    silver = common.silver_questions(arguments.shared)[:: arguments.every]
    written = common.known_item_questions(arguments.shared)
    surveys = common.survey_questions(arguments.shared)
    comparisons = common.comparison_questions(arguments.shared)
    paraphrases = [question for question in written if question.row["kind"] == "paraphrase"]
    named = [question for question in written if question.row["kind"] == "named"]
    rare = [common.rare_words(corpus, kind) for kind in common.RARE_WORDS]
    print(
        f"\n{len(claims)} claims, {len(silver)} silver questions, {len(paraphrases)} paraphrases, {len(named)} named,"
        f" {len(surveys)} surveys, {len(comparisons)} comparisons\n\n"
        "| retriever | SciFact nDCG@10 | recall@100 | silver nDCG@10 | paraphrase hit@1 |"
        " hit@5 | named hit@1 | hit@5 | survey recall@20 | comparison, all in 4 | exact words | compounds |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    on_corpus, on_scifact = _retrievers(corpus, embedder), _retrievers(scifact, embedder)
    for name, retrieve in on_corpus.items():
        figures = [
            _mean(on_scifact[name], claims, ndcg, 10),
            _mean(on_scifact[name], claims, recall, _DEPTH),
            _mean(retrieve, silver, ndcg, 10),
            *(_mean(retrieve, paraphrases, hit, depth) for depth in (1, 5)),
            *(_mean(retrieve, named, hit, depth) for depth in (1, 5)),
            _mean(retrieve, surveys, recall, 20),
            _mean(retrieve, comparisons, _all_found, 4),
            *(_mean(retrieve, words, recall, 10) for words in rare),
        ]
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |", flush=True)


def _mean(
    retrieve: Retriever,
    questions: Sequence[Question],
    measure: Callable[[Sequence[str], Mapping[str, int], int], float],
    depth: int,
) -> float:
    return statistics.mean(measure(retrieve(question.text), question.grades, depth) for question in questions)


def _all_found(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    return float(grades.keys() <= set(ranking[:depth]))


def _retrievers(library: Library, embedder: RememberingEmbedder) -> dict[str, Retriever]:
    hybrid = HybridSearch(library, embedder)
    words_alone = LexicalIndex(library.folder, pair_boost=0.0)

    def lexical(query: str, depth: int = _DEPTH) -> dict[str, float]:
        return library.lexical_index().search(query, depth)

    def dense(query: str, depth: int = _DEPTH) -> dict[str, float]:
        return library.dense_index().search(embedder.embed([query])[0], depth)

    def fused(query: str) -> dict[str, float]:
        return fuse(lexical(query, _CANDIDATES), dense(query, _CANDIDATES), 0.5)

    def covered(query: str) -> dict[str, float]:
        coverage = library.lexical_index().coverage(query, _CANDIDATES)
        return fuse(lexical(query, _CANDIDATES), dense(query, _CANDIDATES), 0.5, coverage)

    def reranked(query: str) -> list[str]:
        ranking = covered(query)
        papers = [stored.paper for stored in library.get(list(ranking)[:_RERANKED])]
        return list(rerank(query, ranking, papers))[:_DEPTH]

    return {
        "lexical, words alone": lambda query: list(words_alone.search(query, _DEPTH)),
        "lexical, words and pairs": lambda query: list(lexical(query)),
        "dense": lambda query: list(dense(query)),
        "reciprocal rank fusion": lambda query: _rrf(list(lexical(query)), list(dense(query))),
        "min-max fusion, dense 0.4": lambda query: list(fuse(lexical(query), dense(query), 0.4)),
        "min-max fusion, dense 0.5 of 300": lambda query: list(fused(query))[:_DEPTH],
        "+ words as typed": lambda query: list(covered(query))[:_DEPTH],
        "+ second look at the leading 40": reranked,
        "+ names and titles: **ours**": lambda query: [
            hit.paper.paper_id for hit in hybrid.search(query, Filters(), _DEPTH)
        ],
    }


def _rrf(*rankings: Sequence[str]) -> list[str]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, paper_id in enumerate(ranking, start=1):
            scores[paper_id] = scores.get(paper_id, 0.0) + 1 / (_RRF_CONSTANT + rank)
    return sorted(scores, key=lambda paper_id: -scores[paper_id])


def _sentences_table(shared: Path, library: Library, embedder: RememberingEmbedder) -> None:
    questions = common.known_item_questions(shared)
    hybrid = HybridSearch(library, embedder)
    cases = [(question, *_papers_for(question, library, hybrid)) for question in questions]
    print(f"\n{len(cases)} questions\n\n| sentences ranked by | top 1 | 2 | 3 | 4 |\n|---|---|---|---|---|")
    rankers: dict[str, SentenceRanker] = {
        "words shared with the question": _by_shared_words,
        "similarity to the question": lambda question, _, own: _by_similarity(question, own, embedder),
        "**ours**": lambda question, papers, own: _own(rank_evidence(question, papers), own),
        "**ours** with the embedder": lambda question, papers, own: _own(
            rank_evidence(question, papers, embedder), own
        ),
    }
    for name, rank in rankers.items():
        ranks = [_gold_rank(question, rank(question.text, papers, own), own) for question, papers, own in cases]
        shares = [sum(rank < depth for rank in ranks) / len(ranks) for depth in (1, 2, 3, 4)]
        print(f"| {name} | " + " | ".join(f"{share:.3f}" for share in shares) + " |", flush=True)


def _papers_for(question: Question, library: Library, hybrid: HybridSearch) -> tuple[list[Paper], Paper]:
    own = library.get([question.row["paper_id"]])[0].paper
    others = [hit.paper.paper for hit in hybrid.search(question.text, Filters(), 6)]
    return [own, *(paper for paper in others if paper != own)][:6], own


def _gold_rank(question: Question, ranked: Sequence[Sentence], own: Paper) -> int:
    start = own.abstract.index(question.row["gold_quote"])
    end = start + len(question.row["gold_quote"])
    return next(rank for rank, sentence in enumerate(ranked) if sentence.start < end and sentence.end > start)


def _own(evidence: Sequence[EvidenceSentence], own: Paper) -> list[Sentence]:
    return [sentence.sentence for sentence in evidence if sentence.paper_id == own.paper_id]


def _by_shared_words(question: str, _: Sequence[Paper], own: Paper) -> list[Sentence]:
    question_words = set(content_words(question))
    return sorted(
        split_sentences(own.abstract), key=lambda sentence: -len(question_words & set(content_words(sentence.text)))
    )


def _by_similarity(question: str, own: Paper, embedder: RememberingEmbedder) -> list[Sentence]:
    sentences = split_sentences(own.abstract)
    similarities = embedder.embed([sentence.text for sentence in sentences]) @ embedder.embed([question])[0]
    order = sorted(range(len(sentences)), key=lambda place: -similarities[place])
    return [sentences[place] for place in order]


if __name__ == "__main__":
    main()
