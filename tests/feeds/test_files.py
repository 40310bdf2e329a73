"""Files, folders and standard input: every kind is recognized, and what cannot be read is said with its place."""

import gzip
import io
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant.errors import InputError
from assistant.export.references import bibtex
from assistant.feeds import file_content
from assistant.feeds.files import FileKind, read_files
from assistant.library.records import StoredPaper
from assistant.papers import FeedBatch, Provenance

TODAY = date(2026, 8, 21)
ABSTRACT = "We study how files are read, and find that they are read from front to end. " * 3


def api_item(number: int, **changes: object) -> dict[str, object]:
    return {"paper": {"id": f"2510.{number:05}", "title": f"Title {number}", "summary": ABSTRACT, **changes}}


def export(number: int, **changes: object) -> dict[str, object]:
    fields = {"id": f"2510.{number:05}", "title": f"Title {number}", "abstract": ABSTRACT, "date": "2025-10-15"}
    return {**fields, **changes}


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def read(
    *paths: Path | str,
    kind: FileKind | None = None,
    day: date | None = None,
    standard_input: BinaryIO | None = None,
) -> list[FeedBatch]:
    names = [str(path) for path in paths]
    return list(read_files(names, kind, today=TODAY, day=day, standard_input=standard_input))


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def papers(batches: list[FeedBatch]) -> list[str]:
    return [record.paper.title for batch in batches for record in batch.records]


def test_every_capture_in_the_shared_folder_is_read(shared: Path) -> None:
    batches = read(shared / "feeds")
    counts = {Path(batch.origin).name: len(batch.records) for batch in batches if batch.records}
    assert counts == {
        "saved_page_2025-12-09.txt": 39,
        "saved_page_2025-12-12.txt": 21,
        "daily_papers_date_2024-05-27.json": 13,
        "daily_papers_date_2025-03-20.json": 13,
        "daily_papers_date_2025-10-15.json": 26,
        "daily_papers_date_2026-08-21.json": 17,
        "papers_search_q_kazakh.json": 9,
        "daily_papers_2024-08-01.html": 13,
    }
    days = {Path(batch.origin).name[-15:-5]: batch.day for batch in batches if "date_" in batch.origin}
    assert days == {day: date.fromisoformat(day) for day in days}
    reasons = {Path(each.place).name: each.reason for batch in batches for each in batch.rejections}
    assert "holds an error, not papers: “Sorry" in reasons["error_body_deepdiver_papers.json"]
    assert reasons["LICENSE.txt"] == "does not look like a Daily Papers page"
    assert len(reasons) == 2 + len(list((shared / "feeds/arxiv_atom").glob("*.xml")))


def test_the_shared_corpus_is_read_in_batches(shared: Path) -> None:
    batches = read(shared / "corpus/daily_papers.jsonl.gz")
    assert [len(batch.records) for batch in batches] == [500] * 22 + [28]
    assert {rejection for batch in batches for rejection in batch.rejections} == set()
    assert {record.paper.source for record in batches[0].records} == {Provenance.EXPORT}


