"""Which sentences of which papers go into a prompt when not everything fits.

A small model on a processor reads some hundred tokens a second, so what is left out is time. Every sentence has a
chance of being the one that answers: the chance of its paper (from the scores of retrieval) times the chance of its
place among the ranked sentences of that paper. Sentences are taken by chance per token until the budget is spent; in
practice the best paper goes in whole, the next ones in part, the last ones by their title.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citation_markers import neutralized
from assistant.answering.prompts import Prompt
from assistant.answering.values import NumberedSource
from assistant.library import StoredPaper
from assistant.models import Message, Quote
from assistant.papers import WITHDRAWN, clean_text
from assistant.retrieval import Hit
from assistant.sentences import Sentence, split_sentences

_SHARPNESS = 8.0
"""How fast a paper's chance falls with its distance from the best score (fitted, benchmarks/packing.py)."""
_PLACE_CHANCES = (0.50, 0.18, 0.12, 0.08, 0.05, 0.03, 0.02)
"""Chance that the answering sentence is the first, second, … of its abstract's ranking (benchmarks/retrieval.py)."""
_CHARACTERS_PER_TOKEN = 4.2
_GAP = "…"
MOST_JUDGED_TOKENS = 1500
"""Of papers that are longer together a judge is shown the sentences that matter alone."""


@dataclass(frozen=True, slots=True)
class PackedEvidence:
    """The sources of a prompt and the passages that may be quoted."""

    sources: tuple[NumberedSource, ...]
    quotes: tuple[Quote, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sources as the prompt of a local model shows them."""
        return "\n\n".join(map(source_block, self.sources))


def pack_evidence(hits: Sequence[Hit], ranked: Mapping[str, Sequence[Sentence]], token_budget: int) -> PackedEvidence:
    """Choose sentences of the hits' abstracts, ``ranked`` best first by paper id, for about ``token_budget`` tokens.

    Every paper keeps its title. Papers whose title alone does not fit are left out, the last ones first.
    """
    fitting, left_out, remaining = _papers_that_fit(hits, token_budget)
    selected: dict[str, set[Sentence]] = {hit.paper.paper_id: set() for hit in fitting}
    numbers = {hit.paper.paper_id: number for number, hit in enumerate(fitting, start=1)}
    for paper_id, sentence in _by_chance_per_token(fitting, ranked):
        cost = planned_tokens(sentence.text)
        if cost <= remaining:
            remaining -= cost
            selected[paper_id].add(sentence)
    sources = tuple(
        NumberedSource(numbers[paper_id], hit.paper, tuple(sorted(selected[paper_id], key=lambda s: s.start)))
        for hit in fitting
        for paper_id in (hit.paper.paper_id,)
    )
    return PackedEvidence(sources, left_out=left_out)


def numbered_sources(papers: Sequence[StoredPaper]) -> tuple[NumberedSource, ...]:
    """The papers as sources numbered from 1, each given whole."""
    return tuple(
        NumberedSource(number, paper, split_sentences(paper.abstract)) for number, paper in enumerate(papers, start=1)
    )


def whole_evidence(papers: Sequence[StoredPaper], token_budget: int) -> PackedEvidence:
    """The papers whole, as many as fit; of one that is longer than the budget the first sentences."""
    sources: list[NumberedSource] = []
    used = 0
    for paper in papers:
        used += planned_tokens(paper.text)
        if sources and used > token_budget:
            break
        sentences = _leading(split_sentences(paper.abstract), token_budget)
        sources.append(NumberedSource(len(sources) + 1, paper, sentences))
    left_out = tuple(paper.title for paper in papers[len(sources) :])
    return PackedEvidence(tuple(sources), left_out=left_out)


def further_evidence(
    sources: Sequence[NumberedSource], ranked: Mapping[str, Sequence[Sentence]], token_budget: int
) -> tuple[NumberedSource, ...]:
    """For a further question: the best sentences that were not given yet, each under the number of its source.

    Sentences are taken by their rank, source by source, for about ``token_budget`` tokens.
    """
    selected: dict[int, list[Sentence]] = {}
    remaining = token_budget
    waiting = [(rank, source, s) for source in sources for rank, s in enumerate(_not_given(source, ranked))]
    for _, source, sentence in sorted(
        waiting, key=lambda ranked_sentence: (ranked_sentence[0], ranked_sentence[1].number)
    ):
        cost = planned_tokens(sentence.text)
        if cost <= remaining:
            remaining -= cost
            selected.setdefault(source.number, []).append(sentence)
    return tuple(
        replace(source, given=tuple(sorted(selected[source.number], key=lambda s: s.start)))
        for source in sources
        if source.number in selected
    )


def _not_given(source: NumberedSource, ranked: Mapping[str, Sequence[Sentence]]) -> list[Sentence]:
    return [s for s in ranked.get(source.paper.paper_id, ()) if s not in source.given]


def _leading(sentences: Sequence[Sentence], token_budget: int) -> tuple[Sentence, ...]:
    """The first sentences that fit the budget, one at least."""
    leading: list[Sentence] = []
    used = 0
    for sentence in sentences:
        used += planned_tokens(sentence.text)
        if leading and used > token_budget:
            break
        leading.append(sentence)
    return tuple(leading)


def source_block(source: NumberedSource) -> str:
    """One source of a prompt: its number and title, then its sentences, with "…" where some are left out."""
    paper = source.paper.paper
    head = f"[{source.number}] {neutralized(paper.title)}"
    body = neutralized(_with_gaps(source.given, len(paper.abstract)))
    return f"{head}\n{body}" if body else head


def delimited_block(source: NumberedSource) -> str:
    """One source with its day, who it is from and its upvotes, between marks that no text of a paper can bring."""
    paper = source.paper
    upvotes = "" if paper.upvotes is None else str(paper.upvotes)
    facts = [("Title", paper.title), ("Date", paper.day_text), ("From", paper.paper.byline), ("Upvotes", upvotes)]
    if paper.paper.withdrawn:
        facts.append(("State", WITHDRAWN))
    facts.append(("Abstract", _with_gaps(source.given, len(paper.abstract))))
    lines = [f"{name}: {neutralized(clean_text(value))}" for name, value in facts if value]
    return "\n".join([f'<source number="{source.number}">', *lines, "</source>"])


def planned_tokens(text: str) -> int:
    """Tokens of English prose in a vocabulary of today, for planning; a model's own count decides in the end."""
    return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)


