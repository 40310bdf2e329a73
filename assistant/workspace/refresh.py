"""Having the newest papers without being asked: what `assistant today` does before it reads the library."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assistant.digest.digest import DigestPeriod
from assistant.errors import AssistantError, FeedError, LibraryLocked
from assistant.feeds.calendar import Period
from assistant.feeds.http import FeedHttp
from assistant.feeds.huggingface import HuggingFaceFeed
from assistant.feeds.sample_feed import sample_batches
from assistant.library.library import Library
from assistant.library.sync import SyncEvent, sync_batches, sync_days

FEED_NAME = "huggingface"
_DAYS_LOOKED_AT = 5
_TRIES_AFTER_THE_FIRST = 1
_LONGEST_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class RefreshNote:
    """Something the reader should know about where the papers come from, in one line.

    ``error`` is why the feed was not read, None when nothing hindered it.
    """

    text: str
    error: AssistantError | None = None


async def refresh(
    library: Library, feed: HuggingFaceFeed | None, days: tuple[date, ...], now: datetime, *, sample: bool
) -> AsyncGenerator[SyncEvent | RefreshNote, None]:
    """Sync ``days``; when the feed cannot be reached, say so and go on with what is there.

    ``feed`` is None offline. An empty library then gets the sample feed, if ``sample``. A library that another
    process is writing to is read as it is.
    """
    trouble = "offline"
    failure: AssistantError | None = None
    if feed is not None:
        try:
            async with aclosing(sync_days(library, feed, days, now)) as events:
                async for event in events:
                    yield event
            trouble = ""
        except FeedError as error:
            failure, trouble = error, error.message.rstrip(".")
        except LibraryLocked as error:
            failure, trouble = error, f"not synced, {error.message.rstrip('.')}"
    empty = await asyncio.to_thread(library.newest_day) is None
    if empty and sample:
        why = trouble or "the last days are empty"
        yield RefreshNote(f"{why}; using the sample feed that ships with the program", failure)
        async with aclosing(sync_batches(library, sample_batches(), now)) as events:
            async for event in events:
                yield event
    elif trouble and feed is not None:
        yield RefreshNote(f"{trouble}; reading what the library has", failure)


def days_to_refresh(
    library: Library,
    period: DigestPeriod | None,
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


def short_patience(timeout_seconds: float) -> FeedHttp:
    """A client that gives up soon: somebody waits for the digest, and the library may do."""
    return FeedHttp(timeout_seconds=min(timeout_seconds, _LONGEST_WAIT_SECONDS), retries=_TRIES_AFTER_THE_FIRST)
