"""Papers brought into the library: from the feed, from arXiv, from files.

What syncs returns its events; the last one is `SyncFinished`. Closing the generator stops the sync, and
what came is kept. ``now`` (aware) is when the counts of the papers are seen. A feed raises `FeedError` when it cannot
be reached, at once when the program is offline; `LibraryLocked` is raised while another process writes.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import date, datetime
from functools import partial

from assistant.feeds import FeedHttp, FileKind, HuggingFaceFeed, read_files
from assistant.library import SyncEvent, sync_batches, sync_days
from assistant.papers import FeedBatch
from assistant.periods import FIRST_DAY, Period
from assistant.services.container import AppContainer

Events = AsyncGenerator[SyncEvent, None]
Batches = AsyncGenerator[FeedBatch, None]


def sync_files(container: AppContainer, files: Sequence[str], now: datetime, kind: FileKind | None = None) -> Events:
    """Papers of files and folders; ``-`` is standard input. What a file is, its content says unless ``kind`` does.

    Raises `InputError` for a file that is missing or of an unknown kind.
    """
    return sync_batches(container.library, read_files(files, kind=kind, today=now.date()), now)


def sync_feed_days(container: AppContainer, days: Sequence[date], now: datetime, *, refresh: bool = False) -> Events:
    """Days of the Daily Papers feed; one whose counts have settled is passed over unless ``refresh``."""
    client = container.feeds.daily_papers_client()
    return _days(container, client, days, now, refresh=refresh)


def sync_week(container: AppContainer, week: str, now: datetime) -> Events:
    """An ISO week of the Daily Papers feed, such as 2026-W34. Raises `UsageError` for one that is none."""
    return _batches(container, now, lambda feed: feed.week(week))


def sync_month(container: AppContainer, month: str, now: datetime) -> Events:
    """A month of the Daily Papers feed, such as 2026-08. Raises `UsageError` for one that is none."""
    return _batches(container, now, lambda feed: feed.month(month))


def sync_trending(container: AppContainer, papers: int, now: datetime) -> Events:
    """The papers that trend now, so many at most."""
    return _batches(container, now, lambda feed: feed.trending(papers))


def sync_arxiv_papers(container: AppContainer, names: Sequence[str], now: datetime) -> Events:
    """Papers of arXiv by id or link."""
    client = container.feeds.arxiv_client()
    return _from_client(container, client, now, partial(container.feeds.arxiv(client).by_ids, names))


def sync_arxiv_query(container: AppContainer, query: str, limit: int, now: datetime) -> Events:
    """At most ``limit`` papers of arXiv by a query of its API."""
    client = container.feeds.arxiv_client()
    return _from_client(container, client, now, partial(container.feeds.arxiv(client).query, query, limit))


def days_of_feed(first: date, last: date, today: date) -> tuple[date, ...]:
    """The days from ``first`` to ``last`` that the feed may have, oldest first: from its first day to ``today``."""
    return Period(max(first, FIRST_DAY), min(last, today)).days


def _batches(container: AppContainer, now: datetime, ask: Callable[[HuggingFaceFeed], Batches]) -> Events:
    client = container.feeds.daily_papers_client()
    return _from_client(container, client, now, lambda: ask(container.feeds.daily_papers(client)))


async def _from_client(container: AppContainer, client: FeedHttp, now: datetime, ask: Callable[[], Batches]) -> Events:
    async with client, aclosing(sync_batches(container.library, ask(), now)) as events:
        async for event in events:
            yield event


async def _days(
    container: AppContainer, client: FeedHttp, days: Sequence[date], now: datetime, *, refresh: bool
) -> Events:
    feed = container.feeds.daily_papers(client)
    syncing = sync_days(container.library, feed, days, now, refresh=refresh)
    async with client, aclosing(syncing) as events:
        async for event in events:
            yield event
