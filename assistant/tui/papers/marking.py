"""Starring papers, marking them as read, keeping notes: in the background, one change after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

from textual.message import Message

from assistant.errors import AssistantError
from assistant.library import PaperMarks, PaperRow
from assistant.tui.messages import Failed, PaperMarksChanged
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.library import Library

_GROUP = "papers.marks"
Change: TypeAlias = "Callable[[Library, Sequence[str]], str]"
"""Changes the marks of papers and says for the status what was done; "" when nothing is to be said."""


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
    read = not all(library.marks.of(paper_id).read_at for paper_id in paper_ids)
    library.marks.set_read(paper_ids, read)
    return _counted(paper_ids, "marked as read" if read else "marked as unread")


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
