"""Stars, marks of reading and notes, one change after the other, and the dialogs that ask for a note or a period."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static, TextArea

from assistant.errors import AssistantError, UsageError
from assistant.library import PaperMarks, PaperRow
from assistant.tui.messages import Failed, PaperMarksChanged
from assistant.tui.papers.row_query import BrowsePeriod, named_period
from assistant.tui.session import Session
from assistant.tui.widgets.dialog import Dialog
from assistant.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from assistant.library import Library


_GROUP = "papers.marks"
Change: TypeAlias = "Callable[[Library, Sequence[str]], str]"
"""Changes the marks of papers and says for the status what was done; "" when nothing is to be said."""

_LONGEST_TITLE = 200


@dataclass
class MarksRead(Message):
    """The rows of papers as they are marked now, and all marks of the one that is shown when it is among them."""

    rows: Sequence[PaperRow]
    shown_id: str | None
    marks: PaperMarks | None


class MarksView(Protocol):
    """What the editor of marks needs of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    def run(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        """Do work in the background; when ``exclusive`` in place of other work of the group."""
        ...

    def show_remark(self, text: str, *, title: str = "", seconds: float = 2) -> None:
        """Show a remark for a short while."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the page and the application."""
        ...


class MarksEditor:
    """Changes and reads marks, one after the other; a failure is posted."""

    def __init__(self, view: MarksView) -> None:
        self._view = view
        self._in_turn = asyncio.Lock()

    def start(self, paper_ids: Sequence[str], change: Change) -> None:
        """Change marks in the background."""
        self._view.run(partial(self.change, paper_ids, change), _GROUP, exclusive=False)

    def start_reading(self, paper_ids: Sequence[str], shown_id: Callable[[], str | None]) -> None:
        """Read in the background how papers are marked; ``shown_id`` tells which is shown in full at that time."""
        self._view.run(partial(self._post_marks, paper_ids, shown_id), _GROUP, exclusive=False)

    async def change(self, paper_ids: Sequence[str], change: Change) -> None:
        """Change marks, within a worker; every page gets to know, this one among them."""
        try:
            library = await self._view.session.library()
            async with self._in_turn:
                remark = await asyncio.to_thread(change, library, paper_ids)
        except AssistantError as error:
            self._view.post_message(Failed(error))
            return
        self._view.post_message(PaperMarksChanged(paper_ids))
        if remark:
            self._view.show_remark(remark)

    async def _post_marks(self, paper_ids: Sequence[str], shown_id: Callable[[], str | None]) -> None:
        try:
            library = await self._view.session.library()
            async with self._in_turn:
                self._view.post_message(await asyncio.to_thread(_marks_of, library, paper_ids, shown_id()))
        except AssistantError as error:
            self._view.post_message(Failed(error))


def mark_read(library: "Library", paper_ids: Sequence[str]) -> str:
    """Mark papers as read; nothing is said of it."""
    library.marks.set_read(paper_ids, True)
    return ""


def toggle_read(library: "Library", paper_ids: Sequence[str]) -> str:
    """Mark papers as read; as unread when all of them were read. Returns what was done."""
    is_read = not all(library.marks.of(paper_id).read_at for paper_id in paper_ids)
    library.marks.set_read(paper_ids, is_read)
    return _counted(paper_ids, "marked as read" if is_read else "marked as unread")


def toggle_starred(library: "Library", paper_ids: Sequence[str]) -> str:
    """Star papers; take the stars away when all of them had one. Returns what was done."""
    starred = not all(library.marks.of(paper_id).starred for paper_id in paper_ids)
    library.marks.set_starred(paper_ids, starred)
    return _counted(paper_ids, "starred" if starred else "no longer starred")


def keep_note(note: str, library: "Library", paper_ids: Sequence[str]) -> str:
    """Keep a note on papers; "" removes it. Returns what was done."""
    for paper_id in paper_ids:
        library.marks.set_note(paper_id, note)
    return _counted(paper_ids, "note kept" if note else "note removed")


def _counted(paper_ids: Sequence[str], done: str) -> str:
    return f"{len(paper_ids)} papers {done}" if len(paper_ids) > 1 else done


def _marks_of(library: "Library", paper_ids: Sequence[str], shown_id: str | None) -> MarksRead:
    marks = library.marks.of(shown_id) if shown_id is not None and shown_id in paper_ids else None
    return MarksRead(library.browsing.rows_of(paper_ids), shown_id, marks)


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
