"""What papers a proposal rests on: the sentences of abstracts that it starts from, found by the program.

A model names papers as it likes; a paper counts when a sentence of its abstract matches a sentence of the proposal,
and one that the model named already when it matches less.
"""

from collections.abc import Sequence

from assistant.answering.values import Citation, CitationOrigin, Source
from assistant.answering.verification.evidence import EvidenceFinder, Matched
from assistant.answering.verification.features import absent_quantities, read_claim, read_source
from assistant.retrieval.sentence_ranking import SentenceEmbedder
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


class Grounder:
    """Finds grounds in a fixed set of sources; the first proposal takes the time to embed their sentences."""

    def __init__(self, sources: Sequence[Source], embedder: SentenceEmbedder | None = None) -> None:
        self._sources = [read_source(source) for source in sources]
        self._finder = EvidenceFinder(self._sources, embedder)
        self._least = _GROUNDED_BY_WORDS if embedder is None else _GROUNDED

    def grounds(self, title: str, text: str, named: Sequence[int]) -> tuple[Citation, ...]:
        """The papers that a proposal rests on, at most four, best first, each with its sentence; none is no ground.

        ``named`` are the sources that the model named.
        """
        best: dict[int, Matched] = {}
        for claim in (title, *(sentence.text for sentence in split_sentences(text))):
            for found in self._finder.matches(read_claim(claim)):
                number = found.sentence.number
                if number not in best or found.match > best[number].match:
                    best[number] = found
        holding = [
            found
            for number, found in best.items()
            if found.match >= (_SHARE_AS_NAMED if number in named else 1.0) * self._least
        ]
        leading = sorted(holding, key=lambda found: -found.match)[:_MOST_PAPERS]
        return tuple(_citation(found, named) for found in leading)

    def doubts(self, text: str) -> tuple[str, ...]:
        """Figures of a proposal that no source has: "the number 2.78 is in none of the papers"."""
        absent = absent_quantities(read_claim(text), self._sources)
        written = dict.fromkeys(quantity.written for quantity in absent if not quantity.spelled)
        return tuple(f"the number {number} is in none of the papers" for number in written)


def _citation(found: Matched, named: Sequence[int]) -> Citation:
    number = found.sentence.number
    origin = CitationOrigin.MODEL if number in named else CitationOrigin.ATTRIBUTED
    return Citation(number, found.sentence.sentence, origin)
