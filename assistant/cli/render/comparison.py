"""A comparison as a table: for a terminal, as Markdown in a pipe, and as JSON."""

import shutil
from typing import Any

from assistant.answering.compare import Comparison
from assistant.cli import console
from assistant.cli.render.markdown import escaped
from assistant.cli.render.sources import facts_line, sentence_json, source_json
from assistant.sentences import Sentence

_WIDEST_TABLE = 160


def comparison_text(comparison: Comparison) -> str:
    """The table with its sources; drawn on a terminal, as a Markdown table in a pipe."""
    table = _drawn(comparison) if console.is_terminal() else _markdown(comparison)
    lines = [table, "", console.strong("Sources")]
    for source in comparison.sources:
        paper = source.paper
        lines.append(f"[{source.number}] {console.strong(paper.paper.title)}")
        lines.append("    " + console.dim(" · ".join(p for p in (facts_line(paper), paper.paper.link or "") if p)))
        lines.extend(console.wrapped(f"“{s.text}”", "    ") for s in _evidence(comparison, source.number))
    return "\n".join(lines)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The documented object of `compare`."""
    rows = [
        {
            "aspect": aspect,
            "cells": [
                {"paper": cell.number, "stated": cell.content is not None, "text": cell.text}
                | ({"citations": sentence_json(cell.content)["citations"]} if cell.content else {"citations": []})
                for cell in row
            ],
        }
        for aspect, row in zip(comparison.aspects, comparison.cells, strict=True)
    ]
    sources = [source_json(source, _evidence(comparison, source.number)) for source in comparison.sources]
    writer = comparison.writer
    return {"rows": rows, "sources": sources, "model": {"name": writer.name, "kind": writer.kind.value}}


def _evidence(comparison: Comparison, number: int) -> tuple[Sentence, ...]:
    found = {
        citation.evidence
        for row in comparison.cells
        for cell in row
        if cell.number == number and cell.content
        for citation in cell.content.citations
        if citation.evidence
    }
    return tuple(sorted(found, key=lambda sentence: sentence.start))


def _head(comparison: Comparison) -> list[str]:
    return ["", *(f"[{source.number}] {source.paper.paper.title}" for source in comparison.sources)]


def _rows(comparison: Comparison) -> list[list[str]]:
    return [
        [aspect, *(cell.text for cell in row)] for aspect, row in zip(comparison.aspects, comparison.cells, strict=True)
    ]


def _markdown(comparison: Comparison) -> str:
    head, *rows = ([escaped(cell) for cell in line] for line in (_head(comparison), *_rows(comparison)))
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))


def _drawn(comparison: Comparison) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for title in _head(comparison):
        table.add_column(Text(title), ratio=1 if title else None, overflow="fold")
    for row in _rows(comparison):
        table.add_row(*(Text(cell) for cell in row))
    drawing = Console(width=min(shutil.get_terminal_size().columns, _WIDEST_TABLE))
    with drawing.capture() as captured:
        drawing.print(table)
    return captured.get().rstrip("\n")
