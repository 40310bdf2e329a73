"""Which questions lean on the turn before, and what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.understanding.follow_up import Earlier, follow_up, short_name
from tests.retrieval.understanding.follow_up_cases import CASES, EARLIER, Case

NOTHING = Earlier("", "", ())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.question)
def test_a_question_is_read_as_a_reader_reads_it(case: Case) -> None:
    read = follow_up(case.question, EARLIER)
    assert (read.stands_alone, read.numbers, read.brings_in) == (case.alone, case.numbers, case.brings_in)


@pytest.mark.parametrize("case", [case for case in CASES if case.alone], ids=lambda case: case.question)
def test_a_question_that_stands_alone_is_left_alone(case: Case) -> None:
    assert follow_up(case.question, EARLIER).question == case.question


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("what about its limitations", "what are the limitations of SnapStore?"),
        ("how does it compare with LoRA?", "how does SnapStore compare with LoRA?"),
        ("and the second one?", "and SnapStore?"),
        ("is number 4 better than number 1?", "is LazyHeads better than TinyCache?"),
        ("what is its main idea?", "what is SnapStore's main idea?"),
        ("who are the authors?", "who are the authors of SnapStore?"),
        ("why?", "why? (how do papers compress the KV cache?)"),
    ],
)
def test_a_follow_up_is_made_standalone(question: str, standalone: str) -> None:
    assert follow_up(question, EARLIER).question == standalone


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("why?", True),
        ("what is the bit width in TinyCache?", True),
        ("eviction or quantization of the KV cache?", True),
        ("papers on protein folding", False),
        ("how do people detect contamination in benchmarks", False),
    ],
)
def test_whether_it_is_about_the_same_papers(question: str, same: bool) -> None:
    assert follow_up(question, EARLIER).same_subject is same


def test_of_one_source_every_follow_up_is_about_it() -> None:
    read = follow_up("how many parameters?", Earlier("what is TinyCache?", "…", EARLIER.titles[:1]))
    assert read.numbers == (1,)
    assert read.question == "how many parameters of TinyCache?"


@pytest.mark.parametrize("question", ["why?", "how does it work?", "and the second one?", ""])
def test_without_a_turn_before_every_question_stands_alone(question: str) -> None:
    read = follow_up(question, NOTHING)
    assert read.stands_alone
    assert read.question == question


def test_a_source_that_is_not_there_is_no_reference() -> None:
    assert follow_up("what is in [9]?", EARLIER).numbers == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("TinyCache: Two-Bit", "TinyCache"),
        ("A Survey", "A Survey"),
        (": odd", ": odd"),
        (f"{'x' * 90}: y", f"{'x' * 90}: y"),
    ],
)
def test_a_paper_is_called_by_what_stands_before_the_colon(title: str, name: str) -> None:
    assert short_name(title) == name


@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=4))
def test_any_text_can_be_read(question: str, titles: list[str]) -> None:
    read = follow_up(question, Earlier("earlier", "answer", tuple(titles), (1,) if titles else ()))
    assert all(0 < number <= len(titles) for number in read.numbers)
