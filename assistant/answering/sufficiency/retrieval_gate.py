"""Whether the papers found are about what is asked, told from retrieval alone, before any token is spent.

A question on a subject that no paper is about, or on a method that does not exist, stops here; a detail that a named
paper does not give is told elsewhere (`details`). Meaning decides where there are vectors: a need may be put in words
that no paper has.
"""

import math
from collections.abc import Mapping, Sequence

from assistant.answering.answer import Gate
from assistant.answering.sufficiency.calibration import (
    ANSWERED_BY_RETRIEVAL,
    BY_WORDS,
    BY_WORDS_AND_VECTORS,
    REFUSED_BY_RETRIEVAL,
)
from assistant.answering.sufficiency.values import Sufficiency
from assistant.answering.sufficiency.wording import names_in, wording
from assistant.retrieval.lexical_overlap import WordWeights, content_words
from assistant.retrieval.search import Hit

_LOOKED_AT = 6
"""Leading hits that are looked at; more make a word look present that stands in some distant paper."""
_UNSEEN_WEIGHT = 10.0
"""The weight of a word that a library of 11,000 papers does not have, where the library's own is not known."""
_MOST_NAMED = 3
_ALIKE = 3


def before_writing(question: str, hits: Sequence[Hit], weights: WordWeights | None = None) -> Sufficiency:
    """Whether the hits may answer the question: certain no, certain enough, or ``uncertain``.

    ``weights`` are those of the whole library, at least for the words of the question; without them rarity is read
    off the hits, which tells an invented name less well. A question without content words ("the newest papers") has
    no subject to miss and passes. Takes some milliseconds.
    """
    asked = frozenset(content_words(question))
    if not asked:
        return Sufficiency(True, 1.0, Gate.RETRIEVAL)
    if not hits:
        return Sufficiency(False, 0.0, Gate.RETRIEVAL)
    signs = retrieval_signs(question, hits, weights)
    model = BY_WORDS if all(hit.dense is None for hit in hits) else BY_WORDS_AND_VECTORS
    probability = model.probability(signs)
    if probability < REFUSED_BY_RETRIEVAL:
        return Sufficiency(False, probability, Gate.RETRIEVAL, missing=absent_names(question, hits))
    return Sufficiency(True, probability, Gate.RETRIEVAL, uncertain=probability < ANSWERED_BY_RETRIEVAL)


def retrieval_signs(question: str, hits: Sequence[Hit], weights: WordWeights | None = None) -> Mapping[str, float]:
    """What the gate weighs, each about 0..1.

    ``matched``: BM25 of the best hit in units of a word that no paper has, as a logarithm. ``likeness``: the best
    cosine. ``coverage``: the weighted share of the question's words in the paper that has most of them. ``rarest``:
    the weight of the rarest word that no hit has. ``unknown``: words that the library does not have, half of each,
    at most two.
    """
    looked_at = hits[:_LOOKED_AT]
    texts = [wording(hit.paper.paper.text).words for hit in looked_at]
    unseen = weights.weight("") if weights else _UNSEEN_WEIGHT
    weights = weights or WordWeights.from_texts(hit.paper.paper.text for hit in looked_at)
    asked = frozenset(content_words(question))
    lacking = [weights.weight(word) / weights.weight("") for word in asked.difference(*texts)]
    return {
        "matched": math.log1p(max((hit.lexical or 0.0 for hit in looked_at), default=0.0) / unseen),
        "likeness": max((hit.dense or 0.0 for hit in looked_at), default=0.0),
        "coverage": max((weights.share(asked, text, of_none=1.0) for text in texts), default=0.0),
        "rarest": max(lacking, default=0.0),
        "unknown": min(2, sum(weight >= 1.0 for weight in lacking)) / 2,
    }


def absent_names(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The names of the question that no leading hit has, as the question writes them."""
    together = wording("\n".join(hit.paper.paper.text for hit in hits[:_LOOKED_AT]))
    return tuple(name for name in names_in(question) if not together.has_name(name))[:_MOST_NAMED]
