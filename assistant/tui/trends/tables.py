"""The three tables under the plot: side by side where there is room, else one at a time behind a strip of names."""

from collections.abc import Mapping, Sequence
from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from assistant.reports.trends.drawing import MARKERS
from assistant.reports.trends.report import Kind, Measure, NameCount, Report, Subject, most_first, week_name
from assistant.tui.trends.count_table import CountRow, CountTable
from assistant.tui.widgets.action_link import ActionWord

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

    chosen = "topics"

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
        self.chosen = table
        for name in TABLES:
            self.query_one(f"#{name}").set_class(name == table, "-chosen")
            self.query_one(f"#tab-{name}", ActionWord).mark_current(name == table)

    @property
    def current(self) -> CountTable:
        """The table that has the focus, or had it last."""
        focused = self.screen.focused
        return focused if isinstance(focused, CountTable) else self.query_one(f"#{self.chosen}", CountTable)

    def show(self, report: Report, measure: Measure, subjects: Sequence[Subject], period_start: date | None) -> None:
        """Show a report; what is compared has its marker, the week where a period begins has a sign."""
        signs = {subject: MARKERS[place] for place, subject in enumerate(subjects)}
        other = next(one for one in Measure if one is not measure)
        headings = (measure.value, other.value)
        for table, kind, counts in (
            ("#topics", Kind.TOPIC, report.topics),
            ("#organizations", Kind.ORGANIZATION, report.organizations),
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


def _row(subject: Subject, count: NameCount, measure: Measure, signs: Mapping[Subject, str]) -> CountRow:
    other = next(one for one in Measure if one is not measure)
    numbers = (f"{count.now.of(measure):,}", f"{count.now.of(other):,}", count.change(measure))
    return CountRow(subject, count.name, numbers, signs.get(subject, " "))
