"""`assistant sync`: papers from the feed, from arXiv, or from files."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, json_option
from assistant.errors import InputError, UsageError

if TYPE_CHECKING:
    from assistant.library import SyncEvent
    from assistant.services import AppContainer

_DEFAULT_DAYS = 7
_KINDS = ("api-json", "export-jsonl", "saved-text", "saved-html", "table", "bibtex", "ris")


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command."""

    files: tuple[str, ...]
    kind: str | None
    date: str | None
    since: str | None
    until: str | None
    week: str | None
    month: str | None
    trending: int | None
    arxiv: tuple[str, ...]
    arxiv_query: str | None
    limit: int
    refresh: bool

    @property
    def origins(self) -> int:
        """How many kinds of origin were named; one is right."""
        ranged = self.since is not None or self.until is not None
        named = (self.files, self.date, ranged, self.week, self.month, self.trending, self.arxiv, self.arxiv_query)
        return sum(bool(origin) for origin in named)


@click.command("sync", short_help="Bring papers in: the feed, arXiv, saved pages, files.")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]…")
@click.option("--kind", type=click.Choice(_KINDS), help="What the files are; recognized when not given.")
@click.option("--date", metavar="YYYY-MM-DD", help="One day of the feed.")
@click.option("--since", metavar="YYYY-MM-DD", help="Days of the feed from this one on.")
@click.option("--until", metavar="YYYY-MM-DD", help="Days of the feed up to this one.")
@click.option("--week", metavar="YYYY-Www", help="An ISO week of the feed.")
@click.option("--month", metavar="YYYY-MM", help="A month of the feed.")
@click.option("--trending", type=click.IntRange(1, 1000), metavar="N", help="The N papers that trend now.")
@click.option("--arxiv", multiple=True, metavar="ID", help="A paper of arXiv by id or link; may be repeated.")
@click.option("--arxiv-query", metavar="QUERY", help="Papers of arXiv by a query of its API.")
@click.option("--limit", type=click.IntRange(1, 2000), default=50, show_default=True, help="Papers of --arxiv-query.")
@click.option("--refresh", is_flag=True, help="Ask again for days whose counts have settled.")
@json_option
@common_options
def command(as_json: bool, **options: Any) -> None:
    """Bring papers into the library: without arguments the last seven days of the feed.

    FILES are saved pages (HTML, MHTML, text, Markdown clippings), answers of the API, exports, records of other tools
    (arXiv's snapshot, CSL-JSON, Semantic Scholar, CSV), BibTeX or RIS; gzip too; a folder is read whole, "-" is
    standard input. What a file is, its content says. Syncing again brings only what is new and updates upvotes and
    comments.
    """
    asyncio.run(_sync(invocation(), _Options(**options), as_json=as_json))


async def _sync(called: Invocation, options: _Options, *, as_json: bool) -> None:
    from assistant.cli.progress import show_sync, sync_lines
    from assistant.export.json import sync_json

    if options.origins > 1:
        raise UsageError("More than one origin was named.", "Give files, or a period, or arXiv papers.")
    async with called.container() as container:
        finished = await show_sync(_events(container, options, datetime.now(UTC)), quiet=as_json)
    assert finished is not None  # noqa: S101  # the last event of every sync
    report = finished.report
    if as_json:
        console.write_json(sync_json(finished))
    else:
        for line in sync_lines(finished):
            console.write(line)
        if container.embedder.missing:
            console.note("Vectors wait for the embedder: `assistant assets pull`, then `assistant library rebuild`.")
    if report.rejections and not report.paper_ids:
        raise InputError("No record could be kept.", "The reasons stand above; `--kind` names another kind of file.")


def _events(container: "AppContainer", options: _Options, now: datetime) -> "AsyncGenerator[SyncEvent, None]":
    from assistant.feeds import FileKind
    from assistant.services import sync_arxiv_papers, sync_arxiv_query, sync_files

    if options.files:
        return sync_files(container, options.files, now, FileKind(options.kind) if options.kind else None)
    if options.kind:
        raise UsageError("--kind goes with files.", "Name the files to read.")
    if options.arxiv:
        return sync_arxiv_papers(container, options.arxiv, now)
    if options.arxiv_query:
        return sync_arxiv_query(container, options.arxiv_query, options.limit, now)
    return _feed_events(container, options, now)


def _feed_events(container: "AppContainer", options: _Options, now: datetime) -> "AsyncGenerator[SyncEvent, None]":
    from assistant.services import sync_feed_days, sync_month, sync_trending, sync_week

    if options.week:
        return sync_week(container, options.week, now)
    if options.month:
        return sync_month(container, options.month, now)
    if options.trending:
        return sync_trending(container, options.trending, now)
    return sync_feed_days(container, _days(options, now.date()), now, refresh=options.refresh)


def _days(options: _Options, today: date) -> tuple[date, ...]:
    """The one day that is named, else a range of days. Raises `UsageError`."""
    from assistant.periods import parse_day
    from assistant.services import days_of_feed

    if options.date:
        return (parse_day(options.date),)
    last = parse_day(options.until) if options.until else today
    first = parse_day(options.since) if options.since else last - timedelta(days=_DEFAULT_DAYS - 1)
    if first > last:
        raise UsageError(f"--since {first} is after {last}.", "Swap the two days.")
    return days_of_feed(first, last, today)
