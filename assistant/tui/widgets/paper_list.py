"""A list of papers that draws only the lines in view: eleven thousand rows are as quick as ten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.library import PaperRow
from assistant.tui.widgets.paper_selection import PaperSelection
from assistant.tui.widgets.text_layout import cut, fact_columns, fact_line, wrapped

_ONE_LINE_WIDTH = 110
"""From this width on a paper is one line with columns; below it has its facts on a second line."""
_MARKS_CELLS = 6
"""The cursor's sign, four marks, a space."""


class _RowStyles(NamedTuple):
    title: Style
    facts: Style
    mark: Style
    selected: Style


class PaperList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of papers with a cursor and a selection; both stay on their papers when the rows change.

    Its keys move the cursor alone: opening and selecting are actions of the page, whose keys the reader may change.

    Marks are characters: ``✓`` selected, ``●`` unread, ``★`` starred, ``✎`` noted. The selection holds papers that
    are not shown at the moment too. ``empty`` is what stands in place of rows.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--cursor",
        "paper-list--facts",
        "paper-list--unread",
        "paper-list--mark",
        "paper-list--selected",
        "paper-list--empty",
    }
    DEFAULT_CSS = """
    PaperList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; background: $background;
    }
    PaperList .paper-list--cursor { background: $panel; }
    PaperList:focus .paper-list--cursor { background: $primary 25%; }
    PaperList .paper-list--facts { color: $text-muted; }
    PaperList .paper-list--unread { text-style: bold; }
    PaperList .paper-list--mark { color: $primary; }
    PaperList .paper-list--selected { color: $accent; text-style: bold; }
    PaperList .paper-list--empty { color: $text-muted; }
    """
    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("shift+up", "extend(-1)", show=False),
        Binding("shift+down", "extend(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The reader moved the cursor to a row."""

        paper_list: "PaperList"
        row: PaperRow

        @property
        def control(self) -> "PaperList":
            """The list."""
            return self.paper_list

    @dataclass
    class Opened(Message):
        """The reader chose a row: by key, or with a click on the row of the cursor."""

        paper_list: "PaperList"
        row: PaperRow

        @property
        def control(self) -> "PaperList":
            """The list."""
            return self.paper_list

    @dataclass
    class SelectionChanged(Message):
        """Papers were selected or given free."""

        paper_list: "PaperList"

        @property
        def control(self) -> "PaperList":
            """The list."""
            return self.paper_list

    def __init__(self, *, empty: str = "", selectable: bool = True, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.empty = empty
        self._selectable = selectable
        self._rows: list[PaperRow] = []
        self._places: dict[str, int] = {}
        self._cursor = 0
        self._selection = PaperSelection()

    # What it holds

    @property
    def rows(self) -> Sequence[PaperRow]:
        """The rows, in order."""
        return self._rows

    @property
    def row(self) -> PaperRow | None:
        """The row of the cursor; None in an empty list."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """The selected papers in the order in which they were selected, also those not shown now."""
        return self._selection.ids

    def set_rows(self, rows: Iterable[PaperRow], *, empty: str | None = None, to_top: bool = False) -> None:
        """Show other rows; the cursor stays on its paper when that is among them, unless ``to_top``."""
        current = self.row
        self._rows = list(rows)
        self._places = {row.paper_id: place for place, row in enumerate(self._rows)}
        if empty is not None:
            self.empty = empty
        self._selection.end_range()
        fallback = 0 if to_top else min(self._cursor, max(0, len(self._rows) - 1))
        self._cursor = self._places.get(current.paper_id, fallback) if current and not to_top else fallback
        self._lay_out()

    def renew_rows(self, rows: Iterable[PaperRow]) -> None:
        """Replace rows that are shown by what they are now (a mark changed); others are passed over."""
        for row in rows:
            place = self._places.get(row.paper_id)
            if place is not None:
                self._rows[place] = row
        self.refresh()

    def move_to(self, paper_id: str) -> bool:
        """Put the cursor on a paper without telling anyone; False when it is not shown."""
        place = self._places.get(paper_id)
        if place is None:
            return False
        self._cursor = place
        self._show_cursor()
        self.refresh()
        return True

    def deselect(self, paper_ids: Iterable[str]) -> None:
        """Give these papers free."""
        self._show_selection(self._selection.remove(paper_ids))

    def clear_selection(self) -> None:
        """Give every paper free."""
        self._show_selection(self._selection.remove(self.selected_ids))

    # Actions

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self._selection.end_range()
        self._go(self._cursor + step)

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is in view."""
        self._selection.end_range()
        self._go(self._cursor + pages * max(1, self._rows_in_view - 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self._selection.end_range()
        self._go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self._selection.end_range()
        self._go(len(self._rows) - 1)

    def action_extend(self, step: int) -> None:
        """Select from where the reader began to the row that is ``step`` further; going back gives rows free."""
        if not self._rows or not self._selectable:
            return
        self._extend_to(self._cursor + step)

    def action_select(self) -> None:
        """Select the row of the cursor or give it free, and go on to the next."""
        if self.row is not None and self._selectable:
            self._show_selection(self._selection.toggle(self.row.paper_id))
            self.action_move(1)

    def action_select_all(self) -> None:
        """Select every row that is shown; give them free when all are selected."""
        if self._selectable:
            self._show_selection(self._selection.toggle_all(list(self._places)))

    def action_open(self) -> None:
        """Choose the row of the cursor."""
        if self.row is not None:
            self.post_message(self.Opened(self, self.row))

    # The mouse

    def on_click(self, event: Click) -> None:
        """Go to a row, or open it when it is there already; a click on the marks selects, Shift selects a range."""
        place = (event.y + self.scroll_offset.y) // self._lines
        if not 0 <= place < len(self._rows):
            return
        event.stop()
        if event.shift and self._selectable:
            self._extend_to(place)
        elif (event.x < _MARKS_CELLS or event.ctrl) and self._selectable:
            self._selection.end_range()
            self._go(place)
            self._show_selection(self._selection.toggle(self._rows[place].paper_id))
        elif place == self._cursor:
            self.action_open()
        else:
            self._selection.end_range()
            self._go(place)

    def on_focus(self, _event: Focus) -> None:
        """Show the cursor in its stronger colour."""
        self.refresh()

    def on_blur(self, _event: Blur) -> None:
        """Show the cursor in its weaker colour."""
        self.refresh()

    # The cursor and the selection

    def _go(self, place: int) -> None:
        if not self._rows:
            return
        place = min(max(place, 0), len(self._rows) - 1)
        if place != self._cursor:
            before, self._cursor = self._cursor, place
            self._refresh_row(before)
            self._refresh_row(place)
            self.post_message(self.Moved(self, self._rows[place]))
        self._show_cursor()

    def _extend_to(self, place: int) -> None:
        self._selection.begin_range(self._cursor)
        self._go(place)
        self._show_selection(self._selection.select_range(list(self._places), self._cursor))

    def _show_selection(self, changed: bool) -> None:
        if changed:
            self.refresh()
            self.post_message(self.SelectionChanged(self))

    # Drawing

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _lines(self) -> int:
        return 1 if self._width >= _ONE_LINE_WIDTH else 2

    @property
    def _rows_in_view(self) -> int:
        return max(1, self.scrollable_content_region.height // self._lines)

    def on_resize(self, _event: Resize) -> None:
        """Fit the rows to the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        height = len(self._rows) * self._lines or len(self._empty_lines())
        self.virtual_size = Size(self._width, height)
        self._show_cursor()
        self.refresh()

    def _show_cursor(self) -> None:
        """Scroll as little as is needed to have the row of the cursor in view."""
        top, height = self._cursor * self._lines, self.scrollable_content_region.height
        bottom = top + self._lines
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif height and bottom > self.scroll_offset.y + height:
            self.scroll_to(y=bottom - height, animate=False)

    def _refresh_row(self, place: int) -> None:
        self.refresh_lines(place * self._lines, self._lines)

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        width = self._width
        if not self._rows:
            return self._empty_line(y, width)
        place, part = divmod(y + self.scroll_offset.y, self._lines)
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row, at_cursor = self._rows[place], place == self._cursor
        styles = _RowStyles(
            self._style(at_cursor) if row.read else self._style(at_cursor, "unread"),
            *(self._style(at_cursor, component) for component in ("facts", "mark", "selected")),
        )
        marks = _marks(row, styles, at_cursor, row.paper_id in self._selection)
        return Strip(_segments(row, marks, styles, width, self._lines, part), width)

    def _style(self, at_cursor: bool, part: str = "") -> Style:
        line = self.get_component_rich_style("paper-list--cursor") if at_cursor else self.rich_style
        if not part:
            return line
        own = self.get_component_rich_style(f"paper-list--{part}")
        return line + Style(color=own.color, bold=own.bold)

    def _empty_lines(self) -> list[str]:
        return [line for text in self.empty.split("\n") for line in wrapped(text, max(1, self._width - 4))]

    def _empty_line(self, y: int, width: int) -> Strip:
        text = next(iter(["", *self._empty_lines()][y : y + 1]), "")
        return Strip([Segment(cut(f"  {text}", width), self._style(False, "empty"))], width)


def _marks(row: PaperRow, styles: _RowStyles, at_cursor: bool, is_selected: bool) -> list[Segment]:
    marks = f"{' ' if row.read else '●'}{'★' if row.starred else ' '}{'✎' if row.noted else ' '} "
    return [
        Segment("›" if at_cursor else " ", styles.mark),
        Segment("✓" if is_selected else " ", styles.selected),
        Segment(marks, styles.mark),
    ]


def _segments(
    row: PaperRow, marks: list[Segment], styles: _RowStyles, width: int, lines: int, line: int
) -> list[Segment]:
    """One line (from 0) of a row that has so many: columns beside the title, or facts below it."""
    if line > 0:
        return [Segment(cut(f"{' ' * _MARKS_CELLS}{fact_line(row)}", width), styles.facts)]
    columns = fact_columns(row) if lines == 1 else ""
    title = Segment(cut(row.title, width - _MARKS_CELLS - cell_len(columns)), styles.title)
    return [*marks, title, Segment(columns, styles.facts)] if columns else [*marks, title]
