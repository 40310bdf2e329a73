"""Whether the papers found are about what is asked, told from retrieval alone, before any token is spent.

A question on a subject that no paper is about, or on a method that does not exist, stops here; a detail that a named
paper does not give is told elsewhere (`details`). Meaning decides where there are vectors: a need may be put in words
that no paper has.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from assistant.answering.answerability.calibration import (
    ANSWERED_BY_RETRIEVAL,
    BY_WORDS,
    BY_WORDS_AND_VECTORS,
    REFUSED_BY_RETRIEVAL,
)
from assistant.answering.answerability.question_features import names_in, wording
from assistant.answering.answerability.values import Sufficiency
from assistant.answering.values import Gate
from assistant.retrieval import Hit, IdfWeights, SentenceEmbedder, content_words

_LOOKED_AT = 6
"""Leading hits that are looked at; more make a word look present that stands in some distant paper."""
_UNSEEN_WEIGHT = 10.0
"""The weight of a word that a library of 11,000 papers does not have, where the library's own is not known."""
_MOST_NAMED = 3
_ALIKE = 3
_MOST_STRANGE = 2
_SAME_MEANING = 0.45
"""The cosine from which on a title speaks of what a word means."""


def before_writing(
    question: str,
    hits: Sequence[Hit],
    weights: IdfWeights | None = None,
    embedder: SentenceEmbedder | None = None,
) -> Sufficiency:
    """Whether the hits may answer the question: certain no, certain enough, or ``uncertain``.

    ``weights`` are those of the whole library, at least for the words of the question; without them rarity is read
    off the hits, which tells an invented name less well. With an ``embedder`` a word that no paper has counts as far
    as no title comes near it in meaning. A question without content words ("the newest papers") has no subject to miss
    and passes. Takes some milliseconds.
    """
    question_words = frozenset(content_words(question))
    if not question_words:
        return Sufficiency(True, 1.0, Gate.RETRIEVAL)
    if not hits:
        return Sufficiency(False, 0.0, Gate.RETRIEVAL)
    signs = retrieval_signs(question, hits, weights, embedder)
    model = BY_WORDS if all(hit.dense is None for hit in hits) else BY_WORDS_AND_VECTORS
    probability = model.probability(signs)
    if probability < REFUSED_BY_RETRIEVAL:
        return Sufficiency(False, probability, Gate.RETRIEVAL, missing=absent_names(question, hits))
    return Sufficiency(True, probability, Gate.RETRIEVAL, uncertain=probability < ANSWERED_BY_RETRIEVAL)


def retrieval_signs(
    question: str,
    hits: Sequence[Hit],
    weights: IdfWeights | None = None,
    embedder: SentenceEmbedder | None = None,
) -> Mapping[str, float]:
    """What the gate weighs, each about 0..1.

    ``likeness``: the best cosine, ``alike`` the mean of the best three: a subject that papers are about has several.
    ``matched``: BM25 of the best hit in units of a word that no paper has, as a logarithm. ``coverage``: the weighted
    share of the question's words in the paper that has most of them. ``strange_name``: whether a name is one that the
    library does not have; ``strange_words``: plain words likewise, half of each, at most two, less what titles mean of
    them.
    """
    looked_at = hits[:_LOOKED_AT]
    texts = [wording(hit.paper.text).words for hit in looked_at]
    unseen = weights.weight("") if weights else _UNSEEN_WEIGHT
    weights = weights or IdfWeights.from_texts(hit.paper.text for hit in looked_at)
    question_words = frozenset(content_words(question))
    named = {word for name in names_in(question) for word in content_words(name)}
    strange = {word for word in question_words.difference(*texts) if weights.weight(word) >= weights.weight("")}
    cosines = sorted((hit.dense or 0.0 for hit in looked_at), reverse=True)
    return {
        "likeness": max(cosines, default=0.0),
        "alike": sum(cosines[:_ALIKE]) / _ALIKE,
        "matched": math.log1p(max((hit.lexical or 0.0 for hit in looked_at), default=0.0) / unseen),
        "coverage": max((weights.share(question_words, text, of_none=1.0) for text in texts), default=0.0),
        "strange_name": float(bool(strange & named)),
        "strange_words": _strangeness(question, strange - named, looked_at, embedder),
    }


def _strangeness(
    question: str, strange: AbstractSet[str], hits: Sequence[Hit], embedder: SentenceEmbedder | None
) -> float:
    words = [token for token in question.split() if strange & set(content_words(token))][:_MOST_STRANGE]
    if embedder is None or not words:
        return len(words) / _MOST_STRANGE
    vectors = embedder.embed([*words, *(hit.paper.title for hit in hits)])
    nearest: list[float] = (vectors[: len(words)] @ vectors[len(words) :].T).max(axis=1).tolist()
    return sum(max(0.0, _SAME_MEANING - likeness) for likeness in nearest) / _SAME_MEANING / _MOST_STRANGE


def absent_names(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The names of the question that no leading hit has, as the question writes them."""
    together = wording("\n".join(hit.paper.text for hit in hits[:_LOOKED_AT]))
    return tuple(name for name in names_in(question) if not together.has_name(name))[:_MOST_NAMED]
