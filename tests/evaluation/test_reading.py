"""Question files: every shape by its fields, and every fault with its file and line."""

import gzip
import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.questions import (
    AnswerableQuestion,
    DatedQuestion,
    Place,
    Shape,
    UnanswerableQuestion,
)
from assistant.evaluation.reading import read_questions, sampled_questions, within_library
from assistant.evaluation.row_fields import RowProblem
from assistant.evaluation.rows import parse_row
from assistant.periods import Window

HERE = Place("file", 1)
KNOWN = {"question": "what?", "paper_id": "2601.00001"}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (KNOWN, Shape.KNOWN_ITEM),
        (KNOWN | {"kind": "named", "answer": "that", "gold_quote": "That.", "also": ["2601.00002"]}, Shape.KNOWN_ITEM),
        (KNOWN | {"to": "whom it may concern", "difficulty": 3}, Shape.KNOWN_ITEM),
        ({"question": "q", "paper_ids": [{"id": "2601.00001", "rel": 2}, {"id": "b", "rel": 1}]}, Shape.SURVEY),
        ({"question": "q", "paper_ids": ["2601.00001"]}, Shape.SURVEY),
        ({"question": "q", "paper_ids": ["2601.00001", "2601.00002"], "aspects": ["size"]}, Shape.COMPARISON),
        ({"question": "q", "kind": "near", "paper_id": "2601.00001"}, Shape.UNANSWERABLE),
        ({"question": "q", "kind": "absent"}, Shape.UNANSWERABLE),
        ({"question": "q", "kind": "gossip", "paper_id": None}, Shape.UNANSWERABLE),
        ({"question": "q", "today": "2026-01-08", "from": None, "to": "2025-01-01"}, Shape.DATED),
        ({"question": "q", "today": "2026-01-08", "from": None, "to": None, "kind": "none"}, Shape.DATED),
    ],
)
def test_the_fields_of_a_row_tell_its_shape(row: dict[str, Any], shape: Shape) -> None:
    assert parse_row(row, HERE).shape is shape


def test_a_known_item_counts_every_right_paper_and_takes_ids_in_any_form() -> None:
    row = KNOWN | {"paper_id": "https://arxiv.org/abs/2601.00001v2", "also": ["arXiv:2601.00002"], "id": 7}
    question = parse_row(row, HERE)

    assert isinstance(question, AnswerableQuestion)
    assert question.grades == {"2601.00001": 1, "2601.00002": 1}
    assert question.name == "7"


def test_a_survey_keeps_its_grades_and_forgets_what_was_judged_beside_the_point() -> None:
    rows = [{"id": "a", "rel": 1}, {"id": "a", "rel": 2}, {"id": "b", "rel": 0}]
    question = parse_row({"question": "q", "paper_ids": rows}, HERE)

    assert isinstance(question, AnswerableQuestion)
    assert question.grades == {"a": 2}


