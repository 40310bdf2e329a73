"""The support check, stage by stage: does a sentence follow from an abstract, or not?

Data: claims of SciFact against the abstracts they cite (supported, against contradicted and not mentioned), fitted on
its train part and reported on its validation part; HealthVer dev (Supports against Refutes and Neutral) and the table
of sentences about papers of the sample feed (`tests/support/labelled_claims.py`) are reported only. Measure:
balanced accuracy, the mean of the shares that are right among the supported and among the others.

Every stage is a logistic model of its measures with both classes weighing the same, cut at one half. ``--model`` adds
the judgements of a GGUF (fitted by `benchmarks.judging`), ``--limit`` takes a random part of each set for it;
``--judgements`` keeps what the model said between runs.
"""

import argparse
import asyncio
import csv
import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.calibration import SUPPORTED, WITH_VECTORS, WITHOUT_VECTORS, Logistic
from assistant.answering.prompts import load_prompt
from assistant.answering.values import CheckedClaim, NumberedSource, Verdict
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.evidence import FactMeasures, WordMeasures
from assistant.answering.verification.review import judged
from assistant.evaluation.calibrating import fitted
from assistant.feeds.json_files import sample_batches
from assistant.library.records import StoredPaper
from assistant.models.chat_model import Judge, Judgement
from assistant.models.llama.model import LocalModel
from assistant.papers import Paper, Provenance
from assistant.retrieval.sentence_ranking import SentenceEmbedder
from assistant.retrieval.term_weights import IdfWeights
from assistant.sentences import split_sentences
from benchmarks.common import RememberingEmbedder, add_options, embedder_of, read_rows
from tests.support.labelled_claims import CASES

Matrix = NDArray[np.float64]
_FOLDS = 5
_SEED = 11


@dataclass(frozen=True)
class Pair:
    """A claim, the paper that is to bear it out, and whether it does; ``kind`` is the label of its set."""

    claim: str
    paper: Paper
    supported: bool
    kind: str

    @property
    def sources(self) -> tuple[NumberedSource]:
        """The paper as the only source."""
        return (NumberedSource(1, StoredPaper(self.paper), split_sentences(self.paper.abstract)),)


def scifact_pairs(shared: Path, split: str) -> list[Pair]:
    """Each claim with each abstract that it cites; one that cites without evidence is not supported."""
    corpus = {row["_id"]: row for row in read_rows(shared / "eval/scifact/corpus.jsonl.gz")}
    pairs: dict[tuple[str, str], Pair] = {}
    for row in read_rows(shared / "eval/scifact/claims_evidence.jsonl"):
        if row["split"] != split:
            continue
        for doc_id in [row["doc_id"]] if row["doc_id"] else row["cited"]:
            if doc_id in corpus:
                paper = Paper(doc_id, corpus[doc_id]["title"], corpus[doc_id]["text"], Provenance.EXPORT)
                pair = Pair(row["claim"], paper, row["label"] == "SUPPORT", row["label"])
                pairs.setdefault((row["id"], doc_id), pair)
    return list(pairs.values())


def healthver_pairs(shared: Path) -> list[Pair]:
    """Claims with the passages given for them."""
    with (shared / "eval/healthver/healthver_dev.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(
                row["claim"].strip(),
                Paper(row["id"], "", row["evidence"], Provenance.EXPORT),
                label == "Supports",
                label,
            )
            for row in csv.DictReader(file)
            for label in (row["label"],)
        ]


def sample_pairs() -> list[Pair]:
    """The table of sentences about papers of the sample feed."""
    papers = {record.paper.paper_id: record.paper for batch in sample_batches() for record in batch.records}
    return [Pair(case.claim, papers[case.paper_id], case.holds, case.kind) for case in CASES]


def measured(pairs: Sequence[Pair], embedder: SentenceEmbedder) -> Matrix:
    """One row a pair: first the overlap baselines, then all measures of the check."""
    rows = []
    for pair in pairs:
        measures = SupportChecker(pair.sources, embedder).measures(pair.claim)
        rows.append([*overlaps(pair), *(measures.values if measures else [0.0] * len(WITH_VECTORS.weights))])
    return np.array(rows)


