"""Counts by week, organization and topic."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.repositories.terms import abbreviated, keyword_terms, title_terms
from assistant.library.repositories.trend_counts import WeekCount
from assistant.papers import Paper
from tests.support.library_factory import MORNING, batch, paper, record

FIRST, SECOND, FOURTH = date(2025, 10, 6), date(2025, 10, 13), date(2025, 10, 27)
"""Mondays."""


def about(number: int, title: str, *keywords: str, organization: str | None = None) -> Paper:
    return replace(
        paper(f"2510.{number:05}", title, abstract="We store fragments."), keywords=keywords, organization=organization
    )


@pytest.fixture
def shelf(library: Library) -> Library:
    rag = about(1, "RAG for All", "Retrieval-Augmented Generation (RAG)", "LLMs", organization="Google")
    twice = about(2, "Storage", "large language models", "LLM", organization="Google")
    late = about(3, "Plans", "Large Language  Model", organization="Ant")
    never = replace(about(4, "Unlisted"), published=date(2025, 10, 8))
    library.ingest(
        batch(
            record(rag, FIRST, 5),
            record(twice, date(2025, 10, 12), 2),
            record(twice, SECOND, 3),
            record(late, date(2025, 11, 2), 1),
            record(never, None),
            record(about(5, "Undated"), None),
        ),
        MORNING,
    )
    return library


def test_weeks_begin_on_monday_and_gaps_count_zero(shelf: Library) -> None:
    assert shelf.trends.weeks() == [
        WeekCount(FIRST, 3, 8),
        WeekCount(SECOND, 1, 3),
        WeekCount(date(2025, 10, 20), 0, 0),
        WeekCount(FOURTH, 1, 1),
    ]


@pytest.mark.parametrize("monday", [FIRST, SECOND, FOURTH])
def test_a_week_has_as_many_papers_as_the_list_of_its_days(shelf: Library, monday: date) -> None:
    week = Filters(since=monday, until=date.fromordinal(monday.toordinal() + 6))
    (counted,) = shelf.trends.weeks(week)
    assert counted.papers == len(shelf.browsing.rows(week))
    assert counted in shelf.trends.weeks()


def test_no_papers_are_no_weeks(library: Library) -> None:
    assert library.trends.weeks() == []
    assert library.trends.organizations() == []
    assert library.trends.topics() == []


@pytest.mark.parametrize(
    ("topic", "papers"),
    [
        ("rag", 1),
        ("RAGS", 1),
        ("language models", 3),
        ("language rag", 0),
        ("fragment", 5),
        ("frag", 0),
        ("s.ore", 0),
        ("  ", 0),
        ("(", 0),
    ],
)
# The second paper counts in two weeks.
def test_topics_are_whole_words_in_any_case_singular_or_plural(shelf: Library, topic: str, papers: int) -> None:
    assert sum(week.papers for week in shelf.trends.weeks_of_topic(topic)) == papers


def test_topics_by_week_pass_filters(shelf: Library) -> None:
    assert shelf.trends.weeks_of_topic("fragments", Filters(organizations=("Ant",))) == [WeekCount(FOURTH, 1, 1)]


def test_papers_with_words_are_those_that_their_weeks_count(shelf: Library) -> None:
    assert shelf.trends.papers_with_words("Language MODEL") == ("2510.00002", "2510.00003")
    assert shelf.trends.papers_with_words("fragments", Filters(organizations=("Ant",))) == ("2510.00003",)
    assert shelf.trends.papers_with_words("fragments", Filters(organizations=("Nobody",))) == ()
    assert shelf.trends.papers_with_words(" ( ") == ()


def test_papers_of_a_topic_are_those_that_its_row_counts(shelf: Library) -> None:
    for filters in (Filters(), Filters(since=FOURTH), Filters(organizations=("Google",))):
        rows = shelf.trends.topics(filters)
        members = shelf.trends.papers_of_topics([name for name, _, _ in rows], filters)
        assert {name: len(ids) for name, ids in members.items()} == {name: papers for name, papers, _ in rows}


def test_a_topic_is_found_by_any_of_its_spellings(shelf: Library) -> None:
    names = ("LLMs", "large language model", "large  language models", "cats", "")
    all_three = ("2510.00001", "2510.00002", "2510.00003")
    members = shelf.trends.papers_of_topics(names)
    assert members == dict.fromkeys(names[:3], all_three) | {"cats": (), "": ()}


def test_topics_are_keywords_where_half_of_the_papers_have_some(shelf: Library) -> None:
    assert shelf.trends.topics_are_keywords()
    assert shelf.trends.topics_are_keywords(Filters(paper_ids=("2510.00003", "2510.00004")))
    without = Filters(paper_ids=("2510.00003", "2510.00004", "2510.00005"))
    assert not shelf.trends.topics_are_keywords(without)
    assert shelf.trends.papers_of_topics(("unlisted",), without) == {"unlisted": ("2510.00004",)}


def test_organizations_are_counted(shelf: Library) -> None:
    assert shelf.trends.organizations() == [("Google", 2, 8), ("Ant", 1, 1)]
    assert shelf.trends.organizations(Filters(until=SECOND), limit=1) == [("Google", 2, 8)]


def test_spellings_and_acronyms_of_a_topic_count_together(shelf: Library) -> None:
    assert shelf.trends.topics() == [
        ("large language models", 3, 9),
        ("retrieval-augmented generation", 1, 5),
    ]
    assert shelf.trends.topics(Filters(since=FOURTH)) == [("large language model", 1, 1)]


def test_titles_stand_in_where_the_feed_gave_no_keywords(library: Library) -> None:
    titles = ["Diffusion Models for All of Us", "A New Approach towards a Diffusion Model", "Cats and Fine-Tuning"]
    records = [record(about(number, title), FIRST, number) for number, title in enumerate(titles)]
    library.ingest(batch(*records), MORNING)

    names = [name for name, _, _ in library.trends.topics()]
    assert library.trends.topics()[:1] == [("diffusion models", 2, 1)]
    assert {"cats", "fine-tuning"} < set(names)
    assert not {"new", "approach", "model", "all", "us"} & set(names)


@pytest.mark.parametrize("title", ["", "?!", "[/x] 的 3 3", "a" * 10_000, "word " * 2_000])
def test_terms_of_any_title(title: str) -> None:
    assert all(key and spelling for key, spelling in title_terms(title).items())


def test_an_acronym_stands_for_the_most_frequent_term_that_fits() -> None:
    counts = {
        "rlvr": 2,
        "reinforc learn with verifi reward": 3,
        "llm": 9,
        "large languag model": 5,
        "long lean mule": 1,
    }
    assert abbreviated(counts) == {"rlvr": "reinforc learn with verifi reward", "llm": "large languag model"}


def test_keywords_are_folded() -> None:
    terms = keyword_terms(["Large  Language Models (LLMs)", "GANs", "(odd)", "", "?"])
    assert list(terms.values()) == ["large language models", "gans", "(odd)"]
