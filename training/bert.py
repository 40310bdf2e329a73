"""The encoder both models start from: all-MiniLM-L6-v2 in PyTorch, and its export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

MAX_TOKENS = 512
WIDTH = 384


def load_encoder(folder: Path) -> BertModel:
    """The encoder of a folder with ``config.json`` and ``model.safetensors``, word vectors frozen."""
    encoder = BertModel(BertConfig.from_json_file(folder / "config.json"), add_pooling_layer=False)
    weights = load_file(folder / "model.safetensors")
    known = set(encoder.state_dict())
    missing, _ = encoder.load_state_dict(
        {name: value for name, value in weights.items() if name in known}, strict=False
    )
    if missing:
        raise ValueError(f"{folder} lacks the weights {', '.join(missing)}")
    encoder.embeddings.word_embeddings.weight.requires_grad = False
    return encoder.eval()  # without dropout, which costs a fifth of the time on a processor


def load_tokenizer(folder: Path, max_tokens: int = MAX_TOKENS) -> Tokenizer:
    """The tokenizer of a folder; names of special tokens in a text are text."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.encode_special_tokens = True
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def padded(encodings: Sequence[Any]) -> dict[str, torch.Tensor]:
    """Token ids, attention mask and token types of some encodings, shape (texts, longest)."""
    longest = max(len(encoding.ids) for encoding in encodings)
    names = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    return {
        name: torch.tensor([(row := getattr(e, field)) + [0] * (longest - len(row)) for e in encodings])
        for name, field in names.items()
    }


def mean_pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Unit vectors: the mean of the tokens of each text."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


def embed(encoder: BertModel, encodings: Sequence[Any], tokens: int = 6_000) -> torch.Tensor:
    """Vectors of texts in the order given, computed in runs of like length with at most ``tokens`` each."""
    order = sorted(range(len(encodings)), key=lambda row: -len(encodings[row].ids))
    vectors: list[torch.Tensor] = [torch.empty(0)] * len(encodings)
    while order:
        size = max(1, tokens // len(encodings[order[0]].ids))
        rows, order = order[:size], order[size:]
        inputs = padded([encodings[row] for row in rows])
        run = mean_pooled(encoder(**inputs).last_hidden_state, inputs["attention_mask"])
        for row, vector in zip(rows, run, strict=True):
            vectors[row] = vector
    return torch.stack(vectors)
