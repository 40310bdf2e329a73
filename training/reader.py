"""Train the reader: one encoder that reads two texts together, with three heads.

``relevance`` (question, title and sentences of an abstract), ``answers`` (question, sentence) and ``support`` (claim,
title and sentences: supported, partly, unsupported). Each example has a loss for its own head alone.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertModel

from training.bert import WIDTH, load_encoder, load_tokenizer, padded
from training.reader_data import ANSWERS, RELEVANCE, SUPPORT, Pair, all_pairs

_TOKENS = 160
_BATCH_TOKENS = 2_400
_LEARNING_RATE = 1e-4
_HEADS = (SUPPORT, ANSWERS, RELEVANCE)


class Reader(nn.Module):
    """Logits of the three heads; shapes (pairs, 3), (pairs,) and (pairs,)."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.mixed = nn.ModuleDict({head: nn.Linear(2 * WIDTH, WIDTH) for head in _HEADS})
        self.scored = nn.ModuleDict({head: nn.Linear(WIDTH, 3 if head == SUPPORT else 1) for head in _HEADS})

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Read pairs of texts, given as token ids of shape (pairs, tokens)."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        both = torch.cat([hidden[:, 0], mean], dim=-1)
        scores = {head: self.scored[head](torch.tanh(self.mixed[head](both))) for head in _HEADS}
        return scores[SUPPORT], scores[ANSWERS].squeeze(-1), scores[RELEVANCE].squeeze(-1)


def main() -> None:
    """Train one pass over the mix; checkpoints allow to go on after an interruption."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("weights", "corpus", "claims", "pairs", "evaluation", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="vectors of the papers, from training the embedder")
    parser.add_argument("--start", type=Path, help="weights to begin with instead")
    parser.add_argument("--share", type=float, default=1.0, help="part of the mix to train on")
    parser.add_argument("--seed", type=int, default=12)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    chance = random.Random(arguments.seed)
    pairs = all_pairs(
        corpus=arguments.corpus,
        claims=arguments.claims,
        pairs=arguments.pairs,
        evaluation=arguments.evaluation,
        vectors=arguments.vectors,
        chance=chance,
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    reader = Reader(load_encoder(arguments.weights))
    if arguments.start:
        reader.load_state_dict(load_file(arguments.start))
    pairs = pairs[: int(arguments.share * len(pairs))]
    train(reader, load_tokenizer(arguments.weights, _TOKENS), pairs, arguments.out)


def train(reader: Reader, tokenizer: Tokenizer, pairs: Sequence[Pair], out: Path) -> None:
    """One pass over the pairs, in batches of like length."""
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for n, p in reader.named_parameters() if "encoder" in n and p.requires_grad], "scale": 1.0},
            {"params": [p for n, p in reader.named_parameters() if "encoder" not in n], "scale": 4.0},
        ],
        lr=_LEARNING_RATE,
        weight_decay=0.01,
    )
    batches = list(_batches(tokenizer, pairs))
    start, checkpoint = 0, out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        reader.load_state_dict(state["reader"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
    began = time.monotonic()
    print(f"{len(pairs)} pairs in {len(batches)} batches", flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        for step in range(start, len(batches)):
            rate = _LEARNING_RATE * min(1.0, (step + 1) / 100) * (1 - step / len(batches))
            for group in optimizer.param_groups:
                group["lr"] = rate * group["scale"]
            figures = _step(reader, optimizer, batches[step])
            seconds = round(time.monotonic() - began, 1)
            log.write(json.dumps({"step": step, "seconds": seconds, **figures}) + "\n")
            log.flush()
            if (step + 1) % 200 == 0 or step + 1 == len(batches):
                save_file({n: v.contiguous() for n, v in reader.state_dict().items()}, out / "reader.safetensors")
                state = {"step": step + 1, "reader": reader.state_dict(), "optimizer": optimizer.state_dict()}
                torch.save(state, checkpoint)


def _step(
    reader: Reader, optimizer: torch.optim.Optimizer, batch: tuple[list[Pair], dict[str, torch.Tensor]]
) -> dict[str, float]:
    pairs, inputs = batch
    support, answers, relevance = reader(**inputs)
    losses, figures = [], {}
    for head, scores in ((SUPPORT, support), (ANSWERS, answers), (RELEVANCE, relevance)):
        rows = [row for row, pair in enumerate(pairs) if pair.head == head]
        if not rows:
            continue
        targets = torch.tensor([pairs[row].target for row in rows])
        loss, right = _loss(head, scores[rows], targets)
        losses.append(loss * len(rows))
        figures |= {head: round(right, 3), f"{head}_loss": round(loss.item(), 3), f"{head}_n": len(rows)}
    total = torch.stack(losses).sum() / len(pairs)
    optimizer.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    optimizer.step()
    return figures


def _loss(head: str, scores: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, float]:
    if head != SUPPORT:
        loss = functional.binary_cross_entropy_with_logits(scores, targets.float())
        return loss, ((scores > 0) == (targets == 1)).float().mean().item()
    chances = functional.log_softmax(scores, dim=-1)
    either = torch.logsumexp(chances[:, 1:], dim=-1)  # partly or unsupported
    own = chances.gather(1, targets.clamp(max=2).unsqueeze(1)).squeeze(1)
    supported_or_not = torch.where(targets == 0, chances[:, 0], either)
    loss = -(supported_or_not + 0.3 * torch.where(targets == 3, either, own)).mean()
    return loss, ((chances[:, 0] > math.log(0.5)) == (targets == 0)).float().mean().item()


def _batches(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Iterator[tuple[list[Pair], dict[str, torch.Tensor]]]:
    """Batches of at most `_BATCH_TOKENS` with padding, made within runs of 640 pairs, in random order within each."""
    chance = random.Random(1)
    for first in range(0, len(pairs), 640):
        run = pairs[first : first + 640]
        encodings = tokenizer.encode_batch_fast([(pair.first, pair.second) for pair in run])
        order = sorted(range(len(run)), key=lambda row: len(encodings[row].ids))
        groups: list[list[int]] = [[]]
        for row in order:
            if groups[-1] and (len(groups[-1]) + 1) * len(encodings[row].ids) > _BATCH_TOKENS:
                groups.append([])
            groups[-1].append(row)
        chance.shuffle(groups)
        for group in groups:
            yield [run[row] for row in group], padded([encodings[row] for row in group])


if __name__ == "__main__":
    main()
