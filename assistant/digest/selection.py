"""Which papers a digest covers, and in which order."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from assistant.digest.digest import DigestPeriod
from assistant.feeds.calendar import parse_day, parse_month, parse_week
from assistant.library.values import LibraryPaper


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
