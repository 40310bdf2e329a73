"""Answers and what was checked of them: the same in every object that carries sentences."""

from assistant.answering import (
    Answer,
    AnswerSentence,
    Cell,
    Citation,
    CitationOrigin,
    Comparison,
    DecisionStage,
    Gate,
    Repair,
    Verdict,
)
from assistant.export.json.base import Published
from assistant.export.json.collection import CollectionJson, collection_json
from assistant.export.json.papers import ModelJson, SourceJson, SpanJson, model_json, source_json, span_json
from assistant.retrieval.query import FilterKind


class CitationJson(Published):
    """One citation of a sentence."""

    number: int
    """The number of the source."""
    by: CitationOrigin
    evidence: SpanJson | None
    """The sentence of the abstract that stands behind it."""
    further: list[SpanJson]
    """Other sentences of the abstract that the claim needs beside."""


class SentenceJson(Published):
    """A sentence that was written, with what was checked of it; null where it claims nothing."""

    text: str
    citations: list[CitationJson]
    refuted: list[int]
    """Sources that the model named and that do not say this."""
    verdict: Verdict | None
    """``quoted`` is a sentence of an abstract word for word; ``partly`` also what nothing could decide."""
    reason: str | None
    """Why it is neither supported nor quoted; empty where it is."""
    rung: DecisionStage | None
    """What decided the verdict."""
    probability: float | None
    """How probable it is that the sources bear it out, 0 to 1."""
    mending: Repair | None
    """What became of a sentence that failed its check."""
    original: str | None
    """What the model wrote before it was mended."""


class ClosePaperJson(Published):
    """A paper that comes near a question which it does not answer."""

    number: int
    id: str | None
    title: str | None
    why: str


class RefusalJson(Published):
    """Why a question is not answered."""

    gate: Gate
    """Where it was seen: in what was found, or in what it says."""
    reason: str
    probability: float
    """How probable it is that the papers answer, 0 to 1."""
    closest: list[ClosePaperJson]


class FilterJson(Published):
    """A filter that the question's own words make."""

    kind: FilterKind
    words: str
    """The words of the question."""
    label: str
    """What they mean."""


class TrustJson(Published):
    """What stands beside the sentences of an answer."""

    refusal: RefusalJson | None
    missing: list[str]
    """Parts of the question that the papers do not tell."""
    withheld: list[SentenceJson]
    """Sentences that are not shown because they are not supported."""
    filters: list[FilterJson]
    understood_as: str | None
    """What a further question, which leans on what was said before, was read as."""
    collection: CollectionJson | None
    """What the tables answer to a question about the collection; null for any other question."""


class UsageJson(Published):
    """What an answer cost, in the model's tokens."""

    prompt_tokens: int
    cached_tokens: int
    """Those of the prompt that the model knew already."""
    output_tokens: int


class AnswerJson(TrustJson):
    """An answer with its checked sentences and its sources."""

    question: str
    text: str
    """The answer as it is shown; empty when the question is refused."""
    sentences: list[SentenceJson]
    sources: list[SourceJson]
    model: ModelJson
    usage: UsageJson
    stripped: list[str]
    """Markers, ids and links that named something outside the sources and were taken out."""
    left_out: list[str]
    """Titles of papers that were found and did not fit the budget."""
    incomplete: str | None
    """Why the text breaks off; null when it is whole."""


def sentence_json(sentence: AnswerSentence) -> SentenceJson:
    """A sentence of an answer with its citations and its verdict; null where a sentence claims nothing."""
    check = sentence.check
    return {
        "text": sentence.text,
        "citations": [_citation_json(citation) for citation in sentence.citations],
        "refuted": list(sentence.refuted),
        "verdict": check.verdict if check else None,
        "reason": check.reason if check else None,
        "rung": check.rung if check else None,
        "probability": check.probability if check else None,
        "mending": sentence.mending,
        "original": sentence.original,
    }


def trust_json(answer: Answer | None) -> TrustJson:
    """Beside the sentences: why a question was refused, what is missing or withheld, filters read out of it."""
    if answer is None:
        return {
            "refusal": None,
            "missing": [],
            "withheld": [],
            "filters": [],
            "understood_as": None,
            "collection": None,
        }
    understood = answer.understood
    extracted = understood.found if understood else ()
    return {
        "refusal": _refusal_json(answer),
        "missing": list(answer.missing),
        "withheld": [sentence_json(sentence) for sentence in answer.withheld],
        "filters": [{"kind": each.kind, "words": each.words, "label": each.label} for each in extracted],
        "understood_as": (understood.standalone or None) if understood else None,
        "collection": collection_json(answer.collection) if answer.collection else None,
    }


def answer_json(answer: Answer) -> AnswerJson:
    """The object of `ask` and `summarize`."""
    return {
        "question": answer.question,
        "text": answer.text.strip(),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "sources": [source_json(source, answer.evidence_for(source.number)) for source in answer.sources],
        **trust_json(answer),
        "model": model_json(answer.writer),
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "cached_tokens": answer.usage.cached_tokens,
            "output_tokens": answer.usage.output_tokens,
        },
        "stripped": list(answer.stripped),
        "left_out": list(answer.left_out),
        "incomplete": answer.incomplete,
    }


def _refusal_json(answer: Answer) -> RefusalJson | None:
    refusal = answer.refusal
    if refusal is None:
        return None
    papers = {source.number: source.paper.paper for source in answer.sources}
    return {
        "gate": refusal.gate,
        "reason": refusal.reason,
        "probability": refusal.probability,
        "closest": [
            {
                "number": close.number,
                "id": papers[close.number].paper_id if close.number in papers else None,
                "title": papers[close.number].title if close.number in papers else None,
                "why": close.why,
            }
            for close in refusal.closest
        ],
    }


def _citation_json(citation: Citation) -> CitationJson:
    return {
        "number": citation.number,
        "by": citation.origin,
        "evidence": span_json(citation.evidence) if citation.evidence else None,
        "further": [span_json(span) for span in citation.further],
    }


class CellJson(Published):
    """What one abstract says on one aspect."""

    paper: int
    """The number of the source."""
    stated: bool
    """Whether the abstract says something on the aspect."""
    text: str
    citations: list[CitationJson]
    verdict: Verdict | None
    reason: str | None
    rung: DecisionStage | None
    probability: float | None


class AspectJson(Published):
    """A row of the table."""

    aspect: str
    cells: list[CellJson]


class ComparisonJson(Published):
    """Papers side by side."""

    rows: list[AspectJson]
    sources: list[SourceJson]
    model: ModelJson


def comparison_json(comparison: Comparison) -> ComparisonJson:
    """The object of `compare`."""
    return {
        "rows": [
            {"aspect": aspect, "cells": [_cell_json(cell) for cell in row]}
            for aspect, row in zip(comparison.aspects, comparison.cells, strict=True)
        ],
        "sources": [source_json(source, comparison.evidence_for(source.number)) for source in comparison.sources],
        "model": model_json(comparison.writer),
    }


def _cell_json(cell: Cell) -> CellJson:
    checked = sentence_json(cell.content or AnswerSentence(""))
    return {
        "paper": cell.number,
        "stated": cell.content is not None,
        "text": cell.text,
        "citations": checked["citations"],
        "verdict": checked["verdict"],
        "reason": checked["reason"],
        "rung": checked["rung"],
        "probability": checked["probability"],
    }
