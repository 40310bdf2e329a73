"""Which days trends cover when a reader names some of them, and what they are compared with."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import NothingFound, UsageError
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.reports.trends.report import Compared, asked_days, compared
from tests.library.test_trend_report import MONDAY, NOW, TODAY, weekly

EVERYTHING = Filters()
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Twenty weeks with a paper each, the last one with today in it."""
    with Library.open(tmp_path / "library", embedder=None) as opened:
        opened.ingest(weekly([1] * 20), NOW)
        yield opened


def days(library: Library, since: date | None, until: date | None, weeks: int = 4, today: date = TODAY) -> Compared:
    return asked_days(library, since, until, weeks, today, EVERYTHING)


def test_without_days_they_are_the_last_weeks_up_to_today_and_the_same_weekdays_before(library: Library) -> None:
    found = days(library, None, None)

    assert found.filters == Filters(since=MONDAY - timedelta(weeks=3), until=TODAY)
    assert found.before == Filters(since=MONDAY - timedelta(weeks=7), until=TODAY - timedelta(weeks=4))


def test_old_papers_end_with_the_sunday_of_their_last_week(library: Library) -> None:
    found = days(library, None, None, today=date(2027, 3, 1))

    assert (found.filters.since, found.filters.until) == (MONDAY - timedelta(weeks=3), SUNDAY)


def test_days_are_cut_to_those_with_papers(library: Library) -> None:
    everything = days(library, date(2020, 1, 1), date(2099, 1, 1))

    assert everything == Compared(Filters(since=MONDAY - timedelta(weeks=19), until=TODAY))


@pytest.mark.parametrize(
    ("since", "until", "kind"),
    [
        (TODAY + timedelta(days=1), None, UsageError),
        (TODAY, TODAY - timedelta(days=1), UsageError),
        (None, date(2020, 1, 1), NothingFound),
        (date(2020, 1, 1), date(2020, 2, 1), NothingFound),
    ],
)
def test_days_that_cannot_be_counted_say_why(
    library: Library, since: date | None, until: date | None, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        days(library, since, until)


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    with Library.open(tmp_path / "empty", embedder=None) as empty, pytest.raises(NothingFound, match="no papers"):
        days(empty, None, None)


@given(st.dates(date(2024, 1, 1), date(2026, 1, 1)), st.integers(0, 400))
def test_what_is_compared_lies_before_and_has_the_same_length_and_weekdays(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = compared(first, last, date(2020, 1, 1), Filters(organizations=("Lab",)))

    assert found.before is not None
    assert found.before.since is not None
    assert found.before.until is not None
    assert found.before.until < first
    assert found.before.until - found.before.since == last - first
    assert found.before.since.weekday() == first.weekday()
    assert (first - found.before.until).days <= 7
    assert found.before.organizations == ("Lab",)
