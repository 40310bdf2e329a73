"""Where the papers of a JSON document lie: below titles of lists, and not in what has a title and a summary."""

from datetime import date

import pytest

from assistant.feeds.containers import records_in
from assistant.feeds.json_files import RecordReading
from assistant.feeds.record_parser import RecordRejected
from assistant.feeds.translation import translated

ABSTRACT = "Toy kites are flown by two children. We count 640 flights over one summer."
PAPER = {"id": "2405.99401", "title": "Kites", "abstract": ABSTRACT}
NO_ID = {"title": "Kites", "abstract": ABSTRACT}
IN_COLLECTION = {"type": "paper", "id": "2405.99402", "title": "Strings"}


def places(document: object) -> list[str]:
    return [record.place for record in records_in(document, whole_file=True)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"title": "My list", "papers": [PAPER, NO_ID]}, [".papers[0]", ".papers[1]"]),
        ({"title": "My list", "id": 7, "url": "https://toys.example", "papers": [NO_ID]}, [".papers[0]"]),
        ({"title": "My list", "summary": "What I like", "papers": [PAPER]}, [".papers[0]"]),
        ({"title": "My list", "papers": {"2405.99401": NO_ID}}, [".papers.2405.99401"]),
        ({"title": "My list", "papers": [{"paper": PAPER}]}, [".papers[0]"]),
        ({"slug": "toys/kites", "title": "Toys", "items": [IN_COLLECTION, {"type": "model", "id": "a/b"}]},
         [".items[0]", ".items[1]"]),
        ([{"slug": "a", "title": "A", "items": [PAPER]}, {"slug": "b", "title": "B", "items": [IN_COLLECTION]}],
         ["[0].items[0]", "[1].items[0]"]),
        ({"title": "All", "parts": [{"title": "Part", "papers": [PAPER]}]}, [".parts[0].papers[0]"]),
        ({"collection": {"title": "Toys", "papers": [PAPER]}}, [".collection.papers[0]"]),
        ([PAPER, {"title": "Toys", "papers": [PAPER]}], ["[0]", "[1].papers[0]"]),
        (PAPER | {"versions_seen": [PAPER]}, [""]),
        (NO_ID | {"references": [PAPER]}, [""]),
        ({"title": ["Kites"], "DOI": "10.1000/x", "reference": [PAPER]}, [""]),
        ({"title": "Kites", "sections": [{"title": "One"}]}, [""]),
    ],
)  # fmt: skip
def test_a_list_with_a_title_is_no_paper(document: object, expected: list[str]) -> None:
    assert places(document) == expected


def test_the_day_of_a_titled_list_is_that_of_its_papers() -> None:
    (record,) = records_in({"title": "Toys of the day", "date": "2024-05-06", "papers": [PAPER]})
    assert record.day == date(2024, 5, 6)


@pytest.mark.parametrize("more", [{}, {"version": "1.0", "license": {"name": "MIT"}}, {"description": "x"}])
def test_a_title_and_a_summary_alone_make_no_paper_of_a_member(more: dict[str, object]) -> None:
    info = {"title": "API", "summary": "This API does things in many ways."} | more
    assert places({"openapi": "3.1.0", "info": info}) == []
    assert places({"a": {"openapi": "3.1.0", "info": info}}) == []


@pytest.mark.parametrize("more", [{"id": "2405.99403"}, {"authors": ["Erika Muster"]}, {"published": "2024-05-01"}])
def test_with_an_id_authors_or_a_date_they_do(more: dict[str, object]) -> None:
    assert places({"found": {"title": "Kites", "summary": ABSTRACT} | more}) == [".found"]


def test_a_paper_of_a_collection_needs_no_abstract() -> None:
    assert RecordReading().record(IN_COLLECTION, "x").paper.paper_id == "2405.99402"
    with pytest.raises(RecordRejected, match="no abstract"):
        RecordReading().record({**IN_COLLECTION, "type": "space"}, "x")


@pytest.mark.parametrize(
    ("fields", "paper_id", "unread"),
    [
        ({"arxiv_id": 2401.01234}, "2401.01234", ()),
        ({"arxiv": 1412.1234}, "1412.1234", ()),
        ({"eprint": 704.1234}, "0704.1234", ()),
        ({"externalIds": {"ArXiv": 2401.01234}}, "2401.01234", ()),
        ({"arxiv_id": 2401.0123}, None, ("arxiv_id (not an arXiv id)",)),
        ({"arxiv_id": 2401}, None, ("arxiv_id (not an arXiv id)",)),
        ({"arxiv_id": "soon", "id": "W1"}, None, ("arxiv_id (not an arXiv id)",)),
        ({"id": "W1"}, None, ("id (not an arXiv id)",)),
        ({"id": "W1", "url": "https://arxiv.org/abs/2401.01234"}, "2401.01234", ()),
        ({"id": "title:0123456789ab"}, "title:0123456789ab", ()),
    ],
)
def test_an_id_that_is_not_understood_is_reported(
    fields: dict[str, object], paper_id: str | None, unread: tuple[str, ...]
) -> None:
    translation = translated(NO_ID | fields)
    assert (translation.fields["id"], translation.unread) == (paper_id, unread)


@pytest.mark.parametrize(
    ("written", "published", "unread"),
    [
        ("January 2024", date(2024, 1, 1), ("date (not a day)",)),
        ("03/01/2024", None, ("date (not a day)",)),
        ("2024 May", date(2024, 5, 1), ("date (not a day)",)),
        ("soon", None, ("date (not a day)",)),
        (["2024"], date(2024, 1, 1), ("date (not a day)", "date (a year alone: 1 January stands for it)")),
    ],
)
def test_an_odd_date_costs_no_paper(written: object, published: date | None, unread: tuple[str, ...]) -> None:
    record = RecordReading().record(NO_ID | {"date": written}, "x")
    assert (record.listing, record.paper.published, record.unread_fields) == (None, published, unread)


def test_names_that_cannot_be_told_apart_are_reported() -> None:
    record = RecordReading().record(PAPER | {"authors": "Wang, Li, Chen, Bo"}, "x")
    assert record.unread_fields == ("authors (names that cannot be told apart)",)
