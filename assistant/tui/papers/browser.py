"""The left side of the page: the list with its filter, and what is to be listed."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input, Static
from textual.worker import Worker

from assistant.library import Filters, Mark, RowOrder
from assistant.periods import PeriodKind
from assistant.tui.messages import OpenSetup
from assistant.tui.page import Page
from assistant.tui.papers.bar import FilterInput, FilterLine
from assistant.tui.papers.row_query import (
    EVERYTHING,
    MOST_HITS,
    BrowsePeriod,
    Listed,
    Loading,
    NotListed,
    RowQuery,
    chosen_period,
    explain_empty,
    fetch_rows,
    neighbour,
    period_at,
)
from assistant.tui.papers.worker import SelectionGone
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice
from assistant.tui.widgets.paper_list import PaperList

_TEXT = (
    "There are no papers here yet.\n\n"
    "Sync fetches the papers of the last days; without a network it shows the sample papers instead. "
    "Setup leads through papers, models and keys."
)


class EmptyLibrary(Vertical):
    """Says what to do, with a button for each way."""

    DEFAULT_CSS = """
    EmptyLibrary { height: 1fr; padding: 1 2; }
    EmptyLibrary Static { width: 1fr; height: auto; max-width: 80; }
    EmptyLibrary Horizontal { height: auto; margin-top: 1; }
    EmptyLibrary Button { margin-right: 2; }
    """

    def compose(self) -> ComposeResult:
        """The text and the two buttons."""
        yield Static(_TEXT, markup=False)
        with Horizontal():
            yield Button("Sync now", id="sync", variant="primary", compact=True)
            yield Button("Setup", id="setup", compact=True)

    @on(Button.Pressed, "#sync")
    async def _sync(self) -> None:
        await self.run_action("app.sync")

    @on(Button.Pressed, "#setup")
    def _setup(self) -> None:
        self.post_message(OpenSetup())


class PaperBrowser(Vertical):
    """Lists papers by period, order and mark, or what a typed filter finds among them; newest input wins."""

    DEFAULT_CSS = """
    PaperBrowser { width: 1fr; }
    """

    @dataclass
    class Changed(Message):
        """Other rows are listed, or the same ones again."""

        row_query: RowQuery
        period: BrowsePeriod
        papers: int

    def __init__(self, session: Session) -> None:
        super().__init__(id="browser")
        self._session = session
        self._row_query = RowQuery()
        self._listed: RowQuery | None = None
        self._period: BrowsePeriod = EVERYTHING
        self._days: Sequence[date] = ()

    def compose(self) -> ComposeResult:
        """The filter, whatever went wrong, the list or the first steps."""
        yield FilterLine()
        yield Notice()
        yield EmptyLibrary()
        yield PaperList(id="papers")

    def on_mount(self) -> None:
        """Begin with the newest day."""
        self.query_one(EmptyLibrary).display = False
        self.reload()

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.query_one("#papers", PaperList)

    @property
    def filter_input(self) -> FilterInput:
        """Where the filter is typed."""
        return self.query_one(FilterInput)

    @property
    def row_query(self) -> RowQuery:
        """What is to be listed; its rows may be on their way."""
        return self._row_query

    def papers_changed(self) -> None:
        """Fetch the rows again, and look whether the selected papers are still there."""
        self.reload()
        if self.papers.selected_ids:
            self._find_removed(self.papers.selected_ids)

    @work(group="papers.selection", exclusive=True, exit_on_error=False)
    async def _find_removed(self, paper_ids: Sequence[str]) -> None:
        library = await self._session.library()
        remaining = {row.paper_id for row in await asyncio.to_thread(library.browsing.rows_of, paper_ids)}
        self.post_message(SelectionGone([paper_id for paper_id in paper_ids if paper_id not in remaining]))

    @on(SelectionGone)
    def _selection_gone(self, event: SelectionGone) -> None:
        self.papers.deselect(event.paper_ids)

    # What is to be listed

    def reload(self) -> None:
        """Fetch the rows again; cursor and selection stay on their papers."""
        self._fetch(self._row_query)

    def show_filtered(self, filters: Filters, label: str) -> None:
        """List what passes the filters, in the order of now."""
        self._show(replace(self._row_query, period=chosen_period(filters, label), mark=None, query=""))
        self.filter_input.value = ""

    def show_period(self, period: BrowsePeriod) -> None:
        """List another period."""
        self._show(replace(self._row_query, period=period))

    def step(self, step: int) -> None:
        """Go to the next period with papers (1) or the one before (-1)."""
        period = neighbour(self._days, self._period, step)
        if period is not None:
            self.show_period(period)
        elif self._period.kind is not PeriodKind.ALL:
            self.notify("There are no later papers." if step > 0 else "There are no earlier papers.", timeout=2)

    def browse(self, kind: PeriodKind) -> None:
        """Go by days, weeks, months, or list everything; stays around the period that is listed."""
        filters = self._period.filters
        newest = self._days[-1] if self._days else None
        day = filters.until or newest
        if newest is not None and day is not None and day > newest >= (filters.since or newest):
            day = newest
        self.show_period(period_at(kind, day) if day else EVERYTHING)

    def next_order(self) -> None:
        """Order by the next of day, upvotes, comments, title; what a filter finds has its own order."""
        if self._row_query.query.strip():
            self.notify("What is found stands best first; Esc clears the filter.", timeout=3)
            return
        orders = list(RowOrder)
        self._show(replace(self._row_query, order=orders[(orders.index(self._row_query.order) + 1) % len(orders)]))

    def next_mark(self) -> None:
        """List all papers, or only those with the next mark."""
        marks = [None, *Mark]
        self._show(replace(self._row_query, mark=marks[(marks.index(self._row_query.mark) + 1) % len(marks)]))

    def clear_filter(self) -> bool:
        """Clear what was typed; False when nothing was."""
        typed = bool(self.filter_input.value)
        self.filter_input.value = ""
        return typed

    def _show(self, row_query: RowQuery) -> None:
        if row_query != self._row_query:
            self._row_query = row_query
            self._fetch(row_query)

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(replace(self._row_query, query=event.value))

    @on(Input.Submitted, "#filter")
    def _filter_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.papers.focus()

    @on(FilterInput.ListKey)
    def _list_key(self, event: FilterInput.ListKey) -> None:
        if event.action == "page":
            self.papers.action_page(event.step)
        else:
            self.papers.action_move(event.step)

    # Its rows

    @work(group="papers.rows", exclusive=True, exit_on_error=False)
    async def _fetch(self, row_query: RowQuery) -> None:
        async with aclosing(fetch_rows(self._session, row_query)) as messages:
            async for message in messages:
                self.post_message(message)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Hand failures to the page: this message does not bubble."""
        cast("Page", self.screen).on_worker_state_changed(event)

    @on(Loading)
    def _loading(self, event: Loading) -> None:
        if event.row_query == self._row_query:
            self.query_one(FilterLine).show_status("loading search…")

    @on(NotListed)
    def _not_listed(self, event: NotListed) -> None:
        if event.row_query == self._row_query:
            self.query_one(Notice).show_error(event.error)
            self._show_status()

    @on(Listed)
    def _rows_came(self, event: Listed) -> None:
        if event.row_query != self._row_query:
            return
        self._period, self._days = event.period, event.days
        self.query_one(Notice).clear_notice()
        self.query_one(EmptyLibrary).display = event.library_empty
        self.papers.display = not event.library_empty
        self.papers.set_rows(event.rows, empty=self._why_empty(), to_top=event.row_query != self._listed)
        self._listed = event.row_query
        self._show_status()
        self.post_message(self.Changed(event.row_query, event.period, len(event.rows)))

    def _why_empty(self) -> str:
        if self._row_query.query.strip():
            elsewhere = "" if self._period.kind is PeriodKind.ALL else "; A looks in all papers"
            return f"Nothing found ({self._period.label}).\nEsc clears the filter{elsewhere}."
        if self._row_query.mark is not None:
            return f"No {self._row_query.mark.value} papers ({self._period.label}).\nv shows the others."
        return (
            f"{explain_empty(self._period, self._session.clock())}\n← and → go to where there are papers, A shows all."
        )

    def _show_status(self) -> None:
        parts = []
        if self._row_query.query.strip():
            hits = len(self.papers.rows)
            parts.append(f"{hits}+ found" if hits >= MOST_HITS else f"{hits} found")
        if selected := self.papers.selected_ids:
            parts.append(f"✓ {len(selected)} selected")
        self.query_one(FilterLine).show_status(" · ".join(parts))

    @on(PaperList.SelectionChanged, "#papers")
    def _selection_changed(self) -> None:
        self._show_status()