def _papers_that_fit(hits: Sequence[Hit], token_budget: int) -> tuple[list[Hit], tuple[str, ...], int]:
    fitting: list[Hit] = []
    remaining = token_budget
    for hit in hits:
        cost = planned_tokens(hit.paper.title) + 5
        if fitting and cost > remaining:
            break
        fitting.append(hit)
        remaining -= cost
    return fitting, tuple(hit.paper.title for hit in hits[len(fitting) :]), remaining


def _by_chance_per_token(
    hits: Sequence[Hit], ranked: Mapping[str, Sequence[Sentence]]
) -> Iterator[tuple[str, Sentence]]:
    """(paper id, sentence), the most chance per token first."""
    best = max((hit.score for hit in hits), default=0.0)
    queue: list[tuple[float, int, int, Sentence]] = []
    for place, hit in enumerate(hits):
        paper_chance = math.exp(_SHARPNESS * (hit.score - best))
        for rank, sentence in enumerate(ranked.get(hit.paper.paper_id, ())):
            chance = paper_chance * _PLACE_CHANCES[min(rank, len(_PLACE_CHANCES) - 1)]
            heapq.heappush(queue, (-chance / planned_tokens(sentence.text), place, rank, sentence))
    while queue:
        _, place, _, sentence = heapq.heappop(queue)
        yield hits[place].paper.paper_id, sentence


def _with_gaps(sentences: Sequence[Sentence], length: int) -> str:
    pieces: list[str] = []
    reached = 0
    for sentence in sentences:
        if sentence.start > reached + 1:
            pieces.append(_GAP)
        pieces.append(sentence.text)
        reached = sentence.end
    if pieces and reached < length:
        pieces.append(_GAP)
    return " ".join(pieces)


@dataclass(frozen=True, slots=True)
class FollowUpContext:
    """A further ``question`` as it is put to the model, after a ``conversation`` about ``sources``.

    ``joining`` are further sources that it brings in, ``meant`` those that it is about; ``ranked`` are their sentences,
    best first, by paper id. ``quotes`` answer it without a model. ``block`` is a source as the model is given it.
    """

    question: str
    conversation: Sequence[Message]
    sources: Sequence[NumberedSource]
    joining: Sequence[NumberedSource]
    meant: Sequence[NumberedSource]
    ranked: Mapping[str, Sequence[Sentence]]
    quotes: tuple[Quote, ...]
    block: Callable[[NumberedSource], str] = source_block

    def packed(self, prompt: Prompt, tokens: int) -> tuple[PackedEvidence, tuple[Message, ...]]:
        """The evidence and the messages, for about ``tokens`` of further evidence."""
        further = further_evidence(self.meant, self.ranked, tokens)
        evidence_numbers = {source.number for source in further}
        blocks = sorted(
            (*further, *(s for s in self.joining if s.number not in evidence_numbers)), key=lambda s: s.number
        )
        more = "\n\n".join(map(self.block, blocks))
        messages = (*self.conversation, *prompt.render(more=more, question=self.question))
        everything = _with_further((*self.sources, *self.joining), further)
        return PackedEvidence(everything, self.quotes), messages


def _with_further(sources: Sequence[NumberedSource], further: Sequence[NumberedSource]) -> tuple[NumberedSource, ...]:
    """The sources with the sentences that were given now beside those given before."""
    added = {source.number: source.given for source in further}
    return tuple(
        replace(source, given=tuple(sorted((*source.given, *added.get(source.number, ())), key=lambda s: s.start)))
        for source in sources
    )
