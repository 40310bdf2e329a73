"""What the page does in the background: loading one paper, finding similar ones, changing marks; and its messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from assistant.errors import AssistantError, NothingFound
from assistant.library.browsing import PaperRow
from assistant.library.library import Library
from assistant.library.marks import PaperMarks
from assistant.retrieval.similar import similar_papers
from assistant.tui.papers.detail import DetailedPaper
from assistant.tui.session import Session

_MOST_SIMILAR = 8


@dataclass
class PaperLoaded(Message):
    """A paper to show in full: ``opened`` when the reader went into it, which marks it as read.

    ``anew`` is False when it is the paper that is shown already, with newer counts or text.
    """

    paper: DetailedPaper
    opened: bool
    anew: bool


@dataclass
class SimilarFound(Message):
    """The papers that are like one, or why they cannot be had."""

    paper_id: str
    rows: Sequence[PaperRow] = ()
    error: AssistantError | None = None


@dataclass
class MarksChanged(Message):
    """The reader's marks of papers as they are now; ``text`` says what was done, for the status."""

    rows: Sequence[PaperRow]
    marks: dict[str, PaperMarks]
    text: str = ""


def load_paper(library: Library, paper_id: str) -> DetailedPaper:
    """A paper with everything the detail shows. Raises `NothingFound` when the library does not have it."""
    found = library.get([paper_id])
    if not found:
        raise NothingFound(f"The library has no paper {paper_id}.", "Ctrl+S fetches the newest papers.")
    return DetailedPaper(found[0], library.marks.of(paper_id), tuple(library.snapshots(paper_id)))


async def find_similar(session: Session, paper: DetailedPaper) -> SimilarFound:
    """The papers whose abstracts are most like this one's."""
    try:
        await session.warm()
        hits = await similar_papers(session.workspace.search, paper.found, _MOST_SIMILAR)
        library = await session.library()
        rows = await asyncio.to_thread(library.browsing.rows_of, [hit.paper.paper.paper_id for hit in hits])
    except AssistantError as error:
        return SimilarFound(paper.paper_id, error=error)
    return SimilarFound(paper.paper_id, rows)


def mark_read(library: Library, paper_ids: Sequence[str]) -> MarksChanged:
    """Mark papers as read."""
    library.marks.set_read(paper_ids, True)
    return _now(library, paper_ids, "")


def toggle_read(library: Library, paper_ids: Sequence[str]) -> MarksChanged:
    """Mark papers as read; as unread when all of them were read."""
    read = not all(library.marks.of(paper_id).read_at for paper_id in paper_ids)
    library.marks.set_read(paper_ids, read)
    return _now(library, paper_ids, "marked as read" if read else "marked as unread")


def toggle_starred(library: Library, paper_ids: Sequence[str]) -> MarksChanged:
    """Star papers; take the stars away when all of them had one."""
    starred = not all(library.marks.of(paper_id).starred for paper_id in paper_ids)
    library.marks.set_starred(paper_ids, starred)
    return _now(library, paper_ids, "starred" if starred else "no longer starred")


def keep_note(library: Library, paper_id: str, note: str) -> MarksChanged:
    """Keep a note on a paper; "" removes it."""
    library.marks.set_note(paper_id, note)
    return _now(library, [paper_id], "note kept" if note else "note removed")


def _now(library: Library, paper_ids: Sequence[str], text: str) -> MarksChanged:
    marks = {paper_id: library.marks.of(paper_id) for paper_id in paper_ids}
    counted = f"{len(paper_ids)} papers {text}" if len(paper_ids) > 1 else text
    return MarksChanged(library.browsing.rows_of(paper_ids), marks, counted if text else "")
