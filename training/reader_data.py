"""What the reader learns from, read into one form: two texts, the head that is asked, and the class.

Classes of the support head: 0 supported, 1 partly, 2 unsupported, 3 one of the last two. The other heads have 1 for
yes and 0 for no.
"""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from training.corpus import CorpusPaper, is_held_back, read_corpus, read_rows
from training.evidence import EvidencePicker
from training.queries import queries

SUPPORT, ANSWERS, RELEVANCE = "support", "answers", "relevance"
_CLASSES = {"supported": 0, "partly": 1, "unsupported": 2, "not_supported": 3}
_NLI = {"entailment": 0, "supported": 0, "neutral": 3, "contradiction": 2, "refuted": 2, "not_supported": 3}


@dataclass(frozen=True, slots=True)
class Pair:
    """One example: ``first`` is the claim or question, ``second`` what is read for it."""

    head: str
    first: str
    second: str
    target: int


def all_pairs(
    *, corpus: Path, claims: Path, pairs: Path, evaluation: Path, vectors: Path | None, chance: random.Random
) -> list[Pair]:
    """The whole mix, shuffled; ``vectors`` are those of the papers that may be used, for hard negatives."""
    papers = [paper for paper in read_corpus(corpus) if not is_held_back(paper.paper_id)]
    picker = EvidencePicker(paper.abstract for paper in papers)
    mix = [
        _some(_claims(claims), 12_200, chance),
        _some(_labelled(pairs / "mnli_dev.jsonl", "premise", "hypothesis"), 5_500, chance),
        _some(_labelled(pairs / "fever_dev_binary.jsonl", "evidence", "claim"), 2_000, chance),
        _some(_labelled(pairs / "fever_symmetric_dev.jsonl", "evidence", "claim"), 1_000, chance),
        _some(_labelled(pairs / "fever_symmetric_test.jsonl", "evidence", "claim"), 1_000, chance),
        _some(_labelled(pairs / "fm2_dev.jsonl", "evidence", "claim"), 1_000, chance),
        _some(_labelled(pairs / "fm2_test.jsonl", "evidence", "claim"), 1_000, chance),
        _some(_labelled(pairs / "checkcovid_all.jsonl", "evidence", "claim"), 1_000, chance),
        _some(_paraphrases(pairs / "paws_wiki_dev.jsonl"), 2_000, chance),
        _some(_scifact_claims(evaluation / "scifact", picker), 1_000, chance),
        _tldr(evaluation / "scitldr" / "dev.jsonl", picker, chance),
        _some(_labelled_answers(pairs / "qnli_dev.jsonl"), 2_200, chance),
        _some(_paragraph_answers(pairs / "qasper_train.jsonl", chance), 2_000, chance),
        _some(_relevant(papers, picker, evaluation, vectors, chance), 2_800, chance),
    ]
    everything = [pair for part in mix for pair in part]
    chance.shuffle(everything)
    return everything


def _some(made: Iterator[Pair], most: int, chance: random.Random) -> list[Pair]:
    every = list(made)
    return chance.sample(every, min(most, len(every)))


def _claims(path: Path) -> Iterator[Pair]:
    for row in read_rows(path):
        yield Pair(SUPPORT, str(row["claim"]), str(row["evidence"]), _CLASSES[str(row["label"])])


def _labelled(path: Path, evidence: str, claim: str) -> Iterator[Pair]:
    for row in read_rows(path):
        if row["label"] in _NLI and row[evidence]:
            yield Pair(SUPPORT, str(row[claim]), str(row[evidence])[:900], _NLI[str(row["label"])])


def _paraphrases(path: Path) -> Iterator[Pair]:
    for row in read_rows(path):
        yield Pair(SUPPORT, str(row["b"]), str(row["a"]), 0 if row["label"] else 3)


def _scifact_claims(folder: Path, picker: EvidencePicker) -> Iterator[Pair]:
    """Claims of the train part against the abstracts they cite: borne out, denied, or not mentioned."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = {str(row["_id"]): row for row in map(json.loads, lines)}
    targets = {"SUPPORT": 0, "CONTRADICT": 2, "": 3}
    for row in read_rows(folder / "claims_evidence.jsonl"):
        if row["split"] == "train":
            document = documents[str(row["doc_id"] or row["cited"][0])]  # type: ignore[index]
            evidence = picker.evidence(str(row["claim"]), document["title"], document["text"])
            yield Pair(SUPPORT, str(row["claim"]), evidence, targets[str(row["label"])])


def _tldr(path: Path, picker: EvidencePicker, chance: random.Random) -> list[Pair]:
    """Summaries of papers by their authors and readers, against their own abstract and against another's."""
    rows = list(read_rows(path))
    pairs = []
    for row in rows:
        abstract = " ".join(row["source"])  # type: ignore[arg-type]
        other = chance.choice(rows)
        for target in row["target"][:1]:  # type: ignore[index]
            pairs.append(Pair(SUPPORT, target, picker.evidence(target, str(row["title"]), abstract), 0))
            if other is not row:
                wrong = picker.evidence(target, str(other["title"]), " ".join(other["source"]))  # type: ignore[arg-type]
                pairs.append(Pair(SUPPORT, target, wrong, 2))
    return pairs


def _labelled_answers(path: Path) -> Iterator[Pair]:
    for row in read_rows(path):
        yield Pair(ANSWERS, str(row["question"]), str(row["passage"]), int(row["label"] == "entailment"))


def _paragraph_answers(path: Path, chance: random.Random) -> Iterator[Pair]:
    """Sentences that answer a question about a paper, and their neighbours, which do not."""
    from assistant.sentences import split_sentences

    for row in read_rows(path):
        answer = str(row.get("answer_sentence") or "")
        if not answer:
            continue
        yield Pair(ANSWERS, str(row["question"]), answer, 1)
        passage = str(row.get("passage_clean") or row["passage"])
        others = [s.text for s in split_sentences(passage) if s.text not in answer and len(s.text) > 30]
        if others:
            yield Pair(ANSWERS, str(row["question"]), chance.choice(others), 0)


def _relevant(
    papers: list[CorpusPaper], picker: EvidencePicker, evaluation: Path, vectors: Path | None, chance: random.Random
) -> Iterator[Pair]:
    """Queries with their paper and with papers that are near to it."""
    kept = torch.load(vectors)[: len(papers)] if vectors else None
    asked: dict[str, list[str]] = {}
    for row in read_rows(evaluation / "arxivqa" / "questions_dev.jsonl"):
        asked.setdefault(str(row["paper_id"]), []).append(str(row["question"]))
    chosen = chance.sample(range(len(papers)), 1_600)
    chosen += [number for number, paper in enumerate(papers) if paper.paper_id in asked]
    for number in dict.fromkeys(chosen):
        paper = papers[number]
        made = queries(paper, asked.get(paper.paper_id, ()), 2, chance)
        near = (
            (kept[number] @ kept.T).topk(30).indices.tolist()[3:]
            if kept is not None
            else chance.sample(range(len(papers)), 8)
        )
        for query, _ in made:
            yield Pair(RELEVANCE, query, picker.evidence(query, paper.title, paper.abstract), 1)
            other = papers[chance.choice([n for n in near if n != number])]
            yield Pair(RELEVANCE, query, picker.evidence(query, other.title, other.abstract), 0)
