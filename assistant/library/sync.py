"""Bringing papers from the feeds into the library, as a stream of events.

A sync holds the writer lock from the first to the last event. Closing the stream, or cancelling its task, stops it
between two batches with everything kept that came before; the next sync continues there.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from assistant.concurrency import in_thread, reported
from assistant.errors import AssistantError, FeedError, LibraryLocked, LibraryMismatch, UsageError
from assistant.library.library import Library
from assistant.library.records import IndexReport, IngestReport
from assistant.papers import FeedBatch

SETTLED_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DayStarted:
    """The feed is being asked for a day."""

    day: date


@dataclass(frozen=True, slots=True)
class DaySkipped:
    """A day was not asked for again: its last fetch, at ``fetched_at`` (UTC), came when its counts had settled."""

    day: date
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class DayEmpty:
    """The feed lists nothing for a day (a weekend, not yet published, in the future)."""

    day: date


@dataclass(frozen=True, slots=True)
class BatchKept:
    """A batch is in the library; what became of its records, and which of their fields were not understood."""

    origin: str
    day: date | None
    report: IngestReport
    unread_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexing:
    """Papers indexed so far, of those that wait; the first event of a run has ``done`` 0."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class OriginReport:
    """What one file, or one request to a feed, gave: its papers, and the names of fields that were not understood."""

    origin: str
    papers: int
    unread_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """The sync is complete: what came in all batches together, what the indexes gained, and what each origin gave."""

    report: IngestReport
    index: IndexReport
    origins: tuple[OriginReport, ...] = ()


SyncEvent = DayStarted | DaySkipped | DayEmpty | BatchKept | Indexing | SyncFinished


class DailyFeed(Protocol):
    """A feed that has a page for each day."""

    def day(self, day: date) -> AsyncGenerator[FeedBatch, None]:
        """The batches of one day, none of them or empty ones when nothing is listed; raises `FeedError`."""
        ...


async def sync_days(
    library: Library,
    feed: DailyFeed,
    days: Sequence[date],
    now: datetime,
    *,
    refresh: bool = False,
    feed_name: str = "huggingface",
) -> AsyncGenerator[SyncEvent, None]:
    """Fetch days in the given order, keep what came, then index it.

    A day whose last fetch came 7 days after it, or later, is settled and skipped, unless ``refresh``. A day after
    ``now`` (aware) is empty without asking. When the feed fails, what came before is indexed, then `FeedError` is
    raised. Raises `LibraryLocked` and `LibraryMismatch` before anything is fetched.
    """
    source = _FetchDays(library, feed, days, now, refresh, feed_name)
    async with aclosing(_sync(library, source.events())) as events:
        async for event in events:
            yield event


async def sync_batches(
    library: Library, batches: AsyncIterable[FeedBatch] | Iterable[FeedBatch], observed_at: datetime
) -> AsyncGenerator[SyncEvent, None]:
    """Keep batches of any origin (files, arXiv, a week, trending), then index them.

    ``observed_at`` (aware) is when their counts were seen. A plain iterable is read in a thread. When reading fails
    (`FeedError`, `InputError`), what came before is indexed, then the error is raised.
    """
    async with aclosing(_sync(library, _keep_all(library, batches, observed_at))) as events:
        async for event in events:
            yield event


async def _sync(library: Library, fetching: AsyncGenerator[SyncEvent, None]) -> AsyncGenerator[SyncEvent, None]:
    kept_batches: list[BatchKept] = []
    failure: AssistantError | None = None
    with library.writing("sync"):
        await in_thread(library.check_embedder)
        try:
            async with aclosing(fetching) as events:
                async for event in events:
                    if isinstance(event, BatchKept):
                        kept_batches.append(event)
                    yield event
        except (FeedError, UsageError) as error:
            failure = error
        index = IndexReport()
        async with aclosing(reported(library.index_pending)) as steps:
            async for step in steps:
                if isinstance(step, IndexReport):
                    index = step
                else:
                    yield Indexing(*step)
        if failure is not None:
            raise failure
        yield SyncFinished(IngestReport.combined(batch.report for batch in kept_batches), index, _origins(kept_batches))


def _origins(batches: Sequence[BatchKept]) -> tuple[OriginReport, ...]:
    """What each origin gave in all of its batches; a paper that several of them name counts once."""
    reports: list[OriginReport] = []
    for origin in dict.fromkeys(batch.origin for batch in batches):
        own = [batch for batch in batches if batch.origin == origin]
        papers = {paper_id for batch in own for paper_id in batch.report.paper_ids}
        unread = dict.fromkeys(name for batch in own for name in batch.unread_fields)
        reports.append(OriginReport(origin, len(papers), tuple(unread)))
    return tuple(reports)


@dataclass(frozen=True, slots=True)
class _FetchDays:
    library: Library
    feed: DailyFeed
    days: Sequence[date]
    now: datetime
    refresh: bool
    feed_name: str

    async def events(self) -> AsyncGenerator[SyncEvent, None]:
        for day in dict.fromkeys(self.days):
            fetched_at = await in_thread(partial(self.library.fetched_at, self.feed_name, day))
            if day > self.now.date():
                yield DayEmpty(day)
            elif fetched_at is not None and not self.refresh and self._is_settled(day, fetched_at):
                yield DaySkipped(day, fetched_at)
            else:
                async with aclosing(self._fetch(day)) as events:
                    async for event in events:
                        yield event

    def _is_settled(self, day: date, fetched_at: datetime) -> bool:
        """A fetch from a time to come, noted before the clock was set back, settles nothing."""
        return fetched_at <= self.now and fetched_at.date() - day >= SETTLED_AFTER

    async def _fetch(self, day: date) -> AsyncGenerator[SyncEvent, None]:
        yield DayStarted(day)
        records = rejections = 0
        async with aclosing(_keep_all(self.library, self.feed.day(day), self.now)) as events:
            async for event in events:
                records += len(event.report.paper_ids)
                rejections += len(event.report.rejections)
                yield event
        await in_thread(partial(self.library.mark_fetched, self.feed_name, day, self.now, records))
        if not records and not rejections:
            yield DayEmpty(day)


async def _keep_all(
    library: Library, batches: AsyncIterable[FeedBatch] | Iterable[FeedBatch], observed_at: datetime
) -> AsyncGenerator[BatchKept, None]:
    async with aclosing(_each(batches)) as all_batches:
        async for batch in all_batches:
            if batch.records or batch.rejections:
                report = await in_thread(partial(library.ingest, batch, observed_at))
                yield BatchKept(batch.origin, batch.day, report, batch.unread_fields)


async def _each(batches: AsyncIterable[FeedBatch] | Iterable[FeedBatch]) -> AsyncGenerator[FeedBatch, None]:
    if isinstance(batches, AsyncGenerator):
        async with aclosing(batches) as closing:
            async for batch in closing:
                yield batch
    elif isinstance(batches, AsyncIterable):
        async for batch in batches:
            yield batch
    else:
        iterator = iter(batches)
        while (batch := await in_thread(partial(next, iterator, None))) is not None:
            yield batch


def import_batches(library: Library, batches: Iterable[FeedBatch], now: datetime) -> None:
    """Bring a library up to batches that come with the program. Blocking.

    An index of another embedder is made again: there is nothing in such a library that would be worth a question. While
    another process fills it, it is read as it is. Raises `LibraryLocked` when there is nothing to read yet.
    """
    try:
        with library.writing("sample"):
            for batch in batches:
                library.ingest(batch, now)
            try:
                library.index_pending()
            except LibraryMismatch:
                library.rebuild()
    except LibraryLocked:
        if not library.stats().papers:
            raise
