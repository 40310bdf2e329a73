"""Ranking for a profile: every paper once, shown for a reason, the same in any order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.config.profiles import Profile
from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.papers import Author, FeedBatch, FeedRecord, Listing
from assistant.reports.digest.profile_ranking import Interests, example_matches, interests_of, rank_papers, trending_ids
from tests.support.paper_factory import BAR, BAZ, paper, three_papers

DAY = date(2026, 8, 21)
ROBOTS = Profile(name="robots", words=("kitchen robot", "agent"))


def listed(
    number: int, title: str = "A Paper", abstract: str = "It says.", upvotes: int | None = None, day: date = DAY
) -> StoredPaper:
    return replace(paper(f"2608.{number:05}", title, abstract), days=(day,), upvotes=upvotes)


def unit(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    vectors = np.array(rows, dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def titles(papers: list[StoredPaper], profile: Profile) -> list[str]:
    return [ranked.paper.title for ranked in rank_papers(papers, Interests(profile)).fitting]


def test_each_paper_is_shown_with_its_reasons_or_counted_as_outside() -> None:
    ranking = rank_papers(three_papers(), Interests(ROBOTS))

    assert [ranked.why for ranked in ranking.fitting] == [("agent in the title", "kitchen robot in the abstract")]
    assert [stored.paper.title for stored in ranking.outside] == ["FooNet: Pruning Heads", "BazSpeech: Cloning Voices"]
    assert ranking.excluded == ()


def test_reasons_name_words_people_organization_and_example() -> None:
    profile = Profile(name="x", words=("voices",), organizations=("acme",), authors=("A. Lovelace",))
    voices = replace(three_papers()[2], upvotes=163)
    voices = replace(voices, paper=replace(voices.paper, organization="ACME Labs"))
    example = listed(1, "Talking in [bold]Tongues[/bold] " + "and so on " * 9)
    ranking = rank_papers([voices], Interests(profile, (example,)), unit((1, 0), (0.9, 0.1)), {voices.paper.paper_id})

    why = ranking.fitting[0].why
    assert set(why[:4]) == {
        "like “Talking in [bold]Tongues[/bold] and so on and so on and so …”",
        "voices in the title",
        "by Ada Lovelace",
        "from ACME Labs",
    }
    assert why[4:] == ("trending, ▲ 163",)


def test_a_title_counts_more_than_an_abstract_and_two_words_more_than_one() -> None:
    papers = [
        listed(1, "Nothing", "An agent acts."),
        listed(2, "Agent", "Nothing."),
        listed(3, "Agent", "A kitchen robot acts."),
    ]
    assert [ranked.paper.paper_id for ranked in rank_papers(papers, Interests(ROBOTS)).fitting] == [
        "2608.00003",
        "2608.00002",
        "2608.00001",
    ]


def test_weights_turn_the_order() -> None:
    fits = listed(1, "Agent", upvotes=1, day=DAY - timedelta(days=6))
    loved = listed(2, "One", "An agent.", upvotes=300, day=DAY - timedelta(days=6))
    new = listed(3, "Two", "An agent.", upvotes=0)

    def first(interest: float, upvotes: float, newness: float) -> str:
        weighing = Profile(name="x", words=("agent",), interest=interest, upvotes=upvotes, newness=newness)
        return titles([fits, loved, new], weighing)[0]

    assert first(1.0, 0.0, 0.0) == "Agent"
    assert first(0.0, 1.0, 0.0) == "One"
    assert first(0.0, 0.0, 1.0) == "Two"


def test_what_leads_its_day_is_shown_although_it_does_not_fit() -> None:
    papers = [listed(1, upvotes=5), listed(2, upvotes=9), listed(3, upvotes=0, day=DAY - timedelta(days=1))]
    papers += [listed(4, upvotes=None, day=DAY - timedelta(days=2)), listed(5, upvotes=9)]
    assert trending_ids(papers, 1) == {"2608.00002"}
    assert trending_ids(papers, 2) == {"2608.00002", "2608.00005"}
    assert trending_ids(papers, 0) == frozenset()

    ranking = rank_papers(papers, Interests(ROBOTS), trending=trending_ids(papers, 1))
    assert [(ranked.paper.paper_id, ranked.why) for ranked in ranking.fitting] == [("2608.00002", ("trending, ▲ 9",))]


def test_what_is_excluded_is_never_shown() -> None:
    profile = replace(ROBOTS, exclude=("kitchens", "Ada Byron"))
    papers = three_papers()
    ranking = rank_papers(papers, Interests(profile), trending=[stored.paper.paper_id for stored in papers])
    assert [stored.paper.title for stored in ranking.excluded] == ["BarBench: Agents in Kitchens"]
    assert len(ranking.fitting) == 2


def test_a_profile_that_asks_for_nothing_shows_everything_else() -> None:
    ranking = rank_papers(three_papers(), Interests(Profile(name="x", exclude=("robots",))))
    assert [len(ranking.fitting), len(ranking.outside), len(ranking.excluded)] == [2, 0, 1]
    assert all(ranked.why == () for ranked in ranking.fitting)


def test_vectors_tell_what_is_like_an_example() -> None:
    papers, example = three_papers(), listed(9, "The Example")
    vectors = unit((1, 0, 0), (0.7, 0.7, 0), (0, 0, 1), (1, 0.05, 0))
    near, half, far = example_matches(papers, [example], vectors)

    assert near is not None
    assert half is not None
    assert far is None
    assert near.strength > half.strength
    assert near.reason == "like “The Example”"


def test_without_vectors_shared_words_tell_it() -> None:
    papers, example = three_papers(), listed(9, "Household Agents", BAR.replace("450", "12"))
    matches = example_matches(papers, [example], None, [BAZ, BAR])

    assert [match is not None for match in matches] == [False, True, False]


def test_an_example_is_not_like_itself_but_one() -> None:
    papers = three_papers()
    matches = example_matches(papers, papers[:1], None)
    assert [match.reason if match else None for match in matches] == ["one of the examples", None, None]


def test_no_papers_and_no_examples() -> None:
    assert example_matches([], three_papers(), None) == []
    assert example_matches(three_papers(), [], None) == [None, None, None]
    assert rank_papers([], Interests(ROBOTS)).fitting == ()


def test_examples_come_from_the_configuration_and_from_stars(tmp_path: Path) -> None:
    profile = Profile(name="x", papers=("2601.00002", "2601.99999"), starred=True)
    with Library.open(tmp_path, embedder=None) as library:
        assert "none is starred yet" in interests_of(library, Profile(name="x", starred=True), DAY).remarks[0]
        records = tuple(FeedRecord(stored.paper, Listing(DAY), "{}", "") for stored in three_papers())
        library.ingest(FeedBatch("test", records), datetime(2026, 8, 21, tzinfo=UTC))
        library.marks.set_starred(["2601.00003", "2601.00002"], True)
        interests = interests_of(library, profile, DAY)
        plain = interests_of(library, ROBOTS, DAY)

    assert [example.paper.paper_id for example in interests.examples] == ["2601.00002", "2601.00003"]
    assert interests.missing == ("2601.99999",)
    assert "2601.99999" in interests.remarks[0]
    assert len(interests.background) == 3
    assert (plain.examples, plain.background, plain.remarks) == ((), (), ())


TEXTS = st.lists(st.sampled_from(["agent", "kitchen", "robot", "voice", "the", "IT", "<b>", "机器人"]), max_size=4).map(
    " ".join
)
PAPERS = st.lists(
    st.builds(
        lambda title, abstract, upvotes, days, author: replace(
            listed(0, title, abstract, upvotes, DAY - timedelta(days=days)),
            paper=replace(paper(title=title, abstract=abstract).paper, authors=(Author(author),)),
        ),
        TEXTS,
        TEXTS,
        st.none() | st.integers(0, 500),
        st.integers(0, 9),
        st.sampled_from(["Ada Lovelace", "A. Turing", ""]),
    ),
    max_size=12,
).map(
    lambda papers: [
        replace(stored, paper=replace(stored.paper, paper_id=f"2608.{number:05}"))
        for number, stored in enumerate(papers)
    ]
)
PROFILES = st.builds(
    lambda words, exclude, authors, trending, weight: Profile(
        name="x", words=tuple(words), exclude=tuple(exclude), authors=tuple(authors), trending=trending, interest=weight
    ),
    st.lists(TEXTS.filter(bool), max_size=3),
    st.lists(TEXTS.filter(bool), max_size=1),
    st.lists(st.sampled_from(["Lovelace", "Alan Turing"]), max_size=2),
    st.integers(0, 3),
    st.floats(0, 10),
)


@given(PAPERS, PROFILES, st.randoms(use_true_random=False), st.booleans())
def test_every_paper_stands_once_whatever_the_order(
    papers: list[StoredPaper], profile: Profile, random: Random, with_examples: bool
) -> None:
    examples = (listed(70_000, "kitchen robot", "agent robot"),) if with_examples else ()
    interests, leading = Interests(profile, examples), trending_ids(papers, profile.trending)
    shuffled = random.sample(papers, len(papers))
    ranking = rank_papers(papers, interests, trending=leading)

    assert (
        rank_papers(shuffled, interests, trending=trending_ids(shuffled, profile.trending)).fitting == ranking.fitting
    )
    ids = [ranked.paper.paper_id for ranked in ranking.fitting]
    ids += [stored.paper.paper_id for stored in (*ranking.outside, *ranking.excluded)]
    assert sorted(ids) == sorted(stored.paper.paper_id for stored in papers)
    if profile.chooses:
        assert all(ranked.why for ranked in ranking.fitting)
    assert [ranked.score for ranked in ranking.fitting] == sorted((r.score for r in ranking.fitting), reverse=True)
    excluded = {stored.paper.paper_id for stored in ranking.excluded}
    assert leading - excluded <= {ranked.paper.paper_id for ranked in ranking.fitting}


@pytest.mark.parametrize("count", [1, 200])
def test_papers_that_are_all_alike_keep_one_order(count: int) -> None:
    papers = [listed(number, "Agent", upvotes=3) for number in range(count)]
    assert [ranked.paper for ranked in rank_papers(papers[::-1], Interests(ROBOTS)).fitting] == papers
