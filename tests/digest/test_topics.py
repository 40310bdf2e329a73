"""Papers grouped by topic without a model."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.packing import numbered_sources
from assistant.digest.topics import OTHERS, Group, grouped
from assistant.library.values import LibraryPaper
from assistant.papers import Paper, Source


def known(title: str, *keywords: str, upvotes: int | None = 0) -> LibraryPaper:
    return LibraryPaper(Paper(title, title, "It says.", Source.EXPORT, keywords=keywords), upvotes=upvotes)


def groups_of(papers: Sequence[LibraryPaper]) -> tuple[Group[LibraryPaper], ...]:
    return grouped(papers, lambda paper: paper)


def titles(papers: Sequence[LibraryPaper]) -> dict[str, list[str]]:
    return {topic.name: [paper.paper.title for paper in topic.entries] for topic in groups_of(papers)}


def test_papers_that_share_a_keyword_are_one_topic_those_of_most_upvotes_first() -> None:
    papers = [
        known("A", "Video Generation", "GANs", upvotes=1),
        known("B", "world model", upvotes=3),
        known("C", "video generation", upvotes=2),
        known("D", "world models", upvotes=4),
        known("E", "zebra stripes", upvotes=99),
    ]
    assert titles(papers) == {"world model": ["D", "B"], "video generation": ["C", "A"], OTHERS: ["E"]}
    assert list(titles(papers)) == ["world model", "video generation", OTHERS]


def test_acronyms_and_what_they_stand_for_are_one_topic() -> None:
    papers = [known("A", "llms"), known("B", "large language models"), known("C", "LLM")]
    assert titles(papers) == {"large language models": ["A", "B", "C"]}


def test_titles_group_papers_without_keywords() -> None:
    papers = [known("Diffusion Models in Kitchens"), known("The Kitchen Robot"), known("A Study of a New Method")]
    assert titles(papers) == {
        "kitchens": ["Diffusion Models in Kitchens", "The Kitchen Robot"],
        OTHERS: ["A Study of a New Method"],
    }


def test_what_almost_all_papers_share_is_no_topic() -> None:
    papers = [known(f"Title{number}", "language models", f"topic {'ab'[number % 2]}") for number in range(16)]
    papers += [known(f"Rest{number}") for number in range(6)]
    assert sorted(titles(papers)) == [OTHERS, "topic a", "topic b"]


def test_a_single_paper_is_in_the_last_topic() -> None:
    assert titles([known("A", "x")]) == {OTHERS: ["A"]}
    assert groups_of([]) == ()


def test_what_carries_a_paper_is_grouped_as_it_is() -> None:
    papers = [known("A", "robots", upvotes=1), known("B", "cats"), known("C", "robots", upvotes=2)]
    topics = grouped(numbered_sources(papers), lambda source: source.paper)
    assert [(topic.name, [source.number for source in topic.entries]) for topic in topics] == [
        ("robots", [3, 1]),
        (OTHERS, [2]),
    ]


TITLES = st.text(max_size=30) | st.sampled_from(["[/x] Diffusion", "Diffusion Models", "LLM", "large language model"])


@given(st.lists(st.builds(known, TITLES, TITLES, upvotes=st.none() | st.integers(0, 9)), max_size=12))
def test_every_paper_is_in_exactly_one_topic(papers: list[LibraryPaper]) -> None:
    topics = groups_of(papers)
    entries = [id(paper) for topic in topics for paper in topic.entries]
    assert sorted(entries) == sorted(map(id, papers))
    assert all(topic.entries and topic.name for topic in topics)
