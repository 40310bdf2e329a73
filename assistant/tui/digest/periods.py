"""Days, weeks and months that have papers: going from one to the next, and choosing one from a list."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from assistant.errors import UsageError
from assistant.periods import Period, PeriodKind, parse_period
from assistant.tui.widgets.notice import Notice

_INDENTS = ((PeriodKind.MONTH, ""), (PeriodKind.WEEK, "  "), (PeriodKind.DAY, "    "))


def neighbour(period: Period, days: Mapping[date, int], step: int) -> str | None:
    """The label of the nearest period of the same kind that has papers, before (-1) or after it (1)."""
    nearest = period.previous(days) if step < 0 else period.next(days)
    return nearest.label if nearest else None


def title_of(period: Period) -> str:
    """A period for the head of the page: "Friday 2026-08-21", "Week 2026-W34", "August 2026"."""
    match period.kind:
        case PeriodKind.WEEK:
            return f"Week {period.label}"
        case PeriodKind.MONTH:
            return f"{period.first:%B} {period.first.year}"
        case PeriodKind.DAY | PeriodKind.ALL | PeriodKind.CUSTOM:
            return f"{period.first:%A} {period.label}"


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
            self.dismiss(parse_period(event.value, self._today).label)
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
        fragment = typed.casefold()
        options = [
            Option(Content(text), id=label) for label, text in self._choices.items() if fragment in text.casefold()
        ]
        listing = self.query_one(OptionList)
        listing.set_options(options)
        listing.highlighted = 0 if options else None


def _choices(days: Mapping[date, int]) -> dict[str, str]:
    """Label to line, the newest first: a month, its weeks, their days."""
    counts = {kind: _counts(days, kind) for kind, _ in _INDENTS}
    lines: dict[str, str] = {}
    for day in sorted(days, reverse=True):
        for kind, indent in _INDENTS:
            label = Period.containing(day, kind).label
            name = f"{label} {day:%A}" if kind is PeriodKind.DAY else label
            lines.setdefault(label, f"{indent + name:<26} {counts[kind][label]:>5} papers")
    return lines


def _counts(days: Mapping[date, int], kind: PeriodKind) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day, papers in days.items():
        counts[Period.containing(day, kind).label] += papers
    return counts
