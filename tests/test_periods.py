"""Days, weeks and months of Daily Papers: read, named, and followed from one to the next."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.periods import FIRST_DAY, Period, PeriodKind, explain_empty_day, parse_month, parse_period, parse_week

TODAY = date(2026, 8, 21)  # a Friday
NOW = datetime(2026, 8, 21, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 22), "is in the future: days are counted in UTC, where it is 2026-08-21 03:12 now"),
        (date(2023, 5, 3), "before the archive of Daily Papers, which starts on 2023-05-04"),
        (date(2025, 10, 18), "Saturday, 2025-10-18 is a weekend"),
        (date(2025, 10, 19), "Sunday, 2025-10-19 is a weekend"),
        (date(2026, 8, 21), "are not listed yet; it is 03:12 UTC"),
        (date(2025, 12, 25), "Nothing was listed on Thursday, 2025-12-25."),
    ],
)
def test_an_empty_day_is_explained(day: date, words: str) -> None:
    assert words in explain_empty_day(day, NOW)


@pytest.mark.parametrize(
    ("week", "first", "last"),
    [
        ("2025-W09", date(2025, 2, 24), date(2025, 3, 2)),
        (" 2025w9 ", date(2025, 2, 24), date(2025, 3, 2)),
        ("2020-W53", None, None),
        ("2026-W34", date(2026, 8, 17), TODAY),
        ("2023-W18", FIRST_DAY, date(2023, 5, 7)),
    ],
)
def test_a_week_is_cut_to_the_archive_and_to_today(week: str, first: date | None, last: date | None) -> None:
    if first is None or last is None:
        with pytest.raises(UsageError, match="before the archive"):
            parse_week(week, TODAY)
    else:
        assert parse_week(week, TODAY) == Period(first, last, PeriodKind.WEEK)


def test_a_month_is_cut_to_the_archive_and_to_today() -> None:
    assert parse_month("2024-02", TODAY) == Period(date(2024, 2, 1), date(2024, 2, 29), PeriodKind.MONTH)
    assert parse_month("2026-08", TODAY) == Period(date(2026, 8, 1), TODAY, PeriodKind.MONTH)
    assert parse_month("2023-5", TODAY) == Period(FIRST_DAY, date(2023, 5, 31), PeriodKind.MONTH)


@pytest.mark.parametrize("week", ["2025-09", "W09", "2025-W00", "2025-W54", "0000-W01", "last"])
def test_a_week_of_another_form_is_answered_with_the_right_one(week: str) -> None:
    with pytest.raises(UsageError, match="is not a week") as caught:
        parse_week(week, TODAY)
    assert "2026-W09" in str(caught.value.remedy)


@pytest.mark.parametrize("month", ["2025", "2025-13", "2025-W09", "0000-01", "February"])
def test_a_month_of_another_form_is_answered_with_the_right_one(month: str) -> None:
    with pytest.raises(UsageError, match="is not a month") as caught:
        parse_month(month, TODAY)
    assert "2026-02" in str(caught.value.remedy)


@pytest.mark.parametrize(("parse", "text"), [(parse_week, "2026-W35"), (parse_month, "2026-09")])
def test_the_future_is_refused(parse: object, text: str) -> None:
    assert callable(parse)
    with pytest.raises(UsageError, match="in the future"):
        parse(text, TODAY)


def test_the_days_of_a_period_are_all_of_them() -> None:
    assert Period(date(2024, 2, 28), date(2024, 3, 1)).days == (
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    )


@given(st.sampled_from([PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH]), st.dates(min_value=FIRST_DAY))
def test_a_period_is_named_so_that_it_is_read_again(kind: PeriodKind, day: date) -> None:
    period = Period.containing(day, kind)

    assert period.first <= day <= period.last
    assert parse_period(period.label, date.max) == Period(max(period.first, FIRST_DAY), period.last, kind)


@pytest.mark.parametrize(
    ("text", "label"),
    [(" 2026-08-20 ", "2026-08-20"), ("2026-w1", "2026-W01"), ("2026-W34", "2026-W34"), ("2026-8", "2026-08")],
)
def test_one_text_names_a_day_a_week_or_a_month(text: str, label: str) -> None:
    assert parse_period(text, TODAY).label == label


def test_other_days_are_called_by_their_name_or_by_their_ends() -> None:
    first = date(2026, 8, 18)

    assert Period(first, TODAY).label == "2026-08-18 to 2026-08-21"
    assert Period(first, TODAY, name="new since 2026-08-18").label == "new since 2026-08-18"


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        (Period.containing(date(2026, 8, 15), PeriodKind.DAY), "2026-08-14", "2026-08-20"),
        (parse_week("2026-W34", TODAY), "2026-W33", None),
        (parse_month("2026-01", TODAY), "2025-12", "2026-08"),
        (Period(date(2026, 1, 2), date(2026, 8, 14)), "2025-12-31", "2026-08-20"),
    ],
)
def test_the_nearest_periods_that_have_papers(period: Period, before: str | None, after: str | None) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 2), date(2026, 8, 14), date(2026, 8, 20), TODAY]
    previous, following = period.previous(days), period.next(days)

    assert (previous and previous.label, following and following.label) == (before, after)
