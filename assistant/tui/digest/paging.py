"""A page that shows one period: to the ones before and after it, to its day, week or month, or to any other."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from assistant.reports.digest import DigestPeriod
from assistant.tui.digest.periods import PeriodChooser, Span, label_of, neighbour
from assistant.tui.page import Page
from assistant.tui.widgets.action_link import ActionWord


class PeriodPage(Page):
    """Knows the period and the days that have papers; subclasses show them."""

    def __init__(self) -> None:
        super().__init__()
        self.period: DigestPeriod | None = None
        self.days: Mapping[date, int] = {}

    def go_to_period(self, label: str | None) -> None:
        """Show a period; None is the newest day that has papers."""
        raise NotImplementedError

    def action_previous(self) -> None:
        """Go to the period before."""
        self._step(-1)

    def action_next(self) -> None:
        """Go to the period after."""
        self._step(1)

    def action_newest(self) -> None:
        """Go to the newest day."""
        self.go_to_period(None)

    def action_day(self) -> None:
        """Go to the newest day of the period."""
        self._resize(Span.DAY)

    def action_week(self) -> None:
        """Go to the week of the day."""
        self._resize(Span.WEEK)

    def action_month(self) -> None:
        """Go to the month of the day."""
        self._resize(Span.MONTH)

    def action_choose(self) -> None:
        """Choose a period by hand."""
        current = self.period.label if self.period else ""
        self.app.push_screen(PeriodChooser(self.days, current, self.session.clock().date()), self._chosen_period)

    def _chosen_period(self, label: str | None) -> None:
        if label is not None:
            self.go_to_period(label)

    def _step(self, direction: int) -> None:
        if self.period is None:
            return
        label = neighbour(self.period, self.days, direction)
        if label is None:
            which = "earlier" if direction < 0 else "later"
            self.notify("", title=f"No {which} papers are in the library", markup=False)
        else:
            self.go_to_period(label)

    def _resize(self, span: Span) -> None:
        if self.period is not None:
            within = [day for day in self.days if self.period.first <= day <= self.period.last]
            self.go_to_period(label_of(max(within, default=self.period.last), span))


class DigestHead(Widget):
    """One line with the period, one with the profile where there are some, one when papers are of the sample feed.

    ``keys`` are shown beside what they do, by the method of their action.
    """

    DEFAULT_CSS = """
    DigestHead { height: auto; padding: 0 1 0 0; }
    DigestHead > Horizontal { height: 1; }
    DigestHead ActionWord { padding: 0 1; color: $secondary; }
    DigestHead .-period { width: auto; max-width: 1fr; height: 1; text-style: bold; }
    DigestHead .-fill { width: 1fr; height: 1; }
    DigestHead > .-for { display: none; }
    DigestHead .-profile { width: 1fr; height: 1; padding: 0 0 0 3; color: $text-muted; text-overflow: ellipsis; }
    DigestHead > .-remark { height: auto; padding: 0 3; color: $text-muted; display: none; }
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Ways back and forth around the period; the lengths on the right."""
        with Horizontal():
            yield ActionWord(f"◀ {self._keys['previous']}", "screen.previous", tooltip="Earlier")
            yield Static("", classes="-period", markup=False)
            yield ActionWord(f"{self._keys['next']} ▶", "screen.next", tooltip="Later")
            yield Static("", classes="-fill")
            for length in ("day", "week", "month"):
                yield ActionWord(f"{self._keys[length]} {length}", f"screen.{length}", tooltip=f"The {length} here")
            yield ActionWord(
                f"{self._keys['choose']} other…", "screen.choose", tooltip="Choose a day, a week or a month"
            )
        with Horizontal(classes="-for"):
            yield Static("", classes="-profile", markup=False)
            yield ActionWord(
                f"{self._keys['next_profile']} other profile",
                "screen.next_profile",
                tooltip="Papers for another profile",
            )
        yield Static("", classes="-remark", markup=False)

    def show_profile(self, text: str) -> None:
        """Say for whom the papers are chosen; the line is hidden when the text is empty."""
        self.query_one(".-profile", Static).update(Content(text))
        self.query_one(".-for").display = bool(text)

    def show(self, title: str, remark: str = "") -> None:
        """Show a period; the remark is hidden when it is empty."""
        self.query_one(".-period", Static).update(Content(title))
        remarked = self.query_one(".-remark", Static)
        remarked.update(Content(remark))
        remarked.display = bool(remark)
