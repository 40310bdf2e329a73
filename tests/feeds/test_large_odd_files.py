"""Files of one odd sign again and again: each of these took minutes or for ever where time grows faster than size."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.feeds.file_content import FileForm, recognized
from assistant.feeds.files import read_files
from assistant.feeds.page_lines import ends_whole
from assistant.feeds.page_text import linked_page, page_text
from assistant.feeds.person_names import author_names
from assistant.feeds.record_days import record_day
from assistant.feeds.reference_files import read_bibtex
from assistant.feeds.translation import translated

MANY = 100_000
PEEKED = 65_536


@pytest.mark.parametrize(
    "start",
    [
        b"% x\n",
        b"[a]",
        b"[a]\n",
        b"@",
        b"@a{",
        b"@string",
        b"a: b\n",
        b"1",
        b"#\n",
        b"---\n",
        b"From:",
        b"x,y\n",
        b"%0 x\n",
    ],
)
@pytest.mark.parametrize(
    "odd", [b"\n", b" ", b" \n", b"\t%\n", b"@a\n", b"{", b"# \n", b"a: b\n ", b"- ", b"a-", b"1\n"]
)
def test_a_file_is_recognized_whatever_it_repeats(start: bytes, odd: bytes) -> None:
    head = (start + odd * PEEKED)[:PEEKED] + b"hello"
    with suppress(InputError):  # of a kind that is known and holds no papers
        assert recognized(head, "odd") in FileForm


@pytest.mark.parametrize(
    "odd", ["@comment{\n", "@misc{\n", "{", "\\", "@misc{a, title={", "% \n", "\\'{", "~", "\\href{", "$", "\n"]
)
def test_a_bibliography_of_odd_lines_ends(odd: str) -> None:
    text = odd * (MANY // len(odd))
    good = "\n@misc{z, title={Kites}, eprint={2405.99310}}\n"
    records = [record for batch in read_bibtex(text + good, "odd.bib") for record in batch.records]
    assert [record.paper.title for record in records] == ["Kites"]


@pytest.mark.parametrize("odd", [" ", "\n", ", ", " and ", "'", "\\'", "\"'", "et al ", "J. ", "a-", ";", "&"])
def test_authors_of_odd_signs_end(odd: str) -> None:
    text = odd * (MANY // len(odd))
    assert author_names(f"{text}x") is not None
    assert author_names(f"['{text}x") is not None
    assert author_names(f"['{text}]") is not None


@pytest.mark.parametrize("odd", [" ", "\n", "1 ", "2024-", "/", "a "])
def test_other_fields_of_odd_signs_end(odd: str) -> None:
    text = odd * (MANY // len(odd))
    assert record_day(f"2024{text}x") is None
    fields = translated({"title": "T", "keywords": f"{text}x", "abstract": f"<{text}x"}).fields
    assert fields["ai_keywords"]


def test_pages_of_odd_lines_end(tmp_path: Path) -> None:
    assert ends_whole("a." * MANY + " b") is False
    assert page_text(f'<a href="{"/abs/" * MANY}?">x</a>')
    line = "[Kites and strings](/papers/2405.99311) " * 5_000
    assert linked_page(f"{line}\n").paper_ids == {}
    title = "## [Kites and strings](/papers/2405.99311) **\n"
    assert linked_page(title).paper_ids == {1: "2405.99311"}
    path = tmp_path / "blank.bib"
    path.write_text("% x\n" + "\n" * 60_000 + "@misc{a, title={Kites}, eprint={2405.99312}}\n", encoding="utf-8")
    batches = list(read_files([str(path)], kind=None, today=date(2026, 10, 5)))
    assert [record.paper.paper_id for batch in batches for record in batch.records] == ["2405.99312"]
