"""From candidates to ideas: those without grounds and those that repeat another one go, the unlikely ones stay.

`Grounder` finds the papers that a candidate rests on, `Likeness` says which candidates and papers say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering import (
    AllowedReferences,
    Citation,
    CitationOrigin,
    NumberedSource,
    allowed_references,
    clean_markers,
    with_markers,
)
from assistant.answering.verification import EvidenceFinder, Match, absent_quantities, read_claim, read_source
from assistant.reports.ideas.values import Candidate, Dropped, Idea, Nearest
from assistant.retrieval import IdfWeights, SentenceEmbedder
from assistant.sentences import split_sentences

_GROUNDED = 0.32
"""Least match (0..1, words and meaning) of a sentence that a proposal starts from.

Of 80 topics, with all-MiniLM-L6-v2: of summaries of papers on other subjects 99 % match no sentence by more than 0.41
(by words alone 0.25), of those of a source 90 % match one by more than 0.47 (0.31), and the limit was 0.40. With the
embedder that comes along, of 8 topics, 0.28 and 0.54; as many pairs of summaries are nearer than 0.30 as were than
0.40. `benchmarks/ideas.py --limits`.
"""
_GROUNDED_BY_WORDS = 0.27
_SHARE_AS_NAMED = 0.75
"""What is enough, as a share, for a paper that the model named."""
_MOST_PAPERS = 4
_SAME_MEANING = 0.67
_SAME_WORDS = 0.3
_CLOSE_MEANING = 0.63
_CLOSE_WORDS = 0.15
_NOT_STATED = 0.25
"""What a candidate without a stated probability counts as: behind the tail that the prompt asks for."""


class Grounder:
    """Finds grounds in a fixed set of sources; the first proposal takes the time to embed their sentences."""

    def __init__(self, sources: Sequence[NumberedSource], embedder: SentenceEmbedder | None = None) -> None:
        self._sources = [read_source(source) for source in sources]
        self._retriever = EvidenceFinder(self._sources, embedder)
        self._least = _GROUNDED_BY_WORDS if embedder is None else _GROUNDED

    def grounds(self, title: str, text: str, named: Sequence[int]) -> tuple[Citation, ...]:
        """The papers that a proposal rests on, at most four, best first, each with its sentence; none is no ground.

        ``named`` are the sources that the model named.
        """
        best: dict[int, Match] = {}
        for claim in (title, *(sentence.text for sentence in split_sentences(text))):
            for matched in self._retriever.matches(read_claim(claim)):
                number = matched.sentence.number
                if number not in best or matched.match > best[number].match:
                    best[number] = matched
        holding = [
            matched
            for number, matched in best.items()
            if matched.match >= (_SHARE_AS_NAMED if number in named else 1.0) * self._least
        ]
        leading = sorted(holding, key=lambda matched: -matched.match)[:_MOST_PAPERS]
        return tuple(_citation(matched, named) for matched in leading)

    def doubts(self, text: str) -> tuple[str, ...]:
        """Figures of a proposal that no source has: "the number 2.78 is in none of the papers"."""
        absent = absent_quantities(read_claim(text), self._sources)
        written = dict.fromkeys(quantity.written for quantity in absent if not quantity.spelled)
        return tuple(f"the number {number} is in none of the papers" for number in written)


def _citation(matched: Match, named: Sequence[int]) -> Citation:
    number = matched.sentence.number
    origin = CitationOrigin.MODEL if number in named else CitationOrigin.ATTRIBUTED
    return Citation(number, matched.sentence.sentence, origin)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The similarities of some texts with each other (0..1, rows and columns in their order), and what they mean.

    From ``same`` on two proposals are one; from ``close`` on a proposal is a paper's own.
    """

    values: tuple[tuple[float, ...], ...]
    same: float
    close: float

    def between(self, first: int, other: int) -> float:
        """The similarity of two texts, by place."""
        return self.values[first][other]

    def distinct(self, places: Sequence[int]) -> list[int]:
        """The places in their order without those that say what one before them says."""
        distinct_places: list[int] = []
        for place in places:
            if all(self.between(place, other) < self.same for other in distinct_places):
                distinct_places.append(place)
        return distinct_places

    def mean_distance(self, places: Sequence[int]) -> float:
        """The mean of 1 - similarity over all pairs; 0 for fewer than two."""
        pairs = [(a, b) for a in places for b in places if a < b]
        return sum(1 - self.between(a, b) for a, b in pairs) / len(pairs) if pairs else 0.0


