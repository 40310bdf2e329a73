"""`assistant cite`: references as files and on stdout, for named and for starred papers."""

from pathlib import Path

import pytest
import rispy
from pybtex.database import parse_string

from tests.cli.conftest import Assistant

PAPERS = (
    '{"id": "2601.00001", "title": "FooNet: Pruning $k$ Heads", "abstract": "FooNet prunes heads.",'
    ' "authors": ["Ada Lovelace", "Charles Babbage"], "published": "2026-01-05", "date": "2026-01-07"}\n'
    '{"id": "2601.00002", "title": "BarBench: Agents in Kitchens", "abstract": "BarBench tests agents.",'
    ' "authors": ["李明"], "date": "2026-01-08"}\n'
)


@pytest.fixture
def two_papers(assistant: Assistant, tmp_path: Path) -> Assistant:
    file = tmp_path / "papers.jsonl"
    file.write_text(PAPERS, encoding="utf-8")
    assert assistant("--offline", "sync", str(file)).code == 0
    return assistant


def test_papers_are_printed_as_bibtex_each_once(two_papers: Assistant) -> None:
    ran = two_papers("cite", "2601.00001", "https://arxiv.org/abs/2601.00002v1", "arXiv:2601.00001v3")
    assert ran.code == 0
    entries = parse_string(ran.out, "bibtex").entries
    assert list(entries) == ["lovelace2026foonet", "anonymous2026barbench"]
    assert entries["lovelace2026foonet"].fields["title"] == "{FooNet}: Pruning {$k$} Heads"


def test_a_title_is_enough_and_ris_can_be_asked_for(two_papers: Assistant) -> None:
    ran = two_papers("cite", "barbench", "--format", "ris")
    (record,) = rispy.loads(ran.out)
    assert record["accession_number"] == "arXiv:2601.00002"
    assert "is taken for" in ran.err


@pytest.mark.parametrize(("name", "begin"), [("a.bib", "@misc{"), ("a.ris", "TY  - "), ("a.txt", "@misc{")])
def test_the_file_says_the_form(two_papers: Assistant, tmp_path: Path, name: str, begin: str) -> None:
    ran = two_papers("cite", "2601.00001", "--out", str(tmp_path / name))
    assert (ran.code, ran.out) == (0, "")
    assert f"1 reference written to {tmp_path / name}" in ran.err
    assert (tmp_path / name).read_text().startswith(begin)


def test_starred_papers_come_behind_the_named_ones(two_papers: Assistant, home: Path) -> None:
    from assistant.library.library import Library

    nobody = two_papers("cite", "--starred")
    assert nobody.code == 3
    assert "No paper is starred" in nobody.err

    folder = home / "data" / "daily-papers" / "library"
    assert folder.is_dir()
    with Library.open(folder, embedder=None) as library:
        library.marks.set_starred(["2601.00001", "2601.00002"], True)
    ran = two_papers("cite", "--starred", "2601.00001")
    assert list(parse_string(ran.out, "bibtex").entries) == ["lovelace2026foonet", "anonymous2026barbench"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "No paper is named"),
        (("2601.09999",), 3, "2601.09999"),
        (("2601.00001", "--format", "docx"), 2, "bibtex"),
        (("2601.00001", "--out", "/no/such/folder/a.bib"), 9, "The folder /no/such/folder does not exist"),
    ],
)
def test_what_cannot_be_is_told(two_papers: Assistant, arguments: tuple[str, ...], code: int, message: str) -> None:
    ran = two_papers("cite", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
