"""Counts by week drawn with plotext: the same bars, lines and axes in the application and on the command line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.reports.trends.report import axis_counts

MARKERS = "●▲■◆✚"
"""One for each line, so that no colour is needed to tell them apart."""

LINE_COLORS = ("primary", "secondary", "accent", "error", "foreground")
"""Names of theme colours, one for each line."""

_CELLS_A_LABEL = 12
_CELLS_OF_THE_AXIS = 8
_CELLS_FOR_GAPS = 5
_MOST_LABELS_UP = 6
_LEAST_PLACES = 8

ColorOf = Callable[[str], Any]
"""What plotext takes for a name of `LINE_COLORS`."""


@dataclass(frozen=True, slots=True)
class Series:
    """Counts by week, under the place of its marker and colour."""

    place: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeekDrawing:
    """Weeks by their Mondays, and one bar each (``total``) or a point each on up to five ``lines``."""

    weeks: Sequence[date] = ()
    total: Sequence[int] = ()
    lines: Sequence[Series] = ()

    @property
    def highest(self) -> int:
        """The largest count."""
        return max([*self.total, *(value for line in self.lines for value in line.values)], default=0)


def draw_weeks(plt: Any, drawing: WeekDrawing, width: int, height: int, color_of: ColorOf) -> None:
    """Draw on a plotext figure of so many cells, which is cleared before."""
    plt.clear_figure()
    plt.xaxes(lower=True, upper=False)
    plt.yaxes(left=True, right=False)
    places = list(range(1, len(drawing.weeks) + 1))
    if places:
        _draw(plt, drawing, places, width, color_of)
        _name_weeks(plt, drawing.weeks, places, width)
        _name_counts(plt, drawing.highest, height)


def _draw(plt: Any, drawing: WeekDrawing, places: list[int], width: int, color_of: ColorOf) -> None:
    apart = width >= _CELLS_FOR_GAPS * len(places)
    if drawing.total:
        plt.bar(places, list(drawing.total), color=color_of("primary"), width=0.7 if apart else 1.0)
        # A bar of height 0 is not drawn at all, and a week without papers would pass for a gap.
        if empty := [place for place, count in zip(places, drawing.total, strict=True) if count == 0]:
            plt.scatter(empty, [0] * len(empty), color=color_of("primary"), marker="0")
    for line in drawing.lines:
        color, marker = color_of(LINE_COLORS[line.place]), MARKERS[line.place]
        if len(places) > 1:
            plt.plot(places, list(line.values), color=color, marker="·")
        plt.scatter(places, list(line.values), color=color, marker=marker)


def _name_weeks(plt: Any, weeks: Sequence[date], places: list[int], width: int) -> None:
    room = max(2, (width - _CELLS_OF_THE_AXIS) // _CELLS_A_LABEL)
    step = -(-len(places) // room)
    named = places[::-1][::step][::-1]
    years = len({day.year for day in weeks}) > 1
    labels = [weeks[place - 1].strftime("%Y-%m-%d" if years else "%b %d") for place in named]
    plt.xticks([float(place) for place in named], labels)
    middle, half = (len(places) + 1) / 2, max(len(places), _LEAST_PLACES) / 2
    plt.xlim(middle - half - 0.1, middle + half + 0.1)


def _name_counts(plt: Any, highest: int, height: int) -> None:
    labels = axis_counts(highest, max(3, min(_MOST_LABELS_UP, height // 4)))
    plt.ylim(0, labels[-1])
    plt.yticks(list(labels), [f"{count:,}" for count in labels])
