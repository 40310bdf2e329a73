"""Reading values that strangers wrote."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feeds.json_values import BrokenJson, compact_json, day_of, error_text, link_of, parse_json
from assistant.papers import clean_text
from assistant.text import quoted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1"),
        ('{"a": 1,\n "b"', "line 2, column 5"),
        ("[" * 200_000, "nested too deeply"),
        ("1" * 5_000, "cannot be read"),
        (b"\xff\xfe\xfd{}", "cannot be read"),
    ],
)
def test_broken_json_says_where(text: str | bytes, words: str) -> None:
    with pytest.raises(BrokenJson, match=words):
        parse_json(text)


def test_numbers_that_json_does_not_have_are_unknown() -> None:
    assert parse_json("[NaN, -Infinity, 1]") == [None, None, 1]


@given(st.text() | st.binary())
def test_any_text_is_json_or_broken(text: str | bytes) -> None:
    with suppress(BrokenJson):
        assert compact_json(parse_json(text)).isascii()


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-10-15", date(2025, 10, 15)),
        (" 2025-10-15T23:59:59.999Z ", date(2025, 10, 15)),
        ("2025-10-15T23:30:00-02:00", date(2025, 10, 16)),
        ("0001-01-01T00:00:00+14:00", None),
        ("2025-02-30", None),
        ("", None),
        (None, None),
        (20251015, None),
    ],
)
def test_a_day_is_counted_in_utc(value: object, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize("value", ["javascript:x", "https://", "www.x.org", "https://a b", "https://" + "x" * 3000, 3])
def test_a_link_that_is_none_is_left_out(value: object) -> None:
    assert link_of(value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"error": "no such date"}, "“no such date”"),
        ({"error": {"message": "slow down"}}, "“slow down”"),
        ({"error": ""}, None),
        ({"error": 4}, None),
        (["error"], None),
    ],
)
def test_an_error_body_gives_its_reason(value: object, text: str | None) -> None:
    assert error_text(value) == text


@given(st.text(max_size=600))
def test_quoted_text_is_short_and_safe_to_print(text: str) -> None:
    quotation = quoted(text)
    assert len(quotation) <= 122
    assert quotation == clean_text(quotation)
