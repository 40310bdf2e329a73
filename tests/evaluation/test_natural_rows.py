"""Rows of claims and of questions as people type them: what is expected, and every fault in words."""

from datetime import date
from typing import Any

import pytest

from assistant.answering.values import Verdict
from assistant.evaluation.questions import (
    ExpectedTable,
    LabelledClaim,
    Listing,
    NaturalQuestion,
    NaturalType,
    Passage,
    Place,
    Shape,
    TableKind,
)
from assistant.evaluation.row_fields import RowProblem
from assistant.evaluation.rows import parse_row

HERE = Place("file", 1)
CLAIM = {"claim": "FooNet cuts memory.", "paper_ids": ["2601.00001"], "label": "partly"}


def natural(kind: str, expected: dict[str, Any], **row: object) -> NaturalQuestion:
    question = parse_row({"question": "what?", "type": kind, "expected": expected} | row, HERE)
    assert isinstance(question, NaturalQuestion)
    return question


def test_a_claim_has_its_papers_its_label_and_its_kind() -> None:
    claim = parse_row(CLAIM | {"kind": "figure", "id": "c1", "evidence": ["It cuts."], "why": "-"}, HERE)

    assert claim == LabelledClaim("FooNet cuts memory.", HERE, "c1", ("2601.00001",), Verdict.PARTLY, "figure")
    assert claim.shape is Shape.CLAIM
    of_one_paper = parse_row({"claim": "x", "paper_id": "arxiv.org/abs/2601.00001", "label": "supported"}, HERE)
    assert of_one_paper.paper_ids == ("2601.00001",)


def test_a_question_about_a_paper_names_it_what_to_say_and_what_is_absent() -> None:
    asked = {"paper_id": "2601.00001", "answerable": "partly", "must_contain": ["by 37%"], "confusable": ["2601.00002"]}
    expected = natural("about_named", asked | {"language": "de"}).expected

    assert (expected.paper_ids, expected.partly, expected.refuse) == (("2601.00001",), True, False)
    assert (expected.passages, expected.confusable) == ((Passage(None, "by 37%"),), ("2601.00002",))
    assert expected.language == "de"


def test_a_comparison_names_what_to_say_by_paper() -> None:
    asked = {"paper_ids": ["2601.00001", "2601.00002"], "must_contain": {"2601.00002": ["450 tasks"]}}
    assert natural("compare_named", asked).expected.passages == (Passage("2601.00002", "450 tasks"),)


def test_a_need_has_grades_and_a_depth() -> None:
    relevant = [{"id": "2601.00001", "rel": 2}, {"id": "2601.00002", "rel": 1}]
    expected = natural("need", {"relevant": relevant, "within": 5, "more_ok": ["2601.00003"]}).expected

    assert expected.relevant == {"2601.00001": 2, "2601.00002": 1}
    assert (expected.within, expected.may_join) == (5, ("2601.00003",))


def test_a_follow_up_has_the_questions_before_it_and_may_want_a_refusal() -> None:
    turns = [{"question": "what is FooNet?", "paper_ids": ["2601.00001"]}, {"question": "what?"}]
    asked = {"paper_ids": ["2601.00001"], "answerable": False, "closest": "2601.00001"}
    question = natural("follow_up", asked, turns=turns, today="2026-01-08")

    assert (question.before, question.today) == (("what is FooNet?",), date(2026, 1, 8))
    assert (question.expected.refuse, question.expected.closest) == (True, "2601.00001")
    assert natural("unanswerable", {"refuse": True, "closest": None}).expected.refuse


@pytest.mark.parametrize(
    ("expected", "table"),
    [
        (
            {"kind": "ranking", "ids": ["a", "b"], "upvotes": [9, 9], "tied_with_last": ["c"], "alt": {"ids": ["d"]}},
            ExpectedTable(TableKind.RANKING, (Listing(("a", "b"), ("9", "9"), (), ("c",)), Listing(("d",)))),
        ),
        (
            {"kind": "papers", "ids": ["a"], "link_only_in_abstract": ["b"], "comments": 10},
            ExpectedTable(TableKind.PAPERS, (Listing(("a",), may_join=("b",)),)),
        ),
        ({"kind": "number", "number": 3}, ExpectedTable(TableKind.NUMBER, number=3)),
        ({"kind": "authors", "authors": ["Ada"]}, ExpectedTable(TableKind.AUTHORS, names=("Ada",))),
        ({"kind": "organization", "organization": "Foo"}, ExpectedTable(TableKind.ORGANIZATION, names=("Foo",))),
        ({"kind": "link", "link": "https://x.org"}, ExpectedTable(TableKind.LINK, link="https://x.org")),
        ({"kind": "none"}, ExpectedTable(TableKind.NONE)),
    ],
)
def test_a_question_on_the_collection_has_its_table(expected: dict[str, Any], table: ExpectedTable) -> None:
    assert natural("list_table", expected).expected.table == table


def test_papers_with_a_word_stand_on_top_in_any_order() -> None:
    table = natural("exact_word", {"word": "x", "paper_ids": ["a", "b"]}).expected.table
    assert table == ExpectedTable(TableKind.RANKING, (Listing(("a", "b"), ("", "")),))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (CLAIM | {"label": "true"}, "label is “true”, none of supported, partly, unsupported"),
        (CLAIM | {"paper_ids": []}, "paper_ids names no paper"),
        ({"claim": "x", "label": "partly"}, "paper_id is missing"),
        (CLAIM | {"claim": 3}, "claim is a number, not a text"),
        ({"question": "q", "type": "gossip", "expected": {}}, "type is “gossip”, none of about_named"),
        ({"question": "q", "type": "need", "expected": []}, "expected is a list, not an object"),
        ({"question": "q", "type": "need", "expected": None}, "expected is missing"),
        ({"question": "q", "type": "need", "expected": {"relevant": [{"id": "a"}]}}, "rel is missing"),
        ({"question": "q", "type": "about_named", "expected": {}}, "expected names no paper"),
        ({"question": "q", "type": "compare_named", "expected": {"paper_ids": ["a"]}}, "two papers"),
        ({"question": "q", "type": "list_table", "expected": {"kind": "papers"}}, "expected.ids is missing"),
        ({"question": "q", "type": "list_table", "expected": {"kind": "number", "number": "3"}}, "no whole number"),
        (
            {"question": "q", "type": "list_table", "expected": {"kind": "ranking", "ids": ["a"], "upvotes": [1, 2]}},
            "one value for each",
        ),
        (
            {"question": "q", "type": "follow_up", "expected": {"paper_ids": ["a"]}, "turns": [{"question": "q"}]},
            "turns of a follow-up",
        ),
        ({"question": "q", "type": "about_named", "expected": {"paper_id": "a", "answerable": "no"}}, "true or false"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(row: dict[str, Any], message: str) -> None:
    with pytest.raises(RowProblem) as raised:
        parse_row(row, HERE)
    assert message in str(raised.value)


def test_every_type_can_be_read() -> None:
    papers = {"paper_id": "a", "relevant": ["a"], "kind": "none"}
    several = {"paper_ids": ["a", "b"]}
    turns = [{"question": "before"}, {"question": "q"}]
    for kind in NaturalType:
        expected = several if kind in {NaturalType.COMPARE_NAMED, NaturalType.EXACT_WORD} else papers
        assert natural(kind, expected, turns=turns).type is kind
