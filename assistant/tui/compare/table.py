"""A comparison as far as it is written, as a table: aspects on the left, cells wrapped, rows as high as they need."""

from collections.abc import Sequence
from enum import Enum, auto

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.coordinate import Coordinate
from textual.events import Resize
from textual.widgets import DataTable

from assistant.answering import (
    Cell,
    ColumnFinished,
    Comparison,
    ComparisonEvent,
    ComparisonFinished,
    ModelInfo,
    NumberedSource,
    numbered_sources,
    only_doubtful,
)
from assistant.errors import UsageError
from assistant.library import StoredPaper

FEWEST_PAPERS, MOST_PAPERS = 2, 12
_MOST_ASPECTS = 20

_HEADER_LINES, _HEADER_LINES_OF_LOW_SCREENS = 3, 2
_LOW_SCREEN = 30
_NARROWEST, _WIDEST = 26, 64
_WIDEST_ASPECT = 22
_HIGHEST_ROW = 16
_PADDING = 2
_ASPECTS = "aspects"


class Stage(Enum):
    """How far the writing is."""

    WRITING = auto()
    STOPPED = auto()
    FAILED = auto()
    DONE = auto()


class Sheet:
    """The table's state; columns by the number of their source."""

    def __init__(self, papers: Sequence[StoredPaper], aspects: Sequence[str]) -> None:
        self.sources: tuple[NumberedSource, ...] = numbered_sources(papers)
        self.aspects = tuple(aspects)
        self.columns: dict[int, tuple[Cell, ...]] = {}
        self.writer: ModelInfo | None = None
        self.stage = Stage.WRITING

    def take(self, event: ComparisonEvent) -> None:
        """Take in what the comparer says."""
        match event:
            case ColumnFinished():
                self.columns[event.source.number] = event.cells
            case ComparisonFinished():
                self.writer = event.comparison.writer
                self.stage = Stage.DONE

    def cell(self, row: int, number: int) -> Cell | None:
        """One cell; None while it is not written."""
        column = self.columns.get(number)
        return column[row] if column else None

    @property
    def progress(self) -> str:
        """How many papers are read: "2 of 3"."""
        return f"{len(self.columns)} of {len(self.sources)}"

    @property
    def writing_number(self) -> int | None:
        """The source whose column is being written."""
        missing = (source.number for source in self.sources if source.number not in self.columns)
        return next(missing, None) if self.stage is Stage.WRITING else None

    def comparison(self) -> Comparison | None:
        """The columns that came as a comparison of their papers; None before the first one."""
        if not self.columns or self.writer is None:
            return None
        sources = tuple(source for source in self.sources if source.number in self.columns)
        rows = zip(*(self.columns[source.number] for source in sources), strict=True)
        return Comparison(self.aspects, sources, tuple(rows), self.writer)


def distinct(papers: Sequence[StoredPaper]) -> list[StoredPaper]:
    """The papers, each once."""
    return list({paper.paper_id: paper for paper in papers}.values())


def check_number(papers: Sequence[StoredPaper]) -> None:
    """Raise `UsageError` for too few or too many papers."""
    if len(papers) < FEWEST_PAPERS:
        raise UsageError("A comparison needs two papers or more.", "Go back, select further papers and compare again.")
    if len(papers) > MOST_PAPERS:
        raise UsageError(
            f"{len(papers):,} papers are too many for one table.", f"Go back and select at most {MOST_PAPERS}."
        )


def read_aspects(text: str) -> tuple[str, ...]:
    """Aspects separated by commas, each once. Raises `UsageError` for none or too many."""
    named: dict[str, str] = {}
    for part in text.split(","):
        if aspect := " ".join(part.split()):
            named.setdefault(aspect.casefold(), aspect)
    aspects = tuple(named.values())
    if not aspects:
        raise UsageError("The table needs an aspect.", "Write them with commas, such as: method, data, results.")
    if len(aspects) > _MOST_ASPECTS:
        raise UsageError(f"{len(aspects)} aspects are too many.", f"Write at most {_MOST_ASPECTS}.")
    return aspects


