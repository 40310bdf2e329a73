"""What the library tells: papers, days, titles, filters, export, figures, cached texts."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.records import IngestReport, StoredPaper
from assistant.papers import FeedBatch, Rejection
from tests.support.library_factory import DAY, MORNING, HashEmbedder, batch, many, open_library, paper, record

MONDAY, TUESDAY = date(2025, 10, 13), date(2025, 10, 14)


def titles(found: list[StoredPaper]) -> list[str]:
    return [each.paper.title for each in found]


@pytest.mark.parametrize(
    ("days", "published", "upvotes", "byline", "facts"),
    [
        ((MONDAY, TUESDAY), DAY, 63, "Google", "2025-10-14 · ▲ 63 · Google"),
        ((), TUESDAY, 0, "", "2025-10-14 · ▲ 0"),
        ((MONDAY,), None, None, "[/x]", "2025-10-13 · [/x]"),
        ((), None, None, "", ""),
    ],
)
def test_facts_are_the_latest_listing_day_or_the_arxiv_date_and_what_else_is_known(
    days: tuple[date, ...], published: date | None, upvotes: int | None, byline: str, facts: str
) -> None:
    told = StoredPaper(replace(paper("1", "A"), published=published, organization=byline, authors=()), days, upvotes)
    assert told.facts == facts
    assert told.facts.startswith(told.day_text)
    assert told.day_text == (str(told.day) if told.day else "")


def test_rows_and_papers_tell_the_same_facts(library: Library) -> None:
    unlisted = replace(paper("u", "U"), published=MONDAY, organization="Lab")
    library.ingest(batch(record(paper("1", "A"), MONDAY, 5), record(paper("1", "A"), TUESDAY, 7)), MORNING)
    library.ingest(batch(record(unlisted, None)), MORNING)
    for row in library.browsing.rows():
        (told,) = library.get([row.paper_id])
        assert (told.day, told.facts) == (row.day, row.facts)


def test_get_keeps_the_order_and_leaves_unknown_ids_out(library: Library) -> None:
    library.ingest(many(3), MORNING)
    assert titles(library.get(["2501.00002", "nothing", "2501.00000"])) == ["Paper 2", "Paper 0"]
    assert library.get([]) == []


def test_get_takes_more_ids_than_sqlite_has_variables(library: Library) -> None:
    library.ingest(many(2), MORNING)
    assert len(library.get([f"x{number}" for number in range(40_000)] + ["2501.00001"])) == 1


def test_listed_is_by_day_then_in_the_order_of_the_feed(library: Library) -> None:
    library.ingest(batch(record(paper("3", "C"), TUESDAY), record(paper("1", "A"), TUESDAY)), MORNING)
    library.ingest(batch(record(paper("2", "B"), MONDAY), record(paper("3", "C"), MONDAY)), MORNING)
    assert titles(library.listed(MONDAY, TUESDAY)) == ["B", "C", "A"]
    assert titles(library.listed(TUESDAY, TUESDAY)) == ["C", "A"]
    assert library.listed(DAY, DAY) == []
    assert library.newest_day() == TUESDAY
    assert library.days() == {MONDAY: 2, TUESDAY: 2}


@pytest.fixture
def titled(library: Library) -> Library:
    names = [
        "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
        "Mamba",
        "Vision Mamba: Efficient Visual Representation Learning",
        "Attention Is All You Need",
        "注意力机制",
    ]
    library.ingest(batch(*(record(paper(f"{index}", name)) for index, name in enumerate(names))), MORNING)
    return library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mamba", ["Mamba"]),
        (
            "Mamb",
            [
                "Mamba",
                "Vision Mamba: Efficient Visual Representation Learning",
                "Mamba: Linear-Time Sequence Modeling with Selective State Spaces",
            ],
        ),
        ("Atention is al you need", ["Attention Is All You Need"]),
        ("Attention Is All You Need (NeurIPS 2017)", ["Attention Is All You Need"]),
        ("注意力", ["注意力机制"]),
        ("quantum gravity", []),
        ("", []),
        ("!?", []),
    ],
)
def test_find_by_title(titled: Library, text: str, expected: list[str]) -> None:
    assert titles(titled.find_by_title(text)) == expected


def test_a_name_finds_the_paper_that_bears_it_before_titles_that_merely_have_its_letters(library: Library) -> None:
    hidden = paper("2601.00001", "NullFace: Training-Free Localized Face Anonymization")
    longer = paper("2601.00002", "FACETed Search of Long Texts")
    named = paper("2601.00003", "FACET: Preserving Source Intent in Task Synthesis")
    library.ingest(batch(*(record(each, DAY) for each in (hidden, longer, named))), MORNING)

    found = titles(library.find_by_title("facet"))

    assert found == [named.title, longer.title]


def test_find_by_title_gives_no_more_than_asked(titled: Library) -> None:
    assert titles(titled.find_by_title("mamb", limit=1)) == ["Mamba"]
    assert titled.find_by_title("mamb", limit=0) == []


@pytest.fixture
def mixed(library: Library) -> Library:
    nvidia = replace(paper("n", "N"), organization="NVIDIA Research")
    meta = replace(paper("m", "M"), organization="Meta")
    metaverse = replace(paper("v", "V"), organization="Metaverse Lab")
    unlisted = replace(paper("u", "U"), published=TUESDAY)
    late = replace(paper("l", "L"), published=MONDAY)
    library.ingest(
        batch(
            record(nvidia, MONDAY, upvotes=10),
            record(nvidia, DAY),
            record(meta, TUESDAY, upvotes=20),
            record(metaverse, DAY),
            record(unlisted, day=None),
            record(late, DAY, upvotes=0),
        ),
        MORNING,
    )
    return library


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since=TUESDAY, until=TUESDAY), "mu"),
        (Filters(since=DAY), "nvl"),
        (Filters(until=MONDAY), "n"),
        (Filters(organizations=("nvidia",)), "n"),
        (Filters(organizations=("META", "nvidia research")), "mn"),
        (Filters(organizations=("nobody",)), ""),
        (Filters(organizations=(" ",)), ""),
        (Filters(min_upvotes=10), "nm"),
        (Filters(min_upvotes=0), "nml"),
        (Filters(paper_ids=("n", "u", "unknown")), "nu"),
        (Filters(since=MONDAY, organizations=("nvidia", "meta"), min_upvotes=15), "m"),
    ],
)
def test_filters(mixed: Library, filters: Filters, expected: str) -> None:
    assert mixed.matching_ids(filters) == frozenset(expected)


def test_no_filter_is_none_and_not_every_id(mixed: Library) -> None:
    assert mixed.matching_ids(Filters()) is None
    assert Filters().is_empty


def test_organizations_are_counted(mixed: Library) -> None:
    assert mixed.organizations() == {"Meta": 1, "Metaverse Lab": 1, "NVIDIA Research": 1}


def test_export_gives_each_listing_and_unlisted_papers_once(mixed: Library) -> None:
    told = [(known.paper_id, listing and (listing.day, listing.upvotes)) for known, listing in mixed.export()]
    assert told == [
        ("n", (MONDAY, 10)),
        ("n", (DAY, 10)),
        ("m", (TUESDAY, 20)),
        ("v", (DAY, None)),
        ("u", None),
        ("l", (DAY, 0)),
    ]


def test_an_export_makes_the_same_library_again(mixed: Library, tmp_path: Path) -> None:
    sent = batch(*(replace(record(known), listing=listing) for known, listing in mixed.export()))
    with open_library(tmp_path / "copy") as copy:
        copy.ingest(sent, MORNING)
        assert list(copy.export()) == list(mixed.export())


def test_export_reads_libraries_of_several_pages(library: Library) -> None:
    library.ingest(many(1201), MORNING)
    assert len(list(library.export())) == 1201


def test_generations_are_remembered(library: Library) -> None:
    assert library.generation("summary/1") is None
    library.remember_generation("summary/1", "Short.", "a model")
    library.remember_generation("summary/1", "Shorter.", "a model")
    assert library.generation("summary/1") == "Shorter."


def test_fetched_days_are_remembered_in_utc(library: Library) -> None:
    assert library.fetched_at("huggingface", DAY) is None
    library.mark_fetched("huggingface", DAY, MORNING, 5)
    library.mark_fetched("huggingface", DAY, MORNING + timedelta(days=1), 6)
    assert library.fetched_at("huggingface", DAY) == datetime(2025, 10, 16, 8, tzinfo=UTC)
    assert library.fetched_at("arxiv", DAY) is None


def test_stats_of_an_empty_and_of_a_filled_library(library: Library) -> None:
    empty = library.stats()
    assert (empty.papers, empty.days, empty.first_day, empty.embedder) == (0, 0, None, None)
    library.ingest(many(4), MORNING)
    library.ingest(batch(record(paper(None, "Only A Title"), MONDAY)), MORNING)
    library.index_pending()
    stats = library.stats()
    assert (stats.papers, stats.provisional, stats.listings, stats.snapshots) == (5, 1, 5, 4)
    assert (stats.days, stats.first_day, stats.last_day) == (2, MONDAY, DAY)
    assert stats.indexed == {"lexical": 5, "dense": 5}
    assert stats.embedder == HashEmbedder().fingerprint
    assert stats.database_bytes > 0
    assert min(stats.index_bytes.values()) > 0


def test_reports_combine_without_counting_a_paper_twice() -> None:
    rejection = Rejection("[0]", "odd")
    combined = IngestReport.combined(
        [
            IngestReport(unchanged=("a", "b", "c")),
            IngestReport(new=("a",), updated=("b",), rejections=(rejection,)),
            IngestReport(updated=("a", "b")),
        ]
    )
    assert combined == IngestReport(new=("a",), updated=("b",), unchanged=("c",), rejections=(rejection,))


READER = """
import sys
from datetime import date
from pathlib import Path
from assistant.library.library import Library

with Library.open(Path(sys.argv[1]), embedder=None) as library:
    library.listed(date.min, date.max)
    library.stats()
heavy = {"chromadb", "tantivy", "onnxruntime", "numpy", "filelock"}
print(*heavy & {name.split(".")[0] for name in sys.modules})
"""


def test_opening_and_reading_loads_no_index_library(tmp_path: Path) -> None:
    with open_library(tmp_path):
        pass
    told = subprocess.run([sys.executable, "-c", READER, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_an_empty_batch_changes_nothing(library: Library) -> None:
    assert library.ingest(FeedBatch("x", ()), MORNING) == IngestReport()
