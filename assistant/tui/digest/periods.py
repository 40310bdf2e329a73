"""Days, weeks and months that have papers: going from one to the next, and choosing one from a list."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from assistant.errors import UsageError
from assistant.reports.digest import DigestPeriod, period_named
from assistant.tui.widgets.notice import Notice


class Span(Enum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def span_of(period: DigestPeriod) -> Span:
    """The kind of a period, by its label."""
    if "W" in period.label:
        return Span.WEEK
    return Span.MONTH if period.label.count("-") == 1 else Span.DAY


def label_of(day: date, span: Span) -> str:
    """The label of the period of that length in which a day lies."""
    match span:
        case Span.DAY:
            return day.isoformat()
        case Span.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case Span.MONTH:
            return f"{day:%Y-%m}"
        case _:
            assert_never(span)


def neighbour(period: DigestPeriod, days: Mapping[date, int], step: int) -> str | None:
    """The label of the nearest period of the same length that has papers, before (-1) or after it (1)."""
    span = span_of(period)
    if step < 0:
        earlier = max((day for day in days if day < period.first), default=None)
        return label_of(earlier, span) if earlier else None
    own = label_of(period.first, span)
    later = min((day for day in days if day > period.last and label_of(day, span) != own), default=None)
    return label_of(later, span) if later else None


def title_of(period: DigestPeriod) -> str:
    """A period for the head of the page: "Friday 2026-08-21", "Week 2026-W34", "August 2026"."""
    span = span_of(period)
    match span:
        case Span.DAY:
            return f"{period.first:%A} {period.label}"
        case Span.WEEK:
            return f"Week {period.label}"
        case Span.MONTH:
            return f"{period.first:%B} {period.first.year}"
        case _:
            assert_never(span)


class PeriodChooser(ModalScreen[str | None]):
    """Every day, week and month with its papers; typed text narrows them down, Enter takes one. None: no choice."""

    DEFAULT_CSS = """
    PeriodChooser { align: center middle; }
    PeriodChooser > Vertical {
        width: 60; max-width: 95%; height: 80%; background: $surface; border: round $primary; padding: 0 1;
    }
    PeriodChooser Input, PeriodChooser Input:focus {
        border: none; padding: 0 1; height: 1; margin: 0 0 1 0; background: $panel;
    }
    PeriodChooser OptionList { height: 1fr; border: none; background: $surface; }
    """
    BINDINGS = [
        Binding("escape", "dismiss(None)", "Close"),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
    ]

    def __init__(self, days: Mapping[date, int], current: str, today: date) -> None:
        super().__init__()
        self._choices = _choices(days)
        self._current = current
        self._today = today

    def compose(self) -> ComposeResult:
        """An input above the list."""
        with Vertical() as box:
            box.border_title = "Day, week or month"
            box.border_subtitle = "Enter takes it · Esc closes"
            yield Input(placeholder="2026-08-21, 2026-W34 or 2026-08")
            yield Notice()
            yield OptionList()

    def on_mount(self) -> None:
        """Stand on the period that is open."""
        self._fill("")
        listing = self.query_one(OptionList)
        if self._current in self._choices:
            listing.highlighted = listing.get_option_index(self._current)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(Notice).clear_notice()
        self._fill(event.value.strip())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        listing = self.query_one(OptionList)
        if listing.highlighted is not None and event.value.strip() not in self._choices:
            self.dismiss(listing.get_option_at_index(listing.highlighted).id)
            return
        try:
            self.dismiss(period_named(event.value, self._today).label)
        except UsageError as error:
            self.query_one(Notice).show_error(error)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_move(self, step: int) -> None:
        """Move in the list while the input has the focus."""
        listing = self.query_one(OptionList)
        if step > 0:
            listing.action_cursor_down()
        else:
            listing.action_cursor_up()

    def _fill(self, typed: str) -> None:
        wanted = typed.casefold()
        options = [
            Option(Content(text), id=label) for label, text in self._choices.items() if wanted in text.casefold()
        ]
        listing = self.query_one(OptionList)
        listing.set_options(options)
        listing.highlighted = 0 if options else None


def _choices(days: Mapping[date, int]) -> dict[str, str]:
    """Label to line, the newest first: a month, its weeks, their days."""
    counts = {span: _counts(days, span) for span in Span}
    lines: dict[str, str] = {}
    for day in sorted(days, reverse=True):
        for span, indent in ((Span.MONTH, ""), (Span.WEEK, "  "), (Span.DAY, "    ")):
            label = label_of(day, span)
            name = f"{label} {day:%A}" if span is Span.DAY else label
            lines.setdefault(label, f"{indent + name:<26} {counts[span][label]:>5} papers")
    return lines


def _counts(days: Mapping[date, int], span: Span) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day, papers in days.items():
        counts[label_of(day, span)] += papers
    return counts
