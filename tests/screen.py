"""What a terminal would show of what Textual sent: text on a grid; colours and modes are passed over."""

import re

from rich.cells import cell_len

_PIECES = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[[0-9;?<>=$]*[a-zA-Z~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>a-zA-Z]"
    r"|(?P<text>[^\x1b\r\n]+)|(?P<newline>\r?\n)|\r|\x1b"
)


def screen_text(sent: str) -> str:
    """The lines of the screen after everything in ``sent`` was drawn, without the spaces at their ends."""
    cells: dict[tuple[int, int], str] = {}
    row, column = 1, 1
    for piece in _PIECES.finditer(sent):
        if piece["row"]:
            row, column = int(piece["row"]), int(piece["column"])
        elif piece["newline"]:
            row, column = row + 1, 1
        for character in piece["text"] or "":
            cells[row, column] = character
            column += cell_len(character)
    rows = max((at for at, _ in cells), default=0)
    return "\n".join(_line(cells, at) for at in range(1, rows + 1))


def _line(cells: dict[tuple[int, int], str], row: int) -> str:
    columns = {column: character for (at, column), character in cells.items() if at == row}
    return "".join(columns.get(column, " ") for column in range(1, max(columns, default=0) + 1)).rstrip()
