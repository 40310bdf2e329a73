"""Which papers a digest covers, and in which order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assistant.digest.digest import DigestPeriod
from assistant.errors import NothingFound
from assistant.feeds.calendar import explain_empty_day, parse_day, parse_month, parse_week
from assistant.library.library import Library
from assistant.library.values import LibraryPaper

_MONTH = re.compile(r"\d{4}-\d{1,2}")


class Order(StrEnum):
    """The order of papers in a digest: most upvotes or comments first, by title, or as the feed lists them."""

    UPVOTES = "upvotes"
    COMMENTS = "comments"
    TITLE = "title"
    LISTING = "listing"


def period_of(day: str | None, week: str | None, month: str | None, today: date) -> DigestPeriod | None:
    """The period that one of the three texts names; None when none is given. Raises `UsageError`."""
    if day is not None:
        chosen = parse_day(day)
        return DigestPeriod(chosen, chosen, chosen.isoformat())
    if week is not None:
        found = parse_week(week, today)
        year, number, _ = found.first.isocalendar()
        return DigestPeriod(found.first, found.last, f"{year}-W{number:02}")
    if month is not None:
        found = parse_month(month, today)
        return DigestPeriod(found.first, found.last, f"{found.first:%Y-%m}")
    return None


def period_named(text: str, today: date) -> DigestPeriod:
    """The period that a reader names in one text: 2026-08-21, 2026-W34 or 2026-08. Raises `UsageError`."""
    text = text.strip()
    if "w" in text.casefold():
        period = period_of(None, text, None, today)
    elif _MONTH.fullmatch(text):
        period = period_of(None, None, text, today)
    else:
        period = period_of(text, None, None, today)
    assert period is not None  # noqa: S101  # one of the three was given
    return period


def newest_day(library: Library, today: date) -> DigestPeriod:
    """The last day that has papers; a record dated in the future does not count. Raises `NothingFound`."""
    newest = max((day for day in library.days() if day <= today), default=None)
    if newest is None:
        raise NothingFound("The library has no papers.", "run `assistant sync`, or `assistant sync FILE`")
    return DigestPeriod(newest, newest, newest.isoformat())


@dataclass(frozen=True, slots=True)
class PeriodPapers:
    """What a digest is made from: the papers in their order, out of ``listed`` in the period."""

    period: DigestPeriod
    papers: tuple[LibraryPaper, ...]
    listed: int


def papers_of_period(library: Library, period: DigestPeriod, order: Order, top: int, now: datetime) -> PeriodPapers:
    """The papers of a digest, each once; raises `NothingFound`, which says why a day is empty, when there are none."""
    listed = library.listed(period.first, period.last)
    if not listed:
        reason = explain_empty_day(period.first, now) if period.first == period.last else "No paper of it is here."
        raise NothingFound(f"No digest for {period.label}: {reason}", "`assistant library` shows the days there are")
    return PeriodPapers(period, tuple(choose_papers(listed, order, top)), len(listed))


def choose_papers(papers: Sequence[LibraryPaper], order: Order, top: int) -> list[LibraryPaper]:
    """The papers in order; ``top`` 0 keeps all. Ties and papers without a count keep the order of the feed."""
    match order:
        case Order.UPVOTES:
            ordered = sorted(papers, key=lambda paper: -(paper.upvotes or 0))
        case Order.COMMENTS:
            ordered = sorted(papers, key=lambda paper: -(paper.comments or 0))
        case Order.TITLE:
            ordered = sorted(papers, key=lambda paper: paper.paper.title.casefold())
        case Order.LISTING:
            ordered = list(papers)
    return ordered[: top or None]
