"""The parts under the page: lines of items, periods and their neighbours."""

from datetime import date

import pytest

from assistant.answering.values import AnswerSentence, Citation, CitationOrigin
from assistant.periods import Period, PeriodKind, parse_period
from assistant.tui.digest.items import (
    DifferencesItem,
    Item,
    PaperItem,
    SentenceItem,
    StatusItem,
    TopicItem,
    TopicSentenceItem,
)
from assistant.tui.digest.navigator import neighbour, title_of
from assistant.tui.digest.rendering import draw
from tests.support.paper_factory import HOSTILE_TITLES

TODAY = date(2026, 8, 21)
DAYS = dict.fromkeys([date(2025, 12, 31), date(2026, 1, 2), date(2026, 8, 14), date(2026, 8, 20), date(2026, 8, 21)], 3)


def items_of(text: str) -> list[Item]:
    """One item of each kind about a text."""
    sentence = AnswerSentence(f"{text} [1].", (Citation(1, None, CitationOrigin.MODEL),))
    return [
        StatusItem(text, offer=True),
        *(DifferencesItem(text, (text, text), is_open) for is_open in (True, False)),
        *(TopicItem(0, text, (1, 2), is_open, is_told=True, spaced=is_open) for is_open in (True, False)),
        TopicSentenceItem(0, sentence, 0),
        *(
            PaperItem(1, text, "▲ 7", text, is_open, starred=True, selected=True, why=text, is_new=True)
            for is_open in (True, False)
        ),
        SentenceItem(1, sentence, 0),
    ]


@pytest.mark.parametrize("width", [5, 20, 75, 190])
@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
def test_no_line_is_wider_than_the_list(title: str, width: int) -> None:
    for item in items_of(title):
        for citation in (None, 1):
            lines = draw(item, width, citation)
            assert lines
            assert max(line.cell_length for line in lines) <= max(width, 14)
            assert len(draw(item, width)) == len(lines)


def test_a_long_title_takes_few_lines() -> None:
    paper = PaperItem(1, "x" * 10_000, "▲ 7", "", True, starred=False, selected=False)
    assert len(draw(paper, 80)) <= 5


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        ("2026-08-20", "2026-08-14", "2026-08-21"),
        ("2026-08-18", "2026-08-14", "2026-08-20"),
        ("2026-08-21", "2026-08-20", None),
        ("2026-W34", "2026-W33", None),
        ("2026-W33", "2026-W01", "2026-W34"),
        ("2026-01", "2025-12", "2026-08"),
        ("2025-12", None, "2026-01"),
    ],
)
def test_the_nearest_periods_that_have_papers(period: str, before: str | None, after: str | None) -> None:
    named = parse_period(period, TODAY)
    assert named.label == period
    assert (neighbour(named, DAYS, -1), neighbour(named, DAYS, 1)) == (before, after)


def test_a_week_over_the_turn_of_the_year_is_one_week() -> None:
    week = parse_period("2026-w1", TODAY)
    assert week.label == Period.containing(date(2025, 12, 31), PeriodKind.WEEK).label == "2026-W01"
    assert week.kind is PeriodKind.WEEK


@pytest.mark.parametrize(
    ("period", "title"),
    [(" 2026-08-21 ", "Friday 2026-08-21"), ("2026-W34", "Week 2026-W34"), ("2026-8", "August 2026")],
)
def test_periods_are_titled_by_their_kind(period: str, title: str) -> None:
    named = parse_period(period, TODAY)
    assert isinstance(named, Period)
    assert title_of(named) == title