def test_no_paper_of_the_corpus_is_dated_after_the_month_of_its_id(shared: Path) -> None:
    """Since April 2026 the feed tells a revision's day for some papers, in another year even."""
    published = {}
    with gzip.open(shared / "corpus/daily_papers.jsonl.gz", "rt", encoding="utf-8") as corpus:
        for line in corpus:
            fields = json.loads(line)
            published[fields["id"]] = fields.get("published")
    by_id = {
        record.paper.paper_id: record.paper
        for batch in read(shared / "corpus/daily_papers.jsonl.gz")
        for record in batch.records
    }
    changed = [
        paper for paper in by_id.values() if paper.published and published[paper.paper_id][:10] != f"{paper.published}"
    ]
    assert len(changed) == 41
    assert sum(published[paper.paper_id][:4] != f"{paper.published:%Y}" for paper in changed) == 12
    assert {f"{paper.published:%y%m-%d}" for paper in changed} == {f"{paper.paper_id[:4]}-01" for paper in changed}
    cited = bibtex([StoredPaper(paper) for paper in by_id.values() if paper in changed])
    assert re.findall(r"year = {20(..)}", cited) == [paper.paper_id[:2] for paper in changed]
    assert not [paper for paper in by_id.values() if paper.published and f"{paper.published:%y%m}" > paper.paper_id[:4]]


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (json.dumps([api_item(1), api_item(2)]).encode(), Provenance.HUGGINGFACE),
        (json.dumps([api_item(1)["paper"], api_item(2)["paper"]], indent=1).encode(), Provenance.HUGGINGFACE),
        (b"\xef\xbb\xbf" + json.dumps([export(1), export(2)]).encode(), Provenance.EXPORT),
        (lines(export(1), export(2)), Provenance.EXPORT),
        (b"\xef\xbb\xbf\n\n" + lines(export(1)) + b"\n\n" + lines(export(2)), Provenance.EXPORT),
        (lines(api_item(1), api_item(2)), Provenance.HUGGINGFACE),
        (json.dumps({"dailyPapers": [api_item(1), api_item(2)]}).encode(), Provenance.HUGGINGFACE),
        (json.dumps({"dailyPapers": [api_item(1), api_item(2)]}, indent=1).encode(), Provenance.HUGGINGFACE),
        (gzip.compress(lines(export(1), export(2)), mtime=0), Provenance.EXPORT),
        (lines(export(1), export(2)).decode().encode("utf-16"), Provenance.EXPORT),
        (f"Title 1\n\n{ABSTRACT}\n\nTitle 2\n\n{ABSTRACT}\n".encode(), Provenance.SAVED_PAGE),
        (gzip.compress(f"Title 1\n\n{ABSTRACT}\n\nTitle 2\n\n{ABSTRACT}\n".encode(), mtime=0), Provenance.SAVED_PAGE),
    ],
)
def test_the_kind_is_recognized_by_content(tmp_path: Path, content: bytes, source: Provenance) -> None:
    batches = read(written(tmp_path, "file", content))
    assert papers(batches) == ["Title 1", "Title 2"]
    assert {record.paper.source for batch in batches for record in batch.records} == {source}
    assert [batch.rejections for batch in batches] == [()]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_is_one_paper(tmp_path: Path, indent: int | None) -> None:
    for item in (api_item(1), export(1)):
        assert papers(read(written(tmp_path, "one.json", json.dumps(item, indent=indent).encode()))) == ["Title 1"]


def test_shapes_may_be_mixed_and_an_export_keeps_its_origin(tmp_path: Path) -> None:
    path = written(tmp_path, "mixed.jsonl", lines(api_item(1), export(2), export(3, source="arxiv")))
    (batch,) = read(path)
    sources = [record.paper.source for record in batch.records]
    assert sources == [Provenance.HUGGINGFACE, Provenance.EXPORT, Provenance.ARXIV]
    assert [record.place for record in batch.records] == [f"{path}:{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (FileKind.API_JSON, lines({**export(1), "summary": "An API summary."}), Provenance.HUGGINGFACE),
        (FileKind.EXPORT_JSONL, json.dumps([{**export(1), "paper": None}]).encode(), Provenance.EXPORT),
        (FileKind.SAVED_TEXT, b"[RE] Title\n\nIt begins like JSON.\n", Provenance.SAVED_PAGE),
    ],
)
def test_a_given_kind_counts_before_the_content(
    tmp_path: Path, kind: FileKind, content: bytes, expected: Provenance
) -> None:
    (batch,) = read(written(tmp_path, "file", content), kind=kind)
    assert [record.paper.source for record in batch.records] == [expected]


def test_a_wrong_kind_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "page.txt", f"Title 1\n\n{ABSTRACT}\n".encode())
    for kind in (FileKind.SAVED_HTML, FileKind.API_JSON):
        with pytest.raises(InputError, match=r"page\.txt"):
            read(path, kind=kind)


def test_a_broken_line_loses_that_line_only(tmp_path: Path) -> None:
    content = lines(export(1)) + b'{"id": "2510.0\n' + lines(export(3), [1]) + b"\xff\xfe{}\n" + lines(export(6))
    path = written(tmp_path, "some.jsonl", content)
    (batch,) = read(path)
    assert papers([batch]) == ["Title 1", "Title 3", "Title 6"]
    assert [each.place for each in batch.rejections] == [f"{path}:{number}" for number in (2, 4, 5)]
    assert batch.rejections[0].reason.startswith("not whole JSON")
    assert batch.day == date(2025, 10, 15)


def test_a_broken_first_line_loses_that_line_only(tmp_path: Path) -> None:
    (batch,) = read(written(tmp_path, "some.jsonl", b'{"id": "2510.0\n' + lines(export(2), export(3))))
    assert papers([batch]) == ["Title 2", "Title 3"]
    assert len(batch.rejections) == 1


def test_a_line_too_long_for_a_record_loses_that_line_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "_LONGEST_LINE", 1_000)
    (batch,) = read(written(tmp_path, "some.jsonl", lines(export(1), export(2, x="x" * 5_000), export(3))))
    assert papers([batch]) == ["Title 1", "Title 3"]
    assert [each.reason for each in batch.rejections] == ["the line is too long to be a record"]


