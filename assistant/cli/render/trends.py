"""A report on trends as text: tables for a terminal, and CSV."""

import csv
import io
from collections.abc import Sequence

from assistant.cli import console
from assistant.library import Filters, WeekCount
from assistant.reports.trends import (
    Counts,
    NameCount,
    TrendLine,
    TrendMeasure,
    TrendReport,
    most_first,
    rising,
    week_name,
)

Row = tuple[str, ...]

_GAP = "  "


def aligned(rows: Sequence[Row]) -> list[str]:
    """The rows in columns, the first one to the left, numbers to the right; the head stands out.

    Columns count cells of a terminal: a Chinese character takes two.
    """
    from rich.cells import cell_len

    columns = max(len(row) for row in rows)
    widths = [max(cell_len(row[column]) for row in rows if column < len(row)) for column in range(columns)]
    lines = []
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            blank = " " * (widths[column] - cell_len(cell))
            cells.append(cell + blank if column == 0 else blank + cell)
        lines.append(_GAP.join(cells).rstrip())
    return [console.strong(lines[0]), *lines[1:]]


_WIDEST_NAME = 44
_WIDEST_COLUMN = 24
_LONGEST_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CSV_HEAD = ("kind", "name", "week", "first_day", "papers", "upvotes", "papers_before", "upvotes_before")


def trends_text(report: TrendReport, measure: TrendMeasure, limit: int) -> str:
    """The weeks, then the leading and the rising names; for named topics a column each, compared with before."""
    parts = [heading(report, measure), ""]
    if report.lines:
        return "\n".join([*parts, *_lines_table(report, measure)])
    parts += _weeks_table(report, measure)
    tables = (
        ("Topics", most_first(report.topics, measure)[:limit]),
        ("Rising topics", rising(report.topics, report.total)),
        ("Organizations", most_first(report.organizations, measure)[:limit]),
        ("Rising organizations", rising(report.organizations, report.total)),
    )
    for title, counts in tables:
        if counts:
            parts += ["", *_names_table(title, counts, measure)]
    return "\n".join(parts)


def heading(report: TrendReport, measure: TrendMeasure) -> str:
    """What is counted, over which days, compared with which."""
    before = f"compared with {_days(report.before)}" if report.before else "nothing before to compare with"
    return f"{titled(report, measure)}; {before}"


def titled(report: TrendReport, measure: TrendMeasure) -> str:
    """What is counted, over which days."""
    among = ", ".join(report.filters.organizations)
    return f"{measure.value.capitalize()}{f' of {among}' if among else ''} a week, {_days(report.filters)}"


def trends_csv(report: TrendReport) -> str:
    """One row a week of all papers and of each line; without lines also one a topic and organization, without a week.

    A name that a spreadsheet would take for a formula begins with an apostrophe.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_CSV_HEAD)
    for week in report.weeks:
        writer.writerow(("all", "", *_week_cells(week), "", ""))
    for line in report.lines:
        for week in line.weeks:
            writer.writerow((line.subject.kind.value, _harmless(line.subject.name), *_week_cells(week), "", ""))
    for kind, counts in (("topic", report.topics), ("organization", report.organizations)):
        for count in counts if not report.lines else ():
            before = count.before or Counts(0, 0)
            cells = (before.papers, before.upvotes) if count.before else ("", "")
            writer.writerow((kind, _harmless(count.name), "", "", count.now.papers, count.now.upvotes, *cells))
    return table.getvalue()


def _weeks_table(report: TrendReport, measure: TrendMeasure) -> list[str]:
    most = max((measure.of(week) for week in report.weeks), default=0)
    rows: list[Row] = [("Week", "papers", "upvotes")]
    rows += [(_week(week), f"{week.papers:,}", f"{week.upvotes:,}") for week in report.weeks]
    total = report.total
    rows.append(("all", f"{total.now.papers:,}", f"{total.now.upvotes:,}"))
    lines = aligned(rows)
    bars = [_bar(measure.of(week), most) for week in report.weeks]
    drawn = [f"{line}  {bar}".rstrip() for line, bar in zip(lines[1:-1], bars, strict=True)]
    return [lines[0], *drawn, f"{lines[-1]}  {_change(total, measure)}".rstrip()]


def _lines_table(report: TrendReport, measure: TrendMeasure) -> list[str]:
    """One column a line, the weeks below each other; then totals, the period before and the change."""
    lines = report.lines
    rows: list[Row] = [("Week", *(_cut(line.subject.name, _WIDEST_COLUMN) for line in lines), "all papers")]
    for place, week in enumerate(report.weeks):
        cells = (f"{measure.of(line.weeks[place]):,}" for line in lines)
        rows.append((_week(week), *cells, f"{measure.of(week):,}"))
    totals = [*(line.total for line in lines), report.total]
    rows.append(("together", *(f"{total.now.of(measure):,}" for total in totals)))
    rows.append(("of all", *(_share(line, report, measure) for line in lines), ""))
    if report.before:
        rows.append(("before", *(f"{total.before.of(measure):,}" if total.before else "–" for total in totals)))
        rows.append(("change", *(total.change(measure) for total in totals)))
    return aligned(rows)


def _names_table(title: str, counts: Sequence[NameCount], measure: TrendMeasure) -> list[str]:
    rows: list[Row] = [(title, "papers", "upvotes", "change")]
    rows += [
        (_cut(count.name, _WIDEST_NAME), f"{count.now.papers:,}", f"{count.now.upvotes:,}", count.change(measure))
        for count in counts
    ]
    return aligned(rows)


def _share(line: TrendLine, report: TrendReport, measure: TrendMeasure) -> str:
    everything = report.total.now.of(measure)
    return f"{line.total.now.of(measure) / everything:.1%}" if everything else "–"


def _change(count: NameCount, measure: TrendMeasure) -> str:
    return f"{count.change(measure)} {measure.value}" if count.before else ""


def _bar(value: int, most: int) -> str:
    eighths = round(value / most * _LONGEST_BAR * 8) if most else 0
    return console.dim("█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip())


def _week(week: WeekCount) -> str:
    return f"{week_name(week.first_day)} {week.first_day:%b %d}"


def _week_cells(week: WeekCount) -> tuple[str, str, int, int]:
    return week_name(week.first_day), week.first_day.isoformat(), week.papers, week.upvotes


def _days(days: Filters) -> str:
    return f"{days.since} to {days.until}"


def _cut(name: str, widest: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return name if cell_len(name) <= widest else set_cell_size(name, widest - 1).rstrip() + "…"


def _harmless(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name
