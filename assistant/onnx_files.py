"""ONNX models and tokenizers out of files; what is wrong with a file is an error that names it and the remedy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssetCorrupt, AssetMissing
from assistant.telemetry import switch_off


def load_session(path: Path, threads: int, remedy: str) -> Any:
    """A model as an ONNX Runtime session on the processor, with so many threads to a run.

    Raises `AssetMissing` or `AssetCorrupt`.
    """
    switch_off()
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(read_file(path, remedy), options, providers=["CPUExecutionProvider"])
    except (
        failures.InvalidProtobuf,
        failures.InvalidGraph,
        failures.Fail,
        failures.InvalidArgument,
        failures.NotImplemented,
    ) as cause:
        raise AssetCorrupt(f"{path} is not a model that ONNX Runtime can load: {cause}", remedy) from cause


def run_session(session: Any, inputs: Mapping[str, Any], path: Path, remedy: str) -> Sequence[Any]:
    """The outputs of a run; raises `AssetCorrupt` for a model that fails on proper inputs."""
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    try:
        outputs: Sequence[Any] = session.run(None, dict(inputs))
    except (failures.InvalidArgument, failures.RuntimeException, failures.Fail, failures.NotImplemented) as cause:
        raise AssetCorrupt(f"{path} cannot be run: {cause}", remedy) from cause
    return outputs


def load_tokenizer(path: Path, remedy: str) -> Any:
    """A tokenizer without padding and with truncation as its caller sets it.

    Raises `AssetMissing` or `AssetCorrupt`.
    """
    from tokenizers import Tokenizer

    content = read_file(path, remedy)
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except ValueError as cause:
        raise AssetCorrupt(f"{path} is not a tokenizer: {cause}", remedy) from cause
    tokenizer.no_padding()
    return tokenizer


def read_file(path: Path, remedy: str) -> bytes:
    """The bytes of a file; raises `AssetMissing` for one that cannot be read."""
    try:
        return path.read_bytes()
    except OSError as cause:
        raise AssetMissing(f"cannot read {path}: {cause.strerror}", remedy) from cause
