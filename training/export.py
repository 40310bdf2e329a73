"""Turn trained weights into the ONNX files that the package ships: int8 weights, dynamic quantization.

Weights are reduced to seven bits where products are summed in 16 bits (processors without VNNI saturate there), each
output channel with a scale of its own.
"""

import argparse
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import nn
from transformers import BertModel

from training.bert import load_encoder
from training.reader import Reader

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Hidden(nn.Module):
    """An encoder that gives the vectors of the tokens alone."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self._encoder = encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        hidden: torch.Tensor = self._encoder(**inputs).last_hidden_state
        return hidden


def main() -> None:
    """Write one ONNX file and print its SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=("embedder", "reader"))
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--weights", type=Path, required=True, help="trained weights; several are averaged", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    state = averaged(arguments.weights)
    encoder = load_encoder(arguments.base)
    if arguments.model == "embedder":
        encoder.load_state_dict(state, strict=False)
        write(_Hidden(encoder), ("last_hidden_state",), arguments.out)
    else:
        reader = Reader(encoder)
        reader.load_state_dict(state)
        write(reader, ("support", "answers", "relevance"), arguments.out)
    print(arguments.out.stat().st_size, hashlib.sha256(arguments.out.read_bytes()).hexdigest())


def averaged(paths: list[Path]) -> dict[str, torch.Tensor]:
    """The mean of several weights of one model: flatter, and better on what was not trained for."""
    states = [load_file(path) for path in paths]
    names = set.intersection(*(set(state) for state in states))
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0)
        if states[0][name].is_floating_point()
        else states[0][name]
        for name in sorted(names)
    }


def write(module: nn.Module, outputs: tuple[str, ...], path: Path) -> None:
    """Export and quantize a module with the inputs of BERT."""
    example = tuple(torch.ones(2, 7, dtype=torch.long) for _ in _INPUTS)
    axes = {name: {0: "batch", 1: "tokens"} for name in _INPUTS} | {name: {0: "batch"} for name in outputs}
    with TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            module.eval(),
            example,
            full,
            input_names=list(_INPUTS),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
