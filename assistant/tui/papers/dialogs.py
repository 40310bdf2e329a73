"""The dialogs of the page: a note on a paper, a period typed by hand."""

from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static, TextArea

from assistant.errors import UsageError
from assistant.tui.papers.periods import BrowsePeriod, named_period
from assistant.tui.widgets.dialog import Dialog
from assistant.tui.widgets.notice import Notice

_LONGEST_TITLE = 200


class NoteDialog(Dialog[str]):
    """Write a note on a paper. However it is left, what was written is kept: a note is lost by the button alone.

    Returns the note, "" to remove it, None when it is to stay as it was; it stays when all of its text is deleted.
    """

    DEFAULT_CSS = """
    NoteDialog { align: center middle; }
    NoteDialog > Vertical {
        width: 90%; max-width: 90; height: 70%; max-height: 24; background: $surface; border: round $primary;
        padding: 0 1;
    }
    NoteDialog .-title { color: $text-muted; max-height: 2; }
    NoteDialog TextArea { height: 1fr; }
    NoteDialog Horizontal { height: auto; }
    NoteDialog Button { margin-right: 1; }
    """
    BINDINGS = [Binding("ctrl+enter", "leave", "Keep", priority=True)]

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self._paper_title = title
        self._note = note

    def compose(self) -> ComposeResult:
        """The paper, the note, what to do with it."""
        with Vertical() as box:
            box.border_title = "Note"
            box.border_subtitle = "Esc keeps it"
            yield Static(Content(self._paper_title[:_LONGEST_TITLE]), classes="-title", markup=False)
            yield TextArea(self._note, id="note", compact=True)
            with Horizontal():
                yield Button("Keep", id="keep", variant="primary", compact=True)
                yield Button("Leave as it was", id="as-it-was", compact=True)
                yield Button("Remove the note", id="remove", compact=True)

    @on(Button.Pressed, "#keep")
    def leave(self) -> None:
        """Keep what is written."""
        written = "".join(area.text for area in self.query(TextArea)).strip()
        self.dismiss(written if written not in {"", self._note} else None)

    @on(Button.Pressed, "#as-it-was")
    def _leave_as_it_was(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#remove")
    def _remove(self) -> None:
        self.dismiss("")


class PeriodDialog(Dialog[BrowsePeriod]):
    """Type a day, an ISO week or a month; returns it, or None."""

    DEFAULT_CSS = """
    PeriodDialog { align: center middle; }
    PeriodDialog > Vertical {
        width: 90%; max-width: 64; height: auto; background: $surface; border: round $primary; padding: 0 1;
    }
    PeriodDialog .-forms { color: $text-muted; }
    """

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def compose(self) -> ComposeResult:
        """The input and the forms it takes."""
        year, week, _ = self._today.isocalendar()
        forms = f"{self._today.isoformat()} · {year}-W{week:02} · {self._today:%Y-%m} · all"
        with Vertical() as box:
            box.border_title = "Go to a day, a week or a month"
            box.border_subtitle = "Enter goes there, Esc closes"
            yield Input(placeholder=self._today.isoformat(), compact=True, id="period-text")
            yield Static(forms, classes="-forms", markup=False)
            yield Notice()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            period = named_period(event.value, self._today)
        except UsageError as error:
            self.query_one(Notice).show_error(error)
        else:
            self.dismiss(period)