def test_a_large_file_is_given_in_batches(tmp_path: Path) -> None:
    path = written(tmp_path, "many.jsonl", lines(*(export(number) for number in range(1_001))))
    batches = read_files([str(path)], today=TODAY)
    assert len(next(batches).records) == 500
    assert [len(batch.records) for batch in batches] == [500, 1]


def test_an_empty_list_is_a_day_without_papers(tmp_path: Path) -> None:
    path = written(tmp_path, "day.json", b"[]\n")
    assert read(path) == [FeedBatch(str(path), (), ())]


def test_odd_records_of_a_file_are_rejected_with_their_place(tmp_path: Path) -> None:
    path = written(tmp_path, "day.json", json.dumps([api_item(1, summary=None), api_item(2)]).encode())
    (batch,) = read(path)
    assert [(each.place, each.reason) for each in batch.rejections] == [(f"{path}[0]", "“Title 1”: no abstract")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b'{"error":"Sorry, no such page."}', "holds an error, not papers: “Sorry, no such page.”"),
        (b'{\n"error": "Sorry"\n}', "holds an error"),
        (b"<!doctype html><title>News</title>", "a web page but not one of Daily Papers"),
        (b"<html><body>x", "a web page but not one of Daily Papers"),
        (b"<?xml version='1.0'?><feed></feed>", "is XML"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"PK\x03\x04....", "is a zip archive"),
        (b"From: <Saved by Blink>\n", "a web archive without a page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not text"),
        (b'[{"paper": {"id": "25', "is not whole JSON"),
        (b'{"paper": {"id": "25', "is not whole JSON"),
        (b'{\n"paper": {\n"id": "25', "is not whole JSON"),
        (b'{"version": 3, "name": "package"}', "is JSON, but not of papers"),
        (b"[1, 2, 3]", "is JSON, but not of papers"),
        (lines(*({"question": number} for number in range(300))), "is JSON, but not of papers"),
        (lines(*({"title": "T", "body": number} for number in range(600))), "no paper in its first records"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(lines(export(1)), mtime=0)[:60], "damaged gzip"),
        (b"\x1f\x8bnot gzip at all", "damaged gzip"),
        (
            b"# Notes\n\n- one\n\n- two\n\nA paragraph of prose that is about nothing.\n\n- three\n\n- four\n",
            "look like",
        ),
        (b"just words", "has no paper"),
    ],
)
def test_what_holds_no_papers_is_an_error_that_names_the_file(tmp_path: Path, content: bytes, words: str) -> None:
    path = written(tmp_path, "odd file", content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.message.startswith(str(path))
    assert words in caught.value.message
    assert caught.value.remedy


def test_the_papers_before_the_break_of_a_cut_gzip_file_are_kept(tmp_path: Path) -> None:
    numbers = [os.urandom(40).hex() for _ in range(700)]
    whole = gzip.compress(lines(*(export(1, title=number) for number in numbers)))
    path = written(tmp_path, "cut.jsonl.gz", whole[:-400])
    batches: list[FeedBatch] = []
    with pytest.raises(InputError, match="damaged gzip file, or was cut"):
        batches.extend(read_files([str(path)], today=TODAY))
    read_papers = papers(batches)
    assert 500 < len(read_papers) < 700
    assert read_papers == numbers[: len(read_papers)]


def test_a_file_larger_than_a_document_may_be_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_content, "_LARGEST_DOCUMENT", 1_000)
    with pytest.raises(InputError, match="larger than 1,000 bytes"):
        read(written(tmp_path, "big.json", json.dumps([api_item(number) for number in range(20)]).encode()))


def test_a_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    written(tmp_path, "b.jsonl", lines(export(2)))
    written(tmp_path, "a/z.json", json.dumps([api_item(3)]).encode())
    written(tmp_path, "a.jsonl.gz", gzip.compress(lines(export(1))))
    written(tmp_path, ".hidden.jsonl", lines(export(9)))
    written(tmp_path, ".git/x.jsonl", lines(export(9)))
    written(tmp_path, "notes.docx.bak", b"# Notes\n")
    written(tmp_path, "prose.txt", f"A title\n\n{ABSTRACT}\n".encode())
    written(tmp_path, "page.txt", f"Daily Papers\n\nDec 12\n\nTitle 4\n\n{ABSTRACT}\n".encode())
    written(tmp_path, "empty.json", b"")
    batches = read(tmp_path)
    assert papers(batches) == ["Title 1", "Title 2", "Title 4", "Title 3"]
    reasons = {Path(each.place).name: each.reason for batch in batches for each in batch.rejections}
    assert reasons == {
        "notes.docx.bak": "is of no kind that holds papers",
        "prose.txt": "does not look like a Daily Papers page",
        "empty.json": "is empty",
    }


