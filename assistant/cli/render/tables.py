"""Tables of plain text in columns."""

from collections.abc import Sequence

from assistant.cli import console

Row = tuple[str, ...]

_GAP = "  "


def aligned(rows: Sequence[Row]) -> list[str]:
    """The rows in columns, the first one to the left, numbers to the right; the head stands out.

    Columns count cells of a terminal: a Chinese character takes two.
    """
    from rich.cells import cell_len

    columns = max(len(row) for row in rows)
    widths = [max(cell_len(row[column]) for row in rows if column < len(row)) for column in range(columns)]
    lines = []
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            blank = " " * (widths[column] - cell_len(cell))
            cells.append(cell + blank if column == 0 else blank + cell)
        lines.append(_GAP.join(cells).rstrip())
    return [console.strong(lines[0]), *lines[1:]]
