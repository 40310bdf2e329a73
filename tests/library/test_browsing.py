"""Lists of papers: rows, orders, filters, marks, completion of titles."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.repositories.paper_rows import Mark, PaperRow, RowOrder
from assistant.papers import Author, Paper
from tests.support.library_factory import MORNING, batch, paper, record

MONDAY, TUESDAY = date(2025, 10, 13), date(2025, 10, 14)
ALPHA = replace(paper("2510.00001", "Alpha: Language Models that Plan"), organization="Google")
BETA = replace(paper("2510.00002", "beta for Text-to-Image Models"), authors=tuple(map(Author, "ABCD")))
GAMMA = replace(paper("2510.00003", "[/x] Gamma Über-Language"), authors=(Author("Eve"),), published=date(2025, 10, 1))
DELTA = paper("2510.00004", "Delta Plans")


@pytest.fixture
def shelf(library: Library) -> Library:
    records = [
        record(ALPHA, MONDAY, 5, 2),
        record(ALPHA, TUESDAY, 6),
        record(BETA, TUESDAY, 9, 0),
        record(GAMMA, None),
        record(DELTA, MONDAY, None, 7),
    ]
    library.ingest(batch(*records), MORNING)
    return library


def ids(rows: list[PaperRow]) -> list[str]:
    return [row.paper_id[-1] for row in rows]


def test_a_row_says_what_a_list_shows(shelf: Library) -> None:
    shelf.marks.set_starred([ALPHA.paper_id], True)
    row = shelf.browsing.rows_of([ALPHA.paper_id])[0]
    assert row == PaperRow(ALPHA.paper_id, ALPHA.title, TUESDAY, 6, 2, "Google", read=False, starred=True, noted=False)
    assert row.facts == "2025-10-14 · ▲ 6 · Google"


def test_facts_leave_out_what_is_not_known(shelf: Library) -> None:
    gamma, delta = shelf.browsing.rows_of([GAMMA.paper_id, DELTA.paper_id])
    assert gamma.facts == "2025-10-01 · Eve"
    assert delta.facts == "2025-10-13"


@pytest.mark.parametrize("known", [ALPHA, BETA, GAMMA, DELTA])
def test_bylines_are_those_of_papers(shelf: Library, known: Paper) -> None:
    assert shelf.browsing.rows_of([known.paper_id])[0].byline == known.byline


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (RowOrder.NEWEST, ["2", "1", "4", "3"]),
        (RowOrder.UPVOTES, ["2", "1", "4", "3"]),
        (RowOrder.COMMENTS, ["4", "1", "2", "3"]),
        (RowOrder.TITLE, ["3", "1", "2", "4"]),
    ],
)
def test_rows_come_in_order_and_what_is_unknown_comes_last(
    shelf: Library, order: RowOrder, expected: list[str]
) -> None:
    assert ids(shelf.browsing.rows(order=order)) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since=MONDAY, until=MONDAY), ["1", "4"]),
        (Filters(min_upvotes=6), ["2", "1"]),
        (Filters(organizations=("google",)), ["1"]),
        (Filters(min_upvotes=100), []),
    ],
)
def test_rows_pass_filters(shelf: Library, filters: Filters, expected: list[str]) -> None:
    assert ids(shelf.browsing.rows(filters)) == expected


def test_rows_are_narrowed_to_marks(shelf: Library) -> None:
    shelf.marks.set_read([ALPHA.paper_id, BETA.paper_id], True)
    shelf.marks.set_starred([BETA.paper_id], True)
    shelf.marks.set_note(GAMMA.paper_id, "look")
    assert ids(shelf.browsing.rows(mark=Mark.UNREAD)) == ["4", "3"]
    assert ids(shelf.browsing.rows(mark=Mark.STARRED)) == ["2"]
    assert ids(shelf.browsing.rows(mark=Mark.NOTED)) == ["3"]
    assert ids(shelf.browsing.rows(Filters(since=MONDAY, until=MONDAY), mark=Mark.UNREAD)) == ["4"]
    assert [row.read for row in shelf.browsing.rows()] == [True, True, False, False]


def test_rows_of_ids_keep_their_order(shelf: Library) -> None:
    assert ids(shelf.browsing.rows_of([DELTA.paper_id, "gone", ALPHA.paper_id])) == ["4", "1"]


def test_recent_papers_are_the_newest(shelf: Library) -> None:
    assert ids(shelf.browsing.recent(2)) == ["2", "1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lang", ["1", "3"]),
        ("LANGUAGE mod", ["1"]),
        ("models lang", ["1"]),
        ("plan", ["1", "4"]),
        ("delta pl", ["4"]),
        ("text-to-im", ["2"]),
        ("odels", []),
        ("über", ["3"]),
        ("[/x] gam", ["3"]),
        ("100%_'\"", []),
        ("", ["2", "1", "4", "3"]),
        ("?!", ["2", "1", "4", "3"]),
    ],
)
def test_titles_are_completed_by_the_beginnings_of_their_words(shelf: Library, text: str, expected: list[str]) -> None:
    assert ids(shelf.browsing.complete(text)) == expected


def test_a_title_that_begins_with_the_text_comes_before_one_of_more_upvotes(shelf: Library) -> None:
    shelf.ingest(batch(record(paper("2510.00009", "Models of Nothing"), upvotes=1)), MORNING)
    assert ids(shelf.browsing.complete("models")) == ["9", "2", "1"]
    assert ids(shelf.browsing.complete("models", limit=1)) == ["9"]


def test_text_of_any_length_is_completed(shelf: Library) -> None:
    assert shelf.browsing.complete("word " * 5000) == []
