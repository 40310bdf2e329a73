"""The page `papers`: browse and filter, read one paper, mark it, hand several to another page."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from textual import on, work
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widget import Widget

from assistant.library import Filters
from assistant.periods import PeriodKind
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page
from assistant.tui.papers.bar import BrowseBar
from assistant.tui.papers.browser import PaperBrowser
from assistant.tui.papers.detail import PaperDetail
from assistant.tui.papers.marking import MarksEditor, MarksRead, PeriodDialog, mark_read
from assistant.tui.papers.reader import PaperReader
from assistant.tui.papers.selection_actions import Answer, SelectionActions
from assistant.tui.papers.worker import PaperLoaded, SimilarFound
from assistant.tui.widgets.dialog import Dialog
from assistant.tui.widgets.paper_list import PaperList


class PapersPage(Page):
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
        self._marks = MarksEditor(self)
        self._reader = PaperReader(self)
        self._actions = SelectionActions(self, self._marks)

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
        self._reader.begin_trail()
        self.papers.move_to(paper_id)
        self._open(paper_id)

    async def show_filtered(self, filters: Filters, label: str) -> None:
        """List what passes the filters; ``label`` is what the reader calls them."""
        self._close()
        self.browser.show_filtered(filters, label)

    def papers_changed(self) -> None:
        """Fetch the rows and the paper again; cursor and selection stay on their papers, as far as these are there."""
        self.browser.papers_changed()
        self._reader.refresh()

    def marks_changed(self, paper_ids: Sequence[str]) -> None:
        """Show the marks of these papers as they are now."""
        self._marks.start_reading(paper_ids, lambda: self.detail.paper.paper_id if self.detail.paper else None)

    @on(MarksRead)
    def _marks_read(self, event: MarksRead) -> None:
        for papers in self.query(PaperList):
            papers.renew_rows(event.rows)
        paper = self.detail.paper
        if event.marks is not None and paper is not None and paper.paper_id == event.shown_id:
            self.detail.show_marks(event.marks)

    # The list

    @property
    def _list(self) -> PaperList:
        """The list that has the focus: the papers', or that of the similar ones."""
        return self.focused if isinstance(self.focused, PaperList) else self.papers

    @on(PaperBrowser.Changed)
    def _listed(self, event: PaperBrowser.Changed) -> None:
        self.query_one(BrowseBar).show(event.row_query, event.period, event.papers)
        row, paper = self.papers.row, self.detail.paper
        stays = self.detail.opened and row is not None and paper is not None and paper.paper_id == row.paper_id
        if not (stays or self.is_in_detail or self.has_class("-reading")):
            self._glance()

    @on(PaperList.Moved, "#papers")
    def _moved(self) -> None:
        self._glance()

    @on(PaperList.Opened, "#papers")
    def _chosen_in_list(self, event: PaperList.Opened) -> None:
        self._reader.begin_trail()
        self._open(event.row.paper_id)

    def action_browse(self, span: str) -> None:
        """Browse by day, week, month, or everything at once."""
        self.browser.browse(PeriodKind(span))

    def action_step(self, direction: int) -> None:
        """Go to the period before (-1) or the next one (1) that has papers."""
        self.browser.step(direction)

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
        if self.is_in_detail or self.has_class("-reading"):
            self._close()
        elif self.browser.clear_filter() or self.browser.filter_input.has_focus:
            self.papers.focus()
        else:
            self.papers.clear_selection()

    # One paper

    @property
    def is_in_detail(self) -> bool:
        """Whether the reader is in the paper that is shown in full, not in the list."""
        return self.focused is not None and self.detail in self.focused.ancestors_with_self

    def _glance(self) -> None:
        """Show the paper of the cursor at the side, without opening it."""
        self.remove_class("-reading")
        self._reader.glance(self.papers.row.paper_id if self.papers.row else None)

    def _open(self, paper_id: str) -> None:
        self.add_class("-reading")
        self.detail.focus()
        self._reader.open(paper_id)

    def _close(self) -> None:
        self.remove_class("-reading")
        self.papers.focus()

    @on(PaperLoaded)
    @on(SimilarFound)
    def _came(self, event: PaperLoaded | SimilarFound) -> None:
        self._reader.take(event)

    def mark_as_read(self, paper_id: str) -> None:
        """Mark a paper as read."""
        self._marks.start([paper_id], mark_read)

    @on(DescendantFocus)
    def _went_into(self, event: DescendantFocus) -> None:
        paper = self.detail.paper
        if self.detail not in event.widget.ancestors_with_self:
            # In a narrow terminal the list is hidden while one reads: its focus is news from before.
            if self.has_class("-wide"):
                self.remove_class("-reading")
        elif paper is not None and not self.detail.opened and not self.has_class("-reading"):
            self._open(paper.paper_id)

    @on(PaperList.Opened, "#similar")
    def _chosen_among_similar(self, event: PaperList.Opened) -> None:
        self._reader.extend_trail()
        self._open(event.row.paper_id)

    def action_open_paper(self) -> None:
        """Open the paper of the cursor."""
        self._list.action_open()

    def action_previous_paper(self) -> None:
        """Go back to the paper from which a similar one was opened; from the first one back to the list."""
        paper_id = self._reader.previous()
        if paper_id is None:
            self._close()
        else:
            self._open(paper_id)

    def action_authors(self) -> None:
        """Show all authors, or the first ones."""
        self.detail.toggle_authors()

    # The selected papers

    def action_mark(self, mark: str) -> None:
        """Star papers or mark them as read, or take the mark away."""
        self._actions.toggle(mark)

    def action_chat(self, kind: str) -> None:
        """Ask about just these papers, or summarize just these."""
        self._actions.chat(kind)

    def action_compare(self) -> None:
        """Compare the selected papers."""
        self._actions.compare()

    def action_open_link(self, kind: str) -> None:
        """Open an address of the paper."""
        self._actions.open_link(kind)

    def action_copy(self, kind: str) -> None:
        """Copy the first address of each paper, or a line to cite each with."""
        self._actions.copy(kind)

    @work(group="papers.dialog", exit_on_error=False)
    async def action_note(self) -> None:
        """Write a note on one paper."""
        await self._actions.note()

    @work(group="papers.dialog", exit_on_error=False)
    async def action_export(self) -> None:
        """Write the papers to a file."""
        await self._actions.export()

    # What the parts of the page need

    async def ask(self, dialog: Dialog[Answer]) -> Answer | None:
        """Show a dialog and wait for its answer; None when it was closed without one."""
        return await self.app.push_screen_wait(dialog)

    def run(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True) -> None:
        """Do work in the background; when ``exclusive`` in place of other work of the group."""
        self.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)

    def cancel(self, group: str) -> None:
        """End the work of a group."""
        self.workers.cancel_group(self, group)

    def show_remark(self, text: str, *, title: str = "", seconds: float = 2) -> None:
        """Show a remark for a short while."""
        self.notify(text, title=title, timeout=seconds, markup=False)