def test_a_dated_question_has_its_window_and_the_fair_readings() -> None:
    row = {"question": "q", "today": "2026-01-08", "from": None, "to": "2025-01-01", "alt": [["2024-12-01", None]]}
    question = parse_row(row, HERE)

    assert question == DatedQuestion(
        "q", HERE, None, date(2026, 1, 8), Window(None, date(2025, 1, 1)), (Window(date(2024, 12, 1), None),)
    )
    assert question.window.label == "before 2025-01-02"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([1], "a list where an object"),
        (None, "nothing where an object"),
        ({}, "question is missing"),
        ({"Question": "q", "paper_id": "a"}, "is “Question” question?"),
        ({"question": 3, "paper_id": "a"}, "question is a number, not a text"),
        ({"question": " \u200b ", "paper_id": "a"}, "question is empty"),
        ({"question": "q"}, "needs paper_id, paper_ids, kind, today"),
        ({"question": "q", "paperid": "a"}, "is “paperid” paper_id?"),
        ({"question": "q", "paper_id": ["a"]}, "paper_id is a list, not a text"),
        (KNOWN | {"also": "2601.00002"}, "also is a text, not a list"),
        (KNOWN | {"also": [True]}, "also holds true or false where a text"),
        (KNOWN | {"answer": {}}, "answer is an object, not a text"),
        ({"question": "q", "paper_ids": "a"}, "paper_ids is a text, not a list"),
        ({"question": "q", "paper_ids": []}, "names no paper"),
        ({"question": "q", "paper_ids": [3]}, "paper_ids holds a number"),
        ({"question": "q", "paper_ids": [{"rel": 2}]}, "id is missing"),
        ({"question": "q", "paper_ids": [{"id": "a"}]}, "rel is missing"),
        ({"question": "q", "paper_ids": [{"id": "a", "rel": True}]}, "rel is no whole number"),
        ({"question": "q", "paper_ids": [{"id": "a", "rel": -1}]}, "rel is no whole number"),
        ({"question": "q", "paper_ids": [{"id": "a", "rel": 0}]}, "names no paper that answers"),
        ({"question": "q", "paper_ids": ["a"], "aspects": ["x"]}, "two papers"),
        ({"question": "q", "paper_ids": [{"id": "a", "rel": 1}], "aspects": []}, "paper_ids holds an object"),
        ({"question": "q", "kind": 4}, "kind is a number"),
        ({"question": "q", "today": "2026-01-08", "from": None}, "to is missing (null means an open end)"),
        ({"question": "q", "from": None, "to": None}, "today is missing"),
        ({"question": "q", "today": "8 January", "from": None, "to": None}, "today is “8 January”, not a day"),
        ({"question": "q", "today": "2026-02-30", "from": None, "to": None}, "not a day"),
        ({"question": "q", "today": 20260108, "from": None, "to": None}, "today is a number, not a day"),
        ({"question": "q", "today": "2026-01-08", "from": "2026-01-02", "to": "2026-01-01"}, "is after"),
        ({"question": "q", "today": "2026-01-08", "from": None, "to": None, "alt": [["2026-01-01"]]}, "pairs"),
        ({"question": "q", "today": "2026-01-08", "from": None, "to": None, "alt": "x"}, "pairs"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(row: object, message: str) -> None:
    with pytest.raises(RowProblem) as raised:
        parse_row(row, HERE)
    assert message in str(raised.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(["question", "paper_id", "paper_ids", "kind", "today", "from", "to", "alt", "also", "aspects"])


@given(st.dictionaries(FIELDS, JSON))
def test_any_row_is_a_question_or_a_problem(row: dict[str, Any]) -> None:
    with suppress(RowProblem):
        assert parse_row(row, HERE).text


def test_marks_blank_lines_windows_ends_and_gzip_are_no_matter(tmp_path: Path) -> None:
    rows = json.dumps(KNOWN).encode()
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf\r\n" + rows + b"\r\n\r\n" + rows)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(rows))
    (tmp_path / "notes.md").write_text("not read")

    read = read_questions([tmp_path, tmp_path / "a.jsonl"])

    assert [(file.name, len(file.questions)) for file in read.files] == [("a", 2), ("b", 1)]
    assert [question.place.line for question in read.questions] == [2, 4, 1]


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "known.jsonl", KNOWN)

    read = read_questions([tmp_path / "one", tmp_path / "two"])

    assert [file.name for file in read.files] == [str(tmp_path / name / "known.jsonl") for name in ("one", "two")]


def test_claims_and_questions_as_people_type_them_need_their_papers(tmp_path: Path) -> None:
    claim = {"claim": "It cuts.", "label": "supported"}
    need = {"question": "q", "type": "need", "expected": {"relevant": ["2601.00001", "2601.00009"]}}
    about = {"question": "q", "type": "about_named", "expected": {"paper_id": "2601.00009"}}
    rows = [claim | {"paper_ids": ["2601.00001"]}, claim | {"paper_ids": ["2601.00001", "2601.00009"]}, need, about]

    files, lacking = within_library(read_questions([write(tmp_path / "a.jsonl", *rows)]), frozenset({"2601.00001"}))

    kept_claim, kept_need = files.questions
    assert (kept_claim.place.line, kept_need.place.line) == (1, 3)
    assert kept_need.paper_ids == ("2601.00001",)
    assert lacking.questions == 2


def test_every_faulty_line_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    good = json.dumps(KNOWN)
    file = tmp_path / "faulty.jsonl"
    file.write_text("\n".join([good, "{broken", '{"question": 1}', good, *["[]"] * 6]))

    with pytest.raises(InputError) as raised:
        read_questions([file])

    assert f"{file}:2: not whole JSON" in raised.value.message
    assert f"{file}:3: question is a number" in raised.value.message
    assert raised.value.message.endswith("… and 3 more")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\r\n\n"])
def test_an_empty_file_is_an_error_alone_and_a_remark_beside_others(tmp_path: Path, content: bytes) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(content)
    with pytest.raises(InputError, match="has no question"):
        read_questions([empty])

    write(tmp_path / "known.jsonl", KNOWN)
    read = read_questions([tmp_path])
    assert [file.name for file in read.files] == ["known"]
    assert read.remarks == (f"{empty} has no question",)


def test_a_folder_may_hold_other_data_but_a_file_that_is_named_must_hold_questions(tmp_path: Path) -> None:
    write(tmp_path / "known.jsonl", KNOWN)
    other = write(tmp_path / "corpus.jsonl", {"title": "A paper"})

    assert len(read_questions([tmp_path]).files) == 1
    with pytest.raises(InputError, match="question is missing"):
        read_questions([other])


def test_what_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(json.dumps(KNOWN).encode())[:-9])
    (tmp_path / "folder").mkdir()

    for path, message in [
        (tmp_path / "absent.jsonl", "cannot be read"),
        (tmp_path / "folder", "has no question files"),
        (cut, "damaged gzip"),
    ]:
        with pytest.raises(InputError, match=message):
            read_questions([path])


