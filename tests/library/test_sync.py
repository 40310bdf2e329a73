"""Syncing days and batches: events, incremental runs, failures, stops."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.concurrency import Stop, in_stoppable_thread, in_thread, reported
from assistant.errors import FeedError, InputError, LibraryLocked, LibraryMismatch
from assistant.library.index.index_set import DENSE
from assistant.library.library import Library
from assistant.library.sqlite.writer_lock import WriterLock
from assistant.library.sync import (
    BatchKept,
    DayEmpty,
    DaySkipped,
    DayStarted,
    Indexing,
    SyncEvent,
    SyncFinished,
    sync_batches,
    sync_days,
)
from assistant.papers import FeedBatch, Rejection
from tests.support.library_factory import (
    DAY,
    MORNING,
    HashEmbedder,
    batch,
    file_index,
    many,
    open_library,
    paper,
    record,
)

OLD = DAY - timedelta(days=30)
WEEKEND = date(2025, 10, 12)
TOMORROW = DAY + timedelta(days=1)


class ScriptedFeed:
    """Gives what is written for a day; an error in place of a batch is raised there. Remembers what was asked."""

    def __init__(self, **days: list[FeedBatch | FeedError]) -> None:
        self.days = {date.fromisoformat(name[1:].replace("_", "-")): batches for name, batches in days.items()}
        self.asked: list[date] = []
        self.closed = 0

    async def day(self, day: date) -> AsyncGenerator[FeedBatch, None]:
        self.asked.append(day)
        try:
            for given in self.days.get(day, []):
                await asyncio.sleep(0)
                if isinstance(given, FeedError):
                    raise given
                yield given
        finally:
            self.closed += 1


def day_batch(day: date, *names: str, upvotes: int = 1) -> FeedBatch:
    return batch(*(record(paper(name, f"Title {name}"), day, upvotes=upvotes) for name in names))


async def all_of(events: AsyncIterator[SyncEvent]) -> list[SyncEvent]:
    return [event async for event in events]


def finished(events: list[SyncEvent]) -> SyncFinished:
    assert isinstance(events[-1], SyncFinished)
    return events[-1]


async def test_days_come_in_with_their_pages_and_are_indexed(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1", "2"), day_batch(DAY, "3")])
    events = await all_of(sync_days(library, feed, [DAY], MORNING))
    kinds = [type(event) for event in events]
    assert kinds == [DayStarted, BatchKept, BatchKept, Indexing, Indexing, SyncFinished]
    assert events[-2] == Indexing(3, 3)
    assert finished(events).report.new == ("1", "2", "3")
    assert finished(events).index.pending == 0
    assert library.check().clean


async def test_a_second_sync_of_a_recent_day_asks_again_and_finds_nothing_new(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1")])
    await all_of(sync_days(library, feed, [DAY], MORNING))
    events = await all_of(sync_days(library, feed, [DAY, DAY], MORNING + timedelta(hours=1)))
    assert feed.asked == [DAY, DAY]
    assert finished(events).report.unchanged == ("1",)
    assert not any(isinstance(event, Indexing) for event in events)


async def test_a_day_fetched_again_updates_its_counts(library: Library) -> None:
    await all_of(sync_days(library, ScriptedFeed(d2025_10_15=[day_batch(DAY, "1", upvotes=2)]), [DAY], MORNING))
    later = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1", upvotes=8)])
    events = await all_of(sync_days(library, later, [DAY], MORNING + timedelta(days=1)))
    assert finished(events).report.updated == ("1",)
    assert [seen.upvotes for seen in library.snapshots("1")] == [2, 8]


@pytest.mark.parametrize(("age", "is_skipped"), [(6, False), (7, True), (30, True)])
async def test_a_day_is_settled_when_fetched_seven_days_after(library: Library, age: int, is_skipped: bool) -> None:
    feed = ScriptedFeed()
    fetched = datetime.combine(OLD + timedelta(days=age), MORNING.timetz())
    await all_of(sync_days(library, feed, [OLD], fetched))
    events = await all_of(sync_days(library, feed, [OLD], MORNING))
    assert (DaySkipped(OLD, fetched) in events) is is_skipped
    assert len(feed.asked) == (1 if is_skipped else 2)


async def test_refresh_asks_for_settled_days_too(library: Library) -> None:
    feed = ScriptedFeed()
    await all_of(sync_days(library, feed, [OLD], MORNING))
    events = await all_of(sync_days(library, feed, [OLD], MORNING, refresh=True))
    assert events[:2] == [DayStarted(OLD), DayEmpty(OLD)]


async def test_feeds_are_remembered_apart(library: Library) -> None:
    feed = ScriptedFeed()
    await all_of(sync_days(library, feed, [OLD], MORNING))
    await all_of(sync_days(library, feed, [OLD], MORNING, feed_name="mirror"))
    assert feed.asked == [OLD, OLD]


async def test_empty_days_are_told_and_remembered(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_12=[FeedBatch("empty", (), day=WEEKEND)])
    events = await all_of(sync_days(library, feed, [WEEKEND, OLD, TOMORROW], MORNING))
    assert [event for event in events if isinstance(event, DayEmpty)] == [
        DayEmpty(WEEKEND),
        DayEmpty(OLD),
        DayEmpty(TOMORROW),
    ]
    assert feed.asked == [WEEKEND, OLD]
    assert library.fetched_at("huggingface", WEEKEND) == MORNING
    assert library.fetched_at("huggingface", TOMORROW) is None


async def test_a_day_of_rejections_alone_is_not_called_empty(library: Library) -> None:
    rejection = Rejection("[0]", "no title")
    feed = ScriptedFeed(d2025_10_15=[FeedBatch("odd", (), (rejection,))])
    events = await all_of(sync_days(library, feed, [DAY], MORNING))
    assert DayEmpty(DAY) not in events
    assert finished(events).report.rejections == (rejection,)


async def test_a_failing_feed_keeps_and_indexes_what_came_and_the_next_sync_goes_on(library: Library) -> None:
    yesterday = DAY - timedelta(days=1)
    broken = ScriptedFeed(
        d2025_10_14=[day_batch(yesterday, "1")], d2025_10_15=[day_batch(DAY, "2"), FeedError("the feed is down")]
    )
    with pytest.raises(FeedError, match="is down"):
        await all_of(sync_days(library, broken, [yesterday, DAY], MORNING))
    assert library.stats().papers == 2
    assert library.check().clean
    assert library.fetched_at("huggingface", yesterday) == MORNING
    assert library.fetched_at("huggingface", DAY) is None
    mended = ScriptedFeed(d2025_10_15=[day_batch(DAY, "2"), day_batch(DAY, "3")])
    events = await all_of(sync_days(library, mended, [DAY], MORNING))
    assert (finished(events).report.new, finished(events).report.unchanged) == (("3",), ("2",))


async def test_another_sync_is_refused_before_anything_is_fetched(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1")])
    with open_library(library.folder, HashEmbedder()) as second:
        async with aclosing(sync_days(library, feed, [DAY], MORNING)) as events:
            await anext(events)
            with pytest.raises(LibraryLocked, match="sync, since"):
                await all_of(sync_days(second, feed, [DAY], MORNING))
            assert second.stats().papers == 0
        await all_of(sync_days(second, feed, [DAY], MORNING))
        assert second.check().clean
    assert len(feed.asked) == 1


async def test_another_embedder_is_refused_before_anything_is_fetched(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1")])
    await all_of(sync_days(library, feed, [DAY], MORNING))
    with open_library(library.folder, HashEmbedder("other")) as other:
        with pytest.raises(LibraryMismatch):
            await all_of(sync_days(other, feed, [DAY], MORNING))
        assert len(feed.asked) == 1


async def test_closing_the_stream_keeps_what_came_and_frees_the_lock(library: Library) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1"), day_batch(DAY, "2")])
    async with aclosing(sync_days(library, feed, [DAY], MORNING)) as events:
        async for event in events:
            if isinstance(event, BatchKept):
                break
    assert feed.closed == 1
    assert WriterLock(library.folder).owner() is None
    assert library.stats().papers == 1
    assert library.fetched_at("huggingface", DAY) is None
    await all_of(sync_days(library, feed, [DAY], MORNING))
    assert library.check().clean


async def test_cancelling_while_indexing_waits_for_the_batch_and_stops_there(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.library.index.indexer._BATCH_SIZES", {"lexical": 100, "dense": 5})
    dense = file_index(library, DENSE)
    writing, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        writing.set()
        assert go_on.wait(20)

    dense.before_add = hold
    syncing = asyncio.ensure_future(all_of(sync_batches(library, [many(40)], MORNING)))
    assert await asyncio.to_thread(writing.wait, 20)
    syncing.cancel()
    done, _ = await asyncio.wait({syncing}, timeout=0.1)
    assert not done
    syncing.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await syncing
    kept = len(dense.contents())
    assert 5 <= kept < 40
    assert WriterLock(library.folder).owner() is None
    assert len(dense.contents()) == kept
    dense.before_add = lambda: None
    events = await all_of(sync_batches(library, [], MORNING))
    assert events[0] == Indexing(0, 40 - kept)
    assert library.check().clean


async def test_batches_may_come_from_a_plain_iterable(library: Library) -> None:
    threads = set()

    def read() -> Iterator[FeedBatch]:
        for start in (0, 10):
            threads.add(threading.current_thread())
            yield many(10, start)

    events = await all_of(sync_batches(library, read(), MORNING))
    assert len(finished(events).report.new) == 20
    assert threading.main_thread() not in threads


class NotAGenerator:
    """An asynchronous iterable that is no generator."""

    async def _given(self) -> AsyncIterator[FeedBatch]:
        yield many(3)

    def __aiter__(self) -> AsyncIterator[FeedBatch]:
        return self._given()


async def test_batches_may_come_from_an_asynchronous_iterable(library: Library) -> None:
    events = await all_of(sync_batches(library, NotAGenerator(), MORNING))
    assert len(finished(events).report.new) == 3


async def test_an_unreadable_file_keeps_what_came_before_it(library: Library) -> None:
    def read() -> Iterator[FeedBatch]:
        yield many(3)
        raise InputError("page.txt is empty")

    with pytest.raises(InputError, match="is empty"):
        await all_of(sync_batches(library, read(), MORNING))
    assert library.stats().papers == 3
    assert library.check().clean


async def test_a_thread_that_fails_fails_its_caller() -> None:
    def fail() -> int:
        raise InputError("no")

    with pytest.raises(InputError):
        await in_thread(fail)


async def test_a_cancelled_caller_tells_its_thread_to_stop() -> None:
    ended = threading.Event()

    def work(stop: Stop) -> None:
        while not stop.is_set():
            time.sleep(0.001)
        ended.set()

    calling = asyncio.ensure_future(in_stoppable_thread(work))
    await asyncio.sleep(0.05)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert ended.is_set()


async def test_failure_of_reported_work_is_raised_at_its_end() -> None:
    def fail(progress: object, should_stop: object) -> int:
        raise InputError("no")

    with pytest.raises(InputError):
        assert [step async for step in reported(fail)] == []


async def test_a_sync_from_another_library_object_reads_meanwhile(library: Library, tmp_path: Path) -> None:
    feed = ScriptedFeed(d2025_10_15=[day_batch(DAY, "1")])
    with open_library(library.folder) as reader:
        async with aclosing(sync_days(library, feed, [DAY], MORNING)) as events:
            async for event in events:
                if isinstance(event, BatchKept):
                    assert [found.paper.paper_id for found in reader.listed(DAY, DAY)] == ["1"]
