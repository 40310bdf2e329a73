"""What a question asks of the papers that it names, part by part."""

import pytest

from assistant.answering.answerability.question_features import Aim, Aims
from assistant.answering.asked import read_named, wants_others
from assistant.library.records import StoredPaper
from assistant.retrieval.search import Hit
from tests.support.paper_factory import paper

FOO = paper()
BAR = paper("2601.00002", "BarBench: Agents in Kitchens", "BarBench tests agents. It has 450 tasks.")
DATA = paper("2601.00004", "FooNet: A Dataset of Foos", "FooNet is a dataset of foos.")
AIMS = Aims(None)


def hits(*papers: StoredPaper, dense: tuple[float, ...] = ()) -> tuple[Hit, ...]:
    likeness = dense or (0.5,) * len(papers)
    return tuple(Hit(stored, 1.0, None, near, named=True) for stored, near in zip(papers, likeness, strict=True))


def test_an_overview_asks_nothing_that_an_abstract_could_leave_out() -> None:
    question = read_named("foonet, how dose it work", "en", hits(FOO), AIMS)

    assert question.is_overview
    assert question.papers == (FOO,)


def test_parts_are_told_apart_and_keep_their_words() -> None:
    question = read_named("tell me about FooNet. how many gpu hours did training it take?", "en", hits(FOO), AIMS)

    assert [part.aim for part in question.parts] == [Aim.WHOLE, Aim.DETAIL]
    assert [part.text for part in question.parts] == ["tell me about it", "how many gpu hours did training it take"]


def test_what_only_says_what_is_spoken_of_asks_nothing() -> None:
    question = read_named("FooNet - the small one. whats in it, what did it cost to make", "en", hits(FOO), AIMS)

    assert [part.text for part in question.parts] == ["whats in it", "what did it cost to make"]


@pytest.mark.parametrize(
    ("question", "language", "aim"),
    [
        ("Was ist FooNet und wie funktioniert es?", "de", Aim.WHOLE),
        ("Quelles sont les limites de FooNet ?", "fr", Aim.LIMITS),
        ("FooNet 是什么?", "zh", Aim.WHOLE),
    ],
)
def test_other_languages_are_read_by_their_english(question: str, language: str, aim: Aim) -> None:
    read_question = read_named(question, language, hits(FOO), AIMS)

    assert {part.aim for part in read_question.parts} == {aim}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("BarBench vs FooNet", "en"),
        ("what did BarBench improve over FooNet", "en"),
        ("BarBench or FooNet?", "en"),
        ("BarBench 和 FooNet 有什么区别?", "zh"),
        ("BarBench oder FooNet: was ist der Unterschied?", "de"),
    ],
)
def test_two_papers_are_compared_in_the_order_of_the_question(question: str, language: str) -> None:
    read_question = read_named(question, language, hits(FOO, BAR), AIMS)

    assert read_question.comparing
    assert read_question.papers == (BAR, FOO)


def test_what_is_asked_beside_comparing_is_kept() -> None:
    question = read_named("FooNet vs BarBench: which one needs less memory?", "en", hits(FOO, BAR), AIMS)

    assert [part.text for part in question.parts] == ["which one needs less memory"]


def test_naming_two_is_no_comparison() -> None:
    assert not read_named("summarize FooNet and BarBench", "en", hits(FOO, BAR), AIMS).comparing


def test_a_namesake_that_fits_less_is_named_and_not_described() -> None:
    question = read_named("what is FooNet?", "en", hits(FOO, DATA, dense=(0.4, 0.6)), AIMS)

    assert question.papers == (DATA,)
    assert question.told_apart
    assert set(question.namesakes) == {FOO, DATA}


def test_namesakes_that_fit_alike_are_all_told_of() -> None:
    question = read_named("what is FooNet?", "en", hits(FOO, DATA), AIMS)

    assert question.papers == (FOO, DATA)
    assert not question.told_apart


def test_a_namesake_among_other_hits_is_told_too() -> None:
    question = read_named("what is FooNet?", "en", hits(FOO), AIMS, beside=hits(BAR, DATA))

    assert question.papers == (FOO,)
    assert question.told_apart
    assert set(question.namesakes) == {FOO, DATA}


def test_chosen_papers_need_no_name() -> None:
    question = read_named("how do they differ?", "en", hits(FOO, BAR), AIMS)

    assert question.papers == (FOO, BAR)
    assert question.comparing


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Which papers are similar to FooNet?", True),
        ("Other papers on the subject of FooNet", True),
        ("anything else like FooNet?", True),
        ("Compare the papers FooNet and BarBench", False),
        ("Is FooNet better than other approaches?", False),
        ("What's new in FooNet?", False),
        ("how is FooNet different from related work", False),
    ],
)
def test_others_are_wanted_only_when_papers_are(question: str, others: bool) -> None:
    assert wants_others(question, hits(FOO, BAR), AIMS) is others
