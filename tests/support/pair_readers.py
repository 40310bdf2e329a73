"""Folders with small readers of pairs: each word votes, those of the first text as often as a test says."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.onnx_files import onnx_model, onnx_node

WORDS = ("[UNK]", "[CLS]", "[SEP]", "good", "bad", "odd", "title")
_IDS = ("batch", "tokens")
Votes = Mapping[str, Sequence[float]]


def write_reader(
    folder: Path,
    votes: Votes,
    labels: Sequence[str] = (),
    *,
    outputs: Mapping[str, int] | None = None,
    first_counts: float = 1.0,
    model: str = "model.onnx",
    token_type_ids: bool = True,
    config: Mapping[str, object] | None = None,
) -> Path:
    """A folder with the three files.

    The logits of a pair are the sums of its words' ``votes``, those in the first text times ``first_counts``.
    ``outputs`` are names with widths, all cut out of the same logits in order; one output ``logits`` without them.
    """
    width = len(next(iter(votes.values())))
    named = outputs or {"logits": width}
    rows = [[float(number) for number in votes.get(word, [0.0] * width)] for word in WORDS]
    file = folder / model
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_voting(rows, named, first_counts, token_type_ids=token_type_ids))
    (folder / "tokenizer.json").write_text(_tokenizer(), encoding="utf-8")
    names = {"id2label": {str(place): label for place, label in enumerate(labels)}} if labels else {}
    (folder / "config.json").write_text(json.dumps({**names, **(config or {})}), encoding="utf-8")
    return folder


def _voting(rows: list[list[float]], outputs: Mapping[str, int], first_counts: float, *, token_type_ids: bool) -> bytes:
    inputs = {"input_ids": _IDS, "attention_mask": _IDS} | ({"token_type_ids": _IDS} if token_type_ids else {})
    nodes, votes = [onnx_node("Gather", ["votes", "input_ids"], "single")], "single"
    if token_type_ids:
        nodes.append(onnx_node("Gather", ["weights", "token_type_ids"], "weighed"))
        nodes.append(onnx_node("Mul", ["single", "weighed"], "counted"))
        votes = "counted"
    if len(outputs) == 1:
        (name,) = outputs
        nodes.append(onnx_node("ReduceMean", [votes], name, axes=[1], keepdims=0))
    else:
        nodes.append(onnx_node("ReduceMean", [votes], "summed", axes=[1], keepdims=0))
        nodes += [onnx_node("Identity", ["summed"], name) for name in outputs]
    shapes = {name: ("batch", len(rows[0])) for name in outputs}
    return onnx_model(inputs, nodes, shapes, {"votes": rows, "weights": [[first_counts], [1.0]]})


def _tokenizer() -> str:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.add_special_tokens(["[CLS]", "[SEP]"])
    text: str = tokenizer.to_str()
    return text
