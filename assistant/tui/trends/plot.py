"""The plot of counts by week; the one place that knows textual-plotext."""

from collections.abc import Sequence
from datetime import date

from rich.text import Text
from textual.app import RenderResult
from textual.color import Color, ColorParseError
from textual_plotext import PlotextPlot

from assistant.reports.trends.drawing import Series, WeekDrawing, draw_weeks


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
