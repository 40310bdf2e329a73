"""The paper at the side of the list: looked at while the cursor rests on it, or opened to be read."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from textual.message import Message

from assistant.errors import AssistantError
from assistant.library import PaperRow
from assistant.tui.messages import Failed
from assistant.tui.papers.detail import DetailedPaper
from assistant.tui.papers.worker import PaperLoaded, SimilarFound, find_similar, load_paper
from assistant.tui.session import Session

GLANCE_SECONDS = 0.04
"""How long the cursor rests on a paper before it is shown at the side."""
_LOADING = "papers.detail"
_SIMILAR = "papers.similar"


class DetailView(Protocol):
    """Where one paper is shown in full; ``opened`` is whether the reader went into it."""

    paper: DetailedPaper | None
    opened: bool

    def show(self, paper: DetailedPaper, *, opened: bool) -> None:
        """Show a paper."""
        ...

    def renew(self, paper: DetailedPaper) -> None:
        """Show what is known now of the paper that is shown."""
        ...

    def clear_paper(self) -> None:
        """Show no paper."""
        ...

    def show_similar(self, rows: Sequence[PaperRow]) -> None:
        """Show the papers that are like this one."""
        ...

    def show_error(self, error: AssistantError) -> None:
        """Say why similar papers cannot be had."""
        ...


class ReaderView(Protocol):
    """What the reader of papers needs of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    @property
    def detail(self) -> DetailView:
        """Where the paper is shown."""
        ...

    def run(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        """Do work in the background; when ``exclusive`` in place of other work of the group."""
        ...

    def cancel(self, group: str) -> None:
        """End the work of a group."""
        ...

    def mark_as_read(self, paper_id: str) -> None:
        """Mark a paper as read."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the page and the application."""
        ...


class PaperReader:
    """Loads the paper that is asked for last; one that was asked for before and comes late is not shown."""

    def __init__(self, view: ReaderView) -> None:
        self._view = view
        self._paper_id: str | None = None
        self._trail: list[str] = []

    def glance(self, paper_id: str | None) -> None:
        """Show a paper without opening it; None shows none."""
        self._view.detail.opened = False
        self._paper_id = paper_id
        if paper_id is None:
            self._view.cancel(_LOADING)
            self._view.detail.clear_paper()
        else:
            self._load(paper_id, opened=False)

    def open(self, paper_id: str) -> None:
        """Go into a paper: it is marked as read, and similar ones are looked for."""
        self._paper_id = paper_id
        self._load(paper_id, opened=True)

    def begin_trail(self) -> None:
        """Forget the papers that led to this one."""
        self._trail.clear()

    def extend_trail(self) -> None:
        """Let `previous` lead back to the paper that is shown."""
        if self._view.detail.paper is not None:
            self._trail.append(self._view.detail.paper.paper_id)

    def previous(self) -> str | None:
        """The paper from which the one that is shown was reached, which is forgotten; None for the first one."""
        return self._trail.pop() if self._trail else None

    def refresh(self) -> None:
        """Load the paper that is shown once more: its counts or its text may be newer."""
        detail = self._view.detail
        if detail.paper is not None:
            self._load(detail.paper.paper_id, opened=detail.opened, refreshes=True)

    def take(self, event: PaperLoaded | SimilarFound) -> None:
        """Show what came, unless it is of a paper that is not asked for any more."""
        match event:
            case PaperLoaded() if event.paper.paper_id == self._paper_id:
                self._show(event)
            case SimilarFound() if (paper := self._view.detail.paper) and paper.paper_id == event.paper_id:
                self._show_similar(event)

    def _show(self, event: PaperLoaded) -> None:
        if event.refreshes:
            self._view.detail.renew(event.paper)
            return
        self._view.detail.show(event.paper, opened=event.opened)
        if event.opened:
            self._view.mark_as_read(event.paper.paper_id)
            self._view.run(partial(self._post_similar, event.paper), _SIMILAR)

    def _show_similar(self, event: SimilarFound) -> None:
        if event.error is not None:
            self._view.detail.show_error(event.error)
        else:
            self._view.detail.show_similar(event.rows)

    def _load(self, paper_id: str, *, opened: bool, refreshes: bool = False) -> None:
        self._view.run(partial(self._post_paper, paper_id, opened, refreshes), _LOADING)

    async def _post_paper(self, paper_id: str, opened: bool, refreshes: bool) -> None:
        if not opened:
            await asyncio.sleep(GLANCE_SECONDS)
        try:
            library = await self._view.session.library()
            paper = await asyncio.to_thread(load_paper, library, paper_id)
        except AssistantError as error:
            self._view.post_message(Failed(error))
        else:
            self._view.post_message(PaperLoaded(paper, opened, refreshes))

    async def _post_similar(self, paper: DetailedPaper) -> None:
        self._view.post_message(await find_similar(self._view.session, paper))
