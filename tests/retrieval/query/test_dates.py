"""Which words of a question are dates, and the window they mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.periods import Window
from assistant.retrieval.query.dates.extract import common_window, find_dates
from tests.support.labelled_dates import DATES, NO_DATES

FRIDAY = date(2026, 8, 21)


def window_of(text: str, today: date = FRIDAY) -> Window | None:
    return common_window([words.window for words in find_dates(text, today)])


@pytest.mark.parametrize(("text", "since", "until"), DATES)
def test_a_date_phrase_means_a_window(text: str, since: str | None, until: str) -> None:
    assert window_of(text) == Window(date.fromisoformat(since) if since else None, date.fromisoformat(until))


@pytest.mark.parametrize("text", NO_DATES)
def test_words_that_look_like_dates_are_none(text: str) -> None:
    assert find_dates(text, FRIDAY) == []


@pytest.mark.parametrize(("text", "since", "until"), DATES)
def test_case_and_words_around_do_not_matter(text: str, since: str | None, until: str) -> None:
    around = f"what do papers say about agents, {text}?"
    assert window_of(around) == Window(date.fromisoformat(since) if since else None, date.fromisoformat(until))


@pytest.mark.parametrize(
    ("today", "text", "since", "until"),
    [
        ("2025-01-02", "last week", "2024-12-23", "2024-12-29"),
        ("2025-01-02", "last month", "2024-12-01", "2024-12-31"),
        ("2025-01-02", "last quarter", "2024-10-01", "2024-12-31"),
        ("2025-01-02", "this week", "2024-12-30", "2025-01-02"),
        ("2025-03-31", "the past month", "2025-02-28", "2025-03-31"),
        ("2024-02-29", "the past year", "2023-02-28", "2024-02-29"),
        ("2026-08-23", "last weekend", "2026-08-15", "2026-08-16"),
        ("2026-08-23", "this weekend", "2026-08-22", "2026-08-23"),
        ("2026-08-17", "this week", "2026-08-17", "2026-08-17"),
        ("2026-01-20", "in winter 2025", "2025-12-01", "2026-01-20"),
        ("2025-06-20", "in winter 2025", "2024-12-01", "2025-02-28"),
        ("2026-01-05", "since November", "2025-11-01", "2026-01-05"),
    ],
)
def test_units_across_years_and_months(today: str, text: str, since: str, until: str) -> None:
    window = Window(date.fromisoformat(since), date.fromisoformat(until))
    assert window_of(text, date.fromisoformat(today)) == window


@pytest.mark.parametrize(
    ("window", "label"),
    [
        (Window(date(2025, 3, 1), date(2026, 8, 21)), "2025-03-01 to 2026-08-21"),
        (Window(None, date(2024, 12, 31)), "before 2025-01-01"),
        (Window(date(2025, 5, 3), date(2025, 5, 3)), "2025-05-03"),
    ],
)
def test_a_window_is_shown_by_its_days(window: Window, label: str) -> None:
    assert window.label == label


def test_windows_that_exclude_each_other_are_spanned() -> None:
    assert window_of("papers from 2023 and from 2025") == Window(date(2023, 1, 1), date(2025, 12, 31))


@given(st.dates(date(2023, 5, 4), date(2040, 1, 1)), st.sampled_from([text for text, _, _ in DATES]))
def test_no_window_reaches_beyond_today(today: date, text: str) -> None:
    for words in find_dates(text, today):
        assert words.window.until is not None
        assert words.window.until <= today
        assert words.window.since is None or words.window.since <= words.window.until


@given(st.dates(date(2023, 5, 4), date(2040, 1, 1)), st.integers(0, 1000))
def test_a_day_is_found_however_it_is_written(today: date, days: int) -> None:
    day = today - timedelta(days=days)
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y"):
        assert window_of(f"papers on {day:{form}}", today) == Window(day, day)


@given(st.text(alphabet="inMay Q2 last 3wek-2025/to'sundbfor.", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for words in find_dates(text, FRIDAY):
        assert 0 <= words.start < words.end <= len(text)
