"""Marks: kept, carried along when a paper gets its arXiv id, joined when two papers become one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.library.library import Library
from assistant.library.repositories.reading_marks import PaperMarks
from tests.support.library_factory import MORNING, batch, many, open_library, paper, record

UNMARKED = PaperMarks()


def test_a_paper_without_marks_has_the_empty_ones(library: Library) -> None:
    library.ingest(many(1), MORNING)
    assert library.marks.of("2501.00000") == UNMARKED
    assert library.marks.of("unknown") == UNMARKED


def test_marks_are_set_and_taken_away_each_by_itself(library: Library) -> None:
    library.ingest(many(2), MORNING)
    before = datetime.now(UTC)
    library.marks.set_read(["2501.00000", "2501.00001"], True)
    library.marks.set_starred(["2501.00000"], True)
    library.marks.set_note("2501.00000", "[red]see[/x] §3\nagain")

    marks = library.marks.of("2501.00000")
    assert marks.read_at is not None
    assert before <= marks.read_at <= datetime.now(UTC)
    assert (marks.starred, marks.note) == (True, "[red]see[/x] §3\nagain")
    assert library.marks.of("2501.00001") == PaperMarks(read_at=marks.read_at)

    library.marks.set_read(["2501.00000"], False)
    library.marks.set_starred(["2501.00000"], False)
    library.marks.set_note("2501.00000", " \n")
    assert library.marks.of("2501.00000") == UNMARKED


def test_reading_again_keeps_the_first_time(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.marks.set_read(["2501.00000"], True)
    first = library.marks.of("2501.00000")
    library.marks.set_read(["2501.00000"], True)
    assert library.marks.of("2501.00000") == first


def test_unknown_papers_are_passed_over(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.marks.set_starred(["gone", "2501.00000"], True)
    library.marks.set_note("gone", "x")
    assert library.marks.of("2501.00000").starred
    assert library.marks.of("gone") == UNMARKED


def test_a_note_may_hold_what_a_database_cannot(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.marks.set_note("2501.00000", "half \ud83d emoji")
    assert library.marks.of("2501.00000").note == "half \ufffd emoji"


def test_marks_outlive_a_rebuild_a_sync_and_the_program(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.ingest(many(3), MORNING)
        library.marks.set_note("2501.00001", "keep me")
        library.index_pending()
        library.rebuild()
        library.ingest(batch(record(paper("2501.00001", "Another title", abstract="Other words."))), MORNING)
    with open_library(tmp_path) as library:
        assert library.marks.of("2501.00001").note == "keep me"


def test_marks_follow_a_paper_that_gets_its_id(library: Library) -> None:
    unnamed = paper(None, "Known by Title")
    library.ingest(batch(record(unnamed)), MORNING)
    library.marks.set_note(unnamed.paper_id, "first seen on a page")
    library.ingest(batch(record(paper("2510.00007", "Known by title!"))), MORNING)

    assert library.get([unnamed.paper_id]) == []
    assert library.marks.of("2510.00007").note == "first seen on a page"
    assert library.check().damages == ()


@pytest.mark.parametrize(
    ("note", "other", "joined"),
    [
        ("", "other", "other"),
        ("one", "", "one"),
        ("one", "other", "one\nother"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)
@pytest.mark.parametrize("starred", [(False, False), (True, False), (False, True)])
def test_two_papers_that_become_one_join_their_marks(
    library: Library, note: str, other: str, joined: str, starred: tuple[bool, bool]
) -> None:
    named, unnamed = paper("2510.00007", "Old Title"), paper(None, "New Title")
    library.ingest(batch(record(named), record(unnamed)), MORNING)
    for known, text, star in zip((named, unnamed), (note, other), starred, strict=True):
        library.marks.set_note(known.paper_id, text)
        library.marks.set_starred([known.paper_id], star)
    library.ingest(batch(record(paper("2510.00007", "New Title"))), MORNING)

    assert library.get([unnamed.paper_id]) == []
    marks = library.marks.of("2510.00007")
    assert (marks.note, marks.starred, marks.read_at) == (joined, any(starred), None)
    assert library.check().damages == ()


@pytest.mark.parametrize("read", [(True, False), (False, True), (True, True)])
def test_a_paper_that_was_read_under_either_id_stays_read_since_the_earlier_time(
    library: Library, read: tuple[bool, bool]
) -> None:
    named, unnamed = paper("2510.00007", "Old Title"), paper(None, "New Title")
    library.ingest(batch(record(named), record(unnamed)), MORNING)
    for known, was_read in zip((unnamed, named), reversed(read), strict=True):
        library.marks.set_read([known.paper_id], was_read)
    times = [library.marks.of(known.paper_id).read_at for known in (named, unnamed)]
    library.ingest(batch(record(paper("2510.00007", "New Title"))), MORNING)

    assert library.marks.of("2510.00007").read_at == min(time for time in times if time)