def likeness(texts: Sequence[str], embedder: SentenceEmbedder | None) -> Likeness:
    """How like the texts are. Blocking."""
    if embedder is not None and texts:
        vectors = embedder.embed(texts)
        cosines = (vectors @ vectors.T).tolist()
        return Likeness(tuple(tuple(row) for row in cosines), _SAME_MEANING, _CLOSE_MEANING)
    weights = IdfWeights.from_texts(texts)
    rows = tuple(tuple(weights.similarity(text, other) for other in texts) for text in texts)
    return Likeness(rows, _SAME_WORDS, _CLOSE_WORDS)


@dataclass(frozen=True, slots=True)
class _Grounded:
    title: str
    text: str
    probability: float | None
    grounds: tuple[Citation, ...]
    doubts: tuple[str, ...]

    @property
    def likely(self) -> float:
        """By which the candidates are ordered."""
        return _NOT_STATED if self.probability is None else self.probability


def chosen_ideas(
    candidates: Sequence[Candidate], sources: Sequence[NumberedSource], embedder: SentenceEmbedder | None, number: int
) -> tuple[tuple[Idea, ...], Dropped]:
    """At most ``number`` ideas, the unlikely ones first, and what was dropped. Blocking.

    Likely candidates come in only where there are not enough unlikely ones.
    """
    grounder, allowed = Grounder(sources, embedder), allowed_references(sources)
    grounded_candidates = [_grounded(candidate, grounder, allowed) for candidate in candidates]
    grounded = sorted(
        (candidate for candidate in grounded_candidates if candidate.grounds), key=lambda candidate: candidate.likely
    )
    texts = [f"{idea.title}. {idea.text}" for idea in grounded] + [source.paper.text for source in sources]
    alike = likeness(texts, embedder)
    distinct = alike.distinct(range(len(grounded)))
    ideas = []
    for place in distinct[:number]:
        idea, nearest = grounded[place], _nearest(alike, place, len(grounded), sources)
        ideas.append(Idea(idea.title, idea.text, idea.probability, idea.grounds, nearest, idea.doubts))
    dropped = Dropped(
        ungrounded=len(grounded_candidates) - len(grounded),
        duplicates=len(grounded) - len(distinct),
        likelier=len(distinct) - len(ideas),
    )
    return tuple(ideas), dropped


def _nearest(alike: Likeness, place: int, first: int, sources: Sequence[NumberedSource]) -> Nearest | None:
    """The source most like the text at ``place``; the sources' texts begin at ``first``."""
    similarities = [alike.between(place, first + row) for row in range(len(sources))]
    if not similarities:
        return None
    best = max(range(len(sources)), key=similarities.__getitem__)
    return Nearest(sources[best].number, similarities[best], similarities[best] >= alike.close)


def _grounded(candidate: Candidate, grounder: Grounder, allowed: AllowedReferences) -> _Grounded:
    """The candidate with the markers of its grounds alone: those that the model put stay where they hold."""
    title = clean_markers(candidate.title, allowed).text.strip()
    sentences = _without_markers(candidate.text, allowed)
    plain = " ".join(text for text, _ in sentences)
    named = tuple(dict.fromkeys(number for _, numbers in sentences for number in numbers))
    grounds = grounder.grounds(title, plain, named)
    holding = {citation.number for citation in grounds}
    marked = (with_markers(text, [number for number in numbers if number in holding]) for text, numbers in sentences)
    return _Grounded(title, " ".join(marked), candidate.probability, grounds, grounder.doubts(plain))


def _without_markers(text: str, allowed: AllowedReferences) -> list[tuple[str, tuple[int, ...]]]:
    """The sentences and the sources that each names; markers that stand by themselves belong to the one before."""
    sentences: list[tuple[str, tuple[int, ...]]] = []
    for sentence in split_sentences(text):
        cleaned = clean_markers(sentence.text, allowed)
        plain = cleaned.text.strip()
        if any(map(str.isalnum, plain)):
            sentences.append((plain, cleaned.numbers))
        elif sentences:
            before, numbers = sentences[-1]
            sentences[-1] = (before, tuple(dict.fromkeys((*numbers, *cleaned.numbers))))
    return sentences
