"""Pages saved otherwise, and what is no page: the shared cases, and invented ones of the same kinds."""

import json
import plistlib
import quopri
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.feeds.files import FileKind, read_files
from assistant.papers import FeedRecord, Listing, Provenance

TODAY = date(2026, 10, 5)
ABSTRACT = (
    "Toy kites are flown by two children. We count 640 flights over one summer. A kite with a tail stays up for"
    " 12 minutes, which is three times as long as one without. The string matters less than we expected."
)
HUB = "https://huggingface.co"


def read(path: Path, kind: FileKind | None = None) -> list[FeedRecord]:
    batches = list(read_files([str(path)], kind, today=TODAY))
    assert [rejection for batch in batches for rejection in batch.rejections] == []
    return [record for batch in batches for record in batch.records]


def one(path: Path) -> FeedRecord:
    (record,) = read(path)
    return record


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_clipping_gives_ids_days_and_upvotes(shared: Path) -> None:
    first, second = read(shared / "field/import_kind_remedy/clipping.txt")
    assert (first.paper.paper_id, second.paper.paper_id) == ("2512.99003", "2512.99004")
    assert first.listing == Listing(date(2025, 12, 12), 94)
    assert (first.paper.published, second.paper.published) == (date(2025, 12, 11), date(2025, 12, 10))
    assert first.paper.title == "Toy Retrieval by Words"
    assert first.paper.abstract.endswith("without a picture. Code will be released.")


def test_a_dump_gives_the_ids_of_its_links(shared: Path) -> None:
    records = read(shared / "field/import_text_dump/page.txt")
    assert [(record.paper.paper_id, record.paper.title) for record in records] == [
        ("2512.99003", "Toy Retrieval by Words"),
        ("2512.99004", "Toy Nets for Toy Tasks"),
    ]
    assert records[0].paper.abstract.endswith("Code will be released.")


def test_quotation_marks_of_attributes_make_no_difference(shared: Path) -> None:
    folder = shared / "field/import_unquoted_attributes"
    unquoted, quoted = read(folder / "page.html"), read(folder / "page_quoted.html")
    assert [record.paper for record in unquoted] == [record.paper for record in quoted]
    assert len(unquoted) == 2
    assert unquoted[0].unread_fields == ()


# --- what is no paper


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("@misc{k, title={Kites}, howpublished={shop}}\n", None),
        ("PMID- 1\nTI  - Kites\nAB  - x\n", "PubMed"),
        ("%0 Journal Article\n%T Kites\n%A Muster, Erika\n", "EndNote"),
        ("\\documentclass{article}\n\\begin{document}\nKites\n\\end{document}\n", "LaTeX"),
        ("import kites\n\nkites.fly()\n", "program text"),
        ("[kites]\ncolour = red\n", "configuration"),
        ("papers:\n  - title: Kites\n", "YAML"),
        ("{'title': 'Kites'}\n", "Python"),
        ("{\\rtf1 Kites}", "RTF"),
        ("PAR1\x15\x04", "Parquet"),
        ("SQLite format 3\x00\x10", "SQLite"),
        ("From: a@example.org\nTo: b@example.org\nSubject: Kites\nDate: today\n\nHello\n", "mail"),
        (f"# Kites\n\n{ABSTRACT}\n\n@misc{{k,\n title={{Kites}}}}\n\n{ABSTRACT}\n", "Daily Papers page"),
        (f"# Kites\n\n{ABSTRACT}\n\n## More kites\n\n{ABSTRACT}\n", "Daily Papers page"),
    ],
)
def test_what_holds_no_papers_is_refused_by_name_and_no_remedy_makes_page_text_of_it(
    tmp_path: Path, content: str, name: str | None
) -> None:
    path = written(tmp_path, "file.txt", content)
    if name is None:
        (batch,) = read_files([str(path)], today=TODAY)
        assert (batch.records, len(batch.rejections)) == ((), 1)
        return
    with pytest.raises(InputError) as caught:
        read(path)
    assert name in caught.value.message
    assert caught.value.remedy
    for ruinous in ("--kind", "saved-text", ".txt"):
        assert ruinous not in caught.value.remedy


@pytest.mark.parametrize("kind", [FileKind.SAVED_TEXT, FileKind.SAVED_HTML, FileKind.API_JSON])
def test_a_given_kind_does_not_make_a_page_of_a_bibliography(tmp_path: Path, kind: FileKind) -> None:
    for content in ("@misc{k,\n title={Kites},\n eprint={2405.99130}}\n", "TY  - JOUR\nTI  - Kites\nER  - \n"):
        with pytest.raises(InputError, match=r"is (BibTeX|RIS), not"):
            read(written(tmp_path, "refs.txt", content), kind)


