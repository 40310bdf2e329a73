"""`assistant sync`: papers from the feed, from arXiv, or from files."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
class _Wanted:
    """What the command line asked for."""

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
def command(as_json: bool, **wanted: Any) -> None:
    """Bring papers into the library: without arguments the last seven days of the feed.

    FILES are saved pages (HTML, MHTML, text, Markdown clippings), answers of the API, exports, records of other tools
    (arXiv's snapshot, CSL-JSON, Semantic Scholar, CSV), BibTeX or RIS; gzip too; a folder is read whole, "-" is
    standard input. What a file is, its content says. Syncing again brings only what is new and updates upvotes and
    comments.
    """
    asyncio.run(_sync(invocation(), _Wanted(**wanted), as_json=as_json))


async def _sync(called: Invocation, wanted: _Wanted, *, as_json: bool) -> None:
    from assistant.cli.progress import show_sync, sync_lines
    from assistant.export.json import sync_json

    if wanted.origins > 1:
        raise UsageError("More than one origin was named.", "Give files, or a period, or arXiv papers.")
    async with called.container() as container, AsyncExitStack() as stack:
        finished = await show_sync(await _events(container, wanted, stack), quiet=as_json)
    assert finished is not None  # noqa: S101  # the last event of every sync
    report = finished.report
    nothing_kept = bool(report.rejections) and not report.paper_ids
    if as_json:
        console.write_json(sync_json(finished))
    else:
        for line in sync_lines(finished):
            console.write(line)
        if container.embedder.missing:
            console.note("Vectors wait for the embedder: `assistant assets pull`, then `assistant library rebuild`.")
    if nothing_kept:
        raise InputError("No record could be kept.", "The reasons stand above; `--kind` names another kind of file.")


async def _events(
    container: "AppContainer", wanted: _Wanted, stack: AsyncExitStack
) -> "AsyncGenerator[SyncEvent, None]":
    from assistant.feeds import FileKind, read_files
    from assistant.library import sync_batches

    now = datetime.now(UTC)
    library = container.library
    if wanted.files:
        kind = FileKind(wanted.kind) if wanted.kind else None
        return sync_batches(library, read_files(wanted.files, kind=kind, today=now.date()), now)
    if wanted.kind:
        raise UsageError("--kind goes with files.", "Name the files to read.")
    if wanted.arxiv or wanted.arxiv_query:
        arxiv = container.arxiv(await stack.enter_async_context(container.arxiv_http()))
        found = arxiv.by_ids(wanted.arxiv) if wanted.arxiv else arxiv.query(wanted.arxiv_query or "", wanted.limit)
        return sync_batches(library, found, now)
    return await _feed_events(container, wanted, now, stack)


async def _feed_events(
    container: "AppContainer", wanted: _Wanted, now: datetime, stack: AsyncExitStack
) -> "AsyncGenerator[SyncEvent, None]":
    from assistant.library import sync_batches, sync_days
    from assistant.periods import FIRST_DAY, Period, parse_day

    library, today = container.library, now.date()
    feed = container.huggingface(await stack.enter_async_context(container.feed_http()))
    if wanted.week:
        return sync_batches(library, feed.week(wanted.week), now)
    if wanted.month:
        return sync_batches(library, feed.month(wanted.month), now)
    if wanted.trending:
        return sync_batches(library, feed.trending(wanted.trending), now)
    if wanted.date:
        return sync_days(library, feed, (parse_day(wanted.date),), now, refresh=wanted.refresh)
    last = parse_day(wanted.until) if wanted.until else today
    first = parse_day(wanted.since) if wanted.since else last - timedelta(days=_DEFAULT_DAYS - 1)
    if first > last:
        raise UsageError(f"--since {first} is after {last}.", "Swap the two days.")
    days = Period(max(first, FIRST_DAY), min(last, today)).days
    return sync_days(library, feed, days, now, refresh=wanted.refresh)