class ComparisonTable(DataTable[Text]):
    """One row an aspect, one column a paper."""

    DEFAULT_CSS = """
    ComparisonTable { height: 1fr; background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    ComparisonTable > .datatable--header { background: $panel; color: $foreground; text-style: bold; }
    ComparisonTable > .datatable--cursor { background: $primary 18%; color: $foreground; text-style: none; }
    ComparisonTable:focus > .datatable--cursor { background: $primary 32%; text-style: bold; }
    ComparisonTable > .datatable--fixed { background: $panel; color: $secondary; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(fixed_columns=1, cursor_type="cell", cursor_foreground_priority="renderable")
        self._sheet: Sheet | None = None
        self._cell_width = _NARROWEST

    def show(self, sheet: Sheet) -> None:
        """Show another table, with the cursor on its first cell."""
        self._sheet = sheet
        self._rebuild()
        self.move_cursor(row=0, column=1, animate=False)

    def refresh_columns(self) -> None:
        """Fill in what came; the cursor and what is in view stay."""
        if self._sheet is None or not self.columns:
            return
        for row, aspect in enumerate(self._sheet.aspects):
            texts = self._row(row)
            self.ordered_rows[row].height = self._height(aspect, texts)
            for column, text in enumerate(texts, start=1):
                self.update_cell_at(Coordinate(row, column), text, update_width=True)

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the width."""
        if self._sheet is not None and self._fitting_width(event.size.width) != self._cell_width:
            at = self.cursor_coordinate
            self._rebuild()
            self.move_cursor(row=at.row, column=at.column, animate=False)

    def _rebuild(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        self._cell_width = self._fitting_width(self.size.width)
        self.clear(columns=True)
        self.add_column(Text(""), width=self._aspect_width(), key=_ASPECTS)
        low = self.screen.size.height < _LOW_SCREEN
        titles = [" ".join(f"[{source.number}] {source.paper.title}".split()) for source in sheet.sources]
        heads = [self._cut(title, _HEADER_LINES_OF_LOW_SCREENS if low else _HEADER_LINES) for title in titles]
        self.header_height = max(head.plain.count("\n") + 1 for head in heads)
        for head in heads:
            self.add_column(head, width=self._cell_width)
        for row, aspect in enumerate(sheet.aspects):
            texts = self._row(row)
            self.add_row(Text(aspect), *texts, height=self._height(aspect, texts))

    def _fitting_width(self, width: int) -> int:
        papers = len(self._sheet.sources) if self._sheet else 1
        room = width - self._aspect_width() - _PADDING - 1
        return max(_NARROWEST, min(_WIDEST, room // max(papers, 1) - _PADDING))

    def _aspect_width(self) -> int:
        aspects = self._sheet.aspects if self._sheet else ()
        return min(max(map(cell_len, aspects), default=1), _WIDEST_ASPECT)

    def _row(self, row: int) -> list[Text]:
        assert self._sheet is not None  # noqa: S101  # rows are of a sheet
        sheet = self._sheet
        return [
            _cell_text(sheet.cell(row, source.number), is_next=source.number == sheet.writing_number)
            for source in sheet.sources
        ]

    def _height(self, aspect: str, texts: list[Text]) -> int:
        console = self.app.console
        lines = [len(text.wrap(console, self._cell_width)) for text in texts]
        lines.append(len(Text(aspect).wrap(console, self._aspect_width())))
        # A row of one line is not wrapped at all, and a blank line sets rows apart.
        return min(max(lines), _HIGHEST_ROW) + 1

    def _cut(self, text: str, most: int) -> Text:
        """The text in at most so many lines of a column, with "…" where it is cut."""
        # A title of thousands of characters is not wrapped as a whole.
        lines = Text(set_cell_size(text, min(cell_len(text), self._cell_width * most * 2))).wrap(
            self.app.console, self._cell_width
        )
        visible = [line.plain.rstrip() for line in lines[:most]]
        if len(lines) > most:
            last = visible[-1]
            visible[-1] = set_cell_size(last, min(cell_len(last), self._cell_width - 1)).rstrip() + "…"
        return Text("\n".join(visible))


def _cell_text(cell: Cell | None, *, is_next: bool) -> Text:
    if cell is None:
        return Text("writing …" if is_next else "…", style="dim")
    return Text(only_doubtful(cell.content)) if cell.content else Text(cell.text, style="dim italic")
