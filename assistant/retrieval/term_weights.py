"""How much two texts share in words: stemmed as the lexical index does it, weighted by rarity.

One tokenization serves search, evidence and attribution, so that what was found by a word is also shown for it.
"""

import math
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Self

from assistant.library import stop_words, words


@lru_cache(maxsize=8192)
def content_words(text: str) -> tuple[str, ...]:
    """The stemmed words of a text in their order, repeated as they are, without stop words; numbers stay."""
    ignored = stop_words()
    return tuple(word for word in words(text) if word not in ignored)


class IdfWeights:
    """Inverse document frequencies of a collection of texts: rare words weigh more.

    A word that no text has weighs most, so that a question's unknown name is missed as much as it should be.
    """

    def __init__(self, document_frequencies: Counter[str], documents: int) -> None:
        self._frequencies = document_frequencies
        self._documents = documents
        self._weights: dict[str, float] = {}

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Self:
        """Weights by the number of these texts that hold a word."""
        return cls.from_words(set(content_words(text)) for text in texts)

    @classmethod
    def from_words(cls, texts: Iterable[AbstractSet[str]]) -> Self:
        """Weights by the number of these sets of words, in the form of `content_words`, that hold a word."""
        frequencies: Counter[str] = Counter()
        documents = 0
        for held in texts:
            frequencies.update(held)
            documents += 1
        return cls(frequencies, documents)

    def weight(self, word: str) -> float:
        """The weight of a word in the form of `content_words`: BM25's idf, above 0."""
        weight = self._weights.get(word)
        if weight is None:
            frequency = self._frequencies[word]
            weight = self._weights[word] = math.log(1 + (self._documents - frequency + 0.5) / (frequency + 0.5))
        return weight

    def total(self, terms: AbstractSet[str]) -> float:
        """The weights of some words together."""
        return sum(map(self.weight, terms))

    def share(self, words: AbstractSet[str], held: AbstractSet[str], *, of_none: float) -> float:
        """The weighted share (0..1) of some words that are held; ``of_none`` where there are no words.

        The caller says which it means: words of a claim that it must have (none are 0), or words of a question that
        must not be missing (none are 1).
        """
        total = self.total(words)
        return self.total(words & held) / total if total else of_none

    def coverage(self, claim: str, source: str) -> float:
        """The weighted share (0..1) of the claim's distinct words that stand in the source; 0 for an empty claim."""
        return self.share(set(content_words(claim)), set(content_words(source)), of_none=0.0)

    def similarity(self, text: str, other: str) -> float:
        """Cosine (0..1) of the two texts as sets of weighted words."""
        left, right = set(content_words(text)), set(content_words(other))
        length = math.sqrt(self._square_sum(left) * self._square_sum(right))
        return self._square_sum(left & right) / length if length else 0.0

    def _square_sum(self, terms: set[str]) -> float:
        return sum(self.weight(word) ** 2 for word in terms)
