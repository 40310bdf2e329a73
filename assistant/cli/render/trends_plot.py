"""A report on trends drawn in the terminal; the one place of the command line that knows plotext."""

import os
import shutil
from collections.abc import Mapping

import click

from assistant.cli import console
from assistant.cli.render.trends import heading
from assistant.reports.trends.drawing import LINE_COLORS, MARKERS, Series, WeekDrawing, draw_weeks
from assistant.reports.trends.report import Measure, Report

MOST_LINES = len(MARKERS)
"""A plot has so many signs to tell lines apart."""

_COLORS: Mapping[str, str] = {
    "primary": "blue+",
    "secondary": "green+",
    "accent": "orange+",
    "error": "red+",
    "foreground": "default",
}
_CLICK_COLORS: Mapping[str, str | None] = {
    "primary": "bright_blue",
    "secondary": "bright_green",
    "accent": "yellow",
    "error": "bright_red",
    "foreground": None,
}
_LOWEST, _HIGHEST = 10, 24
_LINES_AROUND = 8


def trends_plot(report: Report, measure: Measure) -> str:
    """Bars for all papers, or a line each for what was named, as wide as the terminal; below it what each sign means.

    Without colours where ``NO_COLOR`` is set, and in a pipe.
    """
    size = shutil.get_terminal_size()
    height = max(_LOWEST, min(size.lines - _LINES_AROUND, _HIGHEST))
    drawn = "\n".join(line.rstrip() for line in _drawn(report, measure, size.columns, height).splitlines())
    text = "\n".join([heading(report, measure), "", drawn, *_legend(report, measure)])
    coloured = console.is_terminal() and not os.environ.get("NO_COLOR")
    return text if coloured else "\n".join(line.rstrip() for line in click.unstyle(text).splitlines())


def _drawn(report: Report, measure: Measure, width: int, height: int) -> str:
    import plotext

    weeks = [week.first_day for week in report.weeks]
    if report.lines:
        lines = [
            Series(place, tuple(measure.of(week) for week in line.weeks)) for place, line in enumerate(report.lines)
        ]
        drawing = WeekDrawing(weeks, lines=lines)
    else:
        drawing = WeekDrawing(weeks, total=[measure.of(week) for week in report.weeks])
    draw_weeks(plotext, drawing, width, height, _COLORS.__getitem__)
    plotext.plotsize(width, height)
    for part in (plotext.canvas_color, plotext.axes_color, plotext.ticks_color):
        part("default")
    return str(plotext.build())


def _legend(report: Report, measure: Measure) -> list[str]:
    lines = []
    for marker, color, line in zip(MARKERS, LINE_COLORS, report.lines, strict=False):
        total = line.total
        change = f", {total.change(measure)}" if report.before else ""
        sign = click.style(marker, fg=_CLICK_COLORS[color])
        lines.append(f"{sign} {line.subject.name}: {total.now.of(measure):,} {measure.value}{change}")
    return lines
