"""Counts by week for a request."""

import pytest

from assistant.errors import NothingFound, UsageError
from assistant.library import Filters
from assistant.reports.trends import Subject, SubjectKind
from assistant.services import AppContainer, TrendRequest, count_trends, count_weeks, papers_behind
from tests.services.conftest import DAY, NOW

TODAY = NOW.date()


def test_all_papers_are_counted_by_week(container: AppContainer) -> None:
    trends = count_trends(container.library, TrendRequest(), TODAY)
    assert trends.report.total.now.papers == 4
    assert trends.remarks == ()


def test_a_topic_that_no_paper_has_is_left_out_with_a_remark(container: AppContainer) -> None:
    trends = count_trends(container.library, TrendRequest(("heads", "volcano")), TODAY)
    assert [line.subject.name for line in trends.report.lines] == ["heads"]
    assert "'volcano'" in trends.remarks[0]
    with pytest.raises(NothingFound, match="'volcano'"):
        count_trends(container.library, TrendRequest(("volcano",)), TODAY)


def test_requests_that_mean_nothing_are_refused(container: AppContainer) -> None:
    with pytest.raises(UsageError, match="no word"):
        count_trends(container.library, TrendRequest(("!?",)), TODAY)
    with pytest.raises(UsageError, match="is after"):
        count_trends(container.library, TrendRequest(since=DAY, until=DAY.replace(day=1)), TODAY)
    with pytest.raises(NothingFound, match="by Nobody"):
        count_trends(container.library, TrendRequest(organizations=("Nobody",)), TODAY)


def test_the_papers_behind_a_line_are_those_that_it_counts(container: AppContainer) -> None:
    heads = Subject(SubjectKind.WORDS, "heads")
    report = count_weeks(container.library, None, (heads,), TODAY)
    ids = papers_behind(container.library, heads, Filters())
    assert len(ids) == report.lines[0].total.now.papers == 2
    with pytest.raises(NothingFound, match="volcano"):
        papers_behind(container.library, Subject(SubjectKind.WORDS, "volcano"), Filters())
