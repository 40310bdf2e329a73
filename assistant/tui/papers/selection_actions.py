"""What is done with the selected papers, or with the one that is read: handed on, marked, noted, exported."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from textual.message import Message

from assistant.errors import AssistantError
from assistant.export import Exportable, citation_line, paper_links
from assistant.library import PaperRow, StoredPaper
from assistant.tui.exporting import export_new
from assistant.tui.messages import AskAbout, ComparePapers, Copy, Failed, OpenLink, SummarizePapers
from assistant.tui.papers.marking import Change, MarksEditor, NoteDialog, keep_note, toggle_read, toggle_starred
from assistant.tui.papers.reader import DetailView
from assistant.tui.papers.worker import load_paper, papers_of
from assistant.tui.session import Session
from assistant.tui.widgets.dialog import Dialog, ExportDialog

_LINK_NAMES = {"page": "page", "pdf": "PDF", "code": "code on GitHub", "project": "project page"}

Answer = TypeVar("Answer")
MessageOf = Callable[[list[StoredPaper]], Message]
"""Makes the message that hands papers on."""

_QUESTIONS: Mapping[str, MessageOf] = {"ask": AskAbout, "summarize": SummarizePapers}
_CHANGES: Mapping[str, Change] = {"star": toggle_starred, "read": toggle_read}
_LEAST_COMPARED = 2


def link_lines(papers: Sequence[StoredPaper]) -> str:
    """The first address of each paper, one a line; papers without one are left out."""
    first = (paper_links(stored.paper)[:1] for stored in papers)
    return "\n".join(link.url for links in first for link in links)


def open_link(kind: str, papers: Sequence[StoredPaper]) -> Message:
    """Open the address of that kind of the one paper."""
    for paper in papers:
        for link in paper_links(paper.paper):
            if link.kind == kind:
                return OpenLink(link.url)
    return Failed(AssistantError(f"No {_LINK_NAMES[kind]} of this paper is known."))


def copy_links(papers: Sequence[StoredPaper]) -> Message:
    """Copy the first address of each paper."""
    return _copied(link_lines(papers), len(papers), "link")


def copy_citations(papers: Sequence[StoredPaper]) -> Message:
    """Copy a line to cite each paper with."""
    return _copied("\n".join(map(citation_line, papers)), len(papers), "citation")


def _copied(text: str, papers: int, what: str) -> Message:
    if not text:
        return Failed(AssistantError(f"There is no {what} to copy."))
    return Copy(text, f"{papers} {what}s" if papers > 1 else f"the {what}")


_COPIES: Mapping[str, MessageOf] = {"links": copy_links, "citations": copy_citations}


class PaperRows(Protocol):
    """A list of papers with its cursor and its selection."""

    @property
    def row(self) -> PaperRow | None:
        """The row of the cursor; None in an empty list."""
        ...

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """The selected papers."""
        ...


class SelectionView(Protocol):
    """What the actions need of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    @property
    def papers(self) -> PaperRows:
        """The list."""
        ...

    @property
    def detail(self) -> DetailView:
        """Where one paper is shown in full."""
        ...

    @property
    def is_in_detail(self) -> bool:
        """Whether the reader is in the paper that is shown in full, not in the list."""
        ...

    def run(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        """Do work in the background; when ``exclusive`` in place of other work of the group."""
        ...

    def show_remark(self, text: str, *, title: str = "", seconds: float = 2) -> None:
        """Show a remark for a short while."""
        ...

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None:
        """Show a dialog and wait for its answer; None when it was closed without one."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...


class SelectionActions:
    """Loads the papers of an action first; one that the library no longer has is a failure that is posted."""

    def __init__(self, view: SelectionView, marks: MarksEditor) -> None:
        self._view = view
        self._marks = marks

    @property
    def _current_id(self) -> str | None:
        """The paper that is read, else that of the cursor."""
        paper, row = self._view.detail.paper, self._view.papers.row
        if self._view.is_in_detail and paper is not None:
            return paper.paper_id
        return row.paper_id if row else None

    @property
    def _target_ids(self) -> tuple[str, ...]:
        """The paper that is read; else the selected ones, or that of the cursor when none is."""
        current = (self._current_id,) if self._current_id else ()
        return current if self._view.is_in_detail else self._view.papers.selected_ids or current

    def chat(self, kind: str) -> None:
        """Ask about just these papers (`ask`), or have just these summarized (`summarize`)."""
        if self._target_ids:
            self._hand_over(self._target_ids, _QUESTIONS[kind])

    def copy(self, kind: str) -> None:
        """Copy the first address of each paper (`links`), or a line to cite each with (`citations`)."""
        self._hand_over(self._target_ids, _COPIES[kind])

    def compare(self) -> None:
        """Compare the selected papers; the one that is read is among them."""
        paper_ids = tuple(dict.fromkeys([*self._view.papers.selected_ids, *self._target_ids]))
        if len(paper_ids) < _LEAST_COMPARED:
            text = "Select two papers or more with the space bar."
            self._view.show_remark(text, title="A comparison needs two", seconds=4)
        else:
            self._hand_over(paper_ids, ComparePapers)

    def open_link(self, kind: str) -> None:
        """Open an address of the one paper: `page`, `pdf`, `code` or `project`."""
        if self._current_id is not None:
            self._hand_over([self._current_id], partial(open_link, kind))

    def toggle(self, mark: str) -> None:
        """Star the papers (`star`) or mark them as read (`read`); when all are so, the mark is taken away."""
        if self._target_ids:
            self._marks.start(self._target_ids, _CHANGES[mark])

    async def note(self) -> None:
        """Ask for a note on the one paper and keep it; the worker ends when it is kept."""
        paper_id = self._current_id
        if paper_id is None:
            return
        try:
            library = await self._view.session.library()
            paper = await asyncio.to_thread(load_paper, library, paper_id)
        except AssistantError as error:
            self._view.post_message(Failed(error))
            return
        note = await self._view.ask(NoteDialog(paper.stored.paper.title, paper.marks.note))
        if note is not None:
            await self._marks.change([paper_id], partial(keep_note, note))

    async def export(self) -> None:
        """Ask for a file and write the papers to it."""
        if not self._target_ids:
            return
        try:
            papers = await papers_of(self._view.session, self._target_ids)
        except AssistantError as error:
            self._view.post_message(Failed(error))
            return
        what = "this paper" if len(papers) == 1 else f"{len(papers)} papers"
        export = partial(export_new, Exportable.PAPERS, papers)
        file = await self._view.ask(ExportDialog(what, "papers.md", Exportable.PAPERS, export))
        if file is not None:
            self._view.show_remark(str(file), title=f"{len(papers)} exported", seconds=5)

    def _hand_over(self, paper_ids: Sequence[str], message_of: MessageOf) -> None:
        self._view.run(partial(self._post, paper_ids, message_of), "papers.hand_over")

    async def _post(self, paper_ids: Sequence[str], message_of: MessageOf) -> None:
        try:
            papers = await papers_of(self._view.session, paper_ids)
        except AssistantError as error:
            self._view.post_message(Failed(error))
        else:
            self._view.post_message(message_of(papers))
