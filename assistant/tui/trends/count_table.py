"""A table of counts by name: fits its width, marks rows with a sign, opens on Enter or a second click."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import DataTable

from assistant.tui.widgets.text_layout import cut

_PADDING = 2
_NUMBER_CELLS = 7
_LEAST_NAME_CELLS = 17
_SCROLLBAR_CELLS = 1


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row: what stands behind it, its name, its numbers as text, and a sign before the name (" " for none)."""

    key: object
    name: str
    numbers: tuple[str, ...]
    sign: str = " "


class CountTable(DataTable[Text], inherit_bindings=False):
    """Names and numbers; when the table gets narrow the second number is left out.

    Enter is the page's: its action opens the row, under whichever key it has.
    """

    BINDINGS = [binding for binding in DataTable.BINDINGS if isinstance(binding, Binding) and binding.key != "enter"]

    DEFAULT_CSS = """
    CountTable { height: 1fr; background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Opened(Message):
        """A row was chosen."""

        table: "CountTable"
        row: CountRow

    def __init__(self, heading: str, **options: Any) -> None:
        super().__init__(cursor_type="row", zebra_stripes=True, **options)
        self._heading = heading
        self._headings: Sequence[str] = ()
        self._counts: Sequence[CountRow] = ()

    @property
    def current(self) -> CountRow | None:
        """The row under the cursor."""
        return self._counts[self.cursor_row] if 0 <= self.cursor_row < len(self._counts) else None

    @property
    def counts(self) -> Sequence[CountRow]:
        """The rows as they are shown."""
        return self._counts

    def show(self, headings: Sequence[str], rows: Sequence[CountRow]) -> None:
        """Show these rows under the headings of their numbers; the cursor stays on its row when it is among them."""
        before = self.current
        self._counts, self._headings = rows, headings
        self._fill()
        keys = [row.key for row in rows]
        if before is not None and before.key in keys:
            self.move_cursor(row=keys.index(before.key))

    def on_resize(self) -> None:
        """Fit the names to the new width."""
        place = self.cursor_row
        self._fill()
        self.move_cursor(row=place)

    def _fill(self) -> None:
        columns = list(range(len(self._headings)))
        if self._name_cells(len(columns)) < _LEAST_NAME_CELLS and len(columns) > 1:
            columns.remove(1)
        cells = max(self._name_cells(len(columns)), 4)
        self.clear(columns=True)
        self.add_column(Text(self._heading), width=cells)
        for number in columns:
            self.add_column(Text(self._headings[number], justify="right"), width=_NUMBER_CELLS)
        for row in self._counts:
            name = Text(f"{row.sign} {cut(' '.join(row.name.split()), cells - 2)}", no_wrap=True)
            self.add_row(name, *(Text(row.numbers[number], justify="right") for number in columns))

    def _name_cells(self, numbers: int) -> int:
        inside = self.size.width - _SCROLLBAR_CELLS
        return inside - _PADDING - numbers * (_NUMBER_CELLS + _PADDING)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Say which row was chosen."""
        event.stop()
        if self.current is not None:
            self.post_message(self.Opened(self, self.current))
