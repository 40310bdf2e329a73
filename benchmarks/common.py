"""What the retrieval benchmarks share: data, an embedder that remembers, libraries that are built once, measures.

``--shared`` names a folder with ``corpus/daily_papers.jsonl.gz`` (papers as JSON Lines, in a form that
`assistant sync FILE` reads) and ``eval`` (files of questions and claims).
"""

import argparse
import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from assistant.config import load_config
from assistant.evaluation.measures import Grades
from assistant.feeds.files import read_files
from assistant.library.library import Library
from assistant.models.embedder import OnnxEmbedder
from assistant.papers import FeedBatch, FeedRecord, Paper, Provenance
from assistant.services import AppContainer

Vectors = NDArray[np.float32]

RARE_WORDS = {
    "words": re.compile(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])"),
    "compounds": re.compile(r"(?<![^\W_])[^\W_]+(?:[-.][^\W_]+)+(?![^\W_])"),
}
"""Words of letters, and words with hyphens and dots inside ("vq-vae", "prima.cpp")."""
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Question:
    """A question, the grade of every paper that answers it, and the row it comes from."""

    text: str
    grades: Grades
    row: dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every script on retrieval takes."""
    parser.add_argument(
        "--shared", type=Path, default=Path(__file__).parents[2] / "shared", help="folder with corpus/ and eval/"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for libraries and vectors; kept between runs")
    parser.add_argument("--embedder", type=Path, help="ONNX file (the configured asset by default)")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json (the configured asset by default)")
    parser.add_argument("--threads", type=int, default=0, help="threads of the embedder; 0 takes all cores")


def embedder_of(arguments: argparse.Namespace) -> OnnxEmbedder:
    """The embedder of the options, else of the configuration; named so that a `AppContainer` can open the libraries."""
    overrides = {"embedder.threads": arguments.threads}
    container = AppContainer(load_config(None, {}, overrides), {})
    if arguments.embedder is None:
        if container.embedder.embedder is None:
            raise SystemExit("no embedder here: run `assistant assets pull`, or give --embedder and --tokenizer")
        return container.embedder.embedder
    catalog, name = container.assets.catalog, container.config.embedder.model
    return OnnxEmbedder(
        arguments.embedder,
        arguments.tokenizer,
        fingerprint=catalog.embedder_fingerprint(name),
        max_tokens=catalog[name].max_tokens,
        threads=arguments.threads,
    )


class RememberingEmbedder(AbstractContextManager["RememberingEmbedder"]):
    """Vectors from a file (``*.npz``), what is not there from an embedder; saves on leaving."""

    def __init__(self, embedder: OnnxEmbedder, file: Path) -> None:
        self.fingerprint = embedder.fingerprint
        self.dimensions = embedder.dimensions
        self._embedder = embedder
        self._file = file
        self._vectors: dict[str, Vectors] = {}
        if file.exists():
            with np.load(file) as saved:
                self._vectors = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))
        self._saved = len(self._vectors)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, in order."""
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if missing:
            self._vectors.update(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
        return np.stack([self._vectors[key] for key in keys])

    def understands(self, text: str) -> bool:
        """Whether the embedder knows most of the text."""
        return self._embedder.understands(text)

    def save(self) -> None:
        """Write what is new to the file."""
        if len(self._vectors) > self._saved:
            np.savez(self._file, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))
            self._saved = len(self._vectors)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.save()


