"""Whether abstracts tell what is asked of the papers that a question names.

What a paper is about its abstract tells by its nature. A detail is told when one of its sentences answers it: how near
a sentence comes to the question in meaning and in words says so, whether it has the figure that is asked for, and
whether abstracts tell such a detail at all.
"""

from collections.abc import Mapping, Sequence

from assistant.answering.answerability.aims import Aim, Aims
from assistant.answering.answerability.calibration import DETAIL_BY_MEANING, DETAIL_BY_WORDS, DETAIL_TOLD
from assistant.answering.answerability.question_features import names_in, wording
from assistant.answering.answerability.values import Sufficiency
from assistant.answering.asked import AskedPart, NamedQuestion
from assistant.answering.values import Gate
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import IdfWeights, SentenceEmbedder, asked_for, content_words, has_figure
from assistant.sentences import split_sentences

_ALL_OF_IT = 0.9
"""A sentence with so much of what is asked tells it, however seldom abstracts do."""


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
