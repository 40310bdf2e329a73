"""The two gates before any token is spent: are the papers about the question, and does an abstract state the detail?

`before_writing` decides from retrieval alone: a question on a subject that no paper is about, or on a method that does
not exist, stops there. `DetailGate` decides on details of papers that a question names. Meaning decides where there are
vectors: a need may be put in words that no paper has.

The fitted constants are logistic regressions with a ridge of 0.3, fitted on `eval/daily_dev`, silver questions (at a
quarter of the weight) and some 100 questions written for it: on other domains, on invented methods and subjects without
a paper, and needs in everyday words. Questions about papers whose sha1 begins with 0 to 2 were left out. Weights of
vectors in the retrieval gate belong to the embedder that comes with the program. `benchmarks/refusal.py` measures.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from assistant.answering.answerability.question_features import Aim, Aims, names_in, wording
from assistant.answering.asked import AskedPart, NamedQuestion
from assistant.answering.calibration import Logistic, log_odds, sigmoid
from assistant.answering.values import Gate
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit, IdfWeights, SentenceEmbedder, asked_for, content_words, has_figure
from assistant.sentences import split_sentences

_LEAST = sigmoid(-6.0)
REFUSED_BY_RETRIEVAL = 0.45
"""Below it a question is refused; cross-validated, 4 in 60 paraphrases and 20 in 22 subjects that the corpus lacks."""
ANSWERED_BY_RETRIEVAL = 0.8
OPEN_TO_JUDGEMENT = (0.15, 0.85)
DETAIL_TOLD = 0.55
"""From it on an abstract tells a detail: between 0.54 and 0.56 none of 15 named questions is refused, 11 to 13 % of 120
silver ones and 80 to 85 % of 20 that are not told; it was chosen on these. The weights were fitted with
all-MiniLM-L6-v2 and a ridge of 0.3 on `daily_dev` (known_item with a name against near) and, at a weight of 0.3, silver
questions that name their paper; papers whose sha1 begins with 0 to 2 left out."""

_LOOKED_AT = 6
"""Leading hits that are looked at; more make a word look present that stands in some distant paper."""
_UNSEEN_WEIGHT = 10.0
"""The weight of a word that a library of 11,000 papers does not have, where the library's own is not known."""
_MOST_NAMED = 3
_ALIKE = 3
_MOST_STRANGE = 2
_SAME_MEANING = 0.45
"""The cosine from which on a title speaks of what a word means."""
_ALL_OF_IT = 0.9
"""A sentence with so much of what is asked tells it, however seldom abstracts do."""


