"""What trends count, and with which period it compares."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.feeds.json_files import sample_batches
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.repositories.trend_counts import WeekCount
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.reports.trends.report import (
    Counts,
    NameCount,
    Subject,
    SubjectKind,
    TrendMeasure,
    TrendReport,
    compared,
    nearest_topics,
    papers_of,
    read_between,
    read_report,
    rising,
    week_name,
)

NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
MONDAY = date(2026, 8, 17)
EVERYTHING = Filters()


def weekly(counts: Sequence[int], keyword: str = "robots", organization: str = "Lab") -> FeedBatch:
    """A batch with so many papers a week, the last number for the newest week; each has 10 upvotes."""
    records: list[FeedRecord] = []
    for back, count in enumerate(reversed(counts)):
        day = MONDAY - timedelta(weeks=back)
        for number in range(count):
            paper = Paper(
                paper_id=f"{2000 + back}.{10_000 + number + 1000 * (sum(map(ord, keyword + organization)) % 80)}",
                title=f"A paper on {keyword} {back} {number}",
                abstract=f"We look at {keyword}. It works.",
                source=Provenance.EXPORT,
                organization=organization,
                keywords=(keyword,),
            )
            records.append(FeedRecord(paper, Listing(day, 10, 0), "{}", f"[{len(records)}]"))
    return FeedBatch("test", tuple(records), ())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=None) as opened:
        yield opened


def test_a_library_without_papers_has_no_weeks(library: Library) -> None:
    assert read_report(library, 12, (), TODAY) == TrendReport(Filters())


def test_one_week_is_compared_with_nothing(library: Library) -> None:
    library.ingest(weekly([3]), NOW)
    report = read_report(library, 12, (), TODAY)

    assert report.weeks == (WeekCount(MONDAY, 3, 30),)
    assert report.filters == Filters(since=MONDAY, until=date(2026, 8, 23))
    assert report.topics == (NameCount("robots", Counts(3, 30)),)
    assert report.organizations == (NameCount("Lab", Counts(3, 30)),)
    assert report.span == "2026-08-17 to 2026-08-23"


def test_a_range_ends_with_the_newest_week_and_is_compared_with_the_range_before(library: Library) -> None:
    library.ingest(weekly([1, *[2] * 12, *[1] * 11, 4]), NOW)
    library.ingest(weekly([5], keyword="diffusion models", organization="Other"), NOW)
    report = read_report(library, 12, (), TODAY)

    assert len(report.weeks) == 12
    assert report.weeks[-1] == WeekCount(MONDAY, 9, 90)
    assert report.topics == (
        NameCount("robots", Counts(15, 150), Counts(24, 240)),
        NameCount("diffusion models", Counts(5, 50), Counts(0, 0)),
    )
    assert [count.change(TrendMeasure.PAPERS) for count in report.topics] == ["−9", "new"]
    assert [count.change(TrendMeasure.UPVOTES) for count in report.topics] == ["−90", "new"]
    assert [count.change(TrendMeasure.PAPERS) for count in report.organizations] == ["−9", "new"]


def test_everything_is_compared_with_nothing(library: Library) -> None:
    library.ingest(weekly([1] * 30), NOW)
    report = read_report(library, None, (), TODAY)

    assert len(report.weeks) == 30
    assert report.filters == Filters()
    assert report.topics[0].change(TrendMeasure.PAPERS) == "–"


def test_a_period_that_the_library_does_not_hold_whole_is_not_compared_with(library: Library) -> None:
    library.ingest(weekly([1] * 23), NOW)

    assert read_report(library, 12, (), TODAY).topics[0].before is None


def test_keywords_are_not_compared_with_words_of_titles(library: Library) -> None:
    library.ingest(weekly([*[0] * 12, *[2] * 12]), NOW)
    bare = [
        replace(record, paper=replace(record.paper, keywords=(), organization=None))
        for record in weekly([*[2] * 12, *[0] * 12]).records
    ]
    library.ingest(FeedBatch("test", tuple(bare)), NOW)
    report = read_report(library, 12, (), TODAY)

    assert report.topics == (NameCount("robots", Counts(24, 240)),)
    assert report.organizations == (NameCount("Lab", Counts(24, 240)),)


def test_an_acronym_is_compared_with_what_it_stands_for(library: Library) -> None:
    library.ingest(weekly([*[0] * 12, *[2] * 12], keyword="GRPO", organization="Lab"), NOW)
    library.ingest(weekly([*[1] * 12, *[0] * 12], keyword="group relative policy optimization"), NOW)

    assert read_report(library, 12, (), TODAY).topics == (NameCount("grpo", Counts(24, 240), Counts(12, 120)),)


def test_a_date_in_the_future_does_not_move_the_range(library: Library) -> None:
    library.ingest(weekly([2]), NOW)
    paper = Paper("2999.00001", "Late", "From the future.", Provenance.EXPORT)
    library.ingest(FeedBatch("test", (FeedRecord(paper, Listing(date(2099, 1, 1)), "{}", "[0]"),), ()), NOW)

    assert read_report(library, 12, (), TODAY).weeks == (WeekCount(MONDAY, 2, 20),)


def test_lines_have_every_week_of_the_report(library: Library) -> None:
    library.ingest(weekly([1, 1, 1]), NOW)
    library.ingest(weekly([2, 0, 0], keyword="agents", organization="Other"), NOW)
    subjects = (
        Subject(SubjectKind.TOPIC, "agents"),
        Subject(SubjectKind.ORGANIZATION, "Lab"),
        Subject(SubjectKind.TOPIC, "nothing"),
    )
    report = read_report(library, 12, subjects, TODAY)

    assert [line.subject for line in report.lines] == list(subjects)
    assert [[TrendMeasure.PAPERS.of(week) for week in line.weeks] for line in report.lines] == [
        [2, 0, 0],
        [1, 1, 1],
        [0, 0, 0],
    ]
    assert [TrendMeasure.UPVOTES.of(week) for week in report.lines[0].weeks] == [20, 0, 0]


def test_papers_with_typed_words_are_those_that_their_line_counts(library: Library) -> None:
    library.ingest(weekly([1, 2]), NOW)
    library.ingest(weekly([1], keyword="robotics"), NOW)
    days = Filters(since=MONDAY, until=date(2026, 8, 23))

    def count(words: str, filters: Filters = EVERYTHING) -> int:
        return len(papers_of(library, Subject(SubjectKind.WORDS, words), filters))

    assert count("ROBOT", days) == 2
    assert count("robots paper") == 3
    assert count("robo") == count("[/x] ?!") == count("") == 0
    assert sum(week.papers for week in library.trends.weeks_of_topic("robots paper")) == 3


@pytest.mark.parametrize("weeks", [12, None])
@pytest.mark.parametrize("keywords", [True, False])
def test_table_line_and_list_of_a_topic_are_about_the_same_papers(
    library: Library, weeks: int | None, keywords: bool
) -> None:
    for batch in sample_batches():
        library.ingest(batch, NOW)
    for name in ("GRPO", "group relative policy optimization"):
        bare = [
            record if keywords else replace(record, paper=replace(record.paper, keywords=()))
            for record in weekly([20, 20], keyword=name).records
        ]
        library.ingest(FeedBatch("test", tuple(bare)), NOW)
    topics = read_report(library, weeks, (), TODAY).topics
    subjects = [Subject(SubjectKind.TOPIC, count.name) for count in topics]
    report = read_report(library, weeks, subjects, TODAY)

    assert len(topics) > 2
    for count, line in zip(topics, report.lines, strict=True):
        assert len(papers_of(library, line.subject, report.filters)) == count.now.papers, count.name
        assert sum(week.papers for week in line.weeks) >= count.now.papers


@pytest.mark.parametrize(
    ("papers", "before", "change"), [(3, None, "–"), (3, 0, "new"), (3, 3, "="), (5, 3, "+2"), (1, 3, "−2")]
)
def test_a_change_is_said_in_signs(papers: int, before: int | None, change: str) -> None:
    earlier = None if before is None else Counts(before, 10 * before)

    assert NameCount("x", Counts(papers, 0), earlier).change(TrendMeasure.PAPERS) == change


def test_a_week_is_named_as_iso_does() -> None:
    assert week_name(date(2026, 8, 17)) == "2026-W34"
    assert week_name(date(2024, 12, 30)) == "2025-W01"


def between(library: Library, first: date, last: date, *subjects: Subject) -> TrendReport:
    return read_between(library, compared(first, last, date(2026, 1, 1), EVERYTHING), subjects)


def test_days_between_have_every_week_and_are_compared_with_the_ones_before(library: Library) -> None:
    library.ingest(weekly([2, 0, 3, 0, 1]), NOW)
    report = between(library, MONDAY - timedelta(weeks=2), MONDAY, Subject(SubjectKind.WORDS, "robots"))

    assert [week.papers for week in report.weeks] == [3, 0, 1]
    assert report.total == NameCount("all papers", Counts(4, 40), Counts(2, 20))
    assert report.lines[0].total == NameCount("robots", Counts(4, 40), Counts(2, 20))


def test_days_without_a_paper_have_no_weeks(library: Library) -> None:
    library.ingest(weekly([1]), NOW)

    assert between(library, date(2026, 1, 5), date(2026, 2, 1)).weeks == ()


def test_weeks_without_papers_at_both_ends_are_told(library: Library) -> None:
    library.ingest(weekly([1, 0, 0, 0]), NOW)
    report = between(library, MONDAY - timedelta(weeks=4, days=-2), MONDAY + timedelta(days=1))

    assert [week.papers for week in report.weeks] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("now", "before", "rises"),
    [(24, 9, True), (7, 0, True), (4, 0, False), (100, 100, False), (101, 99, False), (9, 24, False)],
)
def test_what_rises_has_more_papers_than_growth_and_chance_bring(now: int, before: int, rises: bool) -> None:
    total = NameCount("all papers", Counts(1000, 0), Counts(1000, 0))
    found = rising([NameCount("x", Counts(now, 0), Counts(before, 0))], total, 5)

    assert bool(found) is rises


def test_nothing_rises_with_a_feed_that_grew_as_a_whole_or_that_is_not_known_before() -> None:
    doubled = [NameCount("x", Counts(200, 0), Counts(100, 0)), NameCount("y", Counts(9, 0))]

    assert rising(doubled, NameCount("all papers", Counts(2000, 0), Counts(1000, 0)), 5) == ()
    assert rising(doubled, NameCount("all papers", Counts(2000, 0)), 5) == ()


def test_the_surest_rise_comes_first() -> None:
    total = NameCount("all papers", Counts(1000, 0), Counts(1000, 0))
    counts = [NameCount(name, Counts(now, 0), Counts(10, 0)) for name, now in (("a", 30), ("b", 60), ("c", 40))]

    assert [count.name for count in rising(counts, total, 2)] == ["b", "c"]


def test_a_misspelled_topic_has_near_ones(library: Library) -> None:
    library.ingest(weekly([3], keyword="world models"), NOW)
    library.ingest(weekly([2], keyword="agents", organization="Other"), NOW)

    assert nearest_topics(library, "wrold models", EVERYTHING) == ("world models",)
    assert nearest_topics(library, "huge world", EVERYTHING) == ("world models",)
    assert nearest_topics(library, "[/x]", EVERYTHING) == ()
