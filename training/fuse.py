"""Write the shipped embedder with fewer, larger operators: the same int8 weights, less time for a text.

Torch exports attention as a dozen small operators with a mask that no text here needs, and ONNX Runtime does not fuse
them once the products around them are quantized. Here every layer is one quantized product for query, key and value,
ONNX Runtime's multi-head attention, and quantized products with their bias. Layer norms stay plain operators behind an
addition: `SkipLayerNormalization` takes seven times as long on a processor (onnxruntime 1.31.1), so a session must
load the file with `ORT_ENABLE_BASIC`, which leaves them as they are.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12  # of BERT's layer norms
_MICROSOFT = "com.microsoft"  # ONNX Runtime's own operators
_PREFIX = "_encoder."

Array = NDArray[np.generic]


class _Source:
    """The weights of an exported and quantized encoder."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self._products = [node for node in model.graph.node if node.op_type == "MatMulInteger"]

    def array(self, name: str) -> Array:
        return self._arrays[_PREFIX + name]

    def product(self, layer: int, part: str) -> tuple[Array, Array]:
        """The int8 weights (in, out) of a product and the scale of each output channel."""
        name = f"/layer.{layer}/{part}/MatMul_quant"
        quantized = next(node.input[1] for node in self._products if node.name.endswith(name))
        base = quantized.removesuffix("_quantized")
        if np.any(self._arrays[f"{base}_zero_point"]):
            raise SystemExit(f"{base} is not quantized symmetrically")
        weights = self._arrays[quantized]
        return weights, np.broadcast_to(self._arrays[f"{base}_scale"], weights.shape[1:])


class _Graph:
    """The nodes and weights of the graph that is written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator: str, inputs: list[str], *outputs: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, list(outputs), domain=domain, **attributes))
        return outputs[0]

    def quantized_product(self, data: str, name: str, weights: Array, scales: Array, bias: Array | None = None) -> str:
        inputs = [data, self.weight(f"{name}.weight", weights), self.weight(f"{name}.scale", scales)]
        if bias is not None:
            inputs += ["", self.weight(f"{name}.bias", bias)]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=_MICROSOFT)

    def layer_norm(self, data: str, name: str, scale: Array, shift: Array) -> str:
        inputs = [data, self.weight(f"{name}.scale", scale), self.weight(f"{name}.shift", shift)]
        return self.node("LayerNormalization", inputs, name, epsilon=_EPSILON, axis=-1)


def main() -> None:
    """Write one ONNX file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="file of `training.export embedder`")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    onnx.save(fused(onnx.load(arguments.model)), arguments.out)


def fused(model: onnx.ModelProto) -> onnx.ModelProto:
    """The encoder of `training.export` with fused operators; takes ``input_ids`` and ``token_type_ids``."""
    source, graph = _Source(model), _Graph()
    hidden = _embeddings(source, graph)
    for layer in range(_LAYERS):
        hidden = _layer(source, graph, layer, hidden)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(hidden, TensorProto.FLOAT, ["batch", "tokens", _WIDTH])
    return helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.weights),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=9,
    )


def _embeddings(source: _Source, graph: _Graph) -> str:
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    graph.weight("first", np.array([0], np.int64))
    rows = {
        "word": ("Gather", ["input_ids"]),
        "token_type": ("Gather", ["token_type_ids"]),
        "position": ("Slice", ["first", "length"]),
    }
    for kind, (operator, places) in rows.items():
        table = f"embeddings.{kind}_embeddings.weight"
        parts = ("_quantized", "_scale", "_zero_point")
        quantized, scale, zero = (graph.weight(f"{kind}{part}", source.array(table + part)) for part in parts)
        graph.node(operator, [quantized, *places], f"{kind}.rows")
        graph.node("DequantizeLinear", [f"{kind}.rows", scale, zero], kind)
    graph.node("Add", ["word", "token_type"], "word_and_type")
    graph.node("Add", ["word_and_type", "position"], "embedded")
    norm = "embeddings.LayerNorm"
    return graph.layer_norm("embedded", "hidden", source.array(f"{norm}.weight"), source.array(f"{norm}.bias"))


def _layer(source: _Source, graph: _Graph, layer: int, hidden: str) -> str:
    base = f"encoder.layer.{layer}"
    names = ("query", "key", "value")
    products = [source.product(layer, f"attention/self/{name}") for name in names]
    graph.quantized_product(
        hidden,
        f"{layer}.joined",
        np.concatenate([weights for weights, _ in products], axis=1),
        np.concatenate([scales for _, scales in products]),
        np.concatenate([source.array(f"{base}.attention.self.{name}.bias") for name in names]),
    )
    heads = [f"{layer}.{name}" for name in names]
    graph.node("Split", [f"{layer}.joined"], *heads, axis=-1, num_outputs=3)
    attended = graph.node("MultiHeadAttention", heads, f"{layer}.attended", domain=_MICROSOFT, num_heads=_HEADS)
    hidden = _added(source, graph, layer, "attention/output/dense", attended, hidden)
    wide = graph.quantized_product(hidden, f"{layer}.wide", *source.product(layer, "intermediate/dense"))
    bias = graph.weight(f"{layer}.wide.bias", source.array(f"{base}.intermediate.dense.bias"))
    activated = graph.node("BiasGelu", [wide, bias], f"{layer}.activated", domain=_MICROSOFT)
    return _added(source, graph, layer, "output/dense", activated, hidden)


def _added(source: _Source, graph: _Graph, layer: int, part: str, data: str, hidden: str) -> str:
    """A product added to what went in, normalized."""
    base = f"encoder.layer.{layer}.{part.replace('/', '.')}"
    name = f"{layer}.{part.replace('/', '.')}"
    product = graph.quantized_product(data, name, *source.product(layer, part), source.array(f"{base}.bias"))
    summed = graph.node("Add", [product, hidden], f"{name}.sum")
    norm = base.replace("dense", "LayerNorm")
    last = layer == _LAYERS - 1 and part == "output/dense"
    written = "last_hidden_state" if last else f"{name}.hidden"
    return graph.layer_norm(summed, written, source.array(f"{norm}.weight"), source.array(f"{norm}.bias"))


if __name__ == "__main__":
    main()
