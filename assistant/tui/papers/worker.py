"""What the page does in the background: loading papers, finding similar ones; and its messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from assistant.errors import AssistantError, NothingFound
from assistant.library import PaperRow, StoredPaper
from assistant.papers import is_provisional
from assistant.services import similar_papers
from assistant.tui.papers.detail import DetailedPaper
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.library import Library

_MOST_SIMILAR = 8


@dataclass
class PaperLoaded(Message):
    """A paper to show in full: ``opened`` when the reader went into it, which marks it as read.

    ``refreshes`` when it is the paper that is shown already, with newer counts or text.
    """

    paper: DetailedPaper
    opened: bool
    refreshes: bool


@dataclass
class SimilarFound(Message):
    """The papers that are like one, or why they cannot be had."""

    paper_id: str
    rows: Sequence[PaperRow] = ()
    error: AssistantError | None = None


@dataclass
class SelectionGone(Message):
    """Selected papers that the library no longer has."""

    paper_ids: Sequence[str]


def load_paper(library: "Library", paper_id: str) -> DetailedPaper:
    """A paper with everything the detail shows. Raises `NothingFound` when the library does not have it."""
    papers = library.get([paper_id])
    if not papers:
        missing = "such paper any more" if is_provisional(paper_id) else f"paper {paper_id}"
        raise NothingFound(f"The library has no {missing}.", "Ctrl+S fetches the newest papers.")
    return DetailedPaper(papers[0], library.marks.of(paper_id), tuple(library.snapshots(paper_id)))


async def find_similar(session: Session, paper: DetailedPaper) -> SimilarFound:
    """The papers whose abstracts are most like this one's."""
    try:
        await session.warm()
        hits = await similar_papers(session.container, paper.stored, _MOST_SIMILAR)
        library = await session.library()
        rows = await asyncio.to_thread(library.browsing.rows_of, [hit.paper.paper_id for hit in hits])
    except AssistantError as error:
        return SimilarFound(paper.paper_id, error=error)
    return SimilarFound(paper.paper_id, rows)


async def papers_of(session: Session, paper_ids: Sequence[str]) -> list[StoredPaper]:
    """The papers to hand on. Raises `NothingFound` when the library has none of them any more."""
    library = await session.library()
    papers = await asyncio.to_thread(library.get, paper_ids)
    if not papers:
        these = "this paper" if len(paper_ids) == 1 else "these papers"
        raise NothingFound(f"The library no longer has {these}.", "Choose among those that are listed.")
    return papers
