"""The plot of counts by week; the one place that knows plotext."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rich.text import Text
from textual.app import RenderResult
from textual.color import Color, ColorParseError
from textual_plotext import PlotextPlot

MARKERS = "●▲■◆✚"
"""One for each line, so that no colour is needed to tell them apart."""

LINE_COLORS = ("primary", "secondary", "accent", "error", "foreground")
"""Names of theme colours, one for each line."""

_CELLS_A_LABEL = 12
_CELLS_OF_THE_AXIS = 8
_CELLS_FOR_GAPS = 5
_MOST_LABELS_UP = 6
_LEAST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Series:
    """Counts by week, under the place of its marker and colour."""

    place: int
    values: tuple[int, ...]


class WeekPlot(PlotextPlot):
    """Counts by week: bars for one series without a line's place, else lines with a marker for each week."""

    DEFAULT_CSS = """
    WeekPlot { width: 1fr; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._weeks: Sequence[date] = ()
        self._total: Sequence[int] = ()
        self._lines: Sequence[Series] = ()

    def show_total(self, weeks: Sequence[date], counts: Sequence[int]) -> None:
        """Draw one bar a week."""
        self._weeks, self._total, self._lines = weeks, counts, ()
        self.refresh()

    def show_lines(self, weeks: Sequence[date], lines: Sequence[Series]) -> None:
        """Draw a line a series, up to five."""
        self._weeks, self._total, self._lines = weeks, (), lines
        self.refresh()

    def render(self) -> RenderResult:
        """Draw anew for the size and the theme that hold now; without colour where the terminal's own are to hold."""
        self.plt.clear_figure()
        self.plt.xaxes(lower=True, upper=False)
        self.plt.yaxes(left=True, right=False)
        places = list(range(1, len(self._weeks) + 1))
        if places:
            self._draw(places)
            self._name_axes(places)
        drawn = super().render()
        own_colors = Color.parse(self.app.theme_variables["foreground"]).ansi is not None
        return Text(drawn.plain) if own_colors and isinstance(drawn, Text) else drawn

    def _draw(self, places: list[int]) -> None:
        apart = self.size.width >= _CELLS_FOR_GAPS * len(places)
        if self._total:
            self.plt.bar(places, list(self._total), color=self._rgb("primary"), width=0.7 if apart else 1.0)
        for line in self._lines:
            color, marker = self._rgb(LINE_COLORS[line.place]), MARKERS[line.place]
            if len(places) > 1:
                self.plt.plot(places, list(line.values), color=color, marker="·")
            self.plt.scatter(places, list(line.values), color=color, marker=marker)

    def _name_axes(self, places: list[int]) -> None:
        room = max(2, (self.size.width - _CELLS_OF_THE_AXIS) // _CELLS_A_LABEL)
        step = -(-len(places) // room)
        named = places[::-1][::step][::-1]
        years = len({day.year for day in self._weeks}) > 1
        labels = [self._weeks[place - 1].strftime("%Y-%m-%d" if years else "%b %d") for place in named]
        self.plt.xticks([float(place) for place in named], labels)
        middle, half = (len(places) + 1) / 2, max(len(places), _LEAST_PLACES) / 2
        self.plt.xlim(middle - half - 0.1, middle + half + 0.1)
        highest = max([*self._total, *(value for line in self._lines for value in line.values)], default=0)
        step_up = _step(highest, max(3, min(_MOST_LABELS_UP, self.size.height // 4)))
        top = max(1, -(-highest // step_up)) * step_up
        self.plt.ylim(0, top)
        self.plt.yticks(list(range(0, top + 1, step_up)), [f"{count:,}" for count in range(0, top + 1, step_up)])

    def _rgb(self, name: str) -> tuple[int, int, int]:
        try:
            return Color.parse(self.app.theme_variables.get(name, "")).rgb
        except ColorParseError:
            return self.styles.color.rgb


def _step(highest: int, steps: int) -> int:
    """The distance of labels on an axis up to ``highest``: 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * steps >= highest:
                return factor * size
        size *= 10
