"""Which sentences of abstracts answer a question.

Plain word overlap finds sentences on the question's subject; the answer tends to stand further down, in a sentence
that shares words with the clause that asks, and that has a figure when one is asked for. The weights were fitted on
`eval/daily_dev/known_item` and hold for pooled sentences of several papers (`benchmarks/retrieval.py`).
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant.papers import Paper
from assistant.retrieval.term_weights import IdfWeights
from assistant.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_CLAUSE_END = re.compile(r"(?<=[:;?!])\s+|(?<=[a-z0-9)])\.\s+")
_QUESTION_WORD = re.compile(r"\b(?:how|what|which|why|where|who|whose|when)\b", re.IGNORECASE)
_FIGURE_NOUN = (
    r"(?:accuracy|cost|factor|fid|fraction|gain|improvement|length|number|percent|percentage|rate|ratio|resolution"
    r"|score|share|size|speed-?up)s?"
)
_WANTS_FIGURE = re.compile(
    r"\bhow (?:big|far|fast|few|high|large|long|low|many|much|often|well)\b"
    rf"|\b(?:what|which) (?:is the |was the )?{_FIGURE_NOUN}\b"
    rf"|\b(?:{_FIGURE_NOUN}|by how)\b[^,;:]*\?|%",
    re.IGNORECASE,
)
_WANTS_RESULT = re.compile(
    r"\b(?:accuracy|beat|benchmarks?|better|drop|evaluated|faster|gains?|improve\w*|increase|outperform\w*|perform\w*"
    r"|reduce\w*|results?|score|speed-?ups?|tested)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """``clause`` is the part of the question that asks; the rest tells what it is about."""

    clause: str
    wants_figure: bool
    wants_result: bool


def asked_for(question: str) -> AskedFor:
    """Read a question: "a shooter-game world model: what is it trained on?" asks "what is it trained on?".

    The clause is the last one, from its last question word on. A query without any is its own clause.
    """
    last_clause = [clause for clause in _CLAUSE_END.split(question.strip()) if clause.strip()][-1:] or [question]
    question_words = list(_QUESTION_WORD.finditer(last_clause[0]))
    clause = last_clause[0][question_words[-1].start() :] if question_words else last_clause[0]
    return AskedFor(clause, bool(_WANTS_FIGURE.search(question)), bool(_WANTS_RESULT.search(clause)))


_COVERAGE = 0.22
_CLAUSE_COVERAGE = 0.28
_CLAUSE_SIMILARITY = 0.22
_FIGURE = 0.22
_RESULT = 0.14
_LATE = 0.11
_FIRST = -0.09
_MOST_EMBEDDED = 24  # about 0.15 s on two cores; more gain nothing

_HAS_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|half|twice|double|triple"
    r"|(?:dozen|hundred|thousand|million|billion)s?)\b",
    re.IGNORECASE,
)
_REPORTS_RESULT = re.compile(
    r"\b(?:achiev|boost|cut|decreas|drop|evaluat|exceed|experiments?|faster|gain|improv|increas|match|outperform|reduc"
    r"|results?|sota|speed|state-of-the-art|surpass)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence of a paper's abstract (offsets index ``abstract``) and how well it fits a question, about 0..1."""

    paper_id: str
    sentence: Sentence
    score: float


class SentenceEmbedder(Protocol):
    """Turns texts into vectors of length 1, one row a text."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Vectors of the texts, in order."""
        ...


def has_figure(text: str) -> bool:
    """Whether a sentence has a number, in digits or in words."""
    return bool(_HAS_FIGURE.search(text))


class EvidenceRanker:
    """Ranks sentences; with an embedder somewhat better, and slower by the time that it takes for two dozen."""

    def __init__(self, embedder: SentenceEmbedder | None = None) -> None:
        self.embedder = embedder

    def rank(self, question: str, papers: Sequence[Paper]) -> dict[str, tuple[Sentence, ...]]:
        """All sentences of each paper's abstract, best first, by paper id."""
        return {paper.paper_id: () for paper in papers} | by_paper(self.scored(question, papers))

    async def rank_async(self, question: str, papers: Sequence[Paper]) -> dict[str, tuple[Sentence, ...]]:
        """`rank` in a thread."""
        return await asyncio.to_thread(self.rank, question, papers)

    def scored(self, question: str, papers: Sequence[Paper]) -> tuple[EvidenceSentence, ...]:
        """All sentences of the papers, best first, with their scores."""
        return rank_evidence(question, papers, self.embedder)

    def best_sentences(self, query: str, papers: Sequence[Paper]) -> dict[str, EvidenceSentence]:
        """The best sentence of each paper that has any, by paper id; never embeds, so it takes a few milliseconds."""
        best: dict[str, EvidenceSentence] = {}
        for evidence in rank_evidence(query, papers):
            best.setdefault(evidence.paper_id, evidence)
        return best


def by_paper(scored: Sequence[EvidenceSentence]) -> dict[str, tuple[Sentence, ...]]:
    """The sentences of each paper in their order, by paper id."""
    ranked: dict[str, list[Sentence]] = {}
    for evidence in scored:
        ranked.setdefault(evidence.paper_id, []).append(evidence.sentence)
    return {paper_id: tuple(sentences) for paper_id, sentences in ranked.items()}


def rank_evidence(
    question: str, papers: Sequence[Paper], embedder: SentenceEmbedder | None = None
) -> tuple[EvidenceSentence, ...]:
    """Every sentence of the papers' abstracts, best first, scores comparable across papers.

    Ties keep the order of papers and sentences.
    """
    abstracts = {paper.paper_id: split_sentences(paper.abstract) for paper in papers}
    question_intent = asked_for(question)
    weights = IdfWeights.from_texts(sentence.text for sentences in abstracts.values() for sentence in sentences)
    scored = [
        EvidenceSentence(
            paper_id, sentence, _score(question, question_intent, sentence, place / max(len(sentences) - 1, 1), weights)
        )
        for paper_id, sentences in abstracts.items()
        for place, sentence in enumerate(sentences)
    ]
    if embedder is not None and scored:
        scored = _with_similarity(scored, question_intent.clause, embedder)
    return tuple(sorted(scored, key=lambda evidence: -evidence.score))


def _score(question: str, question_intent: AskedFor, sentence: Sentence, depth: float, weights: IdfWeights) -> float:
    """``depth`` is 0 for the first sentence of the abstract and 1 for the last."""
    score = _COVERAGE * weights.coverage(question, sentence.text)
    score += _CLAUSE_COVERAGE * weights.coverage(question_intent.clause, sentence.text)
    score += _LATE * depth + (_FIRST if depth == 0 else 0.0)
    if question_intent.wants_figure and has_figure(sentence.text):
        score += _FIGURE
    if question_intent.wants_result and _REPORTS_RESULT.search(sentence.text):
        score += _RESULT
    return score


def _with_similarity(
    scored: Sequence[EvidenceSentence], clause: str, embedder: SentenceEmbedder
) -> list[EvidenceSentence]:
    """Add what the leading sentences mean; the rest counts as the least similar of these."""
    leading = sorted(range(len(scored)), key=lambda place: -scored[place].score)[:_MOST_EMBEDDED]
    vectors = embedder.embed([clause, *(scored[place].sentence.text for place in leading)])
    similarities = (vectors[1:] @ vectors[0]).tolist()
    by_place = dict(zip(leading, similarities, strict=True))
    least = min(similarities)
    return [
        replace(evidence, score=evidence.score + _CLAUSE_SIMILARITY * by_place.get(place, least))
        for place, evidence in enumerate(scored)
    ]
