"""Filters as they are given, and in words."""

from dataclasses import fields
from datetime import date

import pytest

from assistant.errors import UsageError
from assistant.library import READER_FILTERS, FilterOptions, Filters, filter_labels, filter_sentences, parse_filters

GIVEN: FilterOptions = {
    "since": "2026-08-01",
    "until": date(2026, 8, 21),
    "organizations": ["NVIDIA", "Google"],
    "min_upvotes": 0,
    "only": ["https://arxiv.org/abs/2608.19880v2"],
}


def test_filters_are_parsed_and_put_into_words() -> None:
    filters = parse_filters(GIVEN)
    assert filters == Filters(date(2026, 8, 1), date(2026, 8, 21), ("NVIDIA", "Google"), ("2608.19880",), 0)
    assert filter_labels(filters) == [
        "since 2026-08-01",
        "until 2026-08-21",
        "NVIDIA or Google",
        "▲ ≥ 0",
        "1 paper only",
    ]
    assert filter_sentences(filters) == [
        "listed since 2026-08-01",
        "listed until 2026-08-21",
        "by NVIDIA or Google",
        "with 0 upvotes or more",
        "chosen one by one",
    ]


@pytest.mark.parametrize("options", [{}, {"since": None, "organizations": (), "only": [], "query": "other options"}])
def test_what_is_not_given_filters_nothing(options: dict[str, object]) -> None:
    assert parse_filters(options).is_empty
    assert filter_labels(Filters()) == filter_sentences(Filters()) == []


@pytest.mark.parametrize(
    "options", [{"since": "soon"}, {"until": ""}, {"only": ["robots"]}, {"since": "2026-08-22", "until": "2026-08-21"}]
)
def test_what_is_no_day_and_no_paper_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        parse_filters(options)


def test_the_table_names_what_there_is() -> None:
    assert {each.name for each in READER_FILTERS} == set(FilterOptions.__annotations__)
    assert {each.field for each in READER_FILTERS} <= {field.name for field in fields(Filters)}
