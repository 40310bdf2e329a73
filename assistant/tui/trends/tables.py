"""The controls and the three tables under the plot: side by side where there is room, else one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.reports.trends import (
    LINE_COLORS,
    MARKERS,
    NameCount,
    Subject,
    SubjectKind,
    TrendMeasure,
    TrendReport,
    most_first,
    week_name,
)
from assistant.tui.trends.count_table import CountRow, CountTable
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.text_layout import cut

TABLES = {"topics": "Topics", "organizations": "Organizations", "weeks": "Weeks"}
"""The names of the tables by id, in their order; the page has an action of the same name for each."""

PERIOD_SIGN = "▶"


class Tables(Widget):
    """Topics, organizations and weeks of a report."""

    DEFAULT_CSS = """
    Tables { height: 1fr; layout: vertical; }
    Tables #strip { height: 1; padding: 0 1; background: $surface; }
    Tables #panels { height: 1fr; }
    Tables CountTable { width: 1fr; border-left: solid $panel; padding-left: 1; }
    Tables #topics { border-left: none; }
    """

    current_name = "topics"

    def compose(self) -> ComposeResult:
        """The strip of names, the tables."""
        with Horizontal(id="strip"):
            for table, name in TABLES.items():
                yield ActionWord(f" {name} ", f"screen.{table}", id=f"tab-{table}")
        with Horizontal(id="panels"):
            yield CountTable("Topic", id="topics")
            yield CountTable("Organization", id="organizations")
            yield CountTable("Week", id="weeks")

    def on_mount(self) -> None:
        """The topics first."""
        self._mark("topics")

    def choose(self, table: str) -> None:
        """Show a table and go to it."""
        self._mark(table)
        self.query_one(f"#{table}", CountTable).focus()

    def _mark(self, table: str) -> None:
        self.current_name = table
        for name in TABLES:
            self.query_one(f"#{name}").set_class(name == table, "-chosen")
            self.query_one(f"#tab-{name}", ActionWord).mark_current(name == table)

    @property
    def current(self) -> CountTable:
        """The table that has the focus, or had it last."""
        focused = self.screen.focused
        return focused if isinstance(focused, CountTable) else self.query_one(f"#{self.current_name}", CountTable)

    def show(
        self, report: TrendReport, measure: TrendMeasure, subjects: Sequence[Subject], period_start: date | None
    ) -> None:
        """Show a report; what is compared has its marker, the week where a period begins has a sign."""
        signs = {subject: MARKERS[place] for place, subject in enumerate(subjects)}
        other = next(other for other in TrendMeasure if other is not measure)
        headings = (measure.value, other.value)
        for table, kind, counts in (
            ("#topics", SubjectKind.TOPIC, report.topics),
            ("#organizations", SubjectKind.ORGANIZATION, report.organizations),
        ):
            rows = [_row(Subject(kind, count.name), count, measure, signs) for count in most_first(counts, measure)]
            self.query_one(table, CountTable).show((*headings, "change"), rows)
        self.query_one("#weeks", CountTable).show(
            headings,
            [
                CountRow(
                    week.first_day,
                    f"{week_name(week.first_day)} {week.first_day:%b %d}",
                    (f"{measure.of(week):,}", f"{other.of(week):,}"),
                    PERIOD_SIGN if week.first_day == period_start else " ",
                )
                for week in reversed(report.weeks)
            ],
        )


def _row(subject: Subject, count: NameCount, measure: TrendMeasure, signs: Mapping[Subject, str]) -> CountRow:
    other = next(other for other in TrendMeasure if other is not measure)
    numbers = (f"{count.now.of(measure):,}", f"{count.now.of(other):,}", count.change(measure))
    return CountRow(subject, count.name, numbers, signs.get(subject, " "))


_LONGEST_NAME = 28
_SHORTEST_NAME = 9


class TopicLine(Input):
    """Where a topic is typed; Escape leaves it."""

    BINDINGS = [Binding("escape", "screen.leave_topic", show=False)]


class _Compared(Static):
    """One of the compared names with its marker; a click takes it out."""

    @dataclass
    class Dropped(Message):
        """It is to be compared no more."""

        subject: Subject

    def __init__(self, place: int, subject: Subject, cells: int) -> None:
        name = cut(" ".join(subject.name.split()), cells).rstrip()
        super().__init__(Content.assemble((f"{MARKERS[place]} {name}", f"${LINE_COLORS[place]}"), (" ✕", "dim")))
        self._subject = subject
        self.tooltip = "Click to leave it out"

    def on_click(self, event: Click) -> None:
        """Leave it out."""
        event.stop()
        self.post_message(self.Dropped(self._subject))


class Controls(Widget):
    """What is drawn and over which weeks."""

    DEFAULT_CSS = """
    Controls { height: auto; layout: vertical; padding: 0 1; }
    Controls #settings { height: 1; }
    Controls #settings Static { width: auto; }
    Controls ActionWord { color: $secondary; padding: 0 1; }
    Controls TopicLine {
        border: none; height: 1; width: 1fr; max-width: 60; margin-left: 1; padding: 0 1; background: $panel;
        &:focus { border: none; }
    }
    Controls #compared { height: auto; display: none; layout: horizontal; }
    Controls.-comparing #compared { display: block; layout: horizontal; }
    Controls #compared Static { width: auto; margin-right: 2; }
    """

    @dataclass
    class TopicTyped(Message):
        """A topic was typed."""

        words: str

    def __init__(self) -> None:
        super().__init__()
        self._subjects: Sequence[Subject] = ()
        self._cut_for = 0

    def compose(self) -> ComposeResult:
        """Range and measure on the left, the topic on the right."""
        with Horizontal(id="settings"):
            yield ActionWord("‹ -", "screen.shorter", tooltip="A shorter range of weeks")
            yield Static(id="range")
            yield ActionWord("+ ›", "screen.longer", tooltip="A longer range of weeks")
            yield ActionWord("papers", "screen.switch_measure", tooltip="Count papers or upvotes", id="measure")
            yield TopicLine(placeholder="/ a topic to compare", select_on_focus=False)
        yield Horizontal(id="compared")

    def show_range(self, weeks: int | None, measure: TrendMeasure) -> None:
        """Say which range is shown, and what is counted."""
        self.query_one("#range", Static).update(Content("all weeks" if weeks is None else f"last {weeks} weeks"))
        words = (f"[{option.value}]" if option is measure else f" {option.value} " for option in TrendMeasure)
        self.query_one("#measure", Static).update(Content(" ".join(words)))

    async def show_subjects(self, subjects: Sequence[Subject]) -> None:
        """Say what is compared; the names share one line."""
        self._subjects, self._cut_for = subjects, self.app.size.width
        compared = self.query_one("#compared")
        cells = min(_LONGEST_NAME, max(_SHORTEST_NAME, (self.app.size.width - 2) // max(len(subjects), 1) - 6))
        await compared.remove_children()
        await compared.mount(*(_Compared(place, subject, cells) for place, subject in enumerate(subjects)))
        self.set_class(bool(subjects), "-comparing")

    async def on_resize(self) -> None:
        """Cut the names for the new width."""
        if self._subjects and self._cut_for != self.app.size.width:
            await self.show_subjects(self._subjects)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if words := event.value.strip():
            event.input.value = ""
            self.post_message(self.TopicTyped(words))


DropSubject = _Compared.Dropped
"""A compared name was clicked away."""
