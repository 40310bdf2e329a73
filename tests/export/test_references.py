"""References: what is written reads back, through the libraries of the field, as the papers that were given."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string

from assistant.export.references import bibtex, ris
from assistant.library.records import StoredPaper
from assistant.papers import Author, Paper, Provenance, provisional_id

TEXT = "FooNet prunes attention heads during training."


def paper(
    paper_id: str = "2601.00001", title: str = "FooNet: Pruning Heads", *names: str, **fields: Any
) -> StoredPaper:
    authors = tuple(Author(name) for name in names or ("Ada Lovelace", "Charles Babbage"))
    known = Paper(paper_id, title, TEXT, Provenance.HUGGINGFACE, authors, published=date(2026, 1, 5))
    return StoredPaper(replace(known, **fields), (date(2026, 1, 7),), 63)


def parsed(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def only(text: str) -> Mapping[str, str]:
    (entry,) = parsed(text).entries.values()
    return dict(entry.fields)


def names_of(text: str) -> list[str]:
    (entry,) = parsed(text).entries.values()
    return [str(person) for person in entry.persons.get("author", [])]


def test_a_paper_of_arxiv_has_the_entry_that_arxiv_gives() -> None:
    assert bibtex([paper()]) == (
        "@misc{lovelace2026foonet,\n"
        "    author = {Lovelace, Ada and Babbage, Charles},\n"
        "    title = {{FooNet}: Pruning Heads},\n"
        "    year = {2026},\n"
        "    month = jan,\n"
        "    howpublished = {arXiv:2601.00001},\n"
        "    eprint = {2601.00001},\n"
        "    archiveprefix = {arXiv},\n"
        "    url = {https://arxiv.org/abs/2601.00001}\n"
        "}\n"
    )


def test_what_pybtex_reads_back_is_the_paper() -> None:
    read = only(bibtex([paper()]))
    assert read["month"] == "January"
    assert (read["eprint"], read["archiveprefix"], read["year"]) == ("2601.00001", "arXiv", "2026")


def test_keys_differ_and_are_ascii() -> None:
    papers = [
        paper(),
        paper("2601.00002", "FooNet again"),
        paper("2601.00003", "foonet, once more"),
        paper("2601.00004", "The Größe of Łódź", "Børge Åström"),
        paper("2601.00005", "学习", "李明"),
        paper("2601.00006", "On a", authors=()),
        *(paper(f"2601.1{number:04}", "Same title") for number in range(30)),
    ]
    keys = list(parsed(bibtex(papers)).entries)
    assert keys[:6] == [
        "lovelace2026foonet",
        "lovelace2026foonetb",
        "lovelace2026foonetc",
        "astrom2026grosse",
        "anonymous2026",
        "anonymous2026on",
    ]
    assert len({key.casefold() for key in keys}) == len(papers)
    assert all(key.isascii() for key in keys)


@pytest.mark.parametrize(
    ("name", "read", "record"),
    [
        ("Ada Lovelace", "Lovelace, Ada", "Lovelace, Ada"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig", "van Beethoven, Ludwig"),
        ("Jean-Pierre de la Fontaine", "de la Fontaine, Jean-Pierre", "de la Fontaine, Jean-Pierre"),
        ("José García Márquez", r"M{\'a}rquez, Jos{\'e} Garc{\'i}a", "Márquez, José García"),
        ("Hal Foomé III", r"Foom{\'e}, III, Hal", "Foomé, Hal, III"),
        ("Sam Foo Jr.", "Foo, Jr., Sam", "Foo, Sam, Jr."),
        ("Sam Foo, Jr.", "Foo, Jr., Sam", "Foo, Sam, Jr."),
        ("Foo II, Sam", "Foo, II, Sam", "Foo, Sam, II"),
        ("Foo, IV, Sam", "Foo, IV, Sam", "Foo, Sam, IV"),
        ("Praveen S V", "V, Praveen S", "V, Praveen S"),
        ("Luc Van Foo", "Van Foo, Luc", "Van Foo, Luc"),
        ("Chien Van Nguyen", "Nguyen, Chien Van", "Nguyen, Chien Van"),
        ("Rui De la Foo", "De la Foo, Rui", "De la Foo, Rui"),
        ("Rami Al-Foo", "Al-Foo, Rami", "Al-Foo, Rami"),
        ("Ana Foo y Bar", "{Foo y Bar}, Ana", "Foo y Bar, Ana"),
        ("LLM-jp", "{LLM-jp}", "LLM-jp"),
        ("OpenFoo", "{OpenFoo}", "OpenFoo"),
        ("Ünlü AI Labs", r"{\"U}nl{\"u}{ }AI{ }Labs", "Ünlü AI Labs"),
        ("others", "{others}", "others"),
        ("Foo, Ada,", "Foo, Ada", "Foo, Ada"),
        ("Chen-Yu Lee", "Lee, Chen-Yu", "Lee, Chen-Yu"),
        ('Linxi "Jim" Fan', 'Fan, Linxi "Jim"', 'Fan, Linxi "Jim"'),
        ("Bo Ai", "Ai, Bo", "Ai, Bo"),
        ("Madonna", "Madonna", "Madonna"),
        ("DeepSeek-AI Team", "{DeepSeek-AI Team}", "DeepSeek-AI Team"),
        ("01. AI", "{01. AI}", "01. AI"),
        ("李 明", "{Li Ming}", "李 明"),
        ("김민수", "{GimMinSu}", "김민수"),
        ("Иван Петров", "Petrov, Ivan", "Петров, Иван"),
        ("Simon and Garfunkel", "{Simon and Garfunkel}", "Simon and Garfunkel"),
        ("AT&T", r"AT{\&}T", "AT&T"),
        ("a, b, c, d", "{a, b, c, d}", "a, b, c, d"),
        (r"{\input x}", None, r"{\input x}"),
    ],
)
def test_names_are_taken_apart_as_far_as_they_can_be(name: str, read: str | None, record: str) -> None:
    made = names_of(bibtex([paper("2601.00001", "FooNet", name, "Grace Hopper")]))
    assert len(made) == 2
    assert made[1] == "Hopper, Grace"
    if read is not None:
        assert made[0] == read
    assert rispy.loads(ris([paper("2601.00001", "FooNet", name)]))[0]["authors"] == [record]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("A study of Gaussian splats for robots", "A study of {Gaussian} splats for robots"),
        ("GPT-4 and 3D Vision", "{GPT-4} and {3D} Vision"),
        ("X-Ray Vision", "{X-Ray} Vision"),
        (r"$\pi_0$: A Policy", r"{$\pi_0$}: A Policy"),
        ("MVD$^2$ and $μ$LO", r"{MVD$^2$} and {$\mu$LO}"),
        (r"Seeing \textsc{AIEV} Things", r"Seeing {{\textsc{AIEV}}} Things"),
        (r"Prefill \& Decode", r"Prefill \& Decode"),
        ("100% of #1 & R_2 ~ ^", r"100\% of \#1 \& {R\_2} \textasciitilde{} \textasciicircum{}"),
        ("Earn $1 Million or $2 Million", r"Earn {{\$1}} Million or {{\$2}} Million"),
        ("From $1-$2", r"From {{\$1-\$2}}"),
        ("Codes of 2^{128}", "Codes of {2$^{128}$}"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}"),
        (r"$\input{x}$", r"{{\$\textbackslash{}input\textbraceleft{}x\textbraceright{}\$}}"),
        ("}, evil = {", r"\textbraceright{}, evil = \textbraceleft{}"),
        ("@misc{evil,", r"@misc\textbraceleft{}evil,"),
        ('The "best" net', 'The "best" net'),
        ("Σ-nets", r"{$\Sigma$-nets}"),
        ("Naïve Łukasiewicz of École", r"Na{\"i}ve {\L}ukasiewicz of {\'E}cole"),
        ("2×2 Kernels", r"2{$\times$}2 Kernels"),
        (r"$\text{Foo}^2$ of \text{bar}", r"{$\textrm{Foo}^2$} of \textrm{bar}"),
        ("$x^2^3$", r"{{\$x\textasciicircum{}2\textasciicircum{}3\$}}"),
        ("$50\\%$ of $3$D", r"{$50\%$} of {$3$D}"),
        ("大模型", "DaMoXing"),
        ("Большие модели", "Bol'shie modeli"),
        ("Μεγάλα nets", "Megala nets"),
        ("🤗 Nets", "Nets"),
        ("a < b | c", r"a \textless{} b \textbar{} c"),
    ],
)
def test_titles_keep_their_formulas_and_capitals_and_nothing_else_is_a_command(title: str, written: str) -> None:
    assert only(bibtex([paper(title=title)]))["title"] == written


def test_the_month_of_a_paper_without_a_date_is_in_its_id() -> None:
    read = parsed(bibtex([paper(published=None), paper("cs/9301001", "Old", published=None)])).entries
    assert [(e.fields["year"], e.fields["month"]) for e in read.values()] == [("2026", "January"), ("1993", "January")]
    assert rispy.loads(ris([paper(published=None)]))[0]["date"] == "2026/01//"


def test_a_paper_known_by_its_title_says_where_it_was_seen() -> None:
    title = "A Page Without Ids"
    known = paper(provisional_id(title), title, authors=(), organization="Ünlü Labs", published=None)
    read = only(bibtex([known]))
    assert read["howpublished"] == "Hugging Face Daily Papers"
    assert not {"eprint", "url", "archiveprefix"} & set(read)
    assert (read["year"], read["month"]) == ("2026", "January")
    assert names_of(bibtex([known])) == [r"{\"U}nl{\"u}{ }Labs"]
    record = rispy.loads(ris([known]))[0]
    assert record["authors"] == ["Ünlü Labs"]
    assert not {"urls", "doi", "accession_number"} & set(record)


def test_a_paper_without_authors_and_dates_is_an_entry_still() -> None:
    bare = StoredPaper(Paper(provisional_id("Bare"), "Bare", "", Provenance.SAVED_PAGE))
    assert only(bibtex([bare])) == {
        "title": "Bare",
        "howpublished": "Hugging Face Daily Papers",
        "key": "Bare",
    }
    assert rispy.loads(ris([bare])) == [{"type_of_reference": "UNPB", "title": "Bare"}]


def test_a_ris_record_has_what_reference_managers_look_up() -> None:
    record = rispy.loads(ris([paper(keywords=("pruning", "attention heads"))]))[0]
    assert record == {
        "type_of_reference": "UNPB",
        "title": "FooNet: Pruning Heads",
        "authors": ["Lovelace, Ada", "Babbage, Charles"],
        "year": "2026",
        "date": "2026/01/05/",
        "publisher": "arXiv",
        "type_of_work": "preprint",
        "accession_number": "arXiv:2601.00001",
        "doi": "10.48550/arXiv.2601.00001",
        "urls": ["https://arxiv.org/abs/2601.00001"],
        "abstract": TEXT,
        "keywords": ["pruning", "attention heads"],
    }


def test_the_words_of_the_sample_feed_are_not_given_as_the_authors() -> None:
    assert "abstract" not in rispy.loads(ris([paper(source=Provenance.SAMPLE)]))[0]


def test_a_title_cannot_end_a_ris_record() -> None:
    hostile = paper(title="Net\nER  - \nTY  - JOUR\nTI  - Evil")
    (record,) = rispy.loads(ris([hostile]))
    assert record["title"] == "Net ER - TY - JOUR TI - Evil"


def test_no_papers_are_an_empty_text() -> None:
    assert bibtex([]) == ""
    assert ris([]) == ""


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4))
@example([("0", "¸ A¸")])
def test_any_text_makes_entries_that_read_back_one_for_one(texts: list[tuple[str, str]]) -> None:
    papers = [paper(f"2601.{place:05}", title, name or "x") for place, (title, name) in enumerate(texts)]
    entries = parsed(bibtex(papers)).entries
    assert [entry.fields["eprint"] for entry in entries.values()] == [p.paper.paper_id for p in papers]
    records = rispy.loads(ris(papers))
    assert [record["accession_number"] for record in records] == [f"arXiv:{p.paper.paper_id}" for p in papers]
