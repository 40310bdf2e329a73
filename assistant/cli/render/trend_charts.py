"""A report on trends drawn: in the terminal by plotext, as an SVG picture by pygal; the one place that knows them.

The picture needs nothing from outside and runs no script; it follows the reader's light or dark scheme.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import click

from assistant.cli import console
from assistant.cli.render.trends import heading, titled
from assistant.reports.trends import (
    LINE_COLORS,
    MARKERS,
    Series,
    TrendMeasure,
    TrendReport,
    WeekDrawing,
    axis_counts,
    draw_weeks,
)

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


def trends_plot(report: TrendReport, measure: TrendMeasure) -> str:
    """Bars for all papers, or a line each for what was named, as wide as the terminal; below it what each sign means.

    Without colours where ``NO_COLOR`` is set, and in a pipe.
    """
    size = shutil.get_terminal_size()
    height = max(_LOWEST, min(size.lines - _LINES_AROUND, _HIGHEST))
    drawn = "\n".join(line.rstrip() for line in _drawn(report, measure, size.columns, height).splitlines())
    text = "\n".join([heading(report, measure), "", drawn, *_legend(report, measure)])
    coloured = console.is_terminal() and not os.environ.get("NO_COLOR")
    return text if coloured else "\n".join(line.rstrip() for line in click.unstyle(text).splitlines())


def _drawn(report: TrendReport, measure: TrendMeasure, width: int, height: int) -> str:
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


def _legend(report: TrendReport, measure: TrendMeasure) -> list[str]:
    lines = []
    for marker, color, line in zip(MARKERS, LINE_COLORS, report.lines, strict=False):
        total = line.total
        change = f", {total.change(measure)}" if report.before else ""
        sign = click.style(marker, fg=_CLICK_COLORS[color])
        lines.append(f"{sign} {line.subject.name}: {total.now.of(measure):,} {measure.value}{change}")
    return lines


_SVG = "http://www.w3.org/2000/svg"
_WIDTH, _HEIGHT = 960, 440
_MOST_LABELS, _MOST_COUNTS = 14, 8
_SVG_COLORS = ("#2f6fdb", "#c2571a", "#1d8a5f", "#a03fb0", "#b8860b", "#c0334d", "#0e8fa8", "#6b6b6b")
_TIGHT = {f"{{{_SVG}}}script", f"{{{_SVG}}}metadata"}
_DARK = """
svg { background: #fafafa; }
.graph > .background, .plot > .background { fill: transparent; }
@media (prefers-color-scheme: dark) {
svg { background: #16181d; }
.graph, .title, .axis text, .axis text.major, .legends .legend text { fill: #e8e8ea; }
.axis .line { stroke: #8d939e; }
.axis .guide.line, .axis .major.line { stroke: #3d424b; }
}
"""


def trends_svg(report: TrendReport, measure: TrendMeasure) -> str:
    """Bars for all papers, or a line each for what was named; under the pointer each week shows its count."""
    import pygal
    from pygal.style import Style

    # pygal 3.1 adds a finder of an old kind, for maps; Python 3.11 warns of it at every import that comes later.
    sys.meta_path[:] = [retriever for retriever in sys.meta_path if not isinstance(retriever, pygal.PluginImportFixer)]
    style = Style(
        colors=_SVG_COLORS, background="transparent", plot_background="transparent", font_family="sans-serif",
        stroke_width=2, guide_stroke_color="#c9ccd1", major_guide_stroke_color="#c9ccd1",
        guide_stroke_dasharray="1,3", major_guide_stroke_dasharray="1,3",
    )  # fmt: skip
    kind = pygal.Line if report.lines else pygal.Bar
    lines = [[measure.of(week) for week in line.weeks] for line in report.lines]
    counts = lines or [[measure.of(week) for week in report.weeks]]
    # pygal puts labels of its own between whole numbers, and writes "1" and "2" several times over for small counts.
    labels = axis_counts(max((count for each in counts for count in each), default=0), _MOST_COUNTS)
    step = -(-len(report.weeks) // _MOST_LABELS)
    weeks = [week.first_day.isoformat() for week in report.weeks]
    chart = kind(
        js=(), style=style, no_prefix=True, disable_xml_declaration=True, width=_WIDTH, height=_HEIGHT,
        title=titled(report, measure), show_legend=bool(report.lines), legend_at_bottom=True, truncate_legend=60,
        include_x_axis=True, x_label_rotation=30, show_minor_x_labels=False, x_labels=weeks,
        x_labels_major=weeks[::-1][::step][::-1], value_formatter=lambda count: f"{count:,.0f}",
        y_labels=labels, range=(0, labels[-1]),
    )  # fmt: skip
    names = [line.subject.name for line in report.lines] or [measure.value]
    for name, values in zip(names, counts, strict=True):
        chart.add(name, values)
    return _clean(chart.render(is_unicode=True))


def _clean(drawn: str) -> str:
    """The picture without scripts, comments and what only scripts need; counts become the viewer's own tooltips."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(drawn)  # noqa: S314  # our own drawing, and the parser resolves nothing outside
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in _TIGHT or "tooltip-overlay" in child.get("class", ""):
                parent.remove(child)
        _name_values(parent)
    ET.SubElement(root, f"{{{_SVG}}}style").text = _DARK
    return ET.tostring(root, encoding="unicode") + "\n"


def _name_values(parent: ET.Element) -> None:
    """Put "2026-08-17: 12" where pygal's script would have read it from."""
    notes = {note.get("class", ""): note for note in parent.findall(f"{{{_SVG}}}desc")}
    if "value" not in notes:
        return
    week = notes["x_label"].text if "x_label" in notes else ""
    for note in notes.values():
        parent.remove(note)
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = f"{week}: {notes['value'].text}"
    parent.insert(0, title)
