"""The progress of a sync on stderr, and its result in words."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Self, TypeVar, assert_never

from assistant.cli import console
from assistant.concurrency import reported
from assistant.library import (
    BatchKept,
    DayEmpty,
    DaySkipped,
    DayStarted,
    Indexing,
    IngestReport,
    OriginReport,
    Progress,
    ShouldStop,
    SyncEvent,
    SyncFinished,
)
from assistant.periods import explain_empty_day
from assistant.services import RefreshNote
from assistant.text import counted

Result = TypeVar("Result")


async def show_sync(
    events: "AsyncGenerator[SyncEvent | RefreshNote, None] | AsyncGenerator[SyncEvent, None]", *, quiet: bool
) -> SyncFinished | None:
    """Follow a sync to its end and return what it did; ``quiet`` leaves out what each batch brought."""
    finished: SyncFinished | None = None
    with console.progress_bars() as bars, _OriginLines(quiet=quiet) as lines:
        fetching = bars.add_task("papers", total=None)
        indexing = bars.add_task("index", total=None, visible=False)
        async with aclosing(events) as stream:
            async for event in stream:
                if not isinstance(event, BatchKept):
                    lines.write()
                match event:
                    case DayStarted():
                        bars.update(fetching, description=f"asking for {event.day.isoformat()}")
                    case BatchKept():
                        bars.advance(fetching, len(event.report.paper_ids))
                        lines.take(event)
                    case DayEmpty():
                        _say(explain_empty_day(event.day, datetime.now(UTC)), quiet=quiet)
                    case DaySkipped():
                        _say(f"{event.day.isoformat()}: settled, not asked again (--refresh asks)", quiet=quiet)
                    case Indexing():
                        bars.update(indexing, completed=event.done, total=event.total, visible=event.total > 0)
                    case RefreshNote():
                        console.note(event.text)
                    case SyncFinished():
                        finished = event
                    case _:
                        assert_never(event)
    return finished


class _OriginLines:
    """One line for each file, or page of a feed, in however many batches it comes; also when the sync breaks off."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._origin = ""
        self._reports: list[IngestReport] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.write()

    def take(self, event: BatchKept) -> None:
        """Add a batch; one of another origin ends the line of those before."""
        if event.origin != self._origin:
            self.write()
        self._origin = event.origin
        self._reports.append(event.report)

    def write(self) -> None:
        """Write what was added since the last line."""
        if self._reports:
            _say(origin_line(self._origin, IngestReport.combined(self._reports)), quiet=self._quiet)
        self._reports = []


def origin_line(origin: str, report: IngestReport) -> str:
    """What one file, or page of a feed, brought."""
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    rejected = f", {len(report.rejections)} rejected" if report.rejections else ""
    return f"{origin}: {counts}{rejected}"


def _say(line: str, *, quiet: bool) -> None:
    if not quiet:
        console.note(line)


async def show_progress(work: Callable[[Progress, ShouldStop], Result]) -> Result:
    """Run work that indexes with a bar and return its result; Ctrl-C stops it between two batches."""
    result: Result | None = None
    with console.progress_bars() as bars:
        task = bars.add_task("index", total=None)
        async with aclosing(reported(work)) as steps:
            async for step in steps:
                if isinstance(step, tuple):
                    bars.update(task, completed=step[0], total=step[1])
                else:
                    result = step
    assert result is not None  # noqa: S101  # the last step
    return result


_MOST_REJECTIONS_SHOWN = 20
_MOST_FIELDS_SHOWN = 12


def sync_lines(finished: SyncFinished) -> list[str]:
    """One line of counts, what was not understood in each file, then what was rejected and where it stood."""
    report = finished.report
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    lines = [f"{counts}, {len(report.rejections)} rejected"]
    lines.extend(_unread_line(origin) for origin in finished.origins if origin.unread_fields)
    first_rejections = report.rejections[:_MOST_REJECTIONS_SHOWN]
    lines.extend(f"  rejected {rejection.place}: {rejection.reason}" for rejection in first_rejections)
    if len(report.rejections) > len(first_rejections):
        lines.append(f"  … and {len(report.rejections) - len(first_rejections)} more (--json lists all)")
    if not report.new and not report.updated and report.unchanged:
        lines.append("nothing new")
    if finished.index.pending:
        lines.append(f"{finished.index.pending} papers wait for an index")
    return lines


def _unread_line(origin: OriginReport) -> str:
    names = ", ".join(origin.unread_fields[:_MOST_FIELDS_SHOWN])
    more = f" and {len(origin.unread_fields) - _MOST_FIELDS_SHOWN} more" * (
        len(origin.unread_fields) > _MOST_FIELDS_SHOWN
    )
    papers = counted(origin.papers, "paper")
    return f"  {origin.origin}: {papers}; fields not understood: {names}{more}"
