"""What is new since last time: told by the papers themselves, so that a clock that is wrong loses and repeats nothing.

A paper is new to a profile until a digest of what is new has looked at it, whether it was shown then or did not fit.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.errors import NothingNew
from assistant.library.library import Library
from assistant.library.records import LibraryPaper
from assistant.reports.digest.selection import Choice, PeriodPapers, chosen_papers, newest_day
from assistant.reports.digest.values import DigestPeriod
from assistant.text import counted


def first_missed_day(library: Library, profile: str | None, today: date, catch_up_days: int) -> date | None:
    """The first day on which papers may have been missed; None when the profile has had no digest of what is new."""
    since = library.shown.since(profile or "")
    return None if since is None else max(since, today - timedelta(days=catch_up_days - 1))


def new_papers(library: Library, choice: Choice, today: date, catch_up_days: int) -> PeriodPapers:
    """The papers of the last ``catch_up_days`` that are new to the profile; the newest day alone the first time.

    ``today`` is in UTC; a record dated after it does not count yet. May have no papers, see `nothing_new`. Raises
    `NothingFound` for a library without papers. Blocking.
    """
    newest = newest_day(library, today)
    first = first_missed_day(library, choice.profile, today, catch_up_days)
    days = newest if first is None else DigestPeriod(first, today, "")
    profile = choice.profile or ""
    shown, known = library.shown.ids(profile), library.shown.known(profile)
    listed = library.listed(days.first, days.last)
    fresh = [paper for paper in listed if paper.paper.paper_id not in known]
    if not fresh:
        period = DigestPeriod(days.first, newest.last, f"new since {newest.label}")
    else:
        period = _period(fresh, days)
        listed = library.listed(period.first, period.last)
        if period.first < period.last or len(fresh) < len(listed):
            period = replace(period, label=f"new since {period.first.isoformat()}")
    chosen = chosen_papers(period, listed, choice, shown, known)
    return replace(chosen, looked_at=tuple(paper.paper.paper_id for paper in listed))


def nothing_new(chosen: PeriodPapers) -> NothingNew:
    """Why a digest of what is new has no papers, and what to do about it."""
    whose = f" for the profile {chosen.profile}" if chosen.profile else ""
    since = chosen.period.label.removeprefix("new since ")
    why = f" ({', '.join(chosen.left_out)})" if chosen.left_out else ""
    looked = f"; looked at {counted(chosen.listed, 'paper')}{why}" if chosen.listed else ""
    return NothingNew(
        f"Nothing new{whose} since {since}{looked}.", "`assistant today --again` shows the newest day again."
    )


def _period(fresh: Sequence[LibraryPaper], days: DigestPeriod) -> DigestPeriod:
    """The days on which new papers are listed, out of the days that are looked at."""
    found = [max(day for day in paper.days if days.first <= day <= days.last) for paper in fresh]
    return DigestPeriod(min(found), max(found), max(found).isoformat())
