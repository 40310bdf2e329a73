"""What the page shows, as a value, and how its rows are fetched: browsing order, or the ranking of a typed filter."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.message import Message

from assistant.errors import AssistantError
from assistant.library import Filters, Mark, PaperRow, RowOrder
from assistant.periods import PeriodKind
from assistant.retrieval import Hit
from assistant.services import rank_papers
from assistant.tui.papers.periods import EVERYTHING, BrowsePeriod, period_at
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.library import Library

MOST_HITS = 100
"""How many papers a typed filter finds at most."""
_MOST_BEGUN = 20
_DEBOUNCE_SECONDS = 0.01
_PATIENCE_SECONDS = 0.05
"""How long search may take to be ready before the reader is told that it is loading."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be listed. ``period`` None is the newest day; ``query`` is the filter as it is typed."""

    period: BrowsePeriod | None = None
    order: RowOrder = RowOrder.NEWEST
    mark: Mark | None = None
    query: str = ""


@dataclass
class Loading(Message):
    """Search is not ready yet; its rows follow."""

    shown: Shown


@dataclass
class Listed(Message):
    """The rows of what is shown: ``period`` is the one that holds, ``days`` are those with papers, oldest first.

    ``library_empty`` when there is no paper at all.
    """

    shown: Shown
    period: BrowsePeriod
    rows: Sequence[PaperRow]
    days: Sequence[date]
    library_empty: bool


@dataclass
class NotListed(Message):
    """The rows could not be had."""

    shown: Shown
    error: AssistantError


async def fetch_rows(session: Session, shown: Shown) -> AsyncGenerator[Loading | Listed | NotListed, None]:
    """Fetch what is shown; the last message is `Listed` or `NotListed`."""
    try:
        library = await session.library()
        days = await asyncio.to_thread(library.days)
        period = shown.period or newest_period(days)
        if shown.query.strip():
            await asyncio.sleep(_DEBOUNCE_SECONDS)
            warming = asyncio.ensure_future(session.warm())
            if not (await asyncio.wait({warming}, timeout=_PATIENCE_SECONDS))[0]:
                yield Loading(shown)
            await warming
            hits = await rank_papers(session.container, shown.query, period.filters, MOST_HITS)
            rows = await asyncio.to_thread(_found, library, hits, shown, period.filters)
        else:
            rows = await asyncio.to_thread(library.browsing.rows, period.filters, shown.order, shown.mark)
        library_empty = not rows and not days and not await asyncio.to_thread(library.browsing.recent, 1)
    except AssistantError as error:
        yield NotListed(shown, error)
    else:
        yield Listed(shown, period, rows, tuple(days), library_empty)


def newest_period(days: Sequence[date] | dict[date, int]) -> BrowsePeriod:
    """The newest day with papers; everything in a library without listings."""
    return period_at(PeriodKind.DAY, max(days)) if days else EVERYTHING


def _found(library: "Library", hits: Sequence[Hit], shown: Shown, filters: Filters) -> list[PaperRow]:
    """What is relevant to the query, then papers whose title has the words as far as they are typed."""
    allowed = library.matching_ids(filters)
    begun = [row.paper_id for row in library.browsing.complete(shown.query, _MOST_BEGUN)]
    ids = [hit.paper.paper_id for hit in hits]
    ids += [paper_id for paper_id in begun if allowed is None or paper_id in allowed]
    rows = library.browsing.rows_of(list(dict.fromkeys(ids))[:MOST_HITS])
    match shown.mark:
        case Mark.UNREAD:
            return [row for row in rows if not row.read]
        case Mark.STARRED:
            return [row for row in rows if row.starred]
        case Mark.NOTED:
            return [row for row in rows if row.noted]
        case None:
            return rows