def overlaps(pair: Pair) -> tuple[float, float]:
    """The greatest share of the claim's words in one sentence: plain, and weighted by rarity."""
    sentences = [sentence.text for sentence in split_sentences(pair.paper.abstract)]
    weights = IdfWeights.from_texts(sentences)
    claimed = set(pair.claim.casefold().split())
    plain = max(len(claimed & set(sentence.casefold().split())) / len(claimed) for sentence in sentences)
    return plain, max(weights.coverage(pair.claim, sentence) for sentence in sentences)


def probabilities(model: Logistic, rows: Matrix) -> NDArray[np.float64]:
    """The probability of each row."""
    return np.array([model.probability(row.tolist()) for row in rows])


def balanced_accuracy(chances: NDArray[np.float64], supported: NDArray[np.bool_]) -> float:
    """Mean of the shares that are right among the supported and among the others."""
    called = chances >= SUPPORTED
    return float((called[supported].mean() + 1 - called[~supported].mean()) / 2)


def cross_validated(rows: Matrix, supported: NDArray[np.bool_]) -> float:
    """Balanced accuracy of models that did not see what they judge."""
    fold = np.random.default_rng(_SEED).permutation(len(rows)) % _FOLDS
    chances = np.zeros(len(rows))
    for held_out in range(_FOLDS):
        is_trained_on = fold != held_out
        chances[~is_trained_on] = probabilities(
            fitted(rows[is_trained_on], supported[is_trained_on]), rows[~is_trained_on]
        )
    return balanced_accuracy(chances, supported)


