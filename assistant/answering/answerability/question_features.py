"""How a question is read: the names in it, the parts that it asks, and what each part wants of the papers.

What it wants (`Aim`: the whole, a detail, limits, a comparison) is decided by meaning: the question, its names put
aside, is compared with examples of each kind, by vectors, or by the letters that they share where no embedder is at
hand. No word decides alone, and a slip of the pen changes little.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.language import ENGLISH, in_english
from assistant.library import words
from assistant.papers import normalized_title
from assistant.retrieval import SentenceEmbedder, content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_TOKEN = re.compile(r"[^\W_]+(?:[-.+'’/*^][^\W_]+)*")
_COINED = re.compile(r"\d|[^\W\d_][A-Z]|^[A-Z]{2,}$")
_CAPITALIZED = re.compile(r"[A-Z][a-z]")
_POSSESSIVE = re.compile(r"['’]s$")
_LETTER = re.compile(r"[^\W\d_]")
_ASKING_WORD = (
    r"(?:how|what|which|why|where|who|whose|when|is|are|does|do|did|can|could|has|have|was|were)(?:['’]?s|['’]?re)?"
)
_NEXT_PART = re.compile(
    rf"[,;?]?\s+(?:and|or|plus)\s+(?=(?:by |at |on |in |for )?{_ASKING_WORD}\b)"
    rf"|[,;?]\s+(?=(?:by |at |on |in |for )?{_ASKING_WORD}\b)"
    r"|(?<=[^\W\d_]{2})(?<!\bvs)(?<!\bal)[.!]\s+(?=\w)|\?\s+(?=\w)",
    re.IGNORECASE,
)
_PIECE_END = re.compile(r"[?!;？！；，]\s*|[,.]\s+|\s(?=(?:und|et)\s)")
_JOINED = re.compile(r"^(?:und|et|和|以及)\s*")
_REQUEST = re.compile(
    r"\b(?:tell|explain|describe|summari[sz]e|give|show|compare|compared?|list|tldr|overview|summary)\b", re.IGNORECASE
)

_BEGINS_ASKING = re.compile(
    rf"(?:^|[,:;–-]\s+|\s)(?:how|what|which|why|where|whom?|whose|when)(?:['’]?s)?\b|^{_ASKING_WORD}\b", re.IGNORECASE
)
_NEIGHBOURS = 3
_EXAMPLE_LIKENESS = 0.85
"""From this likeness in letters on a question is an example itself."""
_VECTORS: "WeakKeyDictionary[SentenceEmbedder, Mapping[str, NDArray[np.float32]]]" = WeakKeyDictionary()
"""Vectors of the examples, kept as long as their embedder lives."""


def names_in(question: str) -> tuple[str, ...]:
    """The names of a question, each once: tokens with a digit or an inner capital, and capitalized words inside it.

    "which ViT does SEED-X use on COCO?" has "ViT", "SEED-X" and "COCO"; a bare number is no name.
    """
    names: list[str] = []
    for place, match in enumerate(_TOKEN.finditer(question)):
        token = _POSSESSIVE.sub("", match.group())
        inside = place > 0 and _CAPITALIZED.match(token)
        if _LETTER.search(token) and (inside or any(_COINED.search(piece) for piece in token.split("-"))):
            names.append(token)
    return tuple(dict.fromkeys(names))


def parts_of(question: str, language: str = ENGLISH) -> tuple[str, ...]:
    """The parts that a question asks one by one, in its own words; one part for most questions.

    "X: how many layers has it, and which licence?" has "how many layers has it" and "which licence"; what stands
    before belongs to the first part, for it says what both are about. A sentence is a part of its own.
    """
    text = question.strip()
    pieces = _NEXT_PART.split(text) if language == ENGLISH else _pieces_of(text, language)
    trimmed = [piece.strip(" ?.,;？。") for piece in pieces]
    return tuple(piece for piece in trimmed if words(piece)) or (question,)


def _pieces_of(text: str, language: str) -> list[str]:
    """Parts of a question in another language: a new one begins where its English would ask again."""
    pieces: list[str] = []
    for piece in _PIECE_END.split(text):
        own = _JOINED.sub("", piece)
        if not pieces or _BEGINS_ASKING.search(in_english(own, language)):
            pieces.append(own)
        elif piece.strip():
            pieces[-1] = f"{pieces[-1]}, {piece}" if piece == own else f"{pieces[-1]} {piece}"
    return pieces


def asks(part: str) -> bool:
    """Whether a part of an English question asks or requests something; else it only says what is spoken of."""
    return bool(_BEGINS_ASKING.search(part) or _REQUEST.search(part))


class Wording:
    """The words of a text, made once, to hold questions against."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(content_words(text))
        text_words = words(text)
        self._together = "".join(text_words)
        self._edges = frozenset(accumulate(map(len, text_words), initial=0))

    def has_name(self, name: str) -> bool:
        """Whether the name stands in the text as whole words; hyphens, spaces, case and a plural do not matter."""
        squashed = "".join(words(name))
        return any(self._has(form) for form in (squashed, squashed.removesuffix("s"), f"{squashed}s"))

    def _has(self, squashed: str) -> bool:
        start = self._together.find(squashed)
        while start >= 0:
            if start in self._edges and start + len(squashed) in self._edges:
                return True
            start = self._together.find(squashed, start + 1)
        return False


@lru_cache(maxsize=256)
def wording(text: str) -> Wording:
    """`Wording` of a text; the last ones are kept, since both gates read the same papers."""
    return Wording(text)


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
