"""Hugging Face Daily Papers, through ``GET /api/daily_papers``; the raw JSON, since the client library drops fields."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from assistant.errors import FeedError
from assistant.feeds.http_client import FeedHttp
from assistant.feeds.record_parser import api_record, read_records
from assistant.papers import FeedBatch
from assistant.periods import Period, parse_month, parse_week
from assistant.text import quoted

BASE_URL = "https://huggingface.co"
_PATH = "/api/daily_papers"
_PAGE_SIZE = 100  # the most that the server gives
_MOST_PAGES = 200
_LAST_WEEK_ASKED = 52  # the server knows no W53
_REMEDY = "check `feeds.base_url` in the configuration, or read papers from files: `assistant sync FILE`"

Batches = AsyncGenerator[FeedBatch, None]
Query = Mapping[str, str | int]


def _today() -> date:
    return datetime.now(UTC).date()


class HuggingFaceFeed:
    """The Daily Papers of a day, a week, a month, or those trending now; one `FeedBatch` a page.

    ``base_url`` is the server or a mirror of it: only this address is asked, wherever links point to. Every method
    raises `FeedError` when the server does not answer or answers something else; what was yielded before stands.
    """

    def __init__(self, http: FeedHttp, base_url: str = BASE_URL, *, today: Callable[[], date] = _today) -> None:
        self._http = http
        self._endpoint = base_url.rstrip("/") + _PATH
        self._today = today

    def day(self, day: date) -> Batches:
        """The papers listed on one day; an empty batch when there are none. The server refuses a day in the future."""
        return self._pages(day.isoformat(), {"date": day.isoformat()}, day)

    def week(self, week: str) -> Batches:
        """The papers of an ISO week (``2025-W09``).

        Raises:
            UsageError: not a week of the archive; at once, before anything is asked.
        """
        period = parse_week(week, self._today())
        year, number, _ = period.first.isocalendar()
        return self._period("week", f"{year}-W{number:02}", period, asked_at_once=number <= _LAST_WEEK_ASKED)

    def month(self, month: str) -> Batches:
        """The papers of a month (``2025-02``).

        Raises:
            UsageError: not a month of the archive; at once, before anything is asked.
        """
        period = parse_month(month, self._today())
        return self._period("month", f"{period.first:%Y-%m}", period, asked_at_once=True)

    async def trending(self, limit: int) -> Batches:
        """At most ``limit`` papers, the most trending first; each with its own listing day."""
        remaining = limit
        query: Query = {"sort": "trending", "limit": min(limit, _PAGE_SIZE)}
        async with aclosing(self._pages("trending", query, None)) as pages:
            async for batch in pages:
                yield replace(batch, records=batch.records[:remaining])
                remaining -= len(batch.records)
                if remaining <= 0:
                    return

    async def _period(self, unit: str, name: str, period: Period, *, asked_at_once: bool) -> Batches:
        """One request for all days as long as every record tells a listing day of the period, else one a day.

        A record's own day can be late: where it lies outside, only asking for a day says on which one it is listed.
        """
        days = frozenset(period.days)
        if asked_at_once:
            async with aclosing(self._pages(name, {unit: name}, None)) as pages:
                async for batch in pages:
                    if not all(record.listing and record.listing.day in days for record in batch.records):
                        break
                    yield batch
                else:
                    return
        for day in period.days:
            async with aclosing(self.day(day)) as pages:
                async for batch in pages:
                    yield batch

    async def _pages(self, name: str, query: Query, day: date | None) -> Batches:
        origin = f"Hugging Face {name}"
        params: Query = {"limit": _PAGE_SIZE, **query, "p": 0}
        requested_pages: set[str] = set()
        position = 0
        while (page := urlencode(sorted(params.items()))) not in requested_pages and len(requested_pages) < _MOST_PAGES:
            requested_pages.add(page)
            answer = await self._http.get(self._endpoint, params)
            items = answer.json()
            if not isinstance(items, list):
                raise FeedError(f"{origin}: the feed answered something that is not a list of papers", _REMEDY)
            placed = [(f"{origin}[{position + index}]", item) for index, item in enumerate(items)]
            records, rejections = read_records(placed, partial(api_record, day=day))
            yield FeedBatch(origin, records, rejections, day)
            if answer.next_link is None or not items:
                return
            position += len(items)
            params = _next_params(origin, answer.next_link)
        raise FeedError(f"{origin}: the pages of the feed have no end", _REMEDY)


def _next_params(origin: str, link: str) -> Query:
    """The query of the next page's link. Its host does not count: a mirror works, and nobody else is ever asked."""
    parts = urlsplit(link)
    params = dict(parse_qsl(parts.query))
    if not parts.path.endswith(_PATH) or "p" not in params:
        raise FeedError(f"{origin}: the feed names a next page elsewhere: {quoted(link)}", _REMEDY)
    return {**params}
