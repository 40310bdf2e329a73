"""A comparison as a table: for a terminal, and as Markdown in a pipe."""

import shutil

from assistant.answering.compare import Comparison
from assistant.answering.verdict_text import is_told_about, sign_of
from assistant.cli import console
from assistant.cli.render.sources import source_head
from assistant.export.markdown.comparison import comparison_rows, comparison_table

_WIDEST_TABLE = 160


def comparison_text(comparison: Comparison) -> str:
    """The table with its sources; drawn on a terminal, as a Markdown table in a pipe."""
    table = _drawn(comparison) if console.is_terminal() else comparison_table(comparison)
    lines = [table, "", console.strong("Sources")]
    for source in comparison.sources:
        lines.extend(source_head(source))
        lines.extend(console.wrapped(f"“{s.text}”", "    ") for s in comparison.evidence_for(source.number))
    if doubts := _doubts(comparison):
        lines += ["", console.strong("To be looked at"), *map(console.wrapped, doubts)]
    return "\n".join(lines)


def _doubts(comparison: Comparison) -> list[str]:
    """Why cells are not simply supported: "~ method of [1]: the number 2.78 is not in the source"."""
    return [
        f"{sign_of(cell.content)} {cell.aspect} of [{cell.number}]: {cell.content.check.reason}"
        for row in comparison.cells
        for cell in row
        if cell.content and cell.content.check and is_told_about(cell.content)
    ]


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