def test_a_limit_takes_the_first_and_a_seed_draws_the_same_sample_each_time(tmp_path: Path) -> None:
    read = read_questions([write(tmp_path / "many.jsonl", *(KNOWN | {"question": f"q{n}"} for n in range(50)))])

    assert [one.text for one in sampled_questions(read, 3, None).questions] == ["q0", "q1", "q2"]
    drawn = [one.place.line for one in sampled_questions(read, 10, 1).questions]
    assert drawn == sorted(drawn) == [one.place.line for one in sampled_questions(read, 10, 1).questions]
    assert drawn != [one.place.line for one in sampled_questions(read, 10, 2).questions]
    assert sampled_questions(read, 99, 1) == sampled_questions(read, None, None) == read


def test_questions_about_papers_that_the_library_lacks_are_left_out_and_counted(tmp_path: Path) -> None:
    file = write(
        tmp_path / "mixed.jsonl",
        KNOWN | {"also": ["2601.00009"]},
        KNOWN | {"paper_id": "2601.00008"},
        {"question": "q", "paper_ids": [{"id": "2601.00001", "rel": 1}, {"id": "2601.00007", "rel": 2}]},
        {"question": "q", "paper_ids": ["2601.00001", "2601.00007"], "aspects": ["x"]},
        {"question": "q", "kind": "near", "paper_id": "2601.00006"},
    )

    remaining, lacking = within_library(read_questions([file]), frozenset({"2601.00001"}))

    kept = [question for question in remaining.questions if isinstance(question, AnswerableQuestion)]
    assert [question.place.line for question in remaining.questions] == [1, 3, 5]
    assert [dict(question.grades) for question in kept] == [{"2601.00001": 1}, {"2601.00001": 1}]
    assert isinstance(remaining.questions[-1], UnanswerableQuestion)
    assert lacking.paper_ids == ("2601.00009", "2601.00008", "2601.00007", "2601.00006")
    assert lacking.questions == 2


def test_the_shared_questions_are_read(shared: Path) -> None:
    read = read_questions([shared / "eval" / name for name in ("daily_dev", "claims_dev", "natural_dev")])

    shapes = {file.name: {one.shape for one in file.questions} for file in read.files}
    assert shapes.pop("claims_a") == shapes.pop("claims_b") == {Shape.CLAIM}
    assert shapes == {shape.value: {shape} for shape in Shape if shape is not Shape.CLAIM}