class ForgettingCache:
    """A cache that ends with the run."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def generation(self, key: str) -> str | None:
        """What was written under the key."""
        return self._texts.get(key)

    def remember_generation(self, key: str, text: str, model: str) -> None:
        """Keep it."""
        del model
        self._texts[key] = text


def text_key(text: str) -> str:
    """The key of a text in the file of vectors."""
    return hashlib.sha256(text.encode()).hexdigest()


def corpus_library(arguments: argparse.Namespace, embedder: RememberingEmbedder) -> Library:
    """The library ``library`` in the work folder, filled with the papers of ``--shared``."""
    corpus = str(arguments.shared / "corpus/daily_papers.jsonl.gz")
    return _filled(arguments.work / "library", read_files([corpus], today=datetime.now(UTC).date()), embedder)


def scifact_library(arguments: argparse.Namespace, embedder: RememberingEmbedder) -> Library:
    """The library ``scifact`` in the work folder, filled with the abstracts of SciFact under their own ids."""
    rows = read_rows(arguments.shared / "eval/scifact/corpus.jsonl.gz")
    papers = [Paper(row["_id"], row["title"], row["text"], Provenance.EXPORT) for row in rows]
    records = tuple(FeedRecord(paper, None, "{}", paper.paper_id) for paper in papers)
    return _filled(arguments.work / "scifact", [FeedBatch("SciFact", records)], embedder)


def _filled(folder: Path, batches: Iterable[FeedBatch], embedder: RememberingEmbedder) -> Library:
    folder.mkdir(parents=True, exist_ok=True)
    library = Library.open(folder, embedder=embedder)
    if library.stats().papers == 0:
        for batch in batches:
            library.ingest(batch, datetime.now(UTC))
    library.index_pending(progress=lambda done, total: print(f"\r{folder.name}: {done}/{total}", end="", flush=True))
    embedder.save()
    return library


def scifact_questions(shared: Path) -> list[Question]:
    """The 300 test claims of SciFact."""
    texts = {row["_id"]: row["text"] for row in read_rows(shared / "eval/scifact/queries.jsonl")}
    grades: dict[str, dict[str, int]] = {}
    for line in (shared / "eval/scifact/qrels_test.tsv").read_text().splitlines()[1:]:
        query_id, paper_id, grade = line.split("\t")
        grades.setdefault(query_id, {})[paper_id] = int(grade)
    return [Question(texts[query_id], relevant, {}) for query_id, relevant in grades.items()]


def silver_questions(shared: Path) -> list[Question]:
    """3,040 questions about 304 papers of the corpus, written by a model."""
    rows = read_rows(shared / "eval/arxivqa/questions_dev.jsonl")
    return [Question(row["question"], {row["paper_id"]: 1}, row) for row in rows]


def known_item_questions(shared: Path) -> list[Question]:
    """Questions with one right paper, or some that count as well, and the sentences that answer."""
    rows = read_rows(shared / "eval/daily_dev/known_item.jsonl")
    return [Question(row["question"], dict.fromkeys([row["paper_id"], *row.get("also", [])], 1), row) for row in rows]


def survey_questions(shared: Path) -> list[Question]:
    """Questions on a subject, with the papers on it."""
    rows = read_rows(shared / "eval/daily_dev/multi.jsonl")
    return [
        Question(row["question"], {judged["id"]: judged["rel"] for judged in row["paper_ids"]}, row) for row in rows
    ]


def comparison_questions(shared: Path) -> list[Question]:
    """Questions that name two papers or more."""
    rows = read_rows(shared / "eval/daily_dev/compare.jsonl")
    return [Question(row["question"], dict.fromkeys(row["paper_ids"], 1), row) for row in rows]


def rare_words(library: Library, kind: str, count: int = 100) -> list[Question]:
    """Words of the library's papers as queries, with the 3 to 6 papers that hold each whole, case ignored.

    ``kind`` is a key of `RARE_WORDS`: what a word is made of. The parts of a compound may stand together in any way
    ("vq vae", "VQ-VAE-2"). Drawn at random, the same ones each time.
    """
    texts = {paper.paper_id: paper.text.casefold() for paper, _ in library.export()}
    counts = Counter(word for text in texts.values() for word in set(RARE_WORDS[kind].findall(text)))
    parts = {paper_id: f" {' '.join(_PART.findall(text))} " for paper_id, text in texts.items()}
    holding: dict[str, set[str]] = {}
    for word in (word for word, count in counts.items() if 3 <= count <= 6):
        together = f" {' '.join(_PART.findall(word))} "
        holding[word] = {paper_id for paper_id, line in parts.items() if together in line}
    rare = sorted(word for word, papers in holding.items() if 3 <= len(papers) <= 6)
    sampled = random.Random(20261121).sample(rare, min(count, len(rare)))
    return [Question(word, dict.fromkeys(holding[word], 1), {}) for word in sampled]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]
