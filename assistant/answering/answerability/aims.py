"""What a question wants of the papers that it names: what they are about, their limits, a detail, a comparison.

Told by meaning: the question, its names put aside, is held against examples of each kind, by vectors, or by the letters
that they share where no embedder is at hand. No word decides alone, and a slip of the pen changes little.
"""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.papers import normalized_title
from assistant.retrieval import SentenceEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEIGHBOURS = 3
_EXAMPLE_LIKENESS = 0.85
"""From this likeness in letters on a question is an example itself."""
_VECTORS: "WeakKeyDictionary[SentenceEmbedder, Mapping[str, NDArray[np.float32]]]" = WeakKeyDictionary()
"""Vectors of the examples, kept as long as their embedder lives."""


class Aim(StrEnum):
    """What is wanted of one paper."""

    WHOLE = "whole"
    LIMITS = "limits"
    DETAIL = "detail"


class Aims:
    """Tells what questions aim at; keeps the vectors of its examples, so that they are embedded once."""

    def __init__(self, embedder: SentenceEmbedder | None) -> None:
        self._embedder = embedder

    def aims_of(self, questions: Sequence[str]) -> tuple[Aim, ...]:
        """The aim of each question, in which "it" stands for the paper."""
        nearest = self._nearest(questions, tuple(Aim))
        return tuple(Aim(kind) for kind in nearest)

    def wants_others(self, question: str) -> bool:
        """Whether a question about "it" asks for other papers like it, and not for what it says."""
        return self._nearest([question], (*Aim, "beyond", "comparing"))[0] == "beyond"

    def is_comparing(self, question: str) -> bool:
        """Whether a question about "A" and "B" asks how they compare."""
        return self._nearest([question], ("comparing", "together"))[0] == "comparing"

    def seldom(self, question: str) -> float:
        """How much likelier the detail is one that abstracts seldom tell than one that they often tell, -1..1."""
        if self._embedder is None:
            return _by_letters(question, _examples()["seldom"]) - _by_letters(question, _examples()["often"])
        vector = self._embedder.embed([question])[0]
        seldom: list[float] = (self._vectors["seldom"] @ vector).tolist()
        often: list[float] = (self._vectors["often"] @ vector).tolist()
        return max(seldom) - max(often)

    def _nearest(self, questions: Sequence[str], kinds: Sequence[str]) -> list[str]:
        letters = [{kind: _by_letters(question, _examples()[kind]) for kind in kinds} for question in questions]
        if self._embedder is None or all(max(likeness.values()) >= _EXAMPLE_LIKENESS for likeness in letters):
            return [max(kinds, key=likeness.__getitem__) for likeness in letters]
        vectors = self._embedder.embed(list(questions))
        return [max(kinds, key=lambda kind: _by_meaning(vector, self._vectors[kind])) for vector in vectors]

    @property
    def _vectors(self) -> Mapping[str, "NDArray[np.float32]"]:
        assert self._embedder is not None  # noqa: S101  # asked for behind it alone
        if self._embedder in _VECTORS:
            return _VECTORS[self._embedder]
        examples = _examples()
        vectors = self._embedder.embed([example for kind in examples.values() for example in kind])
        ends = [0]
        for kind in examples.values():
            ends.append(ends[-1] + len(kind))
        by_kind = {kind: vectors[ends[place] : ends[place + 1]] for place, kind in enumerate(examples)}
        return _VECTORS.setdefault(self._embedder, by_kind)


def aims_with(embedder: SentenceEmbedder | None) -> Aims:
    """The `Aims` of an embedder; without one letters tell."""
    return Aims(embedder)


@cache
def _examples() -> Mapping[str, tuple[str, ...]]:
    kinds = tomllib.loads(files("assistant.answering.answerability").joinpath("aims.toml").read_text(encoding="utf-8"))
    return {kind: tuple(examples.strip().splitlines()) for kind, examples in kinds.items()}


def _by_meaning(vector: "NDArray[np.float32]", examples: "NDArray[np.float32]") -> float:
    likeness: list[float] = (examples @ vector).tolist()
    nearest = sorted(likeness, reverse=True)[:_NEIGHBOURS]
    return sum(nearest) / len(nearest)


def _by_letters(question: str, examples: Sequence[str]) -> float:
    trigrams = _trigrams(question)
    return max(
        2 * len(trigrams & _trigrams(example)) / (len(trigrams) + len(_trigrams(example))) for example in examples
    )


@cache
def _trigrams(text: str) -> frozenset[str]:
    padded = f" {normalized_title(text)} "
    return frozenset(padded[start : start + 3] for start in range(max(1, len(padded) - 2)))
