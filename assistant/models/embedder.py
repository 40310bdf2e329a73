"""Texts to vectors: a sentence-transformers model in ONNX form, on the processor.

Fastest on two cores, by some 20 % on a quiet machine and 60 % on a busy one: one text a run, one thread a run, as many
runs at once as there are cores. The threads of one run would wait for each other; short texts together in one run are
no faster than alone.
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssetCorrupt
from assistant.onnx_files import load_session, load_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_UNKNOWN = "[UNK]"
_PULL = "run `assistant assets pull` and try again"


class OnnxEmbedder:
    """A sentence embedder: mean-pooled token vectors of unit length.

    ``model_path`` is an ONNX export with the inputs of BERT and ``last_hidden_state`` first among its outputs;
    ``tokenizer_path`` its ``tokenizer.json``. ``fingerprint`` names the bits of both: vectors of two fingerprints
    must not be mixed. ``max_tokens`` are read of a text, whatever the tokenizer's file says. ``threads`` 0 takes the
    machine's cores. Nothing is read before the first text is embedded. Any thread may embed.

    Texts are plain: "[MASK]" in a paper on masked models is five letters between brackets and not the model's token.

    A text's vector does not depend on its neighbours: a model with *dynamic* quantization scales activations over all
    texts of a run, so each has a run of its own.
    """

    dimensions = 384

    def __init__(
        self, model_path: Path, tokenizer_path: Path, *, fingerprint: str, max_tokens: int = 256, threads: int = 0
    ) -> None:
        self.fingerprint = fingerprint
        self._max_tokens = max_tokens
        self._model_path = model_path
        self._tokenizer_path = tokenizer_path
        self._threads = threads
        self._sessions: dict[int, Any] = {}
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of the texts, float32, shape (texts, dimensions), rows of length 1; longer text is cut.

        Raises `AssetMissing` or `AssetCorrupt` when the model or its tokenizer cannot be loaded.
        """
        import numpy as np

        token_ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        if len(texts) == 1:
            vectors[0] = _vector(self._session_of(self._cores), token_ids[0])
        elif texts:
            session = self._session_of(1)
            longest_first = sorted(range(len(texts)), key=lambda row: -len(token_ids[row]))
            with ThreadPoolExecutor(self._cores) as pool:
                embedded = pool.map(lambda row: _vector(session, token_ids[row]), longest_first)
                for row, vector in zip(longest_first, embedded, strict=True):
                    vectors[row] = vector
        return vectors

    def understands(self, text: str) -> bool:
        """Whether the vocabulary has half of the text's tokens or more. Raises what `embed` raises."""
        tokens: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return 2 * tokens.count(_UNKNOWN) <= len(tokens)

    @cached_property
    def _cores(self) -> int:
        return self._threads or os.cpu_count() or 1

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = load_tokenizer(self._tokenizer_path, _PULL)
        tokenizer.enable_truncation(self._max_tokens)
        tokenizer.encode_special_tokens = True
        return tokenizer

    def _session_of(self, threads: int) -> Any:
        """The loaded model, with so many threads to a run: all for one text, one where runs go side by side."""
        with self._loading:
            if threads not in self._sessions:
                self._sessions[threads] = self._load(threads)
            return self._sessions[threads]

    def _load(self, threads: int) -> Any:
        session, path = load_session(self._model_path, threads, _PULL), self._model_path
        output = session.get_outputs()[0]
        if output.shape[-1] != self.dimensions:
            raise AssetCorrupt(f"{path} gives {output.name} of shape {output.shape}, not {self.dimensions} wide", _PULL)
        return session


def _vector(session: Any, token_ids: list[int]) -> "Vectors":
    """The vector of one text, shape (dimensions,), length 1."""
    import numpy as np

    ids = np.array([token_ids], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    hidden: Vectors = session.run(None, inputs)[0][0]
    mean: Vectors = hidden.mean(axis=0, dtype=np.float32)
    vector: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return vector
