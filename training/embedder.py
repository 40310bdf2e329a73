"""Fine-tune all-MiniLM-L6-v2 on finding papers of the corpus.

Each step reads some documents and several queries about each of them; a query is to be nearer to its document than to
the others of the step. A step holds neighbours of one another, so that the others are hard. (Vectors kept from
earlier steps as further negatives do harm: documents and queries of the step move away from them together.)
"""

import argparse
import json
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import torch
from safetensors.torch import save_file

from training.bert import embed, load_encoder, load_tokenizer
from training.corpus import CorpusPaper, is_held_back, read_corpus, read_rows
from training.queries import queries

_TEMPERATURE = 0.05
_DOCUMENTS = 32
_NEIGHBOURHOOD = 4
"""Documents of a step that are near to each other."""
_NEAREST = 30
_QUERIES = 4
_DOCUMENT_TOKENS = 192
_QUERY_TOKENS = 64
_FIRST_LOOK_TOKENS = 80
"""Of the documents, for their neighbours."""
_LEARNING_RATE = 3e-5


def main() -> None:
    """Train for some minutes or steps; checkpoints allow to go on after an interruption."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="silver questions: paper_id, question")
    parser.add_argument("--scifact", type=Path, help="folder of SciFact: train queries are added")
    parser.add_argument("--qasper", type=Path, help="questions on abstracts: question, passage")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--seed", type=int, default=12)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    _Trainer(arguments).run()


class _Trainer:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self._out: Path = arguments.out
        self._weights: Path = arguments.weights
        self._steps: int = arguments.steps
        self._chance = random.Random(arguments.seed)
        self._encoder = load_encoder(arguments.weights)
        self._documents = load_tokenizer(arguments.weights, _DOCUMENT_TOKENS)
        self._queries = load_tokenizer(arguments.weights, _QUERY_TOKENS)
        self._first_look = load_tokenizer(arguments.weights, _FIRST_LOOK_TOKENS)
        self._papers = [paper for paper in read_corpus(arguments.corpus) if not is_held_back(paper.paper_id)]
        self._asked: dict[str, list[str]] = defaultdict(list)
        for row in read_rows(arguments.questions):
            self._asked[str(row["paper_id"])].append(str(row["question"]))
        if arguments.scifact:
            self._add_scifact(arguments.scifact)
        if arguments.qasper:
            self._add_questions(arguments.qasper)
        decay = [p for n, p in self._encoder.named_parameters() if p.requires_grad and p.ndim > 1]
        plain = [p for n, p in self._encoder.named_parameters() if p.requires_grad and p.ndim <= 1]
        groups = [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        self._optimizer = torch.optim.AdamW(groups, lr=_LEARNING_RATE)

    def run(self) -> None:
        """Train to the last step, from the checkpoint if there is one."""
        start, began = self._restored(), time.monotonic()
        vectors = self._vectors_before()
        log = (self._out / "log.jsonl").open("a", encoding="utf-8")
        for step in range(start, self._steps):
            rate = _LEARNING_RATE * min(1, (step + 1) / 25) * (0.5 + 0.5 * math.cos(math.pi * step / self._steps))
            for group in self._optimizer.param_groups:
                group["lr"] = rate
            loss, right = self._step(self._neighbours(vectors))
            seconds = round(time.monotonic() - began, 1)
            log.write(json.dumps({"step": step, "loss": loss, "first": right, "seconds": seconds}) + "\n")
            log.flush()
            if (step + 1) % 50 == 0:
                self._save(step + 1)
        self._save(self._steps)

    def _neighbours(self, vectors: torch.Tensor) -> list[int]:
        """The documents of a step: some at random, each with a few of its nearest by the encoder as it was."""
        chosen: list[int] = []
        while len(chosen) < _DOCUMENTS:
            first = self._chance.randrange(len(self._papers))
            near = (vectors @ vectors[first]).topk(_NEAREST + 1).indices.tolist()
            group = [first, *self._chance.sample([n for n in near if n != first], _NEIGHBOURHOOD - 1)]
            chosen += [number for number in group if number not in chosen]
        return chosen[:_DOCUMENTS]

    def _step(self, chosen: list[int]) -> tuple[float, float]:
        texts, asked, owners = [], [], []
        for place, number in enumerate(chosen):
            paper = self._papers[number]
            made = queries(paper, self._asked.get(paper.paper_id, ()), _QUERIES, self._chance)
            text = paper.text
            for _, sentence in made:
                if sentence:
                    text = text.replace(sentence, " ")
            texts.append(text)
            asked += [query for query, _ in made]
            owners += [place] * len(made)
        documents = embed(self._encoder, self._documents.encode_batch_fast(texts))
        vectors = embed(self._encoder, self._queries.encode_batch_fast(asked))
        scores, own = vectors @ documents.T / _TEMPERATURE, torch.tensor(owners)
        loss = torch.nn.functional.cross_entropy(scores, own)
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._encoder.parameters(), 1.0)
        self._optimizer.step()
        return round(loss.item(), 4), round((scores.argmax(1) == own).float().mean().item(), 4)

    def _restored(self) -> int:
        checkpoint = self._out / "checkpoint.pt"
        if not checkpoint.exists():
            return 0
        state = torch.load(checkpoint)
        self._encoder.load_state_dict(state["encoder"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._chance.setstate(state["chance"])
        return int(state["step"])

    def _vectors_before(self) -> torch.Tensor:
        """The papers' vectors by the encoder that training began with, kept between runs."""
        kept = self._out / "vectors.pt"
        if kept.exists():
            vectors: torch.Tensor = torch.load(kept)
            return vectors
        with torch.no_grad():
            encodings = self._first_look.encode_batch_fast([paper.text for paper in self._papers])
            vectors = embed(load_encoder(self._weights), encodings)
        torch.save(vectors, kept)
        return vectors

    def _save(self, step: int) -> None:
        weights = {name: value.contiguous() for name, value in self._encoder.state_dict().items()}
        save_file(weights, self._out / f"step-{step:04d}.safetensors")
        state = {
            "step": step,
            "encoder": self._encoder.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "chance": self._chance.getstate(),
        }
        torch.save(state, self._out / "checkpoint.pt")

    def _add_scifact(self, folder: Path) -> None:
        """Claims of SciFact's train part with the abstracts that are about them."""
        import gzip

        with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            documents = {str(row["_id"]): row for row in map(json.loads, lines)}
        claims = {str(row["_id"]): str(row["text"]) for row in read_rows(folder / "queries.jsonl")}
        relevant = defaultdict(list)
        for line in (folder / "qrels_train.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                relevant[document].append(claims[query])
        for document, asked in relevant.items():
            row = documents[document]
            paper_id = f"scifact-{document}"
            self._papers.append(CorpusPaper(paper_id, row["title"], row["text"], "", ()))
            self._asked[paper_id] += asked

    def _add_questions(self, path: Path) -> None:
        """Questions about abstracts of other papers; many questions may share an abstract."""
        by_passage = defaultdict(list)
        for row in read_rows(path):
            by_passage[str(row["passage"])].append(str(row["question"]))
        for number, (passage, asked) in enumerate(by_passage.items()):
            paper_id = f"{path.stem}-{number}"
            title, _, abstract = passage.partition("\n")
            self._papers.append(CorpusPaper(paper_id, title, abstract, "", ()))
            self._asked[paper_id] += asked


if __name__ == "__main__":
    main()
