"""Which papers a digest covers, and in which order: those of a period, or those that are new to a profile.

What it has shown is remembered, so that a later digest of new papers goes without.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.errors import NothingFound, NothingNew
from assistant.library import Library, StoredPaper
from assistant.papers import Paper, Provenance
from assistant.periods import (
    Period,
    PeriodKind,
    explain_empty_day,
    may_have_papers,
    parse_day,
    parse_month,
    parse_week,
)
from assistant.reports.digest.profile_ranking import Interests, rank_papers, trending_ids
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.reports.digest.profile_ranking import Vectors

_EXCLUDED = "excluded by it"
VectorsOf = Callable[[Sequence[Paper]], "Vectors | None"]


class Order(StrEnum):
    """The order of papers in a digest: most upvotes or comments first, by title, or as the feed lists them."""

    UPVOTES = "upvotes"
    COMMENTS = "comments"
    TITLE = "title"
    LISTING = "listing"


def period_of(day: str | None, week: str | None, month: str | None, today: date) -> Period | None:
    """The period that one of the three texts names; None when none is given. Raises `UsageError`."""
    if day is not None:
        return Period.containing(parse_day(day), PeriodKind.DAY)
    if week is not None:
        return parse_week(week, today)
    return parse_month(month, today) if month is not None else None


def newest_day(library: Library, today: date) -> Period:
    """The last day that has papers; a record dated in the future does not count. Raises `NothingFound`."""
    newest = max((day for day in library.days() if day <= today), default=None)
    if newest is None:
        remedy = "run `assistant sync`, or `assistant sync FILE` with the feed's papers"
        if papers := library.stats().papers:
            message = f"The library has {counted(papers, 'paper')}, but none from a day of the feed, as digests need."
            raise NothingFound(message, f"{remedy}; `assistant search` and `ask` find those that are here")
        raise NothingFound("The library has no papers.", remedy)
    return Period.containing(newest, PeriodKind.DAY)


@dataclass(frozen=True, slots=True)
class SelectionCriteria:
    """How the papers of a digest are selected.

    ``order`` None is that of the profile's scores, or most upvotes first without a profile. ``top`` 0 keeps all.
    ``vectors_of`` gives the vectors that examples of a profile are compared with, see `rank_papers`.
    """

    order: Order | None = None
    top: int = 0
    interests: Interests | None = None
    vectors_of: VectorsOf | None = None

    @property
    def profile(self) -> str | None:
        """The name of the profile."""
        return self.interests.profile.name if self.interests else None


@dataclass(frozen=True, slots=True)
class PeriodPapers:
    """What a digest is made from: the papers in their order, out of ``listed`` in the period.

    ``left_out`` says in words why the others are not among them, ``why`` for which reasons a profile shows a paper, by
    its id. ``looked_at`` are the papers that are not new any more once this digest is delivered; empty for one that
    shows everything.
    """

    period: Period
    papers: tuple[StoredPaper, ...]
    listed: int
    left_out: tuple[str, ...] = ()
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    looked_at: tuple[str, ...] = ()


def period_papers(library: Library, period: Period, criteria: SelectionCriteria, now: datetime) -> PeriodPapers:
    """The papers of a digest, each once. Blocking.

    Raises `NothingFound`, which says why a day is empty, or how many papers the profile did not want.
    """
    listed = library.listed(period.first, period.last)
    if not listed:
        raise _empty(library, period, now)
    selection = select_papers(period, listed, criteria)
    if not selection.papers:
        raise NothingFound(
            f"None of the {counted(len(listed), 'paper')} of {period.label} fits the profile {criteria.profile}"
            f" ({', '.join(selection.left_out)}).",
            f"{_wider(selection)} or set `trending` in the configuration, or choose another profile with --profile.",
        )
    return selection


def _wider(selection: PeriodPapers) -> str:
    """What lets a profile show more; words are of no help against its own `exclude`."""
    has_excluded = any(note.endswith(_EXCLUDED) for note in selection.left_out)
    return "Shorten its `exclude`, widen its words" if has_excluded else "Widen its words"


def _empty(library: Library, period: Period, now: datetime) -> NothingFound:
    """Why a period has no papers; of a day that the feed was never read for nobody knows what was listed."""
    day, remedy = period.first, "`assistant library` shows the days there are"
    if day != period.last:
        reason = "No paper of it is here."
    elif may_have_papers(day, now.date()) and library.fetched_at(Provenance.HUGGINGFACE, day) is None:
        reason, remedy = "No paper of it is here, and the feed was not read.", f"Run `assistant sync --date {day}`."
    else:
        reason = explain_empty_day(day, now)
    return NothingFound(f"No digest for {period.label}: {reason}", remedy)


def select_papers(
    period: Period,
    listed: Sequence[StoredPaper],
    criteria: SelectionCriteria,
    shown_ids: Collection[str] = (),
    considered_ids: Collection[str] = (),
) -> PeriodPapers:
    """The papers of ``listed`` that a digest shows: what fits, without ``shown_ids`` and ``considered_ids``.

    The numbers in ``left_out`` and the papers add up to those listed.
    """
    unseen = [paper for paper in listed if paper.paper_id not in shown_ids]
    fitting, why, left_out = _fitting(unseen, listed, criteria)
    fresh = [paper for paper in fitting if paper.paper_id not in considered_ids]
    leading = fresh[: criteria.top or None]
    notes = {
        "shown before": len(listed) - len(unseen),
        "passed over before": len(fitting) - len(fresh),
        **left_out,
        "further down": len(fresh) - len(leading),
    }
    return PeriodPapers(
        period,
        tuple(leading),
        len(listed),
        tuple(f"{count} {note}" for note, count in notes.items() if count),
        {paper.paper_id: why[paper.paper_id] for paper in leading if why.get(paper.paper_id)},
        criteria.profile,
    )


def remember(library: Library, selection: PeriodPapers, at: datetime) -> None:
    """Keep what a digest has shown, once it is delivered as a whole. Blocking."""
    profile = selection.profile or ""
    since = selection.period.first if selection.looked_at else None
    shown_ids = [paper.paper_id for paper in selection.papers]
    library.digest_history.remember(profile, shown_ids, at, passed_over=selection.looked_at, since=since)


def choose_papers(papers: Sequence[StoredPaper], order: Order, top: int) -> list[StoredPaper]:
    """The papers in order; ``top`` 0 keeps all. Ties and papers without a count keep the order of the feed."""
    match order:
        case Order.UPVOTES:
            ordered = sorted(papers, key=lambda paper: -(paper.upvotes or 0))
        case Order.COMMENTS:
            ordered = sorted(papers, key=lambda paper: -(paper.comments or 0))
        case Order.TITLE:
            ordered = sorted(papers, key=lambda paper: paper.title.casefold())
        case Order.LISTING:
            ordered = list(papers)
    return ordered[: top or None]


def _fitting(
    papers: Sequence[StoredPaper], listed: Sequence[StoredPaper], criteria: SelectionCriteria
) -> tuple[list[StoredPaper], dict[str, tuple[str, ...]], dict[str, int]]:
    """The papers that fit, in order; the reasons by id; and how many others there are, by why."""
    interests = criteria.interests
    if interests is None:
        return choose_papers(papers, criteria.order or Order.UPVOTES, 0), {}, {}
    texts = [paper.paper for paper in (*papers, *interests.examples)]
    vectors = criteria.vectors_of(texts) if criteria.vectors_of and interests.examples and papers else None
    leading = trending_ids(listed, interests.profile.trending)
    ranking = rank_papers(papers, interests, vectors, leading)
    fitting = [ranked.paper for ranked in ranking.fitting]
    if criteria.order:
        fits = {paper.paper_id for paper in fitting}
        fitting = choose_papers([paper for paper in papers if paper.paper_id in fits], criteria.order, 0)
    why = {ranked.paper.paper_id: ranked.why for ranked in ranking.fitting}
    left_out = {"outside the profile": len(ranking.outside), _EXCLUDED: len(ranking.excluded)}
    return fitting, why, left_out


def first_missed_day(library: Library, profile: str | None, today: date, catch_up_days: int) -> date | None:
    """The first day on which papers may have been missed; None when the profile has had no digest of what is new."""
    since = library.digest_history.since(profile or "")
    return None if since is None else max(since, today - timedelta(days=catch_up_days - 1))


def new_papers(library: Library, criteria: SelectionCriteria, today: date, catch_up_days: int) -> PeriodPapers:
    """The papers of the last ``catch_up_days`` that are new to the profile; the newest day alone the first time.

    ``today`` is in UTC; a record dated after it does not count yet. May have no papers, see `nothing_new`. Raises
    `NothingFound` for a library without papers. Blocking.
    """
    newest = newest_day(library, today)
    first = first_missed_day(library, criteria.profile, today, catch_up_days)
    days = newest if first is None else Period(first, today)
    profile = criteria.profile or ""
    shown_ids, considered_ids = library.digest_history.ids(profile), library.digest_history.known(profile)
    listed = library.listed(days.first, days.last)
    fresh = [paper for paper in listed if paper.paper_id not in considered_ids]
    if not fresh:
        period = Period(days.first, newest.last, name=f"new since {newest.label}")
    else:
        period = _period(fresh, days)
        listed = library.listed(period.first, period.last)
        if period.first < period.last or len(fresh) < len(listed):
            period = Period(period.first, period.last, name=f"new since {period.first.isoformat()}")
    selection = select_papers(period, listed, criteria, shown_ids, considered_ids)
    return replace(selection, looked_at=tuple(paper.paper_id for paper in listed))


def nothing_new(selection: PeriodPapers) -> NothingNew:
    """Why a digest of what is new has no papers, and what to do about it."""
    whose = f" for the profile {selection.profile}" if selection.profile else ""
    since = selection.period.label.removeprefix("new since ")
    why = f" ({', '.join(selection.left_out)})" if selection.left_out else ""
    looked = f"; looked at {counted(selection.listed, 'paper')}{why}" if selection.listed else ""
    return NothingNew(
        f"Nothing new{whose} since {since}{looked}.", "`assistant today --again` shows the newest day again."
    )


def _period(fresh: Sequence[StoredPaper], days: Period) -> Period:
    """The days on which new papers are listed, out of the days that are looked at."""
    listing_days = [max(day for day in paper.days if days.first <= day <= days.last) for paper in fresh]
    first, last = min(listing_days), max(listing_days)
    return Period(first, last, PeriodKind.DAY if first == last else PeriodKind.CUSTOM)
