"""What answers without a model, word for word: passages of abstracts that fit the question and stand alone.

A passage is one sentence, with those before it on which it leans; a sentence that leans on more than two is passed
over. What fits much worse than the best passage is not shown: a short answer is better than a padded one. Of 80 written
questions (daily_dev) 54 have their answering sentence among 2.1 sentences shown; among the four best ranked had 57, a
quarter of which pointed back to what was not shown.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answerability.question_features import Aim
from assistant.answering.asked import NamedQuestion
from assistant.answering.extractive_summary import aspect_sentence, salient_sentences, telling_sentences
from assistant.answering.values import NumberedSource
from assistant.library import StoredPaper
from assistant.models import Quote
from assistant.retrieval import EvidenceRanker, EvidenceSentence
from assistant.sentences import Sentence, split_sentences, standing_passage

_SHARPNESS = 8.0
"""How fast a sentence's chance falls with the distance of its paper from the best one's score."""
_NEAR_THE_BEST = 0.8
"""Least score of a passage, as a share of the best one's."""
_MOST_SENTENCES = 5
_QUOTES_IN_A_SUMMARY = 9
_MOST_OF_ONE = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring sentences of a paper's abstract, which stand alone, and how well they fit, best high."""

    paper: StoredPaper
    sentences: tuple[Sentence, ...]
    score: float = 1.0

    @property
    def text(self) -> str:
        """The sentences as they stand in the abstract."""
        return self.paper.abstract[self.sentences[0].start : self.sentences[-1].end]


def answering_passages(
    papers: Sequence[StoredPaper],
    scored: Sequence[EvidenceSentence],
    paper_scores: Mapping[str, float] | None = None,
) -> tuple[Passage, ...]:
    """The passages that answer about as well as the best one, best first.

    ``scored`` are the sentences of the papers, best first; ``paper_scores`` by paper id say how well the papers fit
    the question, all alike without.
    """
    passages = sorted(_passages(papers, scored, paper_scores or {}), key=lambda passage: -passage.score)
    return tuple(_as_many_as_fit(_near_the_best(passages)))


def passages_for(
    question: NamedQuestion,
    missing: Sequence[str],
    papers: Sequence[StoredPaper],
    ranker: EvidenceRanker,
) -> tuple[Passage, ...]:
    """What answers each part that is not ``missing``, in the order of the parts. Blocking."""
    passages: list[Passage] = []
    for part in question.parts:
        if part.aim is Aim.WHOLE:
            passages += _summaries(papers)
        elif part.text in missing:
            continue
        elif part.aim is Aim.LIMITS:
            passages += _limits(papers)
        else:
            scored = ranker.scored(part.english, [paper.paper for paper in papers])
            passages += answering_passages(papers, scored)
    if not passages and any(part.aim is Aim.LIMITS for part in question.parts):
        passages += _summaries(papers)
    return tuple(passages)


def summary_quotes(sources: Sequence[NumberedSource]) -> tuple[Quote, ...]:
    """What summarizes each source in its own words, fewer sentences each when there are many; one is told of more."""
    return quotes_of(_summaries([source.paper for source in sources]), sources)


def quotes_of(passages: Iterable[Passage], sources: Sequence[NumberedSource]) -> tuple[Quote, ...]:
    """Each sentence of the passages that are of these sources, once: by paper, best first, in the abstract's order.

    What stands in one passage is one quote.
    """
    by_id = {source.paper.paper_id: source for source in sources}
    joined: dict[str, dict[Sentence, bool]] = {}
    for passage in passages:
        of_paper = joined.setdefault(passage.paper.paper_id, {})
        for place, sentence in enumerate(passage.sentences):
            of_paper[sentence] = place > 0 or of_paper.get(sentence, False)
    return tuple(
        Quote(by_id[paper_id].number, Passage(by_id[paper_id].paper, run).text)
        for paper_id, of_paper in joined.items()
        if paper_id in by_id
        for run in _runs(of_paper)
    )


def _summaries(papers: Sequence[StoredPaper]) -> Iterator[Passage]:
    each = min(max(1, _QUOTES_IN_A_SUMMARY // max(len(papers), 1)), _MOST_OF_ONE)
    for paper in papers:
        title, abstract = paper.title, paper.abstract
        telling = telling_sentences(title, abstract) if len(papers) == 1 else salient_sentences(title, abstract, each)
        yield from (Passage(paper, (sentence,)) for sentence in telling)


def _limits(papers: Sequence[StoredPaper]) -> Iterator[Passage]:
    for paper in papers:
        stated = aspect_sentence("limitations", paper.abstract)
        if stated is not None:
            sentences = split_sentences(paper.abstract)
            yield Passage(paper, standing_passage(sentences, sentences.index(stated), len(sentences)))


def _passages(
    papers: Sequence[StoredPaper], scored: Sequence[EvidenceSentence], paper_scores: Mapping[str, float]
) -> Iterator[Passage]:
    by_id = {paper.paper_id: paper for paper in papers}
    abstracts = {paper.paper_id: split_sentences(paper.abstract) for paper in papers}
    best = max((paper_scores.get(paper_id, 0.0) for paper_id in by_id), default=0.0)
    for evidence in scored:
        paper = by_id.get(evidence.paper_id)
        if paper is not None and evidence.sentence in abstracts[evidence.paper_id]:
            sentences = abstracts[evidence.paper_id]
            chance = math.exp(_SHARPNESS * (paper_scores.get(evidence.paper_id, best) - best))
            if passage := standing_passage(sentences, sentences.index(evidence.sentence)):
                yield Passage(paper, passage, chance * evidence.score)


def _near_the_best(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The best passage, and those that score a share of it."""
    least = _NEAR_THE_BEST * passages[0].score if passages else 0.0
    return (p for place, p in enumerate(passages) if place == 0 or p.score >= least > 0)


def _as_many_as_fit(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages, best first, that together have as many sentences as may be shown; the best one in any case."""
    shown_sentences: set[tuple[str, Sentence]] = set()
    for passage in passages:
        together = shown_sentences | {(passage.paper.paper_id, sentence) for sentence in passage.sentences}
        if not shown_sentences or len(together) <= _MOST_SENTENCES:
            shown_sentences = together
            yield passage


def _runs(joined: Mapping[Sentence, bool]) -> Iterator[tuple[Sentence, ...]]:
    """The sentences in the abstract's order, each with those that are joined to the one before."""
    run: list[Sentence] = []
    for sentence in sorted(joined, key=lambda sentence: sentence.start):
        if run and not joined[sentence]:
            yield tuple(run)
            run = []
        run.append(sentence)
    if run:
        yield tuple(run)
