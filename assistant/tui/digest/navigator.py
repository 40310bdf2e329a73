"""Which period the page shows, for whose profile, the ways from there to others, and the list to choose one from."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from assistant.errors import AssistantError, NothingFound, UsageError
from assistant.models import ModelChoice
from assistant.periods import Period, PeriodKind, parse_period
from assistant.tui.messages import Failed
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice

_INDENTS = ((PeriodKind.MONTH, ""), (PeriodKind.WEEK, "  "), (PeriodKind.DAY, "    "))

_NO_PROFILES = "The configuration has no profiles."
_PROFILES_REMEDY = "Write a table such as [profiles.robotics] into it."


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


class PeriodView(Protocol):
    """What the navigator needs of the page."""

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    def load_period(self, label: str | None, profile: str) -> None:
        """Load a period as the reader names it, None for the newest day; ``profile`` "" takes all papers."""
        ...

    def show_remark(self, text: str) -> None:
        """Show a line for a short while."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...


class PeriodNavigator:
    """Goes from one period to others.

    ``period`` is the one that is shown, None before any; ``days`` are those that have papers, with how many.
    """

    def __init__(self, view: PeriodView) -> None:
        self.period: Period | None = None
        self.days: Mapping[date, int] = {}
        self._view = view
        self._label: str | None = None
        self._profile: str | None = None
        self._loaded_once = False
        self._choice: ModelChoice | None = None

    @property
    def profile(self) -> str:
        """The profile that is shown, at first the configuration's; "" is everything."""
        return self._view.session.config.digest.profile if self._profile is None else self._profile

    def begin(self) -> None:
        """Go to the newest day, unless another period was asked for."""
        if not self._loaded_once:
            self.go_to(None)

    def go_to(self, label: str | None) -> None:
        """Load a period; None is the newest day that has papers."""
        self._loaded_once, self._label, self._choice = True, label, self._model_choice()
        self._view.load_period(label, self.profile)

    def reload(self) -> None:
        """Load the same period again."""
        self.go_to(self._label)

    @property
    def is_outdated(self) -> bool:
        """Whether the reader chose another model since the period was loaded."""
        return self._loaded_once and self._choice != self._model_choice()

    def set_period(self, period: Period | None, days: Mapping[date, int]) -> None:
        """Go on from this period, which is shown now; from the one before where it could not be read (None)."""
        self.period = period or self.period
        self.days = days

    def step(self, direction: int) -> None:
        """Go to the period before (-1) or after (1) that has papers."""
        if self.period is None:
            return
        label = neighbour(self.period, self.days, direction)
        if label is None:
            self._view.show_remark(f"No {'earlier' if direction < 0 else 'later'} papers are in the library")
        else:
            self.go_to(label)

    def resize(self, kind: PeriodKind) -> None:
        """Go to the newest day of the period that has papers, or to the week or month around that."""
        if self.period is not None:
            within = [day for day in self.days if self.period.first <= day <= self.period.last]
            self.go_to(Period.containing(max(within, default=self.period.last), kind).label)

    def chooser(self) -> PeriodChooser:
        """Asks for another period; its answer is for `choose`."""
        current = self.period.label if self.period else ""
        return PeriodChooser(self.days, current, self._view.session.clock().date())

    def choose(self, label: str | None) -> None:
        """Go to a period that was chosen; None is no choice."""
        if label is not None:
            self.go_to(label)

    def show_profile(self, profile: str) -> None:
        """Show the same period for a profile; "" is everything."""
        self._profile = profile
        self.reload()

    def next_profile(self) -> None:
        """Show the papers for the next profile; behind the last one everything."""
        profiles = ["", *self._view.session.config.profiles]
        if len(profiles) == 1:
            self._view.post_message(Failed(NothingFound(_NO_PROFILES, _PROFILES_REMEDY)))
            return
        at = profiles.index(self.profile) if self.profile in profiles else -1
        self.show_profile(profiles[(at + 1) % len(profiles)])

    def _model_choice(self) -> ModelChoice | None:
        """Who would write; None when the configuration names no model."""
        try:
            return self._view.session.choice
        except AssistantError:
            return None
