"""The page `trends`: papers and upvotes by week, topic and organization; what is chosen opens as a list of papers."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rich.text import Text
from textual import on, work
from textual.app import RenderResult
from textual.color import Color, ColorParseError
from textual.message import Message
from textual.widget import Widget
from textual_plotext import PlotextPlot

from assistant.errors import AssistantError
from assistant.library import Filters
from assistant.reports.trends import (
    MARKERS,
    RANGES,
    Series,
    Subject,
    SubjectKind,
    TrendMeasure,
    TrendReport,
    WeekDrawing,
    days_of,
    draw_weeks,
    week_name,
)
from assistant.services import count_weeks, papers_behind
from assistant.tui import messages
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page
from assistant.tui.trends.count_table import CountTable
from assistant.tui.trends.tables import Controls, DropSubject, Tables, TopicLine
from assistant.tui.widgets.notice import Notice


class WeekPlot(PlotextPlot):
    """Counts by week: bars for one series without a line's place, else lines with a marker for each week."""

    DEFAULT_CSS = """
    WeekPlot { width: 1fr; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawing = WeekDrawing()

    def show_total(self, weeks: Sequence[date], counts: Sequence[int]) -> None:
        """Draw one bar a week."""
        self._drawing = WeekDrawing(weeks, total=counts)
        self.refresh()

    def show_lines(self, weeks: Sequence[date], lines: Sequence[Series]) -> None:
        """Draw a line a series, up to five."""
        self._drawing = WeekDrawing(weeks, lines=lines)
        self.refresh()

    def render(self) -> RenderResult:
        """Draw anew for the size and the theme that hold now; without colour where the terminal's own are to hold."""
        draw_weeks(self.plt, self._drawing, self.size.width, self.size.height, self._rgb)
        drawn = super().render()
        own_colors = Color.parse(self.app.theme_variables["foreground"]).ansi is not None
        return Text(drawn.plain) if own_colors and isinstance(drawn, Text) else drawn

    def _rgb(self, name: str) -> tuple[int, int, int]:
        try:
            return Color.parse(self.app.theme_variables.get(name, "")).rgb
        except ColorParseError:
            return self.styles.color.rgb


@dataclass
class _ReportRead(Message):
    report: TrendReport


