"""What a reader sees of an abstract: its title and the few sentences that share most with the text it is read for."""

import math
from collections import Counter
from collections.abc import Iterable

from assistant.sentences import split_sentences

_MOST_SENTENCES = 3
_LEAST_SHARE = 0.35
"""Least weight of a further sentence, as a share of the best one's."""


class EvidencePicker:
    """Picks sentences by weighted words; the weights come from a set of abstracts."""

    def __init__(self, abstracts: Iterable[str]) -> None:
        self._frequencies: Counter[str] = Counter()
        self._abstracts = 0
        for abstract in abstracts:
            self._frequencies.update(_words(abstract))
            self._abstracts += 1

    def evidence(self, text: str, title: str, abstract: str) -> str:
        """Title and at most three sentences, in the order of the abstract."""
        asked = _words(text)
        sentences = [sentence.text for sentence in split_sentences(abstract)]
        shares = [self._weight(asked & _words(sentence)) for sentence in sentences]
        best = sorted(range(len(sentences)), key=lambda place: -shares[place])[:_MOST_SENTENCES]
        least = _LEAST_SHARE * max(shares, default=0.0)
        kept = sorted(place for place in best if shares[place] >= least)
        return " ".join([title.rstrip(".") + ".", *(sentences[place] for place in kept)])

    def _weight(self, words: set[str]) -> float:
        return sum(math.log(1 + self._abstracts / (1 + self._frequencies[word])) for word in words)


def _words(text: str) -> set[str]:
    from assistant.retrieval.term_weights import content_words

    return set(content_words(text))
