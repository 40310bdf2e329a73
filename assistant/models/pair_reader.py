"""Models that read two texts together: cross-encoders in ONNX form, on the processor.

Two kinds of file are read. One has its outputs by name: ``relevance`` (pairs,) and ``support`` (pairs, labels), logits;
it takes question or claim first. The other has one output: with one logit a pair it ranks
(question first, as the MS MARCO models of sentence-transformers), with several it classifies (premise first, hypothesis
second, as models of natural language inference), and the ``id2label`` of its ``config.json`` says what each one means.

One pair a run, one thread a run, as many runs at once as there are cores: with dynamic quantization, activations are
scaled over all pairs of a run, and a score would depend on the pairs beside it.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant.errors import AssetCorrupt, AssetMissing, UsageError
from assistant.onnx_files import load_session, load_tokenizer, read_file, run_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Logits = NDArray[np.float32]

_MOST_TOKENS = 512
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_MODELS = ("model.onnx", "model_quantized.onnx", "model_int8.onnx")
_PULL = "pull it again with `assistant assets pull`, or copy the whole folder again"
_CLASSES = ("supported", "partly", "unsupported")
_SPELLINGS = (  # the first that a label begins with, its letters alone, without case
    *((beginning, 0) for beginning in ("entail", "support", "true", "yes")),
    ("part", 1),
    *((beginning, 2) for beginning in ("contradict", "refut", "neutral", "un", "no", "nei", "false", "irrelevant")),
)


@dataclass(frozen=True, slots=True)
class PairFiles:
    """The files of one model: ONNX, ``tokenizer.json`` and ``config.json``."""

    model: Path
    tokenizer: Path
    config: Path

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """The files of a folder; the ONNX file may lie in a folder ``onnx`` in it. Raises `AssetMissing`."""
        places = [parent / name for parent in (folder, folder / "onnx") for name in _MODELS]
        model = next((place for place in places if place.is_file()), None)
        if model is None:
            raise AssetMissing(f"{folder} has no model: none of {', '.join(_MODELS)}, nor in onnx/.", "Check the path.")
        for name in ("tokenizer.json", "config.json"):
            if not (folder / name).is_file():
                raise AssetMissing(f"{folder} has no {name}.", "Copy it from where the model came from.")
        return cls(model, folder / "tokenizer.json", folder / "config.json")


class PairReader:
    """Scores pairs of texts with one model.

    ``name`` is how messages call it. ``threads`` 0 takes the machine's cores. Nothing is read before it is needed. Any
    thread may read. Methods raise `AssetMissing` and `AssetCorrupt` for files that cannot be used, and `UsageError`
    when the model does not do what is asked.
    """

    def __init__(self, files: PairFiles, *, name: str, threads: int = 0) -> None:
        self.name = name
        self._files = files
        self._threads = threads or os.cpu_count() or 1
        self._loading = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        """What scores depend on: a hash of the model, the tokenizer and the labels."""
        digest = hashlib.sha256()
        for file in (self._files.model, self._files.tokenizer, self._files.config):
            digest.update(hashlib.sha256(read_file(file, _PULL)).digest())
        return digest.hexdigest()

    def relevance(self, question: str, texts: Sequence[str]) -> tuple[float, ...]:
        """The probability of each text to be about the question."""
        import numpy as np

        head = self._require("relevance")
        scores = self._run(head.output, [(question, text) for text in texts])
        if size := next((logits.size for logits in scores if logits.size != 1), 0):
            raise self._corrupt(f"gives {size} scores a pair, and config.json does not say what they are")
        return tuple(float(1 / (1 + np.exp(-float(logits.item())))) for logits in scores)

    def support(self, claim: str, evidences: Sequence[str]) -> tuple[tuple[float, float, float], ...]:
        """The probabilities that each evidence supports the claim wholly, in part, or not."""
        import numpy as np

        head = self._require("support")
        pairs = [(claim, text) if head.claim_first else (text, claim) for text in evidences]
        probabilities = []
        for logits in self._run(head.output, pairs):
            if logits.size != len(head.classes):
                raise self._corrupt(f"gives {logits.size} scores a pair, and its labels are {len(head.classes)}")
            chances = np.exp(logits - logits.max())
            chances /= chances.sum()
            sums = np.bincount(head.classes, weights=chances, minlength=len(_CLASSES))
            probabilities.append((float(sums[0]), float(sums[1]), float(sums[2])))
        return tuple(probabilities)

    def require(self, head: str) -> None:
        """Raise `UsageError` unless the model does this: "relevance" or "support"."""
        self._require(head)

    def _require(self, name: str) -> "_Head":
        head = self._heads.get(name)
        if head is None:
            able = ", ".join(self._heads) or "nothing that is known"
            raise UsageError(f"The model {self.name} does not give {name}; it gives {able}.", "Take another model.")
        return head

    def _run(self, output: int, pairs: Sequence[tuple[str, str]]) -> "list[Logits]":
        """One output of the model for each pair."""
        if not pairs:
            return []
        tokenizer, session = self._tokenizer, self._session
        encodings = tokenizer.encode_batch(list(pairs))
        if len(pairs) == 1:
            return [self._logits(session, output, encodings[0])]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda encoding: self._logits(session, output, encoding), encodings))

    def _logits(self, session: Any, output: int, encoding: Any) -> "Logits":
        import numpy as np

        columns = dict(zip(_INPUTS, (encoding.ids, encoding.attention_mask, encoding.type_ids), strict=True))
        inputs = {name: np.array([columns[name]], dtype=np.int64) for name in self._inputs}
        logits: Logits = np.asarray(run_session(session, inputs, self._files.model, _PULL)[output][0], np.float32)
        if not np.isfinite(logits).all():
            raise self._corrupt("gives scores that are no numbers")
        return logits

    @cached_property
    def _config(self) -> Mapping[str, Any]:
        content = read_file(self._files.config, _PULL)
        try:
            config = json.loads(content)
        except ValueError as cause:
            raise AssetCorrupt(f"{self._files.config} is not JSON: {cause}", _PULL) from cause
        if not isinstance(config, dict):
            raise AssetCorrupt(f"{self._files.config} is not an object", _PULL)
        return config

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = load_tokenizer(self._files.tokenizer, _PULL)
        tokenizer.encode_special_tokens = True  # “[SEP]” in a text is text
        longest = self._config.get("max_length") or self._config.get("max_position_embeddings")
        tokenizer.enable_truncation(
            min(longest, _MOST_TOKENS) if isinstance(longest, int) and longest > 2 else _MOST_TOKENS
        )
        return tokenizer

    @property
    def _session(self) -> Any:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        return load_session(self._files.model, 1, _PULL)

    @cached_property
    def _inputs(self) -> tuple[str, ...]:
        names = tuple(model_input.name for model_input in self._session.get_inputs())
        if unknown := [name for name in names if name not in _INPUTS]:
            raise self._corrupt(f"wants {', '.join(unknown)}: it reads no pairs of texts")
        return names

    @cached_property
    def _heads(self) -> "Mapping[str, _Head]":
        outputs = [output.name for output in self._session.get_outputs()]
        if "support" in outputs or "relevance" in outputs:
            heads = {"relevance": _Head(outputs.index("relevance"))} if "relevance" in outputs else {}
            if "support" in outputs:
                labels = self._labels or list(_CLASSES)
                heads["support"] = _Head(outputs.index("support"), tuple(map(self._class_of, labels)), claim_first=True)
            return heads
        if len(self._labels) > 1:
            return {"support": _Head(0, tuple(map(self._class_of, self._labels)))}
        return {"relevance": _Head(0)}

    @cached_property
    def _labels(self) -> list[str]:
        """The labels in the order of the scores."""
        labels = self._config.get("id2label")
        if not isinstance(labels, dict):
            return []
        try:
            return [str(labels[key]) for key in sorted(labels, key=int)]
        except ValueError as cause:
            raise AssetCorrupt(f"{self._files.config}: id2label has keys that are no numbers", _PULL) from cause

    def _class_of(self, label: str) -> int:
        letters = re.sub(r"[\W\d_]+", "", label.casefold())
        for beginning, place in _SPELLINGS:
            if letters.startswith(beginning):
                return place
        raise UsageError(
            f"{self._files.config} calls a label {label!r}, which does not say whether a claim is supported.",
            f"Name the labels in id2label: entailment, neutral and contradiction, or {', '.join(_CLASSES)}.",
        )

    def _corrupt(self, fact: str) -> AssetCorrupt:
        return AssetCorrupt(f"{self._files.model} {fact}", _PULL)


@dataclass(frozen=True, slots=True)
class _Head:
    """An output of the model; ``classes`` are places in `_CLASSES`, one a score."""

    output: int
    classes: tuple[int, ...] = ()
    claim_first: bool = False
