"""New since last time: by the papers and not by the clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config.profiles import Profile
from assistant.errors import NothingFound, NothingNew
from assistant.library.library import Library
from assistant.reports.digest.profile_ranking import Interests
from assistant.reports.digest.selection import (
    PeriodPapers,
    SelectionCriteria,
    first_missed_day,
    new_papers,
    nothing_new,
    period_papers,
    remember,
)
from tests.reports.digest.test_selection import DAY, NOW, accounted, list_papers

FRIDAY = DAY.first
MONDAY = FRIDAY + timedelta(days=3)
PLAIN = SelectionCriteria()
AGENTS = SelectionCriteria(interests=Interests(Profile(name="agents", words=("agent",))))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=None) as opened:
        yield opened


def deliver(library: Library, today: date, criteria: SelectionCriteria = PLAIN, days: int = 14) -> PeriodPapers:
    """A scheduled run: what it shows is remembered."""
    selection = new_papers(library, criteria, today, days)
    assert accounted(selection) == selection.listed
    remember(library, selection, datetime(today.year, today.month, today.day, 8, tzinfo=UTC))
    return selection


def titles(selection: PeriodPapers) -> list[str]:
    return [paper.paper.title for paper in selection.papers]


def test_the_first_run_takes_the_newest_day_alone(library: Library) -> None:
    list_papers(library, "Old", day=FRIDAY - timedelta(days=1))
    list_papers(library, "One", "Two", start=10)
    first = deliver(library, FRIDAY)

    assert titles(first) == ["One", "Two"]
    assert (first.period.label, first.listed, first.left_out) == ("2026-08-21", 2, ())
    assert library.digest_history.since("") == FRIDAY
    assert titles(deliver(library, FRIDAY)) == []


def test_papers_that_came_later_on_the_day_are_new(library: Library) -> None:
    list_papers(library, "Morning")
    deliver(library, FRIDAY)
    list_papers(library, "Evening", start=10)
    evening = deliver(library, FRIDAY)

    assert titles(evening) == ["Evening"]
    assert (evening.period.label, evening.listed, evening.left_out) == ("new since 2026-08-21", 2, ("1 shown before",))


def test_a_missed_week_is_caught_up_and_named(library: Library) -> None:
    list_papers(library, "Before")
    deliver(library, FRIDAY)
    for number, back in enumerate((3, 4, 5, 6, 7), start=1):
        list_papers(library, f"Day {back}", day=FRIDAY + timedelta(days=back), start=number * 10)
    caught_up = deliver(library, FRIDAY + timedelta(days=7))

    assert titles(caught_up) == ["Day 3", "Day 4", "Day 5", "Day 6", "Day 7"]
    assert caught_up.period.label == "new since 2026-08-24"
    assert (caught_up.period.first, caught_up.period.last) == (MONDAY, FRIDAY + timedelta(days=7))


def test_no_further_back_than_catch_up_days(library: Library) -> None:
    list_papers(library, "Before")
    deliver(library, FRIDAY)
    list_papers(library, "Too old", day=MONDAY, start=10)
    list_papers(library, "In time", day=MONDAY + timedelta(days=1), start=20)

    assert titles(deliver(library, MONDAY + timedelta(days=3), days=3)) == ["In time"]


def test_days_before_the_first_run_are_not_caught_up(library: Library) -> None:
    list_papers(library, "One")
    deliver(library, FRIDAY)
    list_papers(library, "Fetched late", day=FRIDAY - timedelta(days=1), start=10)

    assert titles(deliver(library, MONDAY)) == []


def test_a_weekend_has_nothing_new_and_says_since_when(library: Library) -> None:
    list_papers(library, "One", "Two")
    deliver(library, FRIDAY)
    nothing = nothing_new(deliver(library, FRIDAY + timedelta(days=2)))

    assert nothing.message == "Nothing new since 2026-08-21; looked at 2 papers (2 shown before)."
    assert isinstance(nothing, NothingNew)
    assert nothing.exit_code == 8


def test_a_clock_set_back_repeats_nothing_and_loses_nothing(library: Library) -> None:
    list_papers(library, "One")
    deliver(library, FRIDAY)
    list_papers(library, "Two", day=MONDAY, start=10)

    with pytest.raises(NothingFound):
        new_papers(library, PLAIN, FRIDAY - timedelta(days=30), 14)
    list_papers(library, "Older", day=FRIDAY - timedelta(days=40), start=20)
    assert titles(deliver(library, FRIDAY - timedelta(days=30))) == []
    assert titles(deliver(library, FRIDAY)) == []
    assert titles(deliver(library, MONDAY)) == ["Two"]
    assert titles(deliver(library, MONDAY)) == []


def test_a_clock_set_forward_loses_nothing_once_it_is_right(library: Library) -> None:
    list_papers(library, "One")
    deliver(library, FRIDAY)
    list_papers(library, "Two", day=MONDAY, start=10)
    assert titles(deliver(library, date(2031, 1, 1))) == []
    assert titles(deliver(library, MONDAY)) == ["Two"]


def test_a_record_dated_in_the_future_waits_for_its_day(library: Library) -> None:
    list_papers(library, "Now")
    list_papers(library, "From tomorrow", day=FRIDAY + timedelta(days=1), start=10)

    assert titles(deliver(library, FRIDAY)) == ["Now"]
    assert titles(deliver(library, FRIDAY)) == []
    assert titles(deliver(library, MONDAY)) == ["From tomorrow"]


def test_a_paper_that_is_listed_again_is_not_new(library: Library) -> None:
    list_papers(library, "One")
    deliver(library, FRIDAY)
    list_papers(library, "One", day=MONDAY)
    list_papers(library, "Two", day=MONDAY, start=10)
    monday = deliver(library, MONDAY)

    assert titles(monday) == ["Two"]
    assert monday.left_out == ("1 shown before",)


def test_profiles_remember_each_for_itself(library: Library) -> None:
    list_papers(library, "Agents", "Voices")
    assert titles(deliver(library, FRIDAY, AGENTS)) == ["Agents"]
    assert titles(deliver(library, FRIDAY)) == ["Agents", "Voices"]
    again = nothing_new(deliver(library, FRIDAY, AGENTS))
    assert "for the profile agents since 2026-08-21" in again.message
    assert "(1 shown before, 1 outside the profile)" in again.message


def test_what_did_not_fit_does_not_come_back_as_new(library: Library) -> None:
    list_papers(library, "Voices", "Agents one", "Agents two")
    first = deliver(library, FRIDAY, SelectionCriteria(top=1, interests=AGENTS.interests))
    wider = SelectionCriteria(interests=Interests(Profile(name="agents", words=("agent", "voices"))))
    second = deliver(library, FRIDAY, wider)

    assert first.left_out == ("1 outside the profile", "1 further down")
    assert (titles(second), second.left_out) == ([], ("1 shown before", "2 passed over before"))
    assert len(period_papers(library, DAY, wider, NOW).papers) == 3


def test_a_profile_that_matches_nothing_still_looks_on_from_there(library: Library) -> None:
    list_papers(library, "Voices")
    nothing = nothing_new(deliver(library, FRIDAY, AGENTS))
    list_papers(library, "Agents", day=MONDAY, start=10)
    list_papers(library, "Cooking", day=MONDAY + timedelta(days=1), start=20)

    assert "looked at 1 paper (1 outside the profile)" in nothing.message
    assert titles(deliver(library, MONDAY + timedelta(days=1), AGENTS)) == ["Agents"]


def test_what_was_read_without_new_is_not_new(library: Library) -> None:
    list_papers(library, "One", "Two")
    remember(library, period_papers(library, DAY, PLAIN, NOW), NOW)
    list_papers(library, "Three", start=10)
    assert titles(deliver(library, FRIDAY)) == ["Three"]


def test_a_digest_that_was_not_delivered_comes_again(library: Library) -> None:
    list_papers(library, "One")
    assert titles(new_papers(library, PLAIN, FRIDAY, 14)) == titles(new_papers(library, PLAIN, FRIDAY, 14)) == ["One"]


def test_an_empty_library_has_nothing_at_all(library: Library) -> None:
    with pytest.raises(NothingFound, match="no papers") as raised:
        new_papers(library, PLAIN, FRIDAY, 14)
    assert raised.value.exit_code == 3


def test_missed_days_begin_with_the_first_run_or_where_catching_up_ends(library: Library) -> None:
    assert first_missed_day(library, None, FRIDAY, 14) is None
    library.digest_history.remember("", [], datetime(2026, 8, 21, 9, tzinfo=UTC), since=FRIDAY)
    assert first_missed_day(library, None, MONDAY, 14) == FRIDAY
    assert first_missed_day(library, None, FRIDAY + timedelta(days=30), 14) == FRIDAY + timedelta(days=17)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.booleans()), max_size=10))
def test_every_paper_is_delivered_once(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[int, int, bool]]
) -> None:
    """Whatever the days of the runs, also backwards, and whether a delivery fails."""
    delivered: list[str] = []
    came = 0
    with Library.open(tmp_path_factory.mktemp("library"), embedder=None) as library:
        list_papers(library, "First")
        delivered += titles(deliver(library, FRIDAY))
        for offset, papers, fails in runs:
            day = FRIDAY + timedelta(days=offset)
            list_papers(library, *(f"{came + n}" for n in range(papers)), day=day, start=1 + came)
            came += papers
            if fails:
                new_papers(library, PLAIN, day, 14)
            else:
                delivered += titles(deliver(library, day))
        delivered += titles(deliver(library, FRIDAY + timedelta(days=9)))

    assert sorted(delivered) == sorted(["First", *map(str, range(came))])
