"""Which sentences answer without a model: of papers as a whole, and part by part of a question that names them."""

from collections.abc import Sequence

from assistant.answering.answer import Source
from assistant.answering.asked import NamedQuestion
from assistant.answering.aspects import aspect_sentence
from assistant.answering.salience import salient_sentences, telling_sentences
from assistant.answering.sufficiency.aims import Aim
from assistant.models.base import Quote
from assistant.retrieval.evidence import EvidenceRanker, rank_evidence

_QUOTES_IN_A_SUMMARY = 9
_MOST_OF_ONE = 3
_QUOTES_OF_A_DETAIL = 2


def summary_quotes(sources: Sequence[Source]) -> tuple[Quote, ...]:
    """What summarizes each source in its own words, fewer sentences each when there are many; one is told of more."""
    if len(sources) == 1:
        paper = sources[0].paper.paper
        return tuple(Quote(sources[0].number, s.text) for s in telling_sentences(paper.title, paper.abstract))
    each = max(1, _QUOTES_IN_A_SUMMARY // max(len(sources), 1))
    return tuple(
        Quote(source.number, sentence.text)
        for source in sources
        for sentence in salient_sentences(
            source.paper.paper.title, source.paper.paper.abstract, min(each, _MOST_OF_ONE)
        )
    )


def quotes_for(
    asked: NamedQuestion, missing: Sequence[str], sources: Sequence[Source], ranker: EvidenceRanker
) -> tuple[Quote, ...]:
    """The sentences that answer each part that is not ``missing``, in the order of the parts, each once. Blocking."""
    quotes: list[Quote] = []
    for part in asked.parts:
        if part.aim is Aim.WHOLE:
            quotes += summary_quotes(sources)
        elif part.aim is Aim.LIMITS:
            quotes += _limits(sources) if part.text not in missing else ()
        elif part.text in missing:
            continue
        else:
            quotes += _best(part.english, sources, ranker)
    if not quotes and any(part.aim is Aim.LIMITS for part in asked.parts):
        quotes += summary_quotes(sources)
    return tuple(dict.fromkeys(quotes))


def _limits(sources: Sequence[Source]) -> list[Quote]:
    stated = [(source, aspect_sentence("limitations", source.paper.paper.abstract)) for source in sources]
    return [Quote(source.number, sentence.text) for source, sentence in stated if sentence]


def _best(question: str, sources: Sequence[Source], ranker: EvidenceRanker) -> list[Quote]:
    numbers = {source.paper.paper_id: source.number for source in sources}
    evidence = rank_evidence(question, [source.paper.paper for source in sources], ranker.embedder)
    return [Quote(numbers[one.paper_id], one.sentence.text) for one in evidence[:_QUOTES_OF_A_DETAIL]]
