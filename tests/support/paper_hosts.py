"""Hosts for the page and the list alone, and papers as hostile as a feed may send them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from assistant.library.library import Library
from assistant.library.repositories.paper_rows import PaperRow
from assistant.papers import Author, FeedBatch, FeedRecord, Listing, Paper, Provenance, clean_text
from assistant.tui import messages
from assistant.tui.papers.page import PapersPage
from assistant.tui.session import Session
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.paper_list import PaperList
from tests.support.paper_factory import HOSTILE_TITLES
from tests.tui.conftest import NOW, settled


class PageHost(App[None]):
    """The page on a session, alone; ``asked`` is what it asked of the application, ``failures`` what failed.

    It is told of changed marks, as the application tells its pages; ``marked`` is of which ones.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.asked: list[Message] = []
        self.failures: list[BaseException] = []
        self.marked: list[tuple[str, ...]] = []
        self.synced = 0
        self.page = PapersPage()

    async def on_mount(self) -> None:
        await self.push_screen(self.page)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The edge of the application."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.failures.append(event.worker.error)

    def action_sync(self) -> None:
        self.synced += 1

    @property
    def titles(self) -> list[str]:
        """The titles that are listed."""
        return [row.title for row in self.page.papers.rows]

    @property
    def period(self) -> str:
        """What the bar says of the period."""
        return str(self.page.query_one("#period", ActionWord).content)

    @property
    def status(self) -> str:
        """What stands beside the filter."""
        return str(self.page.query_one("#status", Static).content)

    def detail_text(self) -> str:
        """Everything that the paper in full says."""
        return "\n".join(str(part.content) for part in self.page.detail.query(Static) if part.display)

    @on(messages.PaperMarksChanged)
    def _marks_changed(self, event: messages.PaperMarksChanged) -> None:
        self.marked.append(tuple(event.paper_ids))
        self.page.marks_changed(event.paper_ids)

    @on(messages.AskAbout)
    @on(messages.SummarizePapers)
    @on(messages.ComparePapers)
    @on(messages.Copy)
    @on(messages.OpenLink)
    @on(messages.OpenSetup)
    @on(messages.Failed)
    def _was_asked(self, event: Message) -> None:
        self.asked.append(event)


class ListHost(App[None]):
    """The list alone, with keys for its actions as a page has them; ``told`` is what it said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "focused.select"),
        Binding("ctrl+a", "focused.select_all"),
        Binding("enter", "focused.open"),
    ]

    def __init__(self, rows: Sequence[PaperRow], *, empty: str = "") -> None:
        super().__init__()
        self._rows = rows
        self._empty = empty
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield PaperList(empty=self._empty, id="papers")

    def on_mount(self) -> None:
        self.papers.set_rows(self._rows)
        self.papers.focus()

    @property
    def papers(self) -> PaperList:
        return self.query_one(PaperList)

    def on_paper_list_moved(self, event: PaperList.Moved) -> None:
        self.told.append(event)

    def on_paper_list_opened(self, event: PaperList.Opened) -> None:
        self.told.append(event)


def row(number: int, title: str = "", **changes: object) -> PaperRow:
    """A row with a title of its own."""
    facts: dict[str, object] = {
        "day": date(2026, 8, 21),
        "upvotes": number,
        "comments": 0,
        "byline": "Google",
        "read": False,
        "starred": False,
        "noted": False,
    }
    return PaperRow(f"2608.{number:05}", title or f"Paper number {number}", **(facts | changes))  # type: ignore[arg-type]


def text_of(papers: PaperList) -> list[str]:
    """The lines of a list as they are drawn."""
    return [papers.render_line(y).text for y in range(papers.size.height)]


def hostile_batch() -> FeedBatch:
    """Papers of 2026-08-19 whose every text is hostile, cleaned as feeds clean it."""
    records = []
    for number, title in enumerate(HOSTILE_TITLES):
        text = clean_text(title)
        paper = Paper(
            f"2608.0{number:04}",
            text,
            f"{text}. Abstracts with [/b] and [bold]markup too.",
            Provenance.HUGGINGFACE,
            authors=tuple(Author(f"[/i] Author {place}") for place in range(30)),
            organization=text[:200] if number % 2 else None,
            keywords=("[/kw]", text[:300]),
            github="https://github.com/x/[y]",
        )
        records.append(FeedRecord(paper, Listing(date(2026, 8, 19), number, None), "{}", f"[{number}]"))
    return FeedBatch("hostile", tuple(records), day=date(2026, 8, 19))


def vote(library: Library, paper_id: str, day: int, upvotes: int) -> None:
    """Let a feed see other upvotes of a paper on a later day of September 2026."""
    [found] = library.get([paper_id])
    record = FeedRecord(found.paper, Listing(found.days[-1], upvotes, 0), "{}", "[0]")
    library.ingest(FeedBatch("votes", (record,), day=found.days[-1]), datetime(2026, 9, day, tzinfo=UTC))


def ingest_hostile(library: Library) -> None:
    """Put the hostile papers into a library, indexed."""
    library.ingest(hostile_batch(), NOW)
    library.index_pending()


async def opened(pilot: Pilot[None]) -> None:
    """Wait until the page has its rows, and the paper at its side."""
    await settled(pilot)
    await settled(pilot)
