"""Which papers a digest covers: everything listed is shown or accounted for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.config.profiles import Profile
from assistant.errors import NothingFound
from assistant.library.library import Library
from assistant.papers import FeedBatch, FeedRecord, Listing
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.profile_ranking import Interests
from assistant.reports.digest.selection import (
    Order,
    PeriodPapers,
    SelectionCriteria,
    newest_day,
    period_papers,
    remember,
)
from tests.support.paper_factory import paper

NOW = datetime(2026, 8, 21, 9, tzinfo=UTC)
DAY = Period(date(2026, 8, 21), date(2026, 8, 21), PeriodKind.DAY)
AGENTS = Profile(name="agents", words=("agent",), exclude=("kitchen",))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=None) as opened:
        yield opened


def list_papers(library: Library, *titles: str, day: date = DAY.first, start: int = 0) -> None:
    """List papers, the first with most upvotes."""
    records = [
        FeedRecord(paper(f"2608.{number:05}", title, "It says.").paper, Listing(day, 500 - number, 1), "{}", "")
        for number, title in enumerate(titles, start)
    ]
    library.ingest(FeedBatch("test", tuple(records)), NOW)


def accounted(selection: PeriodPapers) -> int:
    """How many papers are shown or said to be left out."""
    return len(selection.papers) + sum(int(note.split(" ", 1)[0]) for note in selection.left_out)


def test_a_profile_shows_what_fits_and_counts_the_rest(library: Library) -> None:
    list_papers(library, "Voices", "Agents", "Kitchen agents", "Cooking", "An agent again")
    selection = period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS)), NOW)

    assert [stored.paper.title for stored in selection.papers] == ["Agents", "An agent again"]
    assert selection.left_out == ("2 outside the profile", "1 excluded by it")
    assert selection.why == {"2608.00001": ("agent in the title",), "2608.00004": ("agent in the title",)}
    assert (selection.listed, selection.profile, selection.looked_at) == (5, "agents", ())
    assert accounted(selection) == 5


def test_what_top_cuts_off_is_counted(library: Library) -> None:
    list_papers(library, "Agents one", "Agents two", "Agents three")
    selection = period_papers(library, DAY, SelectionCriteria(top=2, interests=Interests(AGENTS)), NOW)
    assert selection.left_out == ("1 further down",)
    assert set(selection.why) == {stored.paper.paper_id for stored in selection.papers}


def test_an_order_that_is_asked_for_holds_for_what_fits(library: Library) -> None:
    list_papers(library, "Voices", "The agent", "An agent")
    selection = period_papers(library, DAY, SelectionCriteria(Order.TITLE, interests=Interests(AGENTS)), NOW)
    assert [stored.paper.title for stored in selection.papers] == ["An agent", "The agent"]


def test_what_trends_is_shown_beside_what_fits(library: Library) -> None:
    list_papers(library, "Voices", "Agents", "Cooking")
    profile = replace(AGENTS, trending=1)
    selection = period_papers(library, DAY, SelectionCriteria(interests=Interests(profile)), NOW)
    assert [stored.paper.title for stored in selection.papers] == ["Agents", "Voices"]
    assert selection.why["2608.00000"] == ("trending, ▲ 500",)


def test_a_profile_that_matches_nothing_says_what_was_looked_at_and_what_to_do(library: Library) -> None:
    list_papers(library, "Voices", "Kitchen agents")
    with pytest.raises(NothingFound) as raised:
        period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS)), NOW)

    assert raised.value.exit_code == 3
    assert raised.value.message == (
        "None of the 2 papers of 2026-08-21 fits the profile agents (1 outside the profile, 1 excluded by it)."
    )
    assert "--profile" in (raised.value.remedy or "")


def test_a_profile_that_leaves_out_every_paper_is_told_to_leave_out_less(library: Library) -> None:
    list_papers(library, "Kitchen agents", "A kitchen")
    with pytest.raises(NothingFound, match="2 excluded by it") as raised:
        period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS)), NOW)
    assert "`exclude`" in (raised.value.remedy or "")


def test_a_day_without_papers_says_why(library: Library) -> None:
    saturday = Period(date(2026, 8, 15), date(2026, 8, 15), PeriodKind.DAY)
    with pytest.raises(NothingFound, match="weekend"):
        period_papers(library, saturday, SelectionCriteria(Order.UPVOTES), NOW)


def test_only_of_a_day_that_was_read_is_it_said_that_nothing_was_listed(library: Library) -> None:
    with pytest.raises(NothingFound, match="the feed was not read") as raised:
        period_papers(library, DAY, SelectionCriteria(Order.UPVOTES), NOW)
    assert "assistant sync --date 2026-08-21" in (raised.value.remedy or "")

    library.mark_fetched("huggingface", DAY.first, NOW, 0)
    next_day = NOW + timedelta(days=1)
    with pytest.raises(NothingFound, match="Nothing was listed on Friday, 2026-08-21"):
        period_papers(library, DAY, SelectionCriteria(Order.UPVOTES), next_day)


@pytest.mark.parametrize("count", [1, 200])
def test_a_day_of_any_size_without_a_profile(library: Library, count: int) -> None:
    list_papers(library, *(f"Paper {number}" for number in range(count)))
    selection = period_papers(library, DAY, SelectionCriteria(Order.UPVOTES), NOW)
    assert [stored.paper.paper_id for stored in selection.papers] == [f"2608.{number:05}" for number in range(count)]
    assert (selection.listed, selection.left_out, selection.why, selection.profile) == (count, (), {}, None)


def test_vectors_are_asked_for_papers_and_examples_and_only_when_there_are_examples(library: Library) -> None:
    list_papers(library, "Voices", "Agents")
    embedded: list[list[str]] = []

    def vectors_of(papers: object) -> None:
        assert isinstance(papers, list)
        embedded.append([stored.title for stored in papers])

    example = paper("2607.00001", "Example", "Nothing alike")
    period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS), vectors_of=vectors_of), NOW)
    assert embedded == []
    period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS, (example,)), vectors_of=vectors_of), NOW)
    assert embedded == [["Voices", "Agents", "Example"]]


def test_a_digest_that_shows_everything_is_remembered_without_a_beginning(library: Library) -> None:
    list_papers(library, "Voices", "Agents")
    remember(library, period_papers(library, DAY, SelectionCriteria(interests=Interests(AGENTS)), NOW), NOW)

    assert library.digest_history.known("agents") == {"2608.00001"}
    assert library.digest_history.since("agents") is None
    assert library.digest_history.last("agents") == NOW


def test_papers_without_a_listing_day_are_not_called_no_papers(library: Library) -> None:
    with pytest.raises(NothingFound, match=r"The library has no papers\."):
        newest_day(library, DAY.first)

    record = FeedRecord(paper("2510.00001", "Toys", "Toys are red.").paper, None, "{}", "[1]")
    library.ingest(FeedBatch("bibliography", (record,)), NOW)

    with pytest.raises(NothingFound, match="has 1 paper, but none from a day of the feed") as raised:
        newest_day(library, DAY.first)
    assert "assistant sync" in (raised.value.remedy or "")
    assert "assistant search" in (raised.value.remedy or "")
