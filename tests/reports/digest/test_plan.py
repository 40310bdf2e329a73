"""Plans: every paper once, grouped by what it is about, named by what the group shares, counted against the past."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.periods import Period, PeriodKind
from assistant.reports.digest.planner import DigestPlanner, clusters, named_groups, spoken_terms
from assistant.reports.digest.selection import PeriodPapers
from assistant.reports.digest.values import LEADING, OTHERS, DigestPlan
from assistant.reports.digest.week_over_week import differences_from_before
from assistant.retrieval.embeddings import PaperVectors
from tests.support.fake_models import MemoryCache

MONDAY = date(2026, 1, 5)
DAY = Period(MONDAY, MONDAY, PeriodKind.DAY)
SUBJECTS = {
    "video": "Video diffusion models generate long video clips with consistent motion.",
    "proofs": "Theorem provers write formal Lean proofs of olympiad mathematics.",
    "voices": "Speech synthesis clones speaker voices from short audio recordings.",
}


def about(subject: str, number: int, organization: str | None = None) -> Paper:
    text = f"{SUBJECTS[subject]} Variant {number} does it."
    return Paper(f"26{list(SUBJECTS).index(subject):02}.{number:05}", f"{subject.title()} {number}", text,
                 Provenance.EXPORT, organization=organization)  # fmt: skip


def mixed() -> list[Paper]:
    papers = [about(subject, number) for subject in SUBJECTS for number in range(4)]
    random.Random(1).shuffle(papers)
    return papers


def chosen(papers: Sequence[Paper]) -> PeriodPapers:
    return PeriodPapers(DAY, tuple(StoredPaper(paper) for paper in papers), len(papers))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", embedder=None)


async def plan_of(library: Library, papers: Sequence[Paper], cache: MemoryCache | None = None) -> DigestPlan:
    return await DigestPlanner(library, PaperVectors(library, None), cache or MemoryCache()).plan(chosen(papers))


def test_papers_about_one_thing_are_one_group() -> None:
    papers = mixed()
    grouped = [{papers[place].title.split()[0] for place in group} for group in clusters(papers, None)]
    assert sorted(grouped, key=str) == [{"Proofs"}, {"Video"}, {"Voices"}]


def test_vectors_tell_what_words_do_not() -> None:
    papers = [Paper(f"2601.{n:05}", f"Title{n}", f"Word{n} thing{n}.", Provenance.EXPORT) for n in range(9)]
    rows = np.eye(3, 8, dtype=np.float32)[[0, 1, 2] * 3]
    assert sorted(clusters(papers, rows)) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]


def test_papers_that_are_all_alike_are_one_group() -> None:
    same = [Paper(f"2601.{n:05}", "Same", "The same abstract.", Provenance.EXPORT) for n in range(7)]
    assert clusters(same, None) == [list(range(7))]
    assert clusters(same, np.ones((7, 4), dtype=np.float32)) == [list(range(7))]


TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", "Diffusion video", "[/x] Diffusion", "拡散モデル 動画", "Lean proofs"]
)


@settings(max_examples=60)
@example([("", "2:¹"), ("", "2:¹"), ("", "0:1"), ("", "0:1")])  # rows that look like a table of distances
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=14))
def test_every_paper_is_in_at_most_one_group_and_every_group_is_named(texts: list[tuple[str, str]]) -> None:
    papers = [Paper(f"2601.{n:05}", title, text, Provenance.EXPORT) for n, (title, text) in enumerate(texts)]
    groups = clusters(papers, None)
    places = [place for group in groups for place in group]

    assert len(places) == len(set(places))
    assert all(len(group) > 1 for group in groups)

    topics = named_groups(groups, spoken_terms(papers), papers)
    named = [place for _, members in topics for place in members]
    assert len(named) == len(set(named))
    assert set(named) <= set(places)
    assert all(name and len(members) > 1 for name, members in topics)


async def test_a_plan_numbers_papers_topic_by_topic_and_names_each_number_once(library: Library) -> None:
    lone = Paper("2601.09999", "Cooking", "A recipe for soup with onions.", Provenance.EXPORT)
    papers = [lone, *mixed()]
    plan = await plan_of(library, papers)

    numbers = [number for topic in plan.topics for number in topic.numbers]
    assert numbers == list(range(1, 14))
    assert [source.number for source in plan.sources] == numbers
    assert plan.topics[-1].name == OTHERS
    assert plan.topics[-1].is_rest
    assert plan.sources[-1].paper.paper == lone
    first = next(paper for paper in papers if paper != lone)
    assert plan.sources[0].paper.paper == first, "the topic of the first paper stands first"


async def test_names_come_from_the_papers_own_words(library: Library) -> None:
    names = {topic.name for topic in (await plan_of(library, mixed())).topics}
    assert len(names) == 3
    assert all(
        word.strip("·").casefold() in " ".join(SUBJECTS.values()).casefold() for n in names for word in n.split()
    )


async def test_few_papers_are_not_grouped(library: Library) -> None:
    plan = await plan_of(library, mixed()[:5])
    assert [(topic.name, topic.numbers) for topic in plan.topics] == [(OTHERS, (1, 2, 3, 4, 5))]
    assert (await plan_of(library, [])).topics == ()


async def test_two_hundred_papers_stand_once_each(library: Library) -> None:
    papers = [about(subject, number) for number in range(67) for subject in SUBJECTS][:200]
    plan = await plan_of(library, papers)
    assert sorted(number for topic in plan.topics for number in topic.numbers) == list(range(1, 201))


async def test_groups_are_found_once(library: Library) -> None:
    cache, papers = MemoryCache(), mixed()
    first = await plan_of(library, papers, cache)
    assert len(cache.texts) == 1
    again = await plan_of(library, list(reversed(papers)), cache)

    members = [{first.sources[n - 1].paper.paper_id for n in topic.numbers} for topic in first.topics]
    others = [{again.sources[n - 1].paper.paper_id for n in topic.numbers} for topic in again.topics]
    assert sorted(map(sorted, members)) == sorted(map(sorted, others))
    assert len(cache.texts) == 1


def told(number: int, title: str, text: str) -> Paper:
    return Paper(f"2601.{number:05}", title, text, Provenance.EXPORT)


def test_a_name_is_shared_by_two_of_three_papers_and_others_are_no_topic_of_it() -> None:
    papers = [
        told(1, "Gripper learning with touch", "Touch sensing guides a gripper."),
        told(2, "Touch sensing for hands", "A hand with touch sensing grasps eggs."),
        told(3, "Folding towels", "Cloth is folded by two arms with touch sensing."),
        told(4, "Compiler errors in Rust", "A compiler tells where lifetimes end."),
        told(5, "Explaining compiler errors", "We explain lifetimes."),
        told(6, "Bird songs", "Songs of birds are told apart."),
    ]
    topics = named_groups([[0, 1, 2, 5], [3, 4]], spoken_terms(papers), papers)

    assert [members for _, members in topics] == [[0, 1, 2, 5], [3, 4]]
    assert topics[0][0].startswith("Touch sensing")
    divided = named_groups([[0, 1, 3, 4, 5]], spoken_terms(papers), papers)
    for name, members in divided:
        for term in name.casefold().split(" · "):
            sharing = sum(term in papers[place].text.casefold() for place in members)
            assert 3 * sharing >= 2 * len(members)


def test_papers_that_share_no_term_are_no_topic() -> None:
    papers = [told(1, "Onion soup", "Boil it."), told(2, "Tide tables", "High water at noon.")]
    assert named_groups([[0, 1]], spoken_terms(papers), papers) == []


async def test_the_paper_with_most_upvotes_stands_on_top(library: Library) -> None:
    lone = StoredPaper(Paper("2601.09999", "Cooking", "A recipe for soup with onions.", Provenance.EXPORT), upvotes=90)
    others = [StoredPaper(paper, upvotes=5) for paper in mixed()]
    planner = DigestPlanner(library, PaperVectors(library, None), MemoryCache())

    plan = await planner.plan(PeriodPapers(DAY, (*others, lone), 13))
    assert plan.sources[0].paper == lone
    assert (plan.topics[0].name, plan.topics[0].numbers, plan.topics[0].is_rest) == (LEADING, (1,), False)

    most = StoredPaper(others[7].paper, upvotes=91)
    plan = await planner.plan(PeriodPapers(DAY, (*others[:7], most, *others[8:], lone), 13))
    assert plan.sources[0].paper == most
    assert len(plan.topics[0].numbers) == 4, "it leads its own topic"
    assert [topic.name for topic in plan.topics].count(LEADING) == 0

    profiled = await planner.plan(PeriodPapers(DAY, (*others, lone), 13, profile="mine"))
    assert profiled.sources[0].paper == others[0], "a profile leads with what fits it best"


# What is different from the week before


def listed(library: Library, day: date, papers: Sequence[Paper], upvotes: int = 3) -> None:
    records = tuple(FeedRecord(paper, Listing(day, upvotes), "{}", paper.paper_id) for paper in papers)
    library.ingest(FeedBatch("test", records, day=day), datetime(2026, 1, 6, tzinfo=UTC))


def test_what_rose_is_counted_in_both_weeks(library: Library) -> None:
    listed(library, date(2026, 1, 1), [about("voices", n) for n in range(10)], upvotes=8)
    listed(library, MONDAY, [about("video", n, "NVIDIA") for n in range(6)] + [about("voices", 20, "NVIDIA")])
    by_name = {difference.name: difference for difference in differences_from_before(library, MONDAY, MONDAY)}

    assert (by_name["papers"].now, by_name["papers"].before) == (7, 10)
    assert (by_name["upvotes"].now, by_name["upvotes"].before) == (3, 8)
    assert by_name["papers"].text == "7 papers; 10 a day in the week before."
    assert (by_name["Video"].now, by_name["Video"].before) == (6, 0)
    assert by_name["Video"].text == "“Video”: 6 of 7 papers; 0 of 10 in the week before."
    assert "Voices" not in by_name


def test_a_day_of_one_paper_is_counted_as_one(library: Library) -> None:
    listed(library, date(2026, 1, 1), [about("voices", n) for n in range(2)])
    listed(library, MONDAY, [about("video", 7)])
    assert differences_from_before(library, MONDAY, MONDAY)[0].text == "1 paper; 2 a day in the week before."


def test_without_a_week_before_nothing_is_said_to_differ(library: Library) -> None:
    listed(library, MONDAY, [about("video", n) for n in range(6)])
    assert differences_from_before(library, MONDAY, MONDAY) == ()
    assert differences_from_before(library, date(2025, 1, 1), date(2025, 1, 1)) == ()


def test_a_month_is_held_against_as_many_days(library: Library) -> None:
    listed(library, date(2025, 12, 10), [about("video", n) for n in range(4)])
    listed(library, MONDAY, [about("voices", n) for n in range(4)])
    differences = differences_from_before(library, date(2026, 1, 1), date(2026, 1, 31))
    assert differences[0].text.endswith("in the 31 days before.")
