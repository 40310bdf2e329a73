"""Papers brought into the library: from the feed, from arXiv, from files.

What syncs returns its events; the last one is `SyncFinished`, or a `RefreshNote` where a digest's refresh goes on
without the newest papers. Closing the generator stops the sync, and what came is kept. ``now`` (aware) is when the
counts of the papers are seen. A feed raises `FeedError` when it cannot be reached, at once when the program is offline;
`LibraryLocked` is raised while another process writes.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, FeedError, LibraryLocked
from assistant.feeds import FeedHttp, HuggingFaceFeed
from assistant.library import Library, SyncEvent, sync_batches, sync_days
from assistant.papers import FeedBatch
from assistant.periods import FIRST_DAY, Period
from assistant.services.container import AppContainer

if TYPE_CHECKING:
    from assistant.feeds import FileKind

Events = AsyncGenerator[SyncEvent, None]
Batches = AsyncGenerator[FeedBatch, None]

FEED_NAME = "huggingface"
_DAYS_LOOKED_AT = 5


def sync_files(container: AppContainer, files: Sequence[str], now: datetime, kind: "FileKind | None" = None) -> Events:
    """Papers of files and folders; ``-`` is standard input. What a file is, its content says unless ``kind`` does.

    Raises `InputError` for a file that is missing or of an unknown kind.
    """
    from assistant.feeds import read_files

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


@dataclass(frozen=True, slots=True)
class RefreshNote:
    """Something the reader should know about where the papers come from, in one line.

    ``error`` is why the feed was not read, None when nothing hindered it.
    """

    text: str
    error: AssistantError | None = None


async def refresh_library(
    container: AppContainer, days: tuple[date, ...], now: datetime
) -> AsyncGenerator[SyncEvent | RefreshNote, None]:
    """Sync ``days`` of the Daily Papers feed with little patience, as `refresh` does."""
    client = container.feeds.impatient_client()
    refreshing = refresh(container.library, container.feeds.daily_papers(client), days, now)
    async with client, aclosing(refreshing) as events:
        async for event in events:
            yield event


async def refresh(
    library: Library, feed: HuggingFaceFeed, days: tuple[date, ...], now: datetime
) -> AsyncGenerator[SyncEvent | RefreshNote, None]:
    """Sync ``days``; when the feed cannot be reached, say so and go on with what is there.

    A library that another process is writing to is read as it is.
    """
    try:
        async with aclosing(sync_days(library, feed, days, now)) as events:
            async for event in events:
                yield event
    except FeedError as error:
        yield await _instead(library, error, error.message.rstrip("."))
    except LibraryLocked as error:
        yield await _instead(library, error, f"not synced, {error.message.rstrip('.')}")


async def _instead(library: Library, error: AssistantError, trouble: str) -> RefreshNote:
    has_papers = (await asyncio.to_thread(library.stats)).papers > 0
    return RefreshNote(f"{trouble}; reading what the library has" if has_papers else trouble, error)


def show_sample_instead(container: AppContainer, failure: AssistantError | None, period: Period | None = None) -> bool:
    """Show the sample papers where there are no others and none can be had; whether they are shown now. Blocking.

    They stand in for a feed that cannot be asked (``failure`` None is offline), never for days without papers, and have
    a library of their own. ``period`` is what is asked for: they are no answer to another one.
    """
    asked_in_vain = container.config.offline if failure is None else isinstance(failure, FeedError)
    if not asked_in_vain or not container.config.feeds.sample or container.library.stats().papers:
        return False
    container.show_sample()
    if period is not None and not container.library.listed(period.first, period.last):
        container.show_sample(on=False)
    return container.shows_sample


def days_to_refresh(
    library: Library,
    period: Period | None,
    now: datetime,
    refresh_minutes: int,
    missed_since: date | None = None,
) -> tuple[date, ...]:
    """The days to ask the feed for: those of the period, or the last ones when there is none, newest first.

    Of the days before the last ones, from ``missed_since`` on, those are asked for that were never fetched after they
    had ended. A day that was fetched within ``refresh_minutes`` is left out, but not when that was noted for a time
    to come: then the clock was set back.
    """
    today = now.date()
    fetched: dict[date, datetime | None] = {}
    if period is None:
        last_ones = [today - timedelta(days=back) for back in range(_DAYS_LOOKED_AT)]
        fetched = {day: library.fetched_at(FEED_NAME, day) for day in last_ones}
        if missed_since is not None:
            earlier = Period(missed_since, last_ones[-1] - timedelta(days=1)).days
            earlier_fetches = {day: library.fetched_at(FEED_NAME, day) for day in reversed(earlier)}
            fetched |= {day: at for day, at in earlier_fetches.items() if at is None or not _end(day) <= at <= now}
    else:
        days = Period(period.first, min(period.last, today)).days
        fetched = {day: library.fetched_at(FEED_NAME, day) for day in days}
    limit = timedelta(minutes=refresh_minutes)
    return tuple(day for day, at in fetched.items() if at is None or not timedelta() <= now - at < limit)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
