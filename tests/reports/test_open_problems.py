"""Open problems: sentences that state what is not solved, from behind what the paper does."""

import pytest

from assistant.reports.open_problems import open_problem_sentences, stated_problems
from tests.support.paper_factory import sources
from tests.support.small_corpus import library_paper

DOES = "We introduce FooBench, a benchmark of 400 tasks. It has three parts."


@pytest.mark.parametrize(
    "finding",
    [
        "Even the best model reaches only 23% of the tasks.",
        "We find that current agents struggle with long tasks.",
        "Robust planning remains an open problem.",
        "Our results reveal fundamental limitations of frontier models in counting.",
        "These findings underscore the need for better verifiers.",
        "Future work should look at more languages.",
        "State-of-the-art models still fail on every third task.",
        "The benchmark is far from saturated.",
        "Our study is limited to English text.",
    ],
)
def test_a_finding_that_something_is_not_solved_is_one(finding: str) -> None:
    problems = open_problem_sentences(f"{DOES} {finding}")

    assert [sentence.text for sentence in problems] == [finding]


@pytest.mark.parametrize(
    "abstract",
    [
        "Agents still fail at cooking. Planning remains an open problem. We introduce FooNet, which plans.",
        f"{DOES} To address these limitations, we propose FooNet.",
        f"{DOES} FooNet outperforms even the best models by 12%.",
        f"{DOES} It succeeds where existing methods fail.",
        f"{DOES} Our method mitigates collapse and closes the gap.",
        f"{DOES} We will release all data to support future research.",
        "Agents cook soup.",
        "",
    ],
)
def test_what_the_paper_then_solves_is_none(abstract: str) -> None:
    assert open_problem_sentences(abstract) == ()


def test_sentences_are_exact_spans() -> None:
    abstract = f"{DOES}  Robust planning remains an open problem."

    (problem,) = open_problem_sentences(abstract)

    assert abstract[problem.start : problem.end] == problem.text


def test_every_paper_gives_its_first_one_before_any_gives_a_second() -> None:
    two = "Robust planning remains an open problem. Current agents still struggle with soup."
    papers = [library_paper(n, f"Paper {n}", f"{DOES} {two}") for n in (1, 2, 3)]

    quoted = list(stated_problems(sources(papers), 4))

    assert [sentence.citations[0].number for sentence in quoted] == [1, 1, 2, 3]
    assert quoted[0].text == "“Robust planning remains an open problem.” [1]"
    assert quoted[0].verdict == "quoted"
    assert quoted[0].mending is None