class RememberingJudge:
    """Asks a model once for each judgement; keeps the answers in a file."""

    def __init__(self, judge: Judge, file: Path) -> None:
        self._judge = judge
        self._file = file
        lines = file.read_text().splitlines() if file.exists() else []
        self._known: dict[str, tuple[float, ...]] = {
            key: tuple(probabilities) for key, probabilities in map(json.loads, lines)
        }

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The probability of each choice for each judgement."""
        return [await self._one(judgement) for judgement in judgements]

    async def _one(self, judgement: Judgement) -> tuple[float, ...] | None:
        request = [[(message.role, message.content) for message in judgement.messages], judgement.choices]
        key = hashlib.sha256(json.dumps(request).encode()).hexdigest()[:24]
        if key not in self._known:
            (answer,) = await self._judge.judge([judgement])
            if answer is None:
                return None
            self._known[key] = answer
            with self._file.open("a") as file:
                file.write(json.dumps([key, answer]) + "\n")
        return self._known[key]


@dataclass(frozen=True)
class Judged:
    """A pair with what the cheap stages and the model made of it; ``yes`` is None where the model was not asked."""

    pair: Pair
    cheap: CheckedClaim
    final: CheckedClaim
    yes: float | None


async def judged_pairs(pairs: Sequence[Pair], embedder: SentenceEmbedder, judge: RememberingJudge) -> list[Judged]:
    """Run the whole ladder over pairs."""
    prompt, judgements = load_prompt("judge_support"), []
    for pair in pairs:
        cheap = SupportChecker(pair.sources, embedder).check(pair.claim)
        listening = _Listening(judge)
        (final,) = await judged([cheap], pair.sources, listening, prompt, vouches=True)
        judgements.append(Judged(pair, cheap, final, listening.heard))
    return judgements


class _Listening:
    """Passes judgements on and keeps the last yes."""

    def __init__(self, judge: RememberingJudge) -> None:
        self.heard: float | None = None
        self._judge = judge

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        answers = await self._judge.judge(judgements)
        self.heard = answers[-1][0] if answers[-1] else None
        return answers


def supported_share(judged: Sequence[Judged], *, final: bool) -> float:
    """Balanced accuracy of the verdicts, before or after the model was asked; only SUPPORTED counts as such."""
    verdicts = [(pair.final if final else pair.cheap).check for pair in judged]
    called = np.array([check is not None and check.verdict is Verdict.SUPPORTED for check in verdicts])
    supported = np.array([pair.pair.supported for pair in judged])
    return float((called[supported].mean() + 1 - called[~supported].mean()) / 2)


def print_stages(rows: dict[str, Matrix], supported: dict[str, NDArray[np.bool_]]) -> None:
    """The table of the stages that need no model, each fitted on the train part."""
    facts, words, every = len(fields(FactMeasures)), len(fields(WordMeasures)), len(WITH_VECTORS.weights)
    stages = {
        "plain word overlap alone": [0],
        "weighted word overlap alone": [1],
        "numbers, names, direction": range(2, 2 + facts),
        "… and words": range(2, 2 + facts + words),
        "… and meaning": range(2, 2 + every),
    }
    print("| stage | SciFact train, cross-validated | SciFact validation | HealthVer dev |\n|---|---|---|---|")
    for name, places in stages.items():
        selected = list(places)
        model = fitted(rows["train"][:, selected], supported["train"])
        figures = [cross_validated(rows["train"][:, selected], supported["train"])]
        figures += [
            balanced_accuracy(probabilities(model, rows[part][:, selected]), supported[part])
            for part in ("validation", "healthver")
        ]
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")


def print_fit(rows: Matrix, supported: NDArray[np.bool_]) -> None:
    """The constants that stand in `assistant.answering.calibration`."""
    for name, count in (("WITHOUT_VECTORS", len(WITHOUT_VECTORS.weights)), ("WITH_VECTORS", len(WITH_VECTORS.weights))):
        model = fitted(rows[:, 2 : 2 + count], supported)
        print(f"{name} = Logistic({model.bias:.2f}, {tuple(round(weight, 2) for weight in model.weights)})")


def print_cases(embedder: SentenceEmbedder) -> None:
    """The table of the written cases: right verdicts by kind, without and with vectors."""
    pairs = sample_pairs()
    print("\n| sentences about the sample papers | number | words | and meaning |\n|---|---|---|---|")
    right: dict[bool, Counter[str]] = {}
    for vectors in (False, True):
        right[vectors] = Counter()
        for pair in pairs:
            check = SupportChecker(pair.sources, embedder if vectors else None).check(pair.claim).check
            right[vectors][pair.kind] += (check is not None and check.verdict is Verdict.SUPPORTED) == pair.supported
    for kind, number in Counter(pair.kind for pair in pairs).items():
        print(f"| {kind} | {number} | {right[False][kind]} | {right[True][kind]} |")
    print(f"| all | {len(pairs)} | {right[False].total()} | {right[True].total()} |")


async def print_judged(arguments: argparse.Namespace, parts: dict[str, list[Pair]], embedder: SentenceEmbedder) -> None:
    """The stage of the model: balanced accuracy before and after it, and how often it was asked."""
    model = LocalModel(arguments.model, threads=arguments.threads)
    judge = RememberingJudge(model, arguments.judgements or arguments.work / "judgements.jsonl")
    print(f"\n| {model.name} | pairs | asked | cheap stages | with the model |\n|---|---|---|---|---|", flush=True)
    for name, pairs in parts.items():
        judged = await judged_pairs(pairs, embedder, judge)
        judged_by_model = [pair for pair in judged if pair.yes is not None and pair.cheap.check]
        before, after = (supported_share(judged, final=final) for final in (False, True))
        print(f"| {name} | {len(judged)} | {len(judged_by_model)} | {before:.3f} | {after:.3f} |", flush=True)
    await model.aclose()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--model", type=Path, help="GGUF file")
    parser.add_argument("--judgements", type=Path, help="file that keeps what the model said (in the work folder)")
    parser.add_argument("--limit", type=int, help="pairs of each set that the model is asked about")
    parser.add_argument("--fit", action="store_true", help="print the constants that the train part gives")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    parts = {
        "train": scifact_pairs(arguments.shared, "train"),
        "validation": scifact_pairs(arguments.shared, "validation"),
        "healthver": healthver_pairs(arguments.shared),
    }
    with RememberingEmbedder(embedder_of(arguments), arguments.work / "support-vectors.npz") as embedder:
        rows = {name: measured(pairs, embedder) for name, pairs in parts.items()}
        supported = {name: np.array([pair.supported for pair in pairs]) for name, pairs in parts.items()}
        print_stages(rows, supported)
        if arguments.fit:
            print_fit(rows["train"], supported["train"])
        print_cases(embedder)
        if arguments.model:
            for pairs in parts.values():
                random.Random(_SEED).shuffle(pairs)
            limited = {name: pairs[: arguments.limit] for name, pairs in parts.items()}
            limited["sample"] = sample_pairs()
            asyncio.run(print_judged(arguments, limited, embedder))


if __name__ == "__main__":
    main()
