"""Periods to browse by, what the page shows as a value (period, order, typed filter), and how its rows are fetched."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.message import Message

from assistant.errors import AssistantError, UsageError
from assistant.library import Filters, Mark, PaperRow, RowOrder
from assistant.periods import Period, PeriodKind, explain_empty_day, parse_period
from assistant.retrieval import Hit
from assistant.services import rank_papers
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.library import Library

_CALENDAR_KINDS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)
MOST_HITS = 100
"""How many papers a typed filter finds at most."""
_MOST_BEGUN = 20
_DEBOUNCE_SECONDS = 0.01
_PATIENCE_SECONDS = 0.05
"""How long search may take to be ready before the reader is told that it is loading."""


@dataclass(frozen=True, slots=True)
class BrowsePeriod:
    """What is browsed, and how it is called: "2026-08-21", "2026-W34", "2026-08", "All days".

    Filters that another page made are of the kind `PeriodKind.CUSTOM`.
    """

    kind: PeriodKind
    filters: Filters
    label: str


EVERYTHING = BrowsePeriod(PeriodKind.ALL, Filters(), "All days")
"""Every paper of the library."""


def period_at(kind: PeriodKind, day: date) -> BrowsePeriod:
    """The day, week (Monday to Sunday) or month that holds ``day``; everything for the other kinds."""
    return _browsed(Period.containing(day, kind)) if kind in _CALENDAR_KINDS else EVERYTHING


def neighbour(days: Sequence[date], period: BrowsePeriod, step: int) -> BrowsePeriod | None:
    """The next period with papers after (``step`` 1) or before (-1) this one; None when there is none.

    ``days`` are those with papers. Filters made elsewhere lead to days.
    """
    filters = period.filters
    if period.kind is PeriodKind.ALL or filters.since is None or filters.until is None:
        return None
    browsed = Period(filters.since, filters.until, period.kind)
    nearest = browsed.next(days) if step > 0 else browsed.previous(days)
    return _browsed(nearest) if nearest else None


def named_period(text: str, today: date) -> BrowsePeriod:
    """The period that the reader names: "2026-08-21", "2026-W34", "2026-08", "all". Raises `UsageError`."""
    text = text.strip()
    if text.casefold() == "all":
        return EVERYTHING
    if not text:
        example = f"{today.isoformat()}, {period_at(PeriodKind.WEEK, today).label}, {today:%Y-%m} or all"
        raise UsageError("No period is named.", f"Type one such as {example}.")
    period = parse_period(text, today)
    return period_at(period.kind, period.last)


def chosen_period(filters: Filters, label: str) -> BrowsePeriod:
    """Filters made elsewhere as a period: a day, week or month when they are exactly that."""
    if filters.is_empty:
        return EVERYTHING
    if filters.since is not None:
        for kind in _CALENDAR_KINDS:
            period = period_at(kind, filters.since)
            if period.filters == filters:
                return period
    return BrowsePeriod(PeriodKind.CUSTOM, filters, label)


def _browsed(period: Period) -> BrowsePeriod:
    return BrowsePeriod(period.kind, Filters(period.first, period.last), period.label)


def explain_empty(period: BrowsePeriod, now: datetime) -> str:
    """Why a period has no papers, in one line."""
    if period.kind is PeriodKind.DAY and period.filters.since is not None:
        return explain_empty_day(period.filters.since, now)
    return f"No papers in {period.label}." if period.kind is not PeriodKind.ALL else "The library has no papers."


@dataclass(frozen=True, slots=True)
class RowQuery:
    """What is to be listed. ``period`` None is the newest day; ``query`` is the filter as it is typed."""

    period: BrowsePeriod | None = None
    order: RowOrder = RowOrder.NEWEST
    mark: Mark | None = None
    query: str = ""


@dataclass
class Loading(Message):
    """Search is not ready yet; its rows follow."""

    row_query: RowQuery


@dataclass
class Listed(Message):
    """The rows of what is shown: ``period`` is the one that holds, ``days`` are those with papers, oldest first.

    ``library_empty`` when there is no paper at all.
    """

    row_query: RowQuery
    period: BrowsePeriod
    rows: Sequence[PaperRow]
    days: Sequence[date]
    library_empty: bool


@dataclass
class NotListed(Message):
    """The rows could not be had."""

    row_query: RowQuery
    error: AssistantError


async def fetch_rows(session: Session, row_query: RowQuery) -> AsyncGenerator[Loading | Listed | NotListed, None]:
    """Fetch what is shown; the last message is `Listed` or `NotListed`."""
    try:
        library = await session.library()
        days = await asyncio.to_thread(library.days)
        period = row_query.period or newest_period(days)
        if row_query.query.strip():
            await asyncio.sleep(_DEBOUNCE_SECONDS)
            warming = asyncio.ensure_future(session.warm())
            if not (await asyncio.wait({warming}, timeout=_PATIENCE_SECONDS))[0]:
                yield Loading(row_query)
            await warming
            hits = await rank_papers(session.container, row_query.query, period.filters, MOST_HITS)
            rows = await asyncio.to_thread(_matching_rows, library, hits, row_query, period.filters)
        else:
            rows = await asyncio.to_thread(library.browsing.rows, period.filters, row_query.order, row_query.mark)
        library_empty = not rows and not days and not await asyncio.to_thread(library.browsing.recent, 1)
    except AssistantError as error:
        yield NotListed(row_query, error)
    else:
        yield Listed(row_query, period, rows, tuple(days), library_empty)


def newest_period(days: Sequence[date] | dict[date, int]) -> BrowsePeriod:
    """The newest day with papers; everything in a library without listings."""
    return period_at(PeriodKind.DAY, max(days)) if days else EVERYTHING


def _matching_rows(library: "Library", hits: Sequence[Hit], row_query: RowQuery, filters: Filters) -> list[PaperRow]:
    """What is relevant to the query, then papers whose title has the words as far as they are typed."""
    allowed = library.matching_ids(filters)
    begun = [row.paper_id for row in library.browsing.complete(row_query.query, _MOST_BEGUN)]
    ids = [hit.paper.paper_id for hit in hits]
    ids += [paper_id for paper_id in begun if allowed is None or paper_id in allowed]
    rows = library.browsing.rows_of(list(dict.fromkeys(ids))[:MOST_HITS])
    match row_query.mark:
        case Mark.UNREAD:
            return [row for row in rows if not row.read]
        case Mark.STARRED:
            return [row for row in rows if row.starred]
        case Mark.NOTED:
            return [row for row in rows if row.noted]
        case None:
            return rows