class TrendsPage(Page):
    """A plot of the weeks above, tables of topics, organizations and weeks below."""

    SCOPE = "trends"
    BINDINGS = bindings_of(ACTIONS["trends"])
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]
    AUTO_FOCUS = "#topics"
    DEFAULT_CSS = """
    TrendsPage WeekPlot {
        border-top: solid $panel; border-title-color: $primary; background: $surface; min-height: 6;
    }
    TrendsPage.-wide #strip { display: none; }
    TrendsPage.-wide #weeks { max-width: 37; }
    TrendsPage.-narrow CountTable { display: none; border-left: none; }
    TrendsPage.-narrow CountTable.-chosen { display: block; }
    TrendsPage.-empty WeekPlot, TrendsPage.-empty Tables, TrendsPage.-empty Controls { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._range = 0
        self._measure = TrendMeasure.PAPERS
        self._subjects: tuple[Subject, ...] = ()
        self._period_start: date | None = None
        self._report = TrendReport(Filters())
        self._stale = True

    def compose_page(self) -> Iterable[Widget]:
        """Controls, plot, tables."""
        yield Notice()
        yield Controls()
        yield WeekPlot()
        yield Tables()

    def on_screen_resume(self) -> None:
        """Count when the page is shown and the library changed since."""
        if self._stale:
            self._count()

    def papers_changed(self) -> None:
        """Count anew, at once when the page is shown."""
        self._stale = True
        if self.is_current:
            self._count()

    # Counting and drawing

    @work(exclusive=True, group="trends", exit_on_error=False)
    async def _count(self) -> None:
        today = self.session.clock().date()
        try:
            library = await self.session.library()
            report = await asyncio.to_thread(count_weeks, library, RANGES[self._range], self._subjects, today)
        except AssistantError as error:
            self.post_message(messages.Failed(error))
        else:
            self.post_message(_ReportRead(report))

    @on(_ReportRead)
    async def _show(self, event: _ReportRead) -> None:
        self._stale = False
        self._report = event.report
        notice = self.query_one(Notice)
        self.set_class(not event.report.weeks, "-empty")
        if event.report.weeks:
            notice.clear_notice()
        else:
            notice.show_remark(
                "No papers yet, so there is nothing to count.",
                f"Sync the newest ones ({self.keys_of('app.sync')}),"
                f" or go through the first steps ({self.keys_of('app.setup')}).",
            )
        await self.query_one(Controls).show_subjects(self._subjects)
        self._draw()

    def _draw(self) -> None:
        report, measure = self._report, self._measure
        self.query_one(Controls).show_range(RANGES[self._range], measure)
        plot = self.query_one(WeekPlot)
        weeks = [week.first_day for week in report.weeks]
        plot.border_title = f"{measure.value.capitalize()} a week · {report.span}"
        if report.lines:
            plot.show_lines(
                weeks,
                [
                    Series(place, tuple(measure.of(week) for week in line.weeks))
                    for place, line in enumerate(report.lines)
                ],
            )
        else:
            plot.show_total(weeks, [measure.of(week) for week in report.weeks])
        self.query_one(Tables).show(report, measure, self._subjects, self._period_start)

    @on(messages.Failed)
    def _failed(self, event: messages.Failed) -> None:
        event.stop()
        self.query_one(Notice).show_error(event.error)

    # What is shown

    def action_switch_measure(self) -> None:
        """Count upvotes instead of papers, or papers again."""
        self._measure = TrendMeasure.UPVOTES if self._measure is TrendMeasure.PAPERS else TrendMeasure.PAPERS
        self._draw()

    def action_shorter(self) -> None:
        """Show fewer weeks."""
        self._choose_range(self._range - 1)

    def action_longer(self) -> None:
        """Show more weeks."""
        self._choose_range(self._range + 1)

    def _choose_range(self, place: int) -> None:
        if 0 <= place < len(RANGES):
            self._range = place
            self.query_one(Controls).show_range(RANGES[place], self._measure)
            self._count()

    def action_topics(self) -> None:
        """Go to the topics."""
        self.query_one(Tables).choose("topics")

    def action_organizations(self) -> None:
        """Go to the organizations."""
        self.query_one(Tables).choose("organizations")

    def action_weeks(self) -> None:
        """Go to the weeks."""
        self.query_one(Tables).choose("weeks")

    # Comparing

    def action_name_topic(self) -> None:
        """Go to the line where a topic is typed."""
        self.query_one(TopicLine).focus()

    def action_leave_topic(self) -> None:
        """Go back to the tables."""
        self.query_one(Tables).current.focus()

    @on(Controls.TopicTyped)
    def _topic_typed(self, event: Controls.TopicTyped) -> None:
        self._compare(Subject(SubjectKind.WORDS, event.words.casefold()), toggle=False)

    @on(DropSubject)
    def _drop(self, event: DropSubject) -> None:
        self._compare(event.subject, toggle=True)

    def action_mark(self) -> None:
        """Compare what is under the cursor, or no longer; of a week: begin a period there, or do not."""
        row = self.query_one(Tables).current.current
        if row is None:
            return
        if isinstance(row.key, Subject):
            self._compare(row.key, toggle=True)
        elif isinstance(row.key, date):
            self._period_start = None if row.key == self._period_start else row.key
            self._draw()

    def action_clear(self) -> None:
        """Compare nothing, forget the begun period."""
        self._subjects, self._period_start = (), None
        self._count()

    def _compare(self, subject: Subject, *, toggle: bool) -> None:
        if subject in self._subjects:
            if toggle:
                self._subjects = tuple(other for other in self._subjects if other != subject)
        elif len(self._subjects) == len(MARKERS):
            self.notify("Take one out first: Space on it, or a click.", title=f"{len(MARKERS)} lines are the most")
            return
        else:
            self._subjects = (*self._subjects, subject)
        self._count()

    # Opening

    def action_open(self) -> None:
        """List the papers behind the row under the cursor."""
        if (row := self.query_one(Tables).current.current) is not None:
            self._open(row.key)

    @on(CountTable.Opened)
    def _row_opened(self, event: CountTable.Opened) -> None:
        self._open(event.row.key)

    def _open(self, key: object) -> None:
        if isinstance(key, date):
            first, last = sorted((self._period_start or key, key))
            label = week_name(first) if first == last else f"{week_name(first)} to {week_name(last)}"
            self.post_message(messages.ShowPapers(days_of(first, last), label))
        elif isinstance(key, Subject) and key.kind is SubjectKind.ORGANIZATION:
            days = self._report.filters
            filters = Filters(since=days.since, until=days.until, organizations=(key.name,))
            self.post_message(messages.ShowPapers(filters, f"{key.name}{self._during()}"))
        elif isinstance(key, Subject):
            self._open_papers_of(key)

    @work(exclusive=True, group="open", exit_on_error=False)
    async def _open_papers_of(self, subject: Subject) -> None:
        days = self._report.filters
        try:
            library = await self.session.library()
            ids = await asyncio.to_thread(papers_behind, library, subject, days)
        except AssistantError as error:
            self.post_message(messages.Failed(error))
        else:
            filters = Filters(since=days.since, until=days.until, paper_ids=ids)
            self.post_message(messages.ShowPapers(filters, f"“{subject.name}”{self._during()}"))

    def _during(self) -> str:
        weeks = RANGES[self._range]
        return "" if weeks is None else f", last {weeks} weeks"
