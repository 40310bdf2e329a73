"""`assistant trends`: papers, upvotes, organizations and topics by week."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, sample_option
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.library import Library
    from assistant.reports.trends import TrendMeasure, TrendReport
    from assistant.services import TrendRequest

_FORMATS = ("table", "plot", "svg", "csv", "json")
_BY_SUFFIX = {".svg": "svg", ".csv": "csv", ".json": "json"}
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command."""

    topics: tuple[str, ...]
    since: str | None
    until: str | None
    organization: tuple[str, ...]
    weeks: int | None
    by: str
    output: str | None
    out: Path | None

    @property
    def form(self) -> str:
        """The form that is asked for, else what the name of the file says, else a table."""
        return self.output or (_BY_SUFFIX.get(self.out.suffix.casefold()) if self.out else None) or "table"

    @property
    def request(self) -> "TrendRequest":
        """What is to be counted. Raises `UsageError` for a day that is none."""
        from assistant.periods import parse_day
        from assistant.services import TrendRequest

        since, until = (parse_day(day) if day is not None else None for day in (self.since, self.until))
        return TrendRequest(self.topics, self.organization, since, until, self.weeks)


@click.command("trends", short_help="Papers, upvotes, organizations and topics by week.")
@click.argument("topics", nargs=-1, metavar="[TOPIC]…")
@click.option("--since", metavar="YYYY-MM-DD", help="Count from this day on.")
@click.option("--until", metavar="YYYY-MM-DD", help="Count up to this day.")
@click.option("--weeks", type=click.IntRange(1, 1000), metavar="N", help="Count the last N weeks.  [default: 12]")
@click.option("--organization", multiple=True, metavar="NAME", help="Only papers of this organization.")
@click.option(
    "--by", type=click.Choice(["papers", "upvotes"]), default="papers", show_default=True, help="What is counted."
)
@click.option("--format", "output", type=click.Choice(_FORMATS), help="Form of the report.  [default: table]")
@click.option("--json", "output", flag_value="json", help="The same as --format json.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="Write to FILE; .svg, .csv and .json choose the form.")  # fmt: skip
@sample_option
@common_options
def command(**options: Any) -> None:
    """Count papers by week, and compare with the weeks before.

    Each TOPIC (words that a paper has in title, abstract or keywords; quote several words) gets a line. Without one:
    all papers, the leading topics and organizations, and what rises faster than all papers do. Several
    organizations without a topic get a line each.
    """
    arguments = _Options(**options)
    if arguments.since and arguments.weeks:
        raise click.UsageError("Give --since or --weeks, not both.")
    asyncio.run(_trends(invocation(), arguments))


async def _trends(called: Invocation, options: _Options) -> None:
    async with called.container() as container:
        text = await asyncio.to_thread(_report_text, container.library, options)
    if options.out is None:
        console.write(text, newline=not text.endswith("\n"))
        return
    from assistant.files import save_text

    plain = click.unstyle(text).rstrip("\n") + "\n"
    console.note(f"written to {await asyncio.to_thread(save_text, options.out, plain)}")


def _report_text(library: "Library", options: _Options) -> str:
    """The report in the form that was asked for. Blocking."""
    from assistant.reports.trends import TrendMeasure
    from assistant.services import count_trends

    trends = count_trends(library, options.request, datetime.now(UTC).date())
    for remark in trends.remarks:
        console.note(remark)
    return _formed(trends.report, TrendMeasure(options.by), options.form)


def _formed(report: "TrendReport", measure: "TrendMeasure", form: str) -> str:
    import json

    from assistant.cli.render.trends import trends_csv, trends_text

    match form:
        case "csv":
            return trends_csv(report)
        case "json":
            from assistant.export.json import trends_json

            return json.dumps(trends_json(report, measure, _SHOWN), ensure_ascii=False, indent=2)
        case "svg":
            from assistant.cli.render.trend_charts import trends_svg

            return trends_svg(report, measure)
        case "plot":
            from assistant.cli.render.trend_charts import MOST_LINES, trends_plot

            if len(report.lines) > MOST_LINES:
                raise UsageError(f"A plot tells {MOST_LINES} lines apart.", "Name fewer, or take --format svg.")
            return trends_plot(report, measure)
        case _:
            return trends_text(report, measure, _SHOWN)
