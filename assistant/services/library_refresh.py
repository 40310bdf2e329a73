"""Having the newest papers without being asked: what a digest does before it reads the library."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assistant.errors import AssistantError, FeedError, LibraryLocked
from assistant.feeds import HuggingFaceFeed
from assistant.library import Library, SyncEvent, sync_days
from assistant.periods import Period
from assistant.services.container import AppContainer

FEED_NAME = "huggingface"
_DAYS_LOOKED_AT = 5


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
            known = {day: library.fetched_at(FEED_NAME, day) for day in reversed(earlier)}
            fetched |= {day: at for day, at in known.items() if at is None or not _end(day) <= at <= now}
    else:
        days = Period(period.first, min(period.last, today)).days
        fetched = {day: library.fetched_at(FEED_NAME, day) for day in days}
    limit = timedelta(minutes=refresh_minutes)
    return tuple(day for day, at in fetched.items() if at is None or not timedelta() <= now - at < limit)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
