"""BibTeX and RIS: what we write comes back, and what others write is read as far as it is whole."""

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.errors import InputError
from assistant.export.references import bibtex, ris
from assistant.feeds.reference_files import read_bibtex, read_ris
from assistant.library.records import StoredPaper
from assistant.papers import Author, FeedBatch, Paper, Provenance

PAPERS = (
    Paper(
        "2405.99201",
        "ToyNet: 50% of $O(n^2)$ Kites & Strings_1",
        "Kites fly. They are 84 % toys: {a} b.",
        Provenance.HUGGINGFACE,
        (Author("Erika Muster"), Author("Hal Daumé III"), Author("Toy Research Team"), Author("Jan van der Berg")),
        date(2024, 5, 17),
        keywords=("kites", "string theory"),
    ),
    Paper("hep-th/9901998", "Ångström Toys — a Naïve View", "We fly.", Provenance.ARXIV, (Author("José Ñuñez"),),
          date(1999, 1, 7)),
    Paper("2312.99202", "A Study without a Date", "Kites again.", Provenance.EXPORT, (Author("Łukasz Øst"),)),
)  # fmt: skip


def only(batches: Iterator[FeedBatch]) -> FeedBatch:
    (batch,) = batches
    return batch


def test_the_ris_that_is_written_comes_back() -> None:
    batch = only(read_ris(ris([StoredPaper(paper) for paper in PAPERS]), "refs.ris"))
    assert batch.rejections == ()
    for record, paper in zip(batch.records, PAPERS, strict=True):
        read = record.paper
        assert (read.paper_id, read.title, read.abstract) == (paper.paper_id, paper.title, paper.abstract)
        assert read.authors == paper.authors
        assert read.published == (paper.published or date(2023, 12, 1))
        assert record.unread_fields == ()
    assert batch.records[0].paper.keywords == PAPERS[0].keywords


def test_the_bibtex_that_is_written_comes_back_but_for_abstracts_and_days() -> None:
    batch = only(read_bibtex(bibtex([StoredPaper(paper) for paper in PAPERS]), "refs.bib"))
    assert batch.rejections == ()
    for record, paper in zip(batch.records, PAPERS, strict=True):
        read = record.paper
        assert (read.paper_id, read.title, read.authors) == (paper.paper_id, paper.title, paper.authors)
        assert read.published == (paper.published or date(2023, 12, 1)).replace(day=1)
        assert read.abstract == ""
        assert record.unread_fields == ()


BROKEN = r"""% from me@example.org
@string{me = "Muster, Erika"}
@comment{ @misc{no, title={No}, eprint={2405.99210}} }
@preamble{"\newcommand{\x}{y}"}
@article{first, title = {{ToyNet}: 50\% na\"{\i}ve \emph{kites} of {\'E}cole $x_1$}, author = me # " and others",
  year = 2024, month = may, journal = {arXiv preprint arXiv:2405.99211}, abstract = {84% of them \& more}}
@misc{cut, title = {Not closed, eprint = {2405.99212},
@misc{macro, title = "Kites", eprint = "2405.99213", note = unknown, archivePrefix = "arXiv"}
@ONLINE(paren, title = {Paren}, url = {https://arxiv.org/abs/2405.99214v2}, date = {2024-05-09}, strange = {x})
@book{shop, title = {A Book}, author = {A. B.}}
"""


def test_a_broken_entry_costs_itself() -> None:
    batch = only(read_bibtex(BROKEN, "refs.bib"))
    assert [record.paper.paper_id for record in batch.records] == ["2405.99211", "2405.99213", "2405.99214"]
    first, _, last = (record.paper for record in batch.records)
    assert first.title == "ToyNet: 50% naïve kites of École $x_1$"
    assert first.abstract == "84% of them & more"
    assert (first.authors, first.published) == ((Author("Erika Muster"),), date(2024, 5, 1))
    assert last.published == date(2024, 5, 9)
    assert batch.records[-1].unread_fields == ("strange",)
    assert [rejection.place for rejection in batch.rejections] == ["refs.bib:7", "refs.bib:10"]
    assert "“cut” is broken" in batch.rejections[0].reason
    assert "no arXiv id" in batch.rejections[1].reason


def test_strings_of_one_file_are_unknown_in_the_next() -> None:
    only(read_bibtex('@string{toy = "Kites"}\n@misc{a, title = toy, eprint = {2405.99215}}\n', "a.bib"))
    batch = only(read_bibtex("@misc{b, title = {B}, author = toy, eprint = {2405.99216}}\n", "b.bib"))
    assert batch.records[0].paper.authors == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffTY  - JOUR\nT1  - Kites fly\nA1  - Muster, Erika\nA1  - Beispiel, Jan\nN2  - Kites\n  fly high.\n"
        "Y1  - 2024/05/09/\nUR  - https://arxiv.org/abs/2405.99220\nER  - \n",
        "TY  -GEN\r\nTI  -Kites fly\r\nAU  -Muster, Erika\r\nAU  -Beispiel, Jan\r\nAB  - Kites fly high.\r\n"
        "DA  - 2024-05-09\r\nPY  - 2024\r\nDO  - 10.48550/arXiv.2405.99220",
        "TY - PREPRINT\nTI - Kites fly\nAU - Muster, Erika\nAU - Beispiel, Jan\nAB - Kites fly high.\nY1 - 2024/05/09\n"
        "AN - arXiv:2405.99220\n",
    ],
)
def test_ris_in_other_spellings(text: str) -> None:
    paper = only(read_ris(text + "\nTY  - JOUR\nTI  - Second\nAN  - 2405.99221\nZZ  - odd\n", "refs.ris")).records
    assert (paper[0].paper.paper_id, paper[0].paper.title) == ("2405.99220", "Kites fly")
    assert paper[0].paper.abstract == "Kites fly high."
    assert paper[0].paper.authors == (Author("Erika Muster"), Author("Jan Beispiel"))
    assert paper[0].paper.published == date(2024, 5, 9)
    assert (paper[1].paper.title, paper[1].unread_fields) == ("Second", ("ZZ",))


def test_a_file_without_entries_is_an_error() -> None:
    with pytest.raises(InputError, match=r"x\.bib looks like BibTeX"):
        list(read_bibtex("@string{a = {b}}\n", "x.bib"))
