"""Which questions lean on the turn before, and what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.query.follow_ups import Earlier, follow_up, short_name
from tests.support.labelled_follow_ups import CASES, EARLIER, Case

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


TWO = Earlier(
    "compare TinyCache with SnapStore",
    "…",
    EARLIER.titles[:2],
    cited=(1, 2),
    abstracts=("TinyCache keeps 2 bits and releases 3M keys.", "SnapStore drops what nobody attends to."),
)


@pytest.mark.parametrize(
    ("question", "language"),
    [("what about in German", "de"), ("and in French?", "fr"), ("请用中文", "zh"), ("auf Deutsch bitte", "de")],
)
def test_another_language_is_wanted_for_the_same_question(question: str, language: str) -> None:
    read = follow_up(question, TWO)

    assert (read.question, read.language, read.numbers) == (TWO.question, language, (1, 2))
    assert not read.stands_alone


@pytest.mark.parametrize(
    ("question", "standalone", "numbers", "language"),
    [
        ("它有多少个智能体?", "它有多少个智能体? (TinyCache)", (1,), "zh"),
        ("Und wie schnell ist es?", "Und wie schnell ist es? (TinyCache)", (1,), "de"),
        ("c'est quoi exactement ?", "c'est quoi exactement ? (TinyCache)", (1,), "fr"),
    ],
)
def test_a_follow_up_in_another_language_keeps_its_words(
    question: str, standalone: str, numbers: tuple[int, ...], language: str
) -> None:
    read = follow_up(question, TWO)

    assert (read.question, read.numbers, read.language) == (standalone, numbers, language)


def test_a_figure_of_one_abstract_says_which_paper_is_meant() -> None:
    assert follow_up("under which license are the 3M keys?", TWO).numbers == (1,)
    assert not follow_up("under which license are the 9M dogs?", TWO).same_subject


@pytest.mark.parametrize(
    "question", ["Und wie schnell ist es?", "嗯嗯它呢", "und der die das", "et ça marche chez vous ?"]
)
def test_words_without_english_stay_as_they_are(question: str) -> None:
    read = follow_up(question, Earlier("What is FooNet?", "", ("FooNet: Fast Pruning",), (1,)))
    assert read.question.startswith(question)
