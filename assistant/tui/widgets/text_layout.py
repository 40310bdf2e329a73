"""The texts of a paper's row, cut by the cells they take: titles may be wide, endless, or both."""

from rich.cells import cell_len, chop_cells, set_cell_size

from assistant.library import PaperRow
from assistant.papers import WITHDRAWN
from assistant.text import counted

_BYLINE_CELLS = 24
_CHARACTERS_A_CELL = 4
"""Characters looked at for each cell: few of 10,000, yet enough for accents, which take no cell."""

_WITHOUT_JOINERS = dict.fromkeys(map(ord, "\u200d\ufe0f"))
"""Terminals disagree on how wide joined emoji are; without joiners the parts stand side by side everywhere."""


def cut(text: str, width: int) -> str:
    """The text in exactly ``width`` cells; one that is longer ends in an ellipsis."""
    if width <= 0:
        return ""
    visible = text[: width * _CHARACTERS_A_CELL].translate(_WITHOUT_JOINERS)
    if cell_len(visible) > width or len(text) > width * _CHARACTERS_A_CELL:
        visible = set_cell_size(visible, width - 1).rstrip() + "…"
    return set_cell_size(visible, width)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells, broken between words where it can be; at least one line."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".lstrip()
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines += chop_cells(word, width)
    return [line for line in lines if line] or [""]


def fact_line(row: PaperRow) -> str:
    """Day, upvotes, who wrote it and the comments, whichever are known."""
    return " · ".join(part for part in (row.facts, comments_text(row.comments)) if part)


def comments_text(comments: int | None) -> str:
    """How many comments there are; nothing for none."""
    return f"{comments} comment{'s' if comments > 1 else ''}" if comments else ""


def papers_text(papers: int) -> str:
    """So many papers: "1 paper", "11,028 papers"."""
    return counted(papers, "paper")


def fact_columns(row: PaperRow) -> str:
    """The same in columns of fixed widths, to stand behind a title."""
    upvotes = "" if row.upvotes is None else f"▲{row.upvotes:>5}"
    day = row.day.isoformat() if row.day else ""
    byline = " · ".join(part for part in (WITHDRAWN if row.withdrawn else "", row.byline) if part)
    return f"  {upvotes:>6}  {day:<10}  {cut(byline, _BYLINE_CELLS)} "
