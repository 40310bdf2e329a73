"""Files of other tools, as their users have them: the shared cases, and invented ones of the same kinds."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.feeds.files import read_files
from assistant.papers import FeedRecord, Listing, Paper

TODAY = date(2026, 10, 5)
ABSTRACT = (
    "Toy kites are flown by two children. We count 640 flights over one summer. A kite with a tail stays up for"
    " 12 minutes, which is three times as long as one without. The string matters less than we expected."
)
AUTHORS = ("Erika Muster", "Jan Beispiel")


def read(path: Path) -> list[FeedRecord]:
    batches = list(read_files([str(path)], today=TODAY))
    assert [rejection for batch in batches for rejection in batch.rejections] == []
    return [record for batch in batches for record in batch.records]


def written(folder: Path, name: str, content: str | bytes | object) -> Path:
    path = folder / name
    if isinstance(content, str | bytes):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    else:
        path.write_text(json.dumps(content), encoding="utf-8")
    return path


def one(path: Path) -> FeedRecord:
    (record,) = read(path)
    return record


def names(paper: Paper) -> tuple[str, ...]:
    return tuple(author.name for author in paper.authors)


# --- the shared cases


def test_the_kaggle_snapshot_keeps_first_dates_names_and_old_ids(shared: Path) -> None:
    first, second = read(shared / "field/import_kaggle_snapshot/arxiv-metadata-oai-snapshot.json")
    assert (first.paper.paper_id, first.paper.published) == ("0704.9001", date(2007, 4, 2))
    assert names(first.paper) == ("A. Exámple", "B. C. Sample", "Toy Collaboration")
    assert first.paper.title == "Calculation of toy cross sections at hadron colliders"
    assert (second.paper.paper_id, second.paper.published) == ("hep-th/9901999", date(1999, 1, 7))
    assert "withdrawn" in json.loads(second.raw)["comments"]
    assert first.unread_fields == second.unread_fields == ()


@pytest.mark.parametrize(
    ("case", "paper_id", "published", "listed"),
    [
        ("import_csl_json/zotero_csl.json", "2405.99003", date(2024, 5, 5), None),
        ("import_one_row_csv/zotero.csv", "2405.99003", date(2024, 5, 5), None),
        ("import_kind_remedy/refs.ris", "2405.99003", date(2024, 5, 5), None),
        ("import_semantic_scholar_lines/s2_lines.jsonl", "2406.99001", date(2024, 6, 12), None),
        ("import_containers/s2_search.json", "2406.99001", date(2024, 6, 12), None),
        ("import_containers/mirror_index.json", "2610.99001", date(2026, 9, 26), Listing(date(2026, 10, 3), 3)),
        ("import_hub_paperinfo/hub_paperinfo.json", "2503.99004", date(2025, 3, 18), Listing(date(2025, 3, 20), 17, 2)),
    ],
)
def test_one_record_keeps_id_authors_and_days(
    shared: Path, case: str, paper_id: str, published: date, listed: Listing | None
) -> None:
    record = one(shared / "field" / case)
    assert (record.paper.paper_id, record.paper.published, record.listing) == (paper_id, published, listed)
    assert names(record.paper) == AUTHORS
    assert record.paper.abstract
    assert record.unread_fields == ()


def test_records_by_their_ids_keep_what_no_day_carries_in_the_report(shared: Path) -> None:
    record = one(shared / "field/import_containers/keyed_by_id.json")
    assert (record.paper.paper_id, record.paper.published) == ("2305.99001", date(2023, 5, 4))
    assert names(record.paper) == ("Erika Muster",)
    assert [name.split()[0] for name in record.unread_fields] == ["upvotes"]


def test_bibtex_is_a_bibliography_and_not_a_page(shared: Path) -> None:
    first, second = read(shared / "field/import_kind_remedy/refs.bib")
    assert (first.paper.paper_id, names(first.paper)) == ("2405.99003", AUTHORS)
    assert (second.paper.paper_id, names(second.paper)) == ("2406.99001", ("Erika Muster",))
    assert second.paper.published == date(2024, 6, 1)  # the year of the entry, the month of the id


# --- records of the same kinds


def kaggle(**changes: object) -> dict[str, object]:
    fields = {
        "id": "1205.9901",
        "authors": "E. Muster and J. Beispiel",
        "title": "Kites\n  of toys",
        "comments": "4 pages",
        "categories": "physics.pop-ph",
        "abstract": f"  {ABSTRACT}\n",
        "versions": [
            {"version": "v2", "created": "Fri, 3 Aug 2012 09:00:00 GMT"},
            {"version": "v1", "created": "Mon, 7 May 2012 23:30:00 GMT"},
        ],
        "update_date": "2015-01-01",
    }
    return fields | changes


@pytest.mark.parametrize(
    ("item", "paper_id", "authors", "published"),
    [
        (kaggle(), "1205.9901", ("E. Muster", "J. Beispiel"), date(2012, 5, 7)),
        (kaggle(id="math.GT/0309936", versions=[]), "math.GT/0309936", ("E. Muster", "J. Beispiel"), None),
        (
            {"title": "Kites", "DOI": "10.48550/ARXIV.2405.99101", "author": [{"family": "Muster", "given": "Erika"}],
             "issued": {"date-parts": [[2024, 5]]}, "abstract": f"<jats:p>{ABSTRACT}</jats:p>"},
            "2405.99101", ("Erika Muster",), date(2024, 5, 1),
        ),
        (
            {"title": ["Kites"], "container-title": "arXiv:2405.99102 [cs]", "abstract": ABSTRACT,
             "author": [{"literal": "Toy Team"}, {"family": "Berg", "given": "Jan",
                         "non-dropping-particle": "van der"}],
             "issued": {"raw": "2024-05-09"}},
            "2405.99102", ("Toy Team", "Jan van der Berg"), date(2024, 5, 9),
        ),
        (
            {"paperId": "a" * 40, "externalIds": {"CorpusId": 1, "ArXiv": "2406.99103"}, "title": "Kites", "year": 2024,
             "publicationDate": None, "abstract": ABSTRACT, "authors": [{"name": "Erika Muster"}]},
            "2406.99103", ("Erika Muster",), date(2024, 6, 1),
        ),
        (
            {"id": "https://openalex.org/W1", "display_name": "Kites", "publication_date": "2024-01-09",
             "ids": {"doi": "https://doi.org/10.48550/arxiv.2401.99104"},
             "abstract_inverted_index": {"fly.": [1], "Toys": [0]},
             "authorships": [{"author": {"display_name": "Erika Muster"}}]},
            "2401.99104", ("Erika Muster",), date(2024, 1, 9),
        ),
        (
            {"data": {"itemType": "preprint", "title": "Kites", "abstractNote": ABSTRACT, "date": "2024-05-05",
                      "extra": "arXiv:2405.99105 [cs]\nCitation Key: kites",
                      "creators": [{"creatorType": "author", "firstName": "Erika", "lastName": "Muster"}]}, "key": "K"},
            "2405.99105", ("Erika Muster",), date(2024, 5, 5),
        ),
        (
            {"entry_id": "http://arxiv.org/abs/2405.99106v2", "title": "Kites", "summary": ABSTRACT,
             "primary_category": "cs.CV", "published": 1715000000, "updated": 1725000000, "authors": ["Erika Muster"]},
            "2405.99106", ("Erika Muster",), date(2024, 5, 6),
        ),
    ],
)  # fmt: skip
def test_a_record_keeps_what_it_tells(
    tmp_path: Path, item: object, paper_id: str, authors: tuple[str, ...], published: date | None
) -> None:
    record = one(written(tmp_path, "records.jsonl", json.dumps(item) + "\n"))
    assert (record.paper.paper_id, names(record.paper), record.paper.published) == (paper_id, authors, published)
    assert record.unread_fields == ()
    assert record.paper.title.startswith("Kites")


def test_what_is_not_understood_is_named(tmp_path: Path) -> None:
    item = {"arxiv_id": "2405.99110", "title": "Kites", "abstract": ABSTRACT, "strings": 3, "published": "in spring",
            "authors": {"first": 1}, "empty": None, "published_date": ""}  # fmt: skip
    record = one(written(tmp_path, "records.json", [item]))
    assert record.unread_fields == (
        "strings",
        "published (not a date)",
        "authors (names in a form that is not known)",
    )


def test_a_year_alone_without_id_says_so(tmp_path: Path) -> None:
    record = one(
        written(tmp_path, "records.json", [{"title": "Kites", "abstract": ABSTRACT, "year": "2019", "doi": "10.1/x"}])
    )
    assert record.paper.published == date(2019, 1, 1)
    assert record.unread_fields == ("year (a year alone: 1 January stands for it)",)


def test_a_reference_needs_no_abstract_where_arxiv_has_one(tmp_path: Path) -> None:
    reference = {"title": "Kites", "type": "article", "DOI": "10.48550/arXiv.2405.99112", "year": 2024}
    assert one(written(tmp_path, "csl.json", [reference])).paper.abstract == ""
    path = written(tmp_path, "export.jsonl", {"id": "2405.99112", "title": "Kites", "date": "2024-05-09"})
    (batch,) = read_files([str(path)], today=TODAY)
    assert [each.reason for each in batch.rejections] == ["“Kites”: no abstract"]


def test_an_id_of_another_paper_in_a_note_is_not_taken(tmp_path: Path) -> None:
    item = {
        "title": "Kites",
        "abstract": ABSTRACT,
        "note": "Extended version of arXiv:2405.99111",
        "url": "https://example.org/k",
    }
    record = one(written(tmp_path, "records.json", [item]))
    assert record.paper.link is None
    assert record.paper.project_page == "https://example.org/k"


# --- containers


def paper(number: int, **changes: object) -> dict[str, object]:
    return {"id": f"2405.{number:05}", "title": f"Kite {number}", "abstract": ABSTRACT, **changes}


@pytest.mark.parametrize("key", ["papers", "data", "results", "items", "entries", "works", "records", "anything"])
def test_a_list_below_any_key_is_read(tmp_path: Path, key: str) -> None:
    for container in (
        {"count": 2, key: [paper(1), paper(2)]},
        {"response": {"meta": [1, 2], key: [paper(1), paper(2)]}},
    ):
        records = read(written(tmp_path, "container.json", container))
        assert [record.paper.title for record in records] == ["Kite 1", "Kite 2"]


@pytest.mark.parametrize(
    "document",
    [
        {"2024-06-03": [paper(1)], "2024-06-04": [paper(2)]},
        [{"date": "2024-06-03", "papers": [paper(1)]}, {"date": "2024-06-04", "papers": [paper(2)]}],
        {"days": {"2024-06-03": {"2405.00001": paper(1, id=None)}, "2024-06-04": {"2405.00002": paper(2, id=None)}}},
    ],
)  # fmt: skip
def test_a_day_outside_of_the_records_is_their_listing_day(tmp_path: Path, document: object) -> None:
    records = read(written(tmp_path, "days.json", document))
    assert [(record.paper.paper_id, record.listing) for record in records] == [
        ("2405.00001", Listing(date(2024, 6, 3))),
        ("2405.00002", Listing(date(2024, 6, 4))),
    ]


def test_lines_may_be_containers_and_wrapped_records(tmp_path: Path) -> None:
    lines: list[Any] = [{"papers": [paper(1), paper(2)]}, {"row_idx": 0, "row": paper(3)}, {"_source": paper(4)}]
    records = read(written(tmp_path, "lines.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))
    assert [record.paper.title for record in records] == ["Kite 1", "Kite 2", "Kite 3", "Kite 4"]


def test_records_without_title_or_id_are_named_with_their_line(tmp_path: Path) -> None:
    path = written(tmp_path, "odd.jsonl", '{"n": 1}\n{"title": "Alone"}\n' + json.dumps(paper(1)) + "\n")
    (batch,) = read_files([str(path)], today=TODAY)
    assert [(each.place, each.reason) for each in batch.rejections] == [
        (f"{path}:1", "no title"),
        (f"{path}:2", "“Alone”: no abstract"),
    ]
    assert len(batch.records) == 1


# --- tables


@pytest.mark.parametrize(
    "text",
    [
        "Title;Abstract;Authors;Date;URL\nKites;{abstract};Muster, Erika|Beispiel, Jan;2024-05-05;"
        "arxiv.org/abs/2405.99120\n",
        '\ufeffsep=,\r\n"title","abstract","authors","publication date","doi"\r\n"Kites","{abstract}",'
        '"Erika Muster, Jan Beispiel","5 May 2024","10.48550/arXiv.2405.99120"\r\n',
        "arxiv_id\ttitle\tabstract\tauthors\tpublished\n"
        "2405.99120\tKites\t{abstract}\t['Erika Muster', 'Jan Beispiel']\t2024/05/05",
        '"Item Type","Author","Title","Abstract Note","Date","Extra"\n'
        '"preprint","Muster, Erika; Beispiel, Jan","Kites",'
        '"{abstract}","2024-05-05","arXiv:2405.99120 [cs]"\n',
    ],
)  # fmt: skip
def test_tables_are_known_by_their_columns(tmp_path: Path, text: str) -> None:
    record = one(written(tmp_path, "table", text.replace("{abstract}", ABSTRACT)))
    assert (record.paper.paper_id, names(record.paper), record.paper.published) == (
        "2405.99120",
        AUTHORS,
        date(2024, 5, 5),
    )
    assert record.paper.abstract == ABSTRACT


def test_a_daily_table_has_listing_days_and_an_odd_row_costs_itself(tmp_path: Path) -> None:
    text = f'id,title,abstract,date,published,upvotes\n2405.99121,Kites,"{ABSTRACT}",2024-06-03,2024-05-30,7\n'
    text += "1,2,3,4,5,6,7\n"
    (batch,) = read_files([str(written(tmp_path, "days.csv", text))], today=TODAY)
    assert batch.records[0].listing == Listing(date(2024, 6, 3), 7)
    assert [each.place.rpartition(":")[2] for each in batch.rejections] == ["3"]


@pytest.mark.parametrize("text", ["Name,City,Zip\nA,B,1\n", "title\nKites\n", "title,pages\nKites,4\n"])
def test_a_table_of_something_else_is_refused_with_its_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, "other.csv", text))
    assert text.split(",", maxsplit=1)[0].split("\n", maxsplit=1)[0] in caught.value.message
    assert "title" in str(caught.value.remedy)
