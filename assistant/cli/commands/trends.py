"""`assistant trends`: papers, upvotes, organizations and topics by week."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, sample_option
from assistant.errors import NothingFound, UsageError
from assistant.papers import clean_text
from assistant.text import nearest_names

if TYPE_CHECKING:
    from assistant.library import Library
    from assistant.reports.trends import Subject, TrendMeasure, TrendReport

_FORMATS = ("table", "plot", "svg", "csv", "json")
_BY_SUFFIX = {".svg": "svg", ".csv": "csv", ".json": "json"}
_SHOWN = 10
_CANDIDATES = 400
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asked for."""

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
def command(**wanted: Any) -> None:
    """Count papers by week, and compare with the weeks before.

    Each TOPIC (words that a paper has in title, abstract or keywords; quote several words) gets a line. Without one:
    all papers, the leading topics and organizations, and what rises faster than all papers do. Several
    organizations without a topic get a line each.
    """
    asked = _Wanted(**wanted)
    if asked.since and asked.weeks:
        raise click.UsageError("Give --since or --weeks, not both.")
    asyncio.run(_trends(invocation(), asked))


async def _trends(called: Invocation, wanted: _Wanted) -> None:
    async with called.container() as container:
        library = container.library
        text = await asyncio.to_thread(_reported, library, wanted)
    if wanted.out is None:
        console.write(text, newline=not text.endswith("\n"))
        return
    from assistant.files import save_text

    plain = click.unstyle(text).rstrip("\n") + "\n"
    console.note(f"written to {await asyncio.to_thread(save_text, wanted.out, plain)}")


def _reported(library: "Library", wanted: _Wanted) -> str:
    """The report in the form that was asked for. Blocking."""
    from assistant.reports.trends import TrendMeasure

    return _formed(_read(library, wanted), TrendMeasure(wanted.by), wanted.form)


def _read(library: "Library", wanted: _Wanted) -> "TrendReport":
    from assistant.library import Filters, day_of
    from assistant.reports.trends import asked_days, read_between

    subjects = _subjects(wanted)
    within = Filters(organizations=wanted.organization if wanted.topics or not subjects else ())
    since, until = day_of(wanted.since), day_of(wanted.until)
    days = asked_days(library, since, until, wanted.weeks or 12, datetime.now(UTC).date(), within)
    report = read_between(library, days, subjects, _CANDIDATES)
    if not report.weeks:
        raise NothingFound(*_nobody(library, wanted.organization, report))
    return _without_unknown(library, report)


def _subjects(wanted: _Wanted) -> "tuple[Subject, ...]":
    from assistant.reports.trends import Subject, SubjectKind

    topics = [clean_text(topic) for topic in wanted.topics]
    if not all(any(sign.isalnum() for sign in topic) for topic in topics):
        raise UsageError("A topic has no word.", 'Write topics behind the command: assistant trends "world models" rag')
    if topics:
        return tuple(Subject(SubjectKind.WORDS, topic) for topic in dict.fromkeys(topics))
    if len(wanted.organization) > 1:
        return tuple(Subject(SubjectKind.ORGANIZATION, name) for name in dict.fromkeys(wanted.organization))
    return ()


def _without_unknown(library: "Library", report: "TrendReport") -> "TrendReport":
    """The report without lines that no paper stands behind, now or before; says which, and what there is instead."""
    from dataclasses import replace

    unknown = [line for line in report.lines if not line.total.now.papers and not (line.before and line.before.papers)]
    told = [_unknown(library, line.subject, report) for line in unknown]
    if told and len(unknown) == len(report.lines):
        raise NothingFound(" ".join(message for message, _ in told), told[0][1])
    for message, remedy in told:
        console.note(f"{message} {remedy}")
    return replace(report, lines=tuple(line for line in report.lines if line not in unknown))


def _unknown(library: "Library", subject: "Subject", report: "TrendReport") -> tuple[str, str]:
    from assistant.reports.trends import SubjectKind, nearest_topics

    if subject.kind is SubjectKind.ORGANIZATION:
        return _nobody(library, (subject.name,), report)
    near = nearest_topics(library, subject.name, report.filters)
    message = f"No paper of {report.span} has {subject.name!r}."
    return message, f"Topics near it: {', '.join(near)}." if near else "Take other words, or more weeks."


def _nobody(library: "Library", names: tuple[str, ...], report: "TrendReport") -> tuple[str, str]:
    wanted = ", ".join(clean_text(name) for name in names)
    known = library.organizations()
    near = [name for word in names for name in nearest_names(word, known, 3, _ALIKE)]
    days = f"{report.filters.since} to {report.filters.until}"
    message = f"No paper of {days} is by {wanted}." if wanted else f"No paper is listed from {days}."
    return message, f"Organizations near it: {', '.join(near)}." if near else "Choose other days, or more weeks."


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
