"""The page `digest`: a day, a week or a month by topic, with what is written of topics and papers."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from assistant.errors import AssistantError, NothingFound
from assistant.periods import PeriodKind
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.digest.head import DigestHead, profile_text
from assistant.tui.digest.items import Item, StatusItem
from assistant.tui.digest.navigator import PeriodNavigator, title_of
from assistant.tui.digest.paper_actions import PaperActions
from assistant.tui.digest.reader import DigestReader
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import (
    CachedShown,
    DigestGrew,
    PeriodEmpty,
    PeriodLoaded,
    StarsChanged,
    WritingFailed,
    load_period,
    read_stars,
)
from assistant.tui.digest.writing import DigestWriting, WritingMessage
from assistant.tui.page import Page
from assistant.tui.widgets.notice import Notice


class DigestPage(Page):
    """Shows one period; the digest is written when the reader asks for it, and goes on when the page changes."""

    SCOPE = "digest"
    BINDINGS = bindings_of(ACTIONS["digest"])
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    DEFAULT_CSS = """
    DigestPage #digest-body { height: 1fr; }
    DigestPage.-wide #digest-body { layout: horizontal; }
    DigestPage.-narrow #digest-body { layout: vertical; }
    DigestPage.-wide DigestList { width: 3fr; }
    DigestPage.-wide AbstractView { width: 2fr; border-left: vkey $panel; }
    DigestPage.-narrow DigestList { height: 3fr; }
    DigestPage.-narrow AbstractView { height: 2fr; border-top: solid $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._periods = PeriodNavigator(self)
        self._writing = DigestWriting(self)
        self._papers = PaperActions(self)

    def compose_page(self) -> Iterable[Widget]:
        """Head, notices, the list with the evidence beside it or below."""
        yield DigestHead({action.name: self.host.keys_of(action) for action in ACTIONS[self.SCOPE]})
        yield Notice()
        yield DigestReader(self.keys_of("digest.choose_item"), self.keys_of("digest.stop"))

    def on_mount(self) -> None:
        """Show the newest day, unless another period was asked for."""
        self.query_one(DigestList).focus()
        self._periods.begin()

    def on_screen_resume(self) -> None:
        """Load again when the reader chose another model meanwhile."""
        if self._periods.is_outdated and not self._writing.is_running:
            self.reload()

    @property
    def view_model(self) -> DigestViewModel | None:
        """The digest that is shown; None while no period is."""
        return self._writing.view_model

    @property
    def cursor(self) -> tuple[Item | None, int | None]:
        """The item under the cursor, and the number of the citation that is selected in it."""
        return self._reader.cursor

    @property
    def _reader(self) -> DigestReader:
        return self.query_one(DigestReader)

    # What the application asks for

    async def show_period(self, period: str | None) -> None:
        """Show a period as the reader names it; None is the newest day that has papers."""
        self._periods.go_to(period)

    def show_profile(self, profile: str) -> None:
        """Show the same period for a profile; "" is everything."""
        self._periods.show_profile(profile)

    def papers_changed(self) -> None:
        """Load the period again, after the writing when it runs."""
        self._writing.papers_changed()

    def marks_changed(self, paper_ids: Sequence[str]) -> None:
        """Look which papers have a star now."""
        if self.view_model is not None and not set(self.view_model.paper_ids).isdisjoint(paper_ids):
            self._read_stars(self.view_model)

    # Loading a period

    def reload(self) -> None:
        """Load the same period again."""
        self._periods.reload()

    def load_period(self, label: str | None, profile: str) -> None:
        """Load a period; what is being written stops when it is here."""
        self.show_activity(f"digest: gathering {label or 'the newest papers'}")
        self._load(label, profile)

    @work(exit_on_error=False, exclusive=True, group="load")
    async def _load(self, label: str | None, profile: str) -> None:
        self.post_message(await load_period(self.session, label, profile))

    @on(PeriodLoaded)
    def _loaded(self, event: PeriodLoaded) -> None:
        self._periods.set_period(event.view_model.period, event.days)
        self._writing.show(event.view_model)
        self._reader.show(event.view_model)
        self.query_one(Notice).clear_notice()
        self._redraw_head()
        self._writing.load_cached()

    @on(PeriodEmpty)
    def _is_empty(self, event: PeriodEmpty) -> None:
        self._periods.set_period(event.period, event.days)
        self._writing.show(None)
        self._reader.show(None)
        self._redraw_head(title_of(event.period) if event.period else event.label)
        notice = self.query_one(Notice)
        if isinstance(event.error, NothingFound):
            notice.show_remark(event.error.message, event.error.remedy)
        else:
            notice.show_error(event.error)

    @work(exit_on_error=False, exclusive=True, group="stars")
    async def _read_stars(self, view_model: DigestViewModel) -> None:
        self.post_message(await read_stars(self.session, view_model))

    @on(StarsChanged)
    def _stars_changed(self, event: StarsChanged) -> None:
        event.view_model.starred = set(event.starred)
        self.redraw()

    # Writing

    def receive(self, messages: AsyncGenerator[Message, None]) -> None:
        """Post these messages as they come, in place of those of a writing before."""
        self._receive(messages)

    @work(exit_on_error=False, exclusive=True, group="write")
    async def _receive(self, messages: AsyncGenerator[Message, None]) -> None:
        async with aclosing(messages):
            async for message in messages:
                self.post_message(message)

    def stop_receiving(self) -> None:
        """Let no more messages of the writing come."""
        self.workers.cancel_group(self, "write")

    @on(DigestGrew)
    @on(CachedShown)
    @on(WritingFailed)
    def _written(self, event: WritingMessage) -> None:
        self._writing.take(event)

    @on(DigestList.Chosen)
    def _item_chosen(self, event: DigestList.Chosen) -> None:
        if isinstance(event.item, StatusItem) and event.item.offer:
            self._writing.begin()

    def announce(self, view_model: DigestViewModel) -> None:
        """Say that a digest is written, to a reader who is on another page."""
        if self.app.screen is not self:
            title = f"Digest of {view_model.period.label} written"
            self.notify(f"{view_model.progress} papers", title=title, markup=False)

    def show_failure(self, error: AssistantError, *, reloads: bool) -> None:
        """Show why the writing ended."""
        self.query_one(Notice).show_error(error)
        if reloads:
            self.host.report(error)  # its place goes with what is loaded again

    def clear_failure(self) -> None:
        """Show no failure any more."""
        self.query_one(Notice).clear_notice()

    def show_activity(self, text: str) -> None:
        """Show what runs in the title bar."""
        self.host.show_activity(self.SCOPE, text)

    def show_remark(self, text: str) -> None:
        """Show a line for a short while."""
        self.notify("", title=text, markup=False)

    # Showing

    def redraw_soon(self) -> None:
        """Show the digest as it is in a moment, together with what comes until then."""
        self._reader.redraw_soon()

    def redraw(self) -> None:
        """Show the digest as it is now."""
        self._redraw_head()
        self._reader.redraw()

    def _redraw_head(self, title: str = "") -> None:
        head = self.query_one(DigestHead)
        head.show(title, self.view_model)
        head.show_profile(profile_text(self._periods.profile, list(self.session.config.profiles), self.view_model))

    # Actions

    def action_back(self) -> None:
        """Go back to the citation from which a paper was reached."""
        self._reader.go_back()

    def action_expand(self) -> None:
        """Open or close everything."""
        self._reader.expand_all()

    def action_write(self) -> None:
        """Write what is missing."""
        self._writing.begin()

    def action_stop(self) -> None:
        """Stop at once."""
        self._writing.stop()

    def action_step(self, direction: int) -> None:
        """Go to the period before (-1) or after (1)."""
        self._periods.step(direction)

    def action_newest(self) -> None:
        """Go to the newest day."""
        self._periods.go_to(None)

    def action_resize(self, span: str) -> None:
        """Go to the newest day of the period, or to the week or the month of that day."""
        self._periods.resize(PeriodKind(span))

    def action_next_profile(self) -> None:
        """Show the papers for the next profile; behind the last one everything."""
        self._periods.next_profile()

    def action_choose(self) -> None:
        """Choose a period by hand."""
        self.app.push_screen(self._periods.chooser(), self._periods.choose)

    def action_select(self) -> None:
        """Select the paper or the topic at the cursor, or take it out of the selection."""
        self._papers.select()

    def action_open_paper(self) -> None:
        """Open the paper on the page of papers."""
        self._papers.open_paper()

    def action_open_link(self) -> None:
        """Open the paper's page in the browser."""
        self._papers.open_link()

    def action_ask(self) -> None:
        """Ask about the papers."""
        self._papers.ask()

    def action_compare(self) -> None:
        """Compare the papers."""
        self._papers.compare()

    @work(exit_on_error=False, group="star")
    async def action_star(self) -> None:
        """Star the papers; when all have one it is taken away."""
        await self._papers.star()

    def action_copy(self) -> None:
        """Copy the digest as far as it is written."""
        self._papers.copy()

    @work(exit_on_error=False, group="export")
    async def action_export(self) -> None:
        """Write the digest as far as it is there, or references of the selected papers, to a file."""
        dialog = self._papers.export_dialog()
        file = await self.app.push_screen_wait(dialog) if dialog else None
        if file is not None:
            self.notify(str(file), title="Exported", markup=False)
