"""Taking papers out: truth and indexes in step, days and marks as they are to be, and a crash in between."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import LibraryMismatch, UsageError
from assistant.library.library import Library
from assistant.library.removal import MarkedPapers, RemovalRequest
from assistant.papers import Listing
from tests.support.library_factory import DAY, MORNING, HashEmbedder, many, open_library

NEXT = date(2025, 10, 16)


def filled(library: Library, papers: int = 6) -> list[str]:
    """Papers of one day; the last is listed on the next day too."""
    sent = many(papers)
    library.ingest(sent, MORNING)
    last = sent.records[-1]
    library.ingest(replace(sent, records=(replace(last, listing=Listing(NEXT, 9, 1)),)), MORNING)
    library.index_pending()
    return [record.paper.paper_id for record in sent.records]


def test_a_paper_goes_from_truth_and_indexes(library: Library) -> None:
    ids = filled(library)
    removal = library.remove(RemovalRequest(paper_ids=(ids[0], ids[1], "2101.00001")))
    report = library.index_pending()

    assert [paper.paper_id for paper in removal.papers] == sorted(ids[:2])
    assert library.get(ids[:2]) == []
    assert {count.name: count.removed for count in report.counts} == {"lexical": 2, "dense": 2}
    assert library.check().clean
    assert library.snapshots(ids[0]) == []


def test_a_crash_after_the_truth_was_changed_is_made_good_by_the_next_run(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=HashEmbedder()) as library:
        ids = filled(library)
        library.remove(RemovalRequest(paper_ids=tuple(ids[:3])))
    with Library.open(tmp_path, embedder=HashEmbedder()) as library:
        assert not library.check().clean
        library.index_pending()
        assert library.check().clean
        assert set(library.lexical_index().contents()) == set(ids[3:])


def test_a_day_takes_papers_that_are_listed_on_no_other(library: Library) -> None:
    ids = filled(library)
    library.mark_fetched("huggingface", DAY, MORNING, 6)
    library.mark_fetched("huggingface", NEXT, MORNING, 1)
    removal = library.remove(RemovalRequest(days=(DAY,)))

    assert [paper.paper_id for paper in removal.papers] == sorted(ids[:-1])
    assert removal.delisted == (ids[-1],)
    assert library.days() == {NEXT: 1}
    assert library.fetched_at("huggingface", DAY) is None
    assert library.fetched_at("huggingface", NEXT) is not None


def test_open_ranges_reach_to_the_ends(library: Library) -> None:
    filled(library)
    assert library.planned_removal(RemovalRequest(since=NEXT)).days == (NEXT,)
    assert library.planned_removal(RemovalRequest(until=DAY)).days == (DAY,)
    assert len(library.planned_removal(RemovalRequest(since=DAY)).papers) == 6
    assert library.planned_removal(RemovalRequest(since=date(2026, 1, 1))).is_empty
    assert library.stats().papers == 6


@pytest.mark.parametrize("on_day", [True, False])
def test_marked_papers_go_only_when_that_is_said(library: Library, on_day: bool) -> None:
    ids = filled(library)
    library.marks.set_note(ids[0], "mine")
    library.marks.set_read(ids[1:], is_read=True)
    request = RemovalRequest(days=(DAY,)) if on_day else RemovalRequest(paper_ids=tuple(ids))
    with pytest.raises(UsageError, match=r"1 of these papers carries .*\(a note\)"):
        library.remove(request)
    assert library.stats().papers == 6

    assert library.remove(request, MarkedPapers.KEEP).kept == (ids[0],)
    assert library.get([ids[0]])[0].days == (DAY,)
    library.remove(request, MarkedPapers.REMOVE)
    assert library.get([ids[0]]) == []


def test_nothing_goes_from_a_library_of_another_embedder(tmp_path: Path) -> None:
    with open_library(tmp_path, HashEmbedder()) as library:
        ids = filled(library)
    with open_library(tmp_path, HashEmbedder("hash-2")) as library:
        with pytest.raises(LibraryMismatch):
            library.remove(RemovalRequest(paper_ids=(ids[0],)))
        assert library.get([ids[0]])
