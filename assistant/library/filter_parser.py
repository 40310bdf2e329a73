"""Filters as a reader or a program gives them: days, organizations and papers in words."""

from collections.abc import Sequence
from datetime import date

from assistant.errors import UsageError
from assistant.library.filters import Filters
from assistant.papers import parse_paper_id
from assistant.periods import parse_day

Day = date | str
"""A day as a value or as text: 2026-08-21."""


def day_of(day: Day | None) -> date | None:
    """The day that is meant. Raises `UsageError` for text that is none."""
    return parse_day(day) if isinstance(day, str) else day


def parse_filters(
    since: Day | None = None,
    until: Day | None = None,
    organizations: Sequence[str] = (),
    min_upvotes: int | None = None,
    only: Sequence[str] = (),
) -> Filters:
    """The filters that are meant; ``only`` names papers by id or link.

    Raises `UsageError` for a day or an id that is none, and for days in the wrong order.
    """
    first, last = day_of(since), day_of(until)
    if first and last and first > last:
        raise UsageError(f"The first day, {first}, is after the last one, {last}.", "Swap the two days.")
    return Filters(first, last, tuple(organizations), tuple(map(_paper_id, only)), min_upvotes)


def _paper_id(text: str) -> str:
    paper_id = parse_paper_id(text)
    if paper_id is None:
        raise UsageError(f"{text!r} is no paper id or link.", "Give an arXiv id such as 2608.19880.")
    return paper_id
