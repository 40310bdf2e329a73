"""Starring papers, marking them as read, keeping notes: in the background, one change after the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.message import Message

from assistant.errors import AssistantError
from assistant.library import Library, PaperMarks, PaperRow
from assistant.tui.messages import Failed, PaperMarksChanged
from assistant.tui.page import Page
from assistant.tui.papers.detail import PaperDetail
from assistant.tui.widgets.paper_list import PaperList

Change = Callable[[Library, Sequence[str]], str]
"""Changes the marks of papers and says for the status what was done; "" when nothing is to be said."""


@dataclass
class MarksRead(Message):
    """The rows of papers as they are marked now, and all marks of the one that is shown when it is among them."""

    rows: Sequence[PaperRow]
    shown_id: str | None
    marks: PaperMarks | None


class MarkingPage(Page):
    """A page with lists of papers and one in full that show the reader's marks, whichever page changes them."""

    def __init__(self) -> None:
        super().__init__()
        self._marking = asyncio.Lock()

    @work(group="papers.marks", exit_on_error=False)
    async def mark(self, paper_ids: Sequence[str], change: Change) -> None:
        """Change marks in the background."""
        await self.change_marks(paper_ids, change)

    async def change_marks(self, paper_ids: Sequence[str], change: Change) -> None:
        """Change marks, within a worker; every page is told, this one among them."""
        try:
            library = await self.session.library()
            async with self._marking:
                done = await asyncio.to_thread(change, library, paper_ids)
        except AssistantError as error:
            self.post_message(Failed(error))
            return
        self.post_message(PaperMarksChanged(paper_ids))
        if done:
            self.notify(done, timeout=2, markup=False)

    def marks_changed(self, paper_ids: Sequence[str]) -> None:
        """Show the marks of these papers as they are now."""
        self._read_marks(paper_ids)

    @work(group="papers.marks", exit_on_error=False)
    async def _read_marks(self, paper_ids: Sequence[str]) -> None:
        try:
            library = await self.session.library()
            async with self._marking:
                shown = self.query_one(PaperDetail).shown
                shown_id = shown.paper_id if shown else None
                self.post_message(await asyncio.to_thread(_read, library, paper_ids, shown_id))
        except AssistantError as error:
            self.post_message(Failed(error))

    @on(MarksRead)
    def _marks_read(self, event: MarksRead) -> None:
        for papers in self.query(PaperList):
            papers.renew_rows(event.rows)
        detail = self.query_one(PaperDetail)
        if event.marks is not None and detail.shown is not None and detail.shown.paper_id == event.shown_id:
            detail.show_marks(event.marks)


def mark_read(library: Library, paper_ids: Sequence[str]) -> str:
    """Mark papers as read; nothing is said of it."""
    library.marks.set_read(paper_ids, True)
    return ""


def toggle_read(library: Library, paper_ids: Sequence[str]) -> str:
    """Mark papers as read; as unread when all of them were read. Returns what was done."""
    read = not all(library.marks.of(paper_id).read_at for paper_id in paper_ids)
    library.marks.set_read(paper_ids, read)
    return _counted(paper_ids, "marked as read" if read else "marked as unread")


def toggle_starred(library: Library, paper_ids: Sequence[str]) -> str:
    """Star papers; take the stars away when all of them had one. Returns what was done."""
    starred = not all(library.marks.of(paper_id).starred for paper_id in paper_ids)
    library.marks.set_starred(paper_ids, starred)
    return _counted(paper_ids, "starred" if starred else "no longer starred")


def keep_note(note: str, library: Library, paper_ids: Sequence[str]) -> str:
    """Keep a note on papers; "" removes it. Returns what was done."""
    for paper_id in paper_ids:
        library.marks.set_note(paper_id, note)
    return _counted(paper_ids, "note kept" if note else "note removed")


def _counted(paper_ids: Sequence[str], done: str) -> str:
    return f"{len(paper_ids)} papers {done}" if len(paper_ids) > 1 else done


def _read(library: Library, paper_ids: Sequence[str], shown_id: str | None) -> MarksRead:
    marks = library.marks.of(shown_id) if shown_id is not None and shown_id in paper_ids else None
    return MarksRead(library.browsing.rows_of(paper_ids), shown_id, marks)
