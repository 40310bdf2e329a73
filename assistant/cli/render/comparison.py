"""A comparison as a table: for a terminal, as Markdown in a pipe, and as JSON."""

import shutil
from typing import Any

from assistant.answering.compare import Comparison
from assistant.answering.markdown import comparison_rows, comparison_table
from assistant.cli import console
from assistant.cli.render.sources import facts_line, sentence_json, source_json

_WIDEST_TABLE = 160


def comparison_text(comparison: Comparison) -> str:
    """The table with its sources; drawn on a terminal, as a Markdown table in a pipe."""
    table = _drawn(comparison) if console.is_terminal() else comparison_table(comparison)
    lines = [table, "", console.strong("Sources")]
    for source in comparison.sources:
        paper = source.paper
        lines.append(f"[{source.number}] {console.strong(paper.paper.title)}")
        lines.append("    " + console.dim(" · ".join(p for p in (facts_line(paper), paper.paper.link or "") if p)))
        lines.extend(console.wrapped(f"“{s.text}”", "    ") for s in comparison.evidence_for(source.number))
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
    sources = [source_json(source, comparison.evidence_for(source.number)) for source in comparison.sources]
    writer = comparison.writer
    return {"rows": rows, "sources": sources, "model": {"name": writer.name, "kind": writer.kind.value}}


def _drawn(comparison: Comparison) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    head, *rows = comparison_rows(comparison)
    for title in head:
        table.add_column(Text(title), ratio=1 if title else None, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    drawing = Console(width=min(shutil.get_terminal_size().columns, _WIDEST_TABLE))
    with drawing.capture() as captured:
        drawing.print(table)
    return captured.get().rstrip("\n")
