"""A comparison as other programs read it."""

from assistant.answering.compare import Cell, Comparison
from assistant.answering.values import AnswerSentence, Rung, Verdict
from assistant.export.json.answers import CitationJson, sentence_json
from assistant.export.json.base import Published
from assistant.export.json.papers import ModelJson, SourceJson, model_json, source_json


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
    rung: Rung | None
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
