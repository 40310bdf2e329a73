"""`assistant today`: the digest of the newest day, or of another period."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, model_option
from assistant.digest.digest import (
    Digest,
    DigestFinished,
    DigestPeriod,
    DigestStarted,
    EntryFinished,
    OverviewGrew,
)
from assistant.digest.selection import Order, newest_day, papers_of_period, period_of
from assistant.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asked for."""

    date: str | None
    week: str | None
    month: str | None
    top: int | None
    by: str | None
    model: str | None
    output: str


@click.command("today", short_help="The digest of the newest day, or of a date, week or month.")
@click.option("--date", metavar="YYYY-MM-DD", help="The digest of this day.")
@click.option("--week", metavar="YYYY-Www", help="The digest of an ISO week, such as 2026-W34.")
@click.option("--month", metavar="YYYY-MM", help="The digest of a month.")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the first N papers.")
@click.option("--by", type=click.Choice([order.value for order in Order]), help="Order of the papers.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["plain", "markdown", "json"]),
    default="plain",
    show_default=True,
    help="Form of the digest.",
)
@click.option("--json", "output", flag_value="json", help="The same as --format json.")
@model_option
@common_options
def command(**wanted: Any) -> None:
    """Summarize a day of papers: an overview, then every paper in one or two cited sentences.

    Without a period it syncs the last days and takes the newest day that has papers. Summaries are kept: the second
    run costs no model time.
    """
    asked = _Wanted(**wanted)
    if sum(choice is not None for choice in (asked.date, asked.week, asked.month)) > 1:
        raise click.UsageError("Give one of --date, --week and --month.")
    asyncio.run(_today(invocation(), asked))


async def _today(called: Invocation, wanted: _Wanted) -> None:
    from assistant.cli.render.digest import digest_json, digest_plain
    from assistant.digest.markdown import digest_markdown

    async with called.workspace() as workspace:
        now = datetime.now(UTC)
        period = period_of(wanted.date, wanted.week, wanted.month, now.date())
        await _refresh(workspace, period, now)
        period = period or newest_day(workspace.library, now.date())
        digest = await _build(workspace, period, wanted, now)
    if wanted.output == "json":
        console.write_json(digest_json(digest))
    else:
        console.write(digest_markdown(digest) if wanted.output == "markdown" else digest_plain(digest))


async def _refresh(workspace: Workspace, period: DigestPeriod | None, now: datetime) -> None:
    from assistant.cli.progress import show_sync
    from assistant.workspace.refresh import days_to_refresh, refresh, short_patience

    feeds = workspace.config.feeds
    days = days_to_refresh(workspace.library, period, now, feeds.refresh_minutes)
    if workspace.config.offline:
        await show_sync(refresh(workspace.library, None, (), now, sample=feeds.sample), quiet=True)
        return
    async with short_patience(feeds.timeout_seconds) as http:
        feed = workspace.huggingface(http)
        await show_sync(refresh(workspace.library, feed, days, now, sample=feeds.sample), quiet=True)


async def _build(workspace: Workspace, period: DigestPeriod, wanted: _Wanted, now: datetime) -> Digest:
    settings = workspace.config.digest
    order, top = Order(wanted.by or settings.by), wanted.top or settings.top
    chosen = papers_of_period(workspace.library, period, order, top, now)
    builder = workspace.digest_builder(workspace.model(wanted.model))
    digest: Digest | None = None
    with console.progress_bars() as bars:
        task = bars.add_task("summaries", total=len(chosen.papers))
        async with aclosing(builder.build(period, chosen.papers, chosen.listed)) as events:
            async for event in events:
                match event:
                    case DigestStarted():
                        bars.update(task, description=f"summaries by {event.writer.name}")
                    case EntryFinished():
                        bars.update(task, completed=event.done)
                    case OverviewGrew():
                        bars.update(task, description="overview", completed=event.done, total=event.sentences)
                    case DigestFinished():
                        digest = event.digest
    assert digest is not None  # noqa: S101  # the builder's last event
    return digest
