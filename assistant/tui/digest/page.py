"""The page `digest`: a day, a week or a month by topic, what is told of topics and papers, each with its evidence."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import date

from textual import on, work
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from assistant.errors import AssistantError, NothingFound
from assistant.models import ModelChoice
from assistant.reports.digest import SAMPLE_NOTICE, DigestFinished
from assistant.sentences import Sentence
from assistant.text import counted
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.digest.items import (
    DifferencesItem,
    ItemKey,
    PaperItem,
    SentenceItem,
    StatusItem,
    TopicItem,
    TopicSentenceItem,
)
from assistant.tui.digest.paging import DigestHead
from assistant.tui.digest.paper_actions import EditionPage
from assistant.tui.digest.periods import title_of
from assistant.tui.digest.progress import Stage
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.digest.worker import (
    DigestGrew,
    KeptFound,
    PeriodEmpty,
    PeriodLoaded,
    WritingFailed,
    find_kept,
    load_period,
    write,
)
from assistant.tui.messages import Failed
from assistant.tui.widgets.abstract import AbstractView
from assistant.tui.widgets.notice import Notice

_REDRAW_SECONDS = 0.05
"""What comes faster than this is drawn together."""


class DigestPage(EditionPage):
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
        self._asked = False
        self._wanted: str | None = None
        self._profile: str | None = None
        self._choice: ModelChoice | None = None
        self._came_from: tuple[ItemKey, int | None] | None = None
        self._redraws = False
        self._outdated = False

    def compose_page(self) -> Iterable[Widget]:
        """Head, notices, the list with the evidence beside it or below."""
        yield DigestHead({action.action: self.host.keys_of(action) for action in ACTIONS[self.SCOPE]})
        yield Notice()
        with Container(id="digest-body"):
            yield DigestList()
            yield AbstractView()

    def on_mount(self) -> None:
        """Show the newest day, unless another period was asked for."""
        self.query_one(DigestList).focus()
        if not self._asked:
            self.go_to_period(None)

    def on_screen_resume(self) -> None:
        """Look anew when the reader chose another model meanwhile."""
        if self._asked and self._choice != self._choice_now() and self._stage is not Stage.WRITING:
            self.go_to_period(self._wanted)

    async def show_period(self, period: str | None) -> None:
        """Show a period as the reader names it; None is the newest day that has papers."""
        self.go_to_period(period)

    def show_profile(self, profile: str) -> None:
        """Show the same period for a profile; "" is everything."""
        self._profile = profile
        self.go_to_period(self._wanted)

    def action_next_profile(self) -> None:
        """Show the papers for the next profile; behind the last one everything."""
        profiles = ["", *self.session.config.profiles]
        if len(profiles) == 1:
            error = NothingFound(
                "The configuration has no profiles.", "Write a table such as [profiles.robotics] into it."
            )
            self.post_message(Failed(error))
            return
        at = profiles.index(self.profile) if self.profile in profiles else -1
        self.show_profile(profiles[(at + 1) % len(profiles)])

    @property
    def profile(self) -> str:
        """The profile that is shown, at first the configuration's; "" is everything."""
        return self.session.config.digest.profile if self._profile is None else self._profile

    def papers_changed(self) -> None:
        """Load the period again, after the writing when it runs."""
        if self._stage is Stage.WRITING:
            self._outdated = True
        else:
            self.go_to_period(self._wanted)

    def go_to_period(self, label: str | None) -> None:
        """Load a period; what is being written stops when it is here."""
        self._asked, self._wanted, self._choice = True, label, self._choice_now()
        self._say(f"digest: gathering {label or 'the newest papers'}")
        self._load(label, self.profile)

    def _choice_now(self) -> ModelChoice | None:
        """Who would write; None when the configuration names no model."""
        try:
            return self.session.choice
        except AssistantError:
            return None

    @property
    def _stage(self) -> Stage | None:
        return self._edition.stage if self._edition else None

    # Work in the background

    @work(exit_on_error=False, exclusive=True, group="load")
    async def _load(self, wanted: str | None, profile: str) -> None:
        self.post_message(await load_period(self.session, wanted, profile))

    @work(exit_on_error=False, exclusive=True, group="write")
    async def _consume(self, told: AsyncGenerator[Message, None]) -> None:
        async with aclosing(told):
            async for message in told:
                self.post_message(message)

    @on(PeriodLoaded)
    def _loaded(self, event: PeriodLoaded) -> None:
        self._leave(event.days)
        listing, former, edition = self.query_one(DigestList), self._edition, event.edition
        key = listing.item.key if listing.item else None
        listing.set_items([])
        self._edition, self.period = edition, edition.period
        self.query_one(AbstractView).display = True
        self.query_one(Notice).clear_notice()
        if former is not None and key is not None and former.period.label == edition.period.label:
            key = edition.adopt(former, key)
            self.redraw()
            listing.go_to(key)
        else:
            self.redraw()
        self._consume(find_kept(self.session, event.edition))

    @on(PeriodEmpty)
    def _is_empty(self, event: PeriodEmpty) -> None:
        self._leave(event.days)
        self._edition, self.period = None, event.period or self.period
        head = self.query_one(DigestHead)
        head.show(title_of(event.period) if event.period else event.label)
        head.show_profile(self._for_whom())
        self.query_one(DigestList).set_items([])
        self.query_one(AbstractView).display = False
        notice = self.query_one(Notice)
        if isinstance(event.error, NothingFound):
            notice.show_remark(event.error.message, event.error.remedy)
        else:
            notice.show_error(event.error)

    def _leave(self, days: Mapping[date, int]) -> None:
        """Stop what was being written of the period before."""
        self.workers.cancel_group(self, "write")
        self._say("")
        self.days = days
        self._outdated = False
        self._came_from = None

    @on(DigestGrew)
    def _grew(self, event: DigestGrew) -> None:
        edition = event.edition
        edition.take(event.event)
        if edition is not self._edition:
            return
        if edition.stage is Stage.WRITING:
            self._say(f"digest {edition.period.label}: {edition.progress}")
        if isinstance(event.event, DigestFinished):
            self._finished(edition)
        self._redraw_soon()

    def _finished(self, edition: DigestViewModel) -> None:
        self._say("")
        if self.app.screen is not self:
            self.notify(f"{edition.progress} papers", title=f"Digest of {edition.period.label} written", markup=False)
        self._catch_up()

    def _catch_up(self) -> bool:
        """Load the period again when papers came while it was written."""
        if self._outdated:
            self.go_to_period(self._wanted)
        return self._outdated

    @on(KeptFound)
    def _found_kept(self, event: KeptFound) -> None:
        event.edition.offer(event.offer)
        self._redraw_soon()

    @on(WritingFailed)
    def _failed(self, event: WritingFailed) -> None:
        event.edition.fail()
        if event.edition is self._edition:
            self._say("")
            self.query_one(Notice).show_error(event.error)
            self._redraw_soon()
            if self._catch_up():
                self.host.report(event.error)  # its place goes with what is loaded anew

    def _say(self, text: str) -> None:
        """Show what runs in the title bar."""
        self.host.show_activity(self.SCOPE, text)

    # Showing

    def _redraw_soon(self) -> None:
        if not self._redraws:
            self._redraws = True
            self.set_timer(_REDRAW_SECONDS, self.redraw)

    def redraw(self) -> None:
        """Show the edition as it is now."""
        self._redraws = False
        edition = self._edition
        if edition is None:
            return
        selected = f" · {edition.selected} selected" if edition.selected else ""
        head = self.query_one(DigestHead)
        title = f"{title_of(edition.period)} · {_papers_text(edition)}{selected}"
        head.show(title, SAMPLE_NOTICE if edition.from_sample else "")
        head.show_profile(self._for_whom((*edition.plan.left_out, *_missing_text(edition))))
        self.query_one(DigestList).set_items(
            edition.items(self.keys_of("digest.choose_item"), self.keys_of("digest.stop"))
        )

    def _for_whom(self, left_out: Sequence[str] = ()) -> str:
        """Whose papers are shown and which are not; nothing where there are no profiles."""
        if not self.profile and not self.session.config.profiles:
            return ""
        return " · ".join((f"for {self.profile}" if self.profile else "everything", *left_out))

    @on(DigestList.Moved)
    def _moved(self, event: DigestList.Moved) -> None:
        edition, item = self._edition, event.item
        if edition is None:
            return
        about = edition.numbers_at(item, event.citation)
        number = about[0] if about else next(iter(edition.sources))
        self.query_one(AbstractView).show(edition.sources[number].paper, _evidence(edition, event, number), number)

    @on(DigestList.Opened)
    def _opened(self, event: DigestList.Opened) -> None:
        if self._edition is not None:
            self._edition.set_open(event.item, event.is_open)
            self.redraw()

    @on(DigestList.Chosen)
    def _chosen(self, event: DigestList.Chosen) -> None:
        match event.item:
            case StatusItem(offer=True):
                self.action_write()
            case DifferencesItem() | TopicItem() | PaperItem():
                self._opened(DigestList.Opened(event.item, not event.item.is_open))
            case TopicSentenceItem() if event.citation is not None and self._edition is not None:
                self._came_from = event.item.key, event.citation
                self._edition.reveal(event.citation)
                self.redraw()
                self.query_one(DigestList).go_to(("paper", event.citation))

    def action_back(self) -> None:
        """Go back to the citation from which a paper was reached."""
        if self._came_from is not None:
            self.query_one(DigestList).go_to(*self._came_from)
            self._came_from = None

    # Writing

    def action_write(self) -> None:
        """Write what is missing."""
        edition = self._edition
        if edition is None or edition.stage in {Stage.WRITING, Stage.DONE}:
            return
        self.query_one(Notice).clear_notice()
        edition.begin()
        self._say(f"digest {edition.period.label}: {edition.progress}")
        self.redraw()
        self._consume(write(self.session, edition))

    def action_stop(self) -> None:
        """Stop at once."""
        if self._edition is not None and self._edition.stage is Stage.WRITING:
            self.workers.cancel_group(self, "write")
            self._edition.stop()
            self._say("")
            self.redraw()
            self._catch_up()

    def action_expand(self) -> None:
        """Open or close everything."""
        if self._edition is not None:
            self._edition.expand_all()
            self.redraw()


def _papers_text(edition: DigestViewModel) -> str:
    shown, listed = len(edition.sources), edition.plan.listed
    return counted(shown, "paper") if shown == listed else f"{shown} of {counted(listed, 'paper')}"


def _missing_text(edition: DigestViewModel) -> list[str]:
    """The examples of the profile that are missing, in words; nothing when all are here."""
    return [f"not in the library: {', '.join(edition.missing)}"] if edition.missing else []


def _evidence(edition: DigestViewModel, moved: DigestList.Moved, number: int) -> list[Sentence]:
    """The sentences to mark in a paper's abstract: of one sentence its own, of a paper those of its summary."""
    match moved.item:
        case TopicSentenceItem() | SentenceItem():
            sentences = [moved.item.sentence]
        case PaperItem() if number in edition.entries:
            sentences = list(edition.entries[number].summary.sentences)
        case _:
            sentences = []
    cited = (citation for sentence in sentences for citation in sentence.citations if citation.number == number)
    return [span for citation in cited for span in citation.spans]
