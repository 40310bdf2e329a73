#!/bin/sh
# onnxruntime 1.31.1 (MIT) on a processor: what the default graph optimization does to "add, then normalize".
#
# A transformer adds the input of each block to its output and normalizes the sum. The default level, ORT_ENABLE_ALL,
# joins the two operators to one, SkipLayerNormalization; ORT_ENABLE_BASIC leaves them apart. Both give the same numbers.
# Here a graph of 12 such pairs, as an encoder of six layers has them, runs over 276 tokens of width 384 (an abstract)
# at both levels in turn, on one thread.
#
# Usual wrong guess: one operator that reads the data once is at least as fast as two.
# Seen (AVX-512, three runs): joined 6.2 to 6.5 ms, apart 0.8 to 0.9 ms: 7.1 to 7.4 times as long.
# Exits with 1 when the joined operator takes less than twice the time, or is not made any more.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
	"onnxruntime==1.31.1" "onnx==1.23.2" "numpy==2.4.6"
cd "$folder"
ORT_DISABLE_TELEMETRY=1 "$folder/venv/bin/python" - <<'PYTHON'
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

PAIRS, TOKENS, WIDTH = 12, 276, 384
weights = [
    numpy_helper.from_array(np.full(WIDTH, value, np.float32), name) for name, value in (("scale", 1.1), ("shift", 0.1))
]
nodes, hidden = [], "input"
for pair in range(PAIRS):
    nodes.append(helper.make_node("Add", [hidden, "block"], [f"sum{pair}"]))
    nodes.append(helper.make_node("LayerNormalization", [f"sum{pair}", "scale", "shift"], [f"out{pair}"], epsilon=1e-12))
    hidden = f"out{pair}"
tensors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, TOKENS, WIDTH]) for name in ("input", "block", hidden)]
graph = helper.make_graph(nodes, "pairs", tensors[:2], tensors[2:], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def session(level, file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = level
    options.optimized_model_filepath = file
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


levels = onnxruntime.GraphOptimizationLevel
joined, apart = session(levels.ORT_ENABLE_ALL, "joined.onnx"), session(levels.ORT_ENABLE_BASIC, "apart.onnx")
made = sum(node.op_type == "SkipLayerNormalization" for node in onnx.load("joined.onnx").graph.node)
data = np.random.default_rng(7).standard_normal((2, 1, TOKENS, WIDTH), dtype=np.float32)
inputs = {"input": data[0], "block": data[1]}
seconds = {joined: [], apart: []}
for _ in range(60):
    for run, times in seconds.items():
        began = time.perf_counter()
        run.run(None, inputs)
        times.append(time.perf_counter() - began)
equal = np.allclose(joined.run(None, inputs)[0], apart.run(None, inputs)[0], atol=1e-4)
slow, fast = (min(times) for times in seconds.values())
print(f"{made} joined operators, equal numbers: {equal}")
print(f"joined {slow * 1000:.1f} ms, apart {fast * 1000:.1f} ms: {slow / fast:.1f} times as long")
sys.exit(not (made == PAIRS and equal and slow / fast > 2))
PYTHON
