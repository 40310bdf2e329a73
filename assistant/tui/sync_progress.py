"""Syncing from inside the application: the events of a sync as lines to show."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import assert_never

from assistant.errors import AssistantError, FeedError, LibraryLocked
from assistant.library import BatchKept, DayEmpty, DaySkipped, DayStarted, Indexing, SyncEvent, SyncFinished
from assistant.services import RefreshNote, refresh_library, show_sample_instead
from assistant.tui.messages import SyncEnded, SyncProgress
from assistant.tui.session import Session

_DAYS = 7
_SAMPLE_SHOWN = "showing the sample papers, which stay apart from your library"


async def sync_newest(session: Session) -> AsyncGenerator[SyncProgress | SyncEnded, None]:
    """Fetch the last seven days into the reader's own library.

    Where it has no papers and the feed cannot be reached, the sample papers are shown, from a library of their own. The
    last message is `SyncEnded`. Closing stops the sync; what came is kept.
    """
    try:
        await session.show_sample(on=False)
        await session.library()
        now = session.clock()
        days = tuple(now.date() - timedelta(days=back) for back in range(_DAYS))
        brought: SyncFinished | None = None
        note: RefreshNote | None = None
        if not session.config.offline:
            async with aclosing(refresh_library(session.container, days, now)) as events:
                async for event in events:
                    if isinstance(event, SyncFinished):
                        brought = event
                    elif isinstance(event, RefreshNote):
                        note = event
                    yield SyncProgress(line_of(event), note.text if note else None)
        if brought is None and await _shows_sample_instead(session, note):
            yield SyncEnded(f"{note.text if note else 'Offline'}; {_SAMPLE_SHOWN}")
        else:
            yield _end(brought, note, offline=session.config.offline)
    except AssistantError as error:
        yield SyncEnded("", error)


async def _shows_sample_instead(session: Session, note: RefreshNote | None) -> bool:
    failure = note.error if note else None
    shows_sample = await asyncio.to_thread(show_sample_instead, session.container, failure)
    if shows_sample:
        session.library_changed()
    return shows_sample


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


def _end(brought: SyncFinished | None, note: RefreshNote | None, *, offline: bool) -> SyncEnded:
    remark = note.text if note else None
    if brought is None:
        if note is not None and isinstance(note.error, LibraryLocked):
            error: AssistantError = LibraryLocked(note.text, note.error.remedy)
        elif offline:
            error = FeedError("Offline: no feed is asked.", "Start without --offline to sync, or sync files.")
        else:
            error = FeedError(remark or "Nothing was synced.", "Check the network; `assistant sync FILE` reads files.")
        return SyncEnded("", error)
    report = brought.report
    text = f"{len(report.new)} new papers, {len(report.updated)} updated"
    if report.rejections:
        text += f", {len(report.rejections)} rejected"
    return SyncEnded(f"{text} ({remark})" if remark else text)