@dataclass(frozen=True, slots=True)
class NamedLogistic:
    """A logistic model over named signs."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, signs: Mapping[str, float]) -> float:
        """0..1; a sign without a weight is passed over."""
        return Logistic(self.bias, tuple(self.weights.values())).probability([signs[name] for name in self.weights])


def logit(probability: float) -> float:
    """The log odds of a probability, held within -6 and 6."""
    return log_odds(probability, _LEAST)


BY_WORDS_AND_VECTORS = NamedLogistic(
    -5.2, {"likeness": 5.92, "alike": 6.19, "coverage": 2.63, "strange_name": -2.84, "strange_words": -3.16}
)
BY_WORDS = NamedLogistic(-7.15, {"matched": 6.06, "coverage": 4.26, "strange_name": -2.61, "strange_words": -3.81})

RETRIEVAL_BY_JUDGEMENT = NamedLogistic(-0.4, {"evidence": 1.0, "judged": 1.0})
"""Over the logits of the evidence and of the model's "yes" that the nearest paper answers. Chosen by hand on some 40
paraphrases, with a light weight: the right paper is often another one of those found, and the model says no then."""
DETAIL_BY_JUDGEMENT = NamedLogistic(-4.4, {"evidence": 1.57, "judged": 2.6})
"""The same for a detail of a named paper, fitted on 11 that are told and 15 that are not (`daily_dev`, 1.5B); papers
whose sha1 begins with 0 to 2 left out. Of all 36, each left out in turn, 1 of 21 that are not told passes."""

DETAIL_BY_MEANING = NamedLogistic(-0.07, {"near": 2.3, "shared": 0.8, "lacking": -1.3, "seldom": -3.35})
DETAIL_BY_WORDS = NamedLogistic(0.2, {"shared": 2.0, "lacking": -1.3, "seldom": -3.0})


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """``probability`` (0..1) that the papers answer the question; ``reason`` says for the reader why they do not.

    ``missing`` are parts of the question, in its own words, that the papers do not tell; when some are missing and
    the rest is there, the papers are sufficient for a partial answer. ``uncertain`` asks for the next gate, which
    weighs the ``signs`` of this one again beside its own. ``about`` are the numbers of the sources that the question
    is about, where it names them.
    """

    sufficient: bool
    probability: float
    gate: Gate
    reason: str = ""
    missing: tuple[str, ...] = ()
    uncertain: bool = False
    signs: Mapping[str, float] = field(default_factory=dict)
    about: tuple[int, ...] = ()


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


class DetailGate:
    """Says how probable it is that parts of a question are told. Blocking: call it in a thread.

    ``aims`` are those with the same ``embedder``.
    """

    def __init__(self, embedder: SentenceEmbedder | None, aims: Aims) -> None:
        self._embedder = embedder
        self._aims = aims

    def chances(self, question: NamedQuestion, weights: IdfWeights | None = None) -> tuple[float, ...]:
        """`chance` of each part."""
        return tuple(self.chance(part, question.papers, weights) for part in question.parts)

    def chance(self, part: AskedPart, papers: Sequence[StoredPaper], weights: IdfWeights | None = None) -> float:
        """How probable it is (0..1) that one of the papers tells this part."""
        if part.aim is Aim.WHOLE:
            return 1.0
        return max(self._chance_in(paper.paper, part.english, weights) for paper in papers)

    def _chance_in(self, paper: Paper, question: str, weights: IdfWeights | None) -> float:
        sentences = [sentence.text for sentence in split_sentences(paper.abstract)]
        if not sentences:
            return 0.0
        signs = dict(detail_signs(question, sentences, weights, self._embedder))
        seldom = self._aims.seldom(question)
        signs["lacking"] = _lacking(question, paper.text)
        signs["seldom"] = min(seldom, 0.0) if signs["shared"] >= _ALL_OF_IT else seldom
        return (DETAIL_BY_MEANING if self._embedder else DETAIL_BY_WORDS).probability(signs)


def details_sufficiency(question: NamedQuestion, chances: Sequence[float]) -> Sufficiency:
    """Whether the named papers tell what is asked; the parts that none tells are ``missing``.

    A question for a paper as a whole, or for its limits, is never refused: where it states no limits, that is what
    there is to say of them.
    """
    missing = tuple(part.text for part, chance in zip(question.parts, chances, strict=True) if chance < DETAIL_TOLD)
    refused = len(missing) == len(question.parts) and all(part.aim is Aim.DETAIL for part in question.parts)
    return Sufficiency(not refused, max(chances), Gate.EVIDENCE, missing=missing)


def detail_signs(
    question: str, sentences: Sequence[str], weights: IdfWeights | None, embedder: SentenceEmbedder | None
) -> Mapping[str, float]:
    """What tells whether one of an abstract's sentences answers, each about 0..1.

    ``near``: the best cosine, of sentences with a figure alone where one is asked for. ``shared``: the most that one
    sentence has of the question's words by weight, likewise.
    """
    weights = weights or IdfWeights.from_texts(sentences)
    question_words = frozenset(content_words(question))
    wants_figure = asked_for(question).wants_figure
    counting = [sentence for sentence in sentences if not wants_figure or has_figure(sentence)]
    similar: list[float] = []
    if embedder is not None and counting:
        vectors = embedder.embed([question, *counting])
        similar = (vectors[1:] @ vectors[0]).tolist()
    shares = [weights.share(question_words, frozenset(content_words(sentence)), of_none=1.0) for sentence in counting]
    return {"near": max(similar, default=0.0), "shared": max(shares, default=0.0)}


def _lacking(question: str, text: str) -> float:
    """The share of the question's names that the text lacks; a size behind the paper's own name ("it-7B") is none."""
    names = [name for name in names_in(question) if not name.startswith("it-")]
    return sum(not wording(text).has_name(name) for name in names) / len(names) if names else 0.0
