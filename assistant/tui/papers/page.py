"""The page `papers`: browse and filter, read one paper, mark it, hand several to another page."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual import on, work
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.message import Message
from textual.widget import Widget

from assistant.errors import AssistantError
from assistant.library import Filters, StoredPaper
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.messages import AskAbout, ComparePapers, Failed, SummarizePapers
from assistant.tui.papers.bar import BrowseBar
from assistant.tui.papers.browser import PaperBrowser
from assistant.tui.papers.detail import DetailedPaper, PaperDetail
from assistant.tui.papers.dialogs import NoteDialog, PeriodDialog
from assistant.tui.papers.marking import MarkingPage, keep_note, mark_read, toggle_read, toggle_starred
from assistant.tui.papers.paper_actions import FORMS_TOLD, copy_citations, copy_links, export_papers, open_link
from assistant.tui.papers.periods import Span
from assistant.tui.papers.worker import (
    PaperLoaded,
    SelectionGone,
    SimilarFound,
    find_similar,
    load_paper,
    papers_of,
)
from assistant.tui.widgets.export_dialog import ExportDialog
from assistant.tui.widgets.paper_list import PaperList

_GLANCE_SECONDS = 0.04
"""How long the cursor rests on a paper before it is shown at the side."""


class PapersPage(MarkingPage):
    """The page. At the side stands the paper of the cursor; under 110 columns a paper takes the place of the list.

    A paper is *opened* with Enter, a click, or by going into it: that marks it as read and finds similar ones.
    """

    SCOPE = "papers"
    BINDINGS = bindings_of(ACTIONS["papers"])
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    DEFAULT_CSS = """
    PapersPage #columns { height: 1fr; }
    PapersPage #detail { width: 46%; max-width: 80; }
    PapersPage.-wide #close-paper { display: none; }
    PapersPage.-narrow #detail { display: none; width: 1fr; max-width: 100%; border-left: none; }
    PapersPage.-narrow.-reading #detail { display: block; }
    PapersPage.-narrow.-reading #browser { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._trail: list[str] = []
        self._wanted: str | None = None

    def compose_page(self) -> Iterable[Widget]:
        """The period above; the list and the paper side by side."""
        yield BrowseBar()
        with Horizontal(id="columns"):
            yield PaperBrowser(self.session)
            yield PaperDetail()

    def on_mount(self) -> None:
        """Begin in the list."""
        self.papers.focus()

    @property
    def browser(self) -> PaperBrowser:
        """The list with its filter."""
        return self.query_one(PaperBrowser)

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.browser.papers

    @property
    def detail(self) -> PaperDetail:
        """The paper in full."""
        return self.query_one(PaperDetail)

    # What the application asks for

    async def show_paper(self, paper_id: str) -> None:
        """Open a paper, whatever is listed."""
        self._trail.clear()
        self.papers.move_to(paper_id)
        self._open(paper_id)

    async def show_filtered(self, filters: Filters, label: str) -> None:
        """List what passes the filters; ``label`` is what the reader calls them."""
        self._close()
        self.browser.show_filtered(filters, label)

    def papers_changed(self) -> None:
        """Fetch the rows and the paper again; cursor and selection stay on their papers, as far as these are there."""
        self.browser.reload()
        if self.papers.selected_ids:
            self._prune(self.papers.selected_ids)
        if self.detail.shown is not None:
            self._load(self.detail.shown.paper_id, opened=self.detail.opened, anew=False)

    # The list

    @property
    def _list(self) -> PaperList:
        """The list that has the focus: the papers', or that of the similar ones."""
        return self.focused if isinstance(self.focused, PaperList) else self.papers

    @work(group="papers.selection", exclusive=True, exit_on_error=False)
    async def _prune(self, paper_ids: Sequence[str]) -> None:
        library = await self.session.library()
        there = {row.paper_id for row in await asyncio.to_thread(library.browsing.rows_of, paper_ids)}
        self.post_message(SelectionGone([paper_id for paper_id in paper_ids if paper_id not in there]))

    @on(SelectionGone)
    def _selection_gone(self, event: SelectionGone) -> None:
        self.papers.deselect(event.paper_ids)

    @on(PaperBrowser.Changed)
    def _listed(self, event: PaperBrowser.Changed) -> None:
        self.query_one(BrowseBar).show(event.shown, event.period, event.papers)
        row, shown = self.papers.row, self.detail.shown
        stays = self.detail.opened and row is not None and shown is not None and shown.paper_id == row.paper_id
        if not (stays or self._in_detail or self.has_class("-reading")):
            self._glance()

    @on(PaperList.Moved, "#papers")
    def _moved(self) -> None:
        self._glance()

    @on(PaperList.Opened, "#papers")
    def _chosen_in_list(self, event: PaperList.Opened) -> None:
        self._trail.clear()
        self._open(event.row.paper_id)

    def action_browse(self, span: str) -> None:
        """Browse by day, week, month, or everything at once."""
        self.browser.browse(Span(span))

    def action_previous_period(self) -> None:
        """Go to the period before that has papers."""
        self.browser.step(-1)

    def action_next_period(self) -> None:
        """Go to the next period that has papers."""
        self.browser.step(1)

    @work(group="papers.dialog", exit_on_error=False)
    async def action_go_to_period(self) -> None:
        """Type a day, a week or a month."""
        period = await self.app.push_screen_wait(PeriodDialog(self.session.clock().date()))
        if period is not None:
            self.browser.show_period(period)

    def action_next_order(self) -> None:
        """Order by the next of day, upvotes, comments, title."""
        self.browser.next_order()

    def action_next_mark(self) -> None:
        """Show all papers, or only those with the next mark."""
        self.browser.next_mark()

    def action_filter(self) -> None:
        """Type a filter."""
        self._close()
        self.browser.filter_input.focus()

    def action_select(self) -> None:
        """Select the paper of the cursor."""
        self._list.action_select()

    def action_select_all(self) -> None:
        """Select every paper of the list, or none."""
        self._list.action_select_all()

    def action_back(self) -> None:
        """Close the paper; else clear the filter; else give the selected papers free."""
        if self._in_detail or self.has_class("-reading"):
            self._close()
        elif self.browser.clear_filter() or self.browser.filter_input.has_focus:
            self.papers.focus()
        else:
            self.papers.clear_selection()

    # One paper

    @property
    def _in_detail(self) -> bool:
        return self.focused is not None and self.detail in self.focused.ancestors_with_self

    def _glance(self) -> None:
        """Show the paper of the cursor at the side, without opening it."""
        self.remove_class("-reading")
        self.detail.opened = False
        row = self.papers.row
        self._wanted = row.paper_id if row else None
        if row is None:
            self.workers.cancel_group(self, "papers.detail")
            self.detail.clear_paper()
        else:
            self._load(row.paper_id, opened=False)

    def _open(self, paper_id: str) -> None:
        self.add_class("-reading")
        self._wanted = paper_id
        self.detail.focus()
        self._load(paper_id, opened=True)

    def _close(self) -> None:
        self.remove_class("-reading")
        self.papers.focus()

    @work(group="papers.detail", exclusive=True, exit_on_error=False)
    async def _load(self, paper_id: str, *, opened: bool, anew: bool = True) -> None:
        if not opened:
            await asyncio.sleep(_GLANCE_SECONDS)
        try:
            library = await self.session.library()
            paper = await asyncio.to_thread(load_paper, library, paper_id)
        except AssistantError as error:
            self.post_message(Failed(error))
        else:
            self.post_message(PaperLoaded(paper, opened, anew))

    @on(PaperLoaded)
    def _loaded(self, event: PaperLoaded) -> None:
        if event.paper.paper_id != self._wanted:
            return
        if not event.anew:
            self.detail.renew(event.paper)
            return
        self.detail.show(event.paper, opened=event.opened)
        if event.opened:
            self.mark([event.paper.paper_id], mark_read)
            self._find_similar(event.paper)

    @on(DescendantFocus)
    def _went_into(self, event: DescendantFocus) -> None:
        paper = self.detail.shown
        if self.detail not in event.widget.ancestors_with_self:
            # In a narrow terminal the list is hidden while one reads: its focus is news from before.
            if self.has_class("-wide"):
                self.remove_class("-reading")
        elif paper is not None and not self.detail.opened and not self.has_class("-reading"):
            self._open(paper.paper_id)

    @work(group="papers.similar", exclusive=True, exit_on_error=False)
    async def _find_similar(self, paper: DetailedPaper) -> None:
        self.post_message(await find_similar(self.session, paper))

    @on(SimilarFound)
    def _similar_found(self, event: SimilarFound) -> None:
        shown = self.detail.shown
        if shown is None or shown.paper_id != event.paper_id:
            return
        if event.error is not None:
            self.detail.show_error(event.error)
        else:
            self.detail.show_similar(event.rows)

    @on(PaperList.Opened, "#similar")
    def _chosen_among_similar(self, event: PaperList.Opened) -> None:
        if self.detail.shown is not None:
            self._trail.append(self.detail.shown.paper_id)
        self._open(event.row.paper_id)

    def action_open_paper(self) -> None:
        """Open the paper of the cursor."""
        self._list.action_open()

    def action_previous_paper(self) -> None:
        """Go back to the paper from which a similar one was opened; from the first one back to the list."""
        if self._trail:
            self._open(self._trail.pop())
        else:
            self._close()

    def action_authors(self) -> None:
        """Show all authors, or the first ones."""
        self.detail.toggle_authors()

    # Marks

    @property
    def _current_id(self) -> str | None:
        """The paper that is read, else that of the cursor."""
        if self._in_detail and self.detail.shown is not None:
            return self.detail.shown.paper_id
        return self.papers.row.paper_id if self.papers.row else None

    @property
    def _chosen_ids(self) -> tuple[str, ...]:
        """The paper that is read; else the selected ones, or that of the cursor when none is."""
        current = (self._current_id,) if self._current_id else ()
        return current if self._in_detail else self.papers.selected_ids or current

    def action_star(self) -> None:
        """Star papers, or take the stars away."""
        if self._chosen_ids:
            self.mark(self._chosen_ids, toggle_starred)

    def action_read(self) -> None:
        """Mark papers as read, or as unread."""
        if self._chosen_ids:
            self.mark(self._chosen_ids, toggle_read)

    @work(group="papers.dialog", exit_on_error=False)
    async def action_note(self) -> None:
        """Write a note on one paper."""
        paper_id = self._current_id
        if paper_id is None:
            return
        try:
            library = await self.session.library()
            paper = await asyncio.to_thread(load_paper, library, paper_id)
        except AssistantError as error:
            self.post_message(Failed(error))
            return
        note = await self.app.push_screen_wait(NoteDialog(paper.found.paper.title, paper.marks.note))
        if note is not None:
            # Within this worker: the application waits for it when it ends.
            await self.change_marks([paper_id], partial(keep_note, note))

    # Handing papers on

    @work(group="papers.hand_over", exclusive=True, exit_on_error=False)
    async def _hand_over(self, paper_ids: Sequence[str], make: Callable[[list[StoredPaper]], Message]) -> None:
        try:
            papers = await papers_of(self.session, paper_ids)
        except AssistantError as error:
            self.post_message(Failed(error))
        else:
            self.post_message(make(papers))

    def action_ask(self) -> None:
        """Ask about just these papers."""
        if self._chosen_ids:
            self._hand_over(self._chosen_ids, AskAbout)

    def action_summarize(self) -> None:
        """Summarize just these papers."""
        if self._chosen_ids:
            self._hand_over(self._chosen_ids, SummarizePapers)

    def action_compare(self) -> None:
        """Compare the selected papers; the one that is read is among them."""
        chosen = tuple(dict.fromkeys([*self.papers.selected_ids, *self._chosen_ids]))
        if len(chosen) < 2:
            self.notify("Select two papers or more with the space bar.", title="A comparison needs two", timeout=4)
        else:
            self._hand_over(chosen, ComparePapers)

    def action_open_link(self, kind: str) -> None:
        """Open an address of the paper."""
        if self._current_id is not None:
            self._hand_over([self._current_id], partial(open_link, kind))

    def action_copy_links(self) -> None:
        """Copy the first address of each paper."""
        self._hand_over(self._chosen_ids, copy_links)

    def action_copy_citations(self) -> None:
        """Copy a line to cite each paper with."""
        self._hand_over(self._chosen_ids, copy_citations)

    @work(group="papers.dialog", exit_on_error=False)
    async def action_export(self) -> None:
        """Write the papers to a file."""
        if not self._chosen_ids:
            return
        try:
            papers = await papers_of(self.session, self._chosen_ids)
        except AssistantError as error:
            self.post_message(Failed(error))
            return
        what = "this paper" if len(papers) == 1 else f"{len(papers)} papers"
        dialog = ExportDialog(what, "papers.md", FORMS_TOLD, partial(export_papers, papers))
        written = await self.app.push_screen_wait(dialog)
        if written is not None:
            self.notify(str(written), title=f"{len(papers)} exported", markup=False)
