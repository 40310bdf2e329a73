"""Syncing from inside the application: the events of a sync as lines to show."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from textual.message import Message

from assistant.errors import AssistantError, FeedError
from assistant.library.sync import BatchKept, DayEmpty, DaySkipped, DayStarted, Indexing, SyncEvent, SyncFinished
from assistant.tui.session import Session
from assistant.workspace.refresh import RefreshNote, refresh, short_patience

_DAYS = 7


@dataclass
class SyncProgress(Message):
    """A sync goes on; ``text`` says where it is, ``remark`` is something to be kept in view."""

    text: str
    remark: str | None = None


@dataclass
class SyncEnded(Message):
    """A sync is over. ``text`` says what it brought; ``error`` why it ended early, None when it did not."""

    text: str
    error: AssistantError | None = None


async def sync_newest(session: Session) -> AsyncGenerator[SyncProgress | SyncEnded, None]:
    """Fetch the last seven days; without a reachable feed an empty library gets the sample feed.

    The last message is `SyncEnded`. Closing stops the sync; what came is kept.
    """
    try:
        library = await session.library()
        now = session.clock()
        days = tuple(now.date() - timedelta(days=back) for back in range(_DAYS))
        async with AsyncExitStack() as stack:
            feed = None
            if not session.config.offline:
                http = await stack.enter_async_context(short_patience(session.config.feeds.timeout_seconds))
                feed = session.workspace.huggingface(http)
            events = refresh(library, feed, days, now, sample=session.config.feeds.sample)
            brought: SyncFinished | None = None
            remark: str | None = None
            async for event in await stack.enter_async_context(aclosing(events)):
                if isinstance(event, SyncFinished):
                    brought = event
                elif isinstance(event, RefreshNote):
                    remark = event.text
                yield SyncProgress(line_of(event), remark)
        yield _end(brought, remark, offline=session.config.offline)
    except AssistantError as error:
        yield SyncEnded("", error)


def line_of(event: SyncEvent | RefreshNote) -> str:  # noqa: PLR0911  # one line an event
    """What an event says while a sync runs."""
    match event:
        case DayStarted():
            return f"sync: asking for {event.day.isoformat()}"
        case DaySkipped():
            return f"sync: {event.day.isoformat()} has settled"
        case DayEmpty():
            return f"sync: {event.day.isoformat()} is empty"
        case BatchKept():
            return f"sync: {event.origin}, {len(event.report.paper_ids)} papers"
        case Indexing():
            return f"sync: indexing {event.done} of {event.total}" if event.total else "sync: indexing"
        case RefreshNote():
            return f"sync: {event.text}"
        case SyncFinished():
            return "sync: done"
        case _:
            assert_never(event)


def _end(brought: SyncFinished | None, remark: str | None, *, offline: bool) -> SyncEnded:
    if brought is None:
        if offline:
            error = FeedError("Offline: no feed is asked.", "Start without --offline to sync, or sync files.")
        else:
            error = FeedError(remark or "Nothing was synced.", "Check the network; `assistant sync FILE` reads files.")
        return SyncEnded("", error)
    report = brought.report
    text = f"{len(report.new)} new papers, {len(report.updated)} updated"
    if report.rejections:
        text += f", {len(report.rejections)} rejected"
    return SyncEnded(f"{text} ({remark})" if remark else text)