# --- pages saved otherwise

PAPER = {"id": "2405.00001", "title": "Kite", "summary": ABSTRACT}
PROPS = json.dumps({"date": "2025-12-12T00:00:00.000Z", "dailyPapers": [{"paper": PAPER}]})
QUOTED = PROPS.replace('"', "&quot;")
NUMBERED = PROPS.replace('"', "&#34;")


@pytest.mark.parametrize(
    "html",
    [
        f"<html><DIV DATA-PROPS='{PROPS}' class=x DATA-TARGET=DailyPapers></DIV>",
        f'<p>x<div data-props="{QUOTED}" data-target=DailyPapers>',
        f'<!--\n Page saved with SingleFile -->\n<div data-target = "DailyPapers" data-props = "{NUMBERED}">',
        f'<!doctype html><script id=props type=application/json>{PROPS}</script>',
        f'<!doctype html>\n<div class=SVELTE_HYDRATER data-props="{QUOTED}">',
    ],
)  # fmt: skip
def test_attributes_in_any_order_case_and_quotation_give_the_same_papers(tmp_path: Path, html: str) -> None:
    archive = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n"
    )
    archive += (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(html.encode()) + b"\r\n--b--\r\n"
    )
    safari = {"WebMainResource": {"WebResourceData": html.encode(), "WebResourceTextEncodingName": "UTF-8"}}
    for content in (html, archive, plistlib.dumps(safari, fmt=plistlib.FMT_BINARY)):
        record = one(written(tmp_path, "page", content))
        assert (record.paper.paper_id, record.listing) == ("2405.00001", Listing(date(2025, 12, 12)))


def test_a_page_without_its_json_is_read_by_what_it_shows(tmp_path: Path) -> None:
    html = (
        "<!doctype html><title>Daily Papers</title><nav><a href=/models>Models</a></nav><h1>Daily Papers</h1><p>Dec 12"
        "<article><a href=/papers/2512.99140><img src=x></a><h3>"
        "<a class=y href=/papers/2512.99140>Kites [of] toys</a></h3>"
        f"<p>{ABSTRACT}</p><div>5 authors</div><div>·</div><div>Dec 11, 2025</div></article><script>var x;</script>"
    )
    record = one(written(tmp_path, "page.html", html))
    assert (record.paper.paper_id, record.paper.title) == ("2512.99140", "Kites (of) toys")
    assert (record.paper.abstract, record.paper.published) == (ABSTRACT, date(2025, 12, 11))
    assert record.listing == Listing(date(2025, 12, 12))


@pytest.mark.parametrize(
    "text",
    [
        "# Daily Papers\n\nDec 12\n\n* [ ![](a.png) ](/papers/2512.99141)\n\n"
        "### [ Kites that\nfly ](/papers/2512.99141)\n\n{abstract}\n",
        'Daily Papers\n\nDec 12\n\n**[Kites that fly]({hub}/papers/2512.99141 "x")**\n\n{abstract}\n',
        "Daily Papers\n\nDec 12\n\n[7]Kites that fly\n\n{abstract}\n\nReferences:\n\n[7] {hub}/papers/2512.99141\n",
        "[1]Hugging Face\n\n   Dec 12\n\n"
        "   [7]Kites that\n   fly\n\n   {wrapped}\n\n     * [8]5 authors\n\nReferences\n"
        "\n"
        "   Visible links:\n   1. file:///\n   7. file:///papers/2512.99141\n   8. file:///papers/2512.99141\n",
        "---\nsource: {hub}/papers/date/2025-12-12\n---\n## [Kites that fly](https://arxiv.org/abs/2512.99141v1)\n"
        "Submitted on Dec 11, 2025\n\n▲ 5\n\n{wrapped}\n",
    ],
)  # fmt: skip
def test_clippings_and_dumps_give_title_id_and_abstract(tmp_path: Path, text: str) -> None:
    wrapped = ABSTRACT.replace(". ", ".\n   ")
    for name, value in {"{abstract}": ABSTRACT, "{wrapped}": wrapped, "{hub}": HUB}.items():
        text = text.replace(name, value)
    record = one(written(tmp_path, "page.txt", text))
    assert (record.paper.paper_id, record.paper.title) == ("2512.99141", "Kites that fly")
    assert record.paper.abstract == ABSTRACT
    assert record.listing is not None
    assert record.listing.day == date(2025, 12, 12)
    assert record.paper.source is Provenance.SAVED_PAGE