def test_a_folder_without_papers_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, "notes.docx.bak", b"# Notes\n")
    with pytest.raises(InputError, match="has no file with papers"):
        read(tmp_path)


def test_an_operating_systems_refusal_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "x.jsonl", lines(export(1)))

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        with pytest.raises(InputError, match="cannot be opened: Permission denied"):
            read(path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        with pytest.raises(InputError, match="has no file with papers"):
            read(tmp_path)
        rejected = read_files([str(tmp_path)], today=TODAY)
        assert next(rejected).rejections[0].reason == "cannot be opened: Permission denied"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", refuse)
        with pytest.raises(InputError, match="cannot be opened: Permission denied"):
            read(path)


class Failing(io.BytesIO):
    """A stream that a broken disk gives."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_failing_disk_is_said() -> None:
    with pytest.raises(InputError, match="standard input cannot be read: Input/output error"):
        read("-", standard_input=Failing())


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("daily.jsno", "did you mean {}/daily.json?"),
        ("fedes/x.json", "did you mean {}/feeds?"),
        ("qqq", "a name like it"),
    ],
)
def test_a_missing_file_is_said_before_anything_is_read(tmp_path: Path, asked: str, remedy: str) -> None:
    written(tmp_path, "feeds/x.json", b"[]")
    there = written(tmp_path, "daily.json", b"[]")
    with pytest.raises(InputError, match="there is no file") as caught:
        next(read_files([str(there), str(tmp_path / asked)], today=TODAY))
    assert remedy.format(tmp_path) in str(caught.value.remedy)


@pytest.mark.parametrize("name", ["", "x" * 5_000, "a\0b"])
def test_a_name_that_no_file_can_have_is_an_error(name: str) -> None:
    with pytest.raises(InputError):
        read(name)


def test_one_bad_file_costs_none_of_the_others(tmp_path: Path) -> None:
    first = written(tmp_path, "1.jsonl", lines(export(1)))
    bad = written(tmp_path, "2.jsonl", b"")
    worse = written(tmp_path, "3.html", b"<html>")
    last = written(tmp_path, "4.jsonl", lines(export(4)))
    batches: list[FeedBatch] = []
    with pytest.raises(InputError, match=r"2\.jsonl is empty; .*3\.html is a web page"):
        batches.extend(read_files([str(first), str(bad), str(worse), str(last)], today=TODAY))
    assert papers(batches) == ["Title 1", "Title 4"]


def test_standard_input_is_read_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(gzip.compress(lines(export(1))))
    (batch,) = read("-", standard_input=stream)
    assert batch.origin == "standard input"
    assert batch.records[0].place == "standard input:1"
    assert not stream.closed
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines(export(2)))))
    assert papers(read("-")) == ["Title 2"]


@pytest.mark.parametrize(
    ("name", "own_day", "given", "expected"),
    [
        ("daily_papers_2024-05-27.json", None, None, date(2024, 5, 27)),
        ("daily_papers_2024-05-27.json", "2024-05-28T00:00:00.000Z", None, date(2024, 5, 28)),
        ("daily_papers_2024-05-27.json", "2024-05-28T00:00:00.000Z", date(2024, 5, 29), date(2024, 5, 29)),
        ("2024-05-27_to_2024-05-28.json", None, None, None),
        ("daily_papers.json", None, None, None),
    ],
)
def test_the_day_of_an_api_answer(
    tmp_path: Path, name: str, own_day: str | None, given: date | None, expected: date | None
) -> None:
    path = written(tmp_path, name, json.dumps([api_item(1, submittedOnDailyAt=own_day)]).encode())
    (batch,) = read(path, day=given)
    assert batch.day == expected


def test_a_search_answer_gets_no_day_from_its_name(tmp_path: Path) -> None:
    item = {**api_item(1), "highlightedTitle": []}
    (batch,) = read(written(tmp_path, "search_2024-05-27.json", json.dumps([item]).encode()))
    assert batch.records[0].listing is None


def test_the_year_of_a_saved_page_may_stand_in_its_name(tmp_path: Path) -> None:
    text = f"Daily Papers\n\nDec 12\n\nTitle 1\n\n{ABSTRACT}\n".encode()
    assert read(written(tmp_path, "page_2023-12-12.txt", text))[0].day == date(2023, 12, 12)
    assert read(written(tmp_path, "page.txt", text))[0].day == date(2025, 12, 12)
