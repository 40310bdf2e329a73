"""Indexes follow the truth: catching up, stopping, rebuilding, other embedders, checks."""

import errno
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import AssetMissing, LibraryError, LibraryMismatch
from assistant.library.index.index_set import DENSE, LEXICAL
from assistant.library.library import Library
from assistant.library.records import IndexCheck, IndexCount
from tests.support.library_factory import MORNING, HashEmbedder, batch, file_index, many, open_library, paper, record


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.library.index.indexer._BATCH_SIZES", {LEXICAL: 100, DENSE: 10})


def stop_after(batches: int) -> Callable[[], bool]:
    asked = iter(range(batches))
    return lambda: next(asked, None) is None


def test_new_papers_get_into_both_indexes_and_check_is_clean(library: Library) -> None:
    library.ingest(many(25), MORNING)
    report = library.index_pending()
    assert report.counts == (IndexCount(LEXICAL, added=25), IndexCount(DENSE, added=25))
    assert not report.stopped
    check = library.check()
    assert check.clean
    assert (check.papers, [index.papers for index in check.indexes]) == (25, [25, 25])


def test_nothing_is_indexed_twice(library: Library) -> None:
    library.ingest(many(25), MORNING)
    library.index_pending()
    assert [count.added for count in library.index_pending().counts] == [0, 0]


def test_papers_come_in_batches_the_shortest_text_first(library: Library) -> None:
    library.ingest(many(25), MORNING)
    library.index_pending()
    added = file_index(library, DENSE).added
    assert [len(ids) for ids in added] == [10, 10, 5]
    lengths = [len(found.paper.text) for ids in added for found in library.get(ids)]
    assert lengths == sorted(lengths)


def test_progress_counts_the_papers_of_the_index_that_lacks_most(library: Library) -> None:
    library.ingest(many(25), MORNING)
    steps: list[tuple[int, int]] = []
    library.index_pending(progress=lambda done, total: steps.append((done, total)))
    assert steps[0] == (0, 25)
    assert steps[-1] == (25, 25)
    steps.clear()
    library.index_pending(progress=lambda done, total: steps.append((done, total)))
    assert steps == []


def test_changed_text_is_indexed_again_and_changed_counts_are_not(library: Library) -> None:
    library.ingest(many(3), MORNING)
    library.index_pending()
    library.ingest(batch(record(paper("2501.00001", "Paper 1", abstract="New words."))), MORNING)
    library.ingest(batch(record(library.get(["2501.00002"])[0].paper, upvotes=99)), MORNING)
    assert [count.added for count in library.index_pending().counts] == [1, 1]
    assert library.check().clean


def test_a_promoted_paper_leaves_the_index_under_its_old_id(library: Library) -> None:
    library.ingest(batch(record(paper(None, "T"))), MORNING)
    library.index_pending()
    library.ingest(batch(record(paper("2510.00001", "T"))), MORNING)
    assert library.index_pending().counts == (
        IndexCount(LEXICAL, added=1, removed=1),
        IndexCount(DENSE, added=1, removed=1),
    )
    assert library.check().clean
    assert set(file_index(library, DENSE).contents()) == {"2510.00001"}


def test_stopping_keeps_what_is_done_and_the_next_run_goes_on(library: Library) -> None:
    library.ingest(many(25), MORNING)
    report = library.index_pending(should_stop=stop_after(2))
    assert report.stopped
    assert report.counts == (IndexCount(LEXICAL, added=25), IndexCount(DENSE, added=10, pending=15))
    assert report.pending == 15
    assert [len(check.missing) for check in library.check().indexes] == [0, 15]
    assert library.index_pending().counts[1] == IndexCount(DENSE, added=15)
    assert library.check().clean


def test_a_paper_promoted_after_a_crash_between_index_and_mark_leaves_nothing_behind(library: Library) -> None:
    library.ingest(batch(record(paper(None, "T"))), MORNING)
    dense = file_index(library, DENSE)
    dense.add([found for found, _ in library.export()])

    def crash() -> None:
        raise KeyboardInterrupt

    dense.before_add = crash
    with suppress(KeyboardInterrupt):
        library.index_pending()
    dense.before_add = lambda: None
    library.ingest(batch(record(paper("2510.00001", "T"))), MORNING)
    library.index_pending()
    assert library.check().clean


def test_without_embedder_the_lexical_index_works_and_dense_catches_up_later(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.ingest(many(5), MORNING)
        report = library.index_pending()
        assert report.counts == (IndexCount(LEXICAL, added=5), IndexCount(DENSE, pending=5))
        assert not report.stopped
        check = library.check()
        assert check.clean
        assert "not compared" in (check.indexes[1].note or "")
        assert library.lexical_index().contents()
        with pytest.raises(AssetMissing, match="embedder"):
            library.dense_index()
    with open_library(tmp_path, HashEmbedder()) as library:
        assert library.index_pending().counts == (IndexCount(LEXICAL), IndexCount(DENSE, added=5))
        assert library.dense_index().contents().keys() == library.lexical_index().contents().keys()


def test_another_embedder_is_refused_until_a_rebuild(tmp_path: Path) -> None:
    with open_library(tmp_path, HashEmbedder("first")) as library:
        library.ingest(many(5), MORNING)
        library.index_pending()
    with open_library(tmp_path, HashEmbedder("second")) as library:
        for refused_step in (library.index_pending, library.dense_index, library.check_embedder):
            with pytest.raises(LibraryMismatch, match="another embedder") as refused:
                refused_step()
            assert "assistant library rebuild" in (refused.value.remedy or "")
        assert library.lexical_index().contents()
        assert [count.added for count in library.rebuild().counts] == [5, 5]
        assert library.check().clean
        assert library.stats().embedder == "second"
        library.dense_index()


def test_an_embedder_may_change_before_anything_is_indexed(tmp_path: Path) -> None:
    with open_library(tmp_path, HashEmbedder("first")) as library:
        library.index_pending()
        assert library.stats().embedder is None
    with open_library(tmp_path, HashEmbedder("second")) as library:
        library.ingest(many(1), MORNING)
        assert library.index_pending().pending == 0


def test_rebuild_repairs_missing_stale_and_extra(library: Library) -> None:
    library.ingest(many(5), MORNING)
    library.index_pending()
    dense = file_index(library, DENSE)
    (stale,) = library.get(["2501.00002"])
    dense.remove(["2501.00001"])
    dense.add([replace(stale.paper, abstract="Other."), paper("9999.00000")])
    check = library.check()
    assert not check.clean
    assert check.indexes[1] == IndexCheck(
        DENSE, papers=5, missing=("2501.00001",), stale=("2501.00002",), extra=("9999.00000",)
    )
    library.rebuild()
    assert library.check().clean


def test_an_interrupted_rebuild_is_continued_and_not_started_over(library: Library) -> None:
    library.ingest(many(25), MORNING)
    library.index_pending()
    file_index(library, DENSE).add([paper("9999.00000")])
    assert library.rebuild(should_stop=stop_after(3)).stopped
    report = library.rebuild()
    assert report.counts[1] == IndexCount(DENSE, added=5)
    assert library.check().clean
    assert library.rebuild().counts[1].added == 25


def test_an_interrupted_rebuild_is_completed_by_the_next_indexing(library: Library) -> None:
    library.ingest(many(25), MORNING)
    library.index_pending()
    library.rebuild(should_stop=stop_after(1))
    assert not library.index_pending().stopped
    assert library.check().clean


def test_a_rebuild_cut_off_before_clearing_is_not_taken_for_the_new_index(tmp_path: Path) -> None:
    with open_library(tmp_path, HashEmbedder("first")) as library:
        library.ingest(many(5), MORNING)
        library.index_pending()
    with open_library(tmp_path, HashEmbedder("second")) as library:
        dense = file_index(library, DENSE)

        def cut_off() -> None:
            raise KeyboardInterrupt

        dense.clear = cut_off  # type: ignore[method-assign]  # the process ends at this point
        with pytest.raises(KeyboardInterrupt):
            library.rebuild()
    with open_library(tmp_path, HashEmbedder("second")) as library:
        with pytest.raises(LibraryError, match="about to be made anew"):
            library.dense_index()
        assert not library.check().clean
        library.index_pending()
        assert library.check().clean
        assert library.dense_index().contents()


def test_a_rebuild_starts_over_when_the_index_lost_what_was_done(library: Library) -> None:
    library.ingest(many(25), MORNING)
    library.rebuild(should_stop=stop_after(3))
    file_index(library, DENSE).clear()
    assert library.rebuild().counts[1].added == 25
    assert library.check().clean


def test_lost_index_folders_are_filled_again(tmp_path: Path) -> None:
    with open_library(tmp_path, HashEmbedder()) as library:
        library.ingest(many(5), MORNING)
        library.index_pending()
    shutil.rmtree(tmp_path / "chroma")
    shutil.rmtree(tmp_path / "tantivy")
    with open_library(tmp_path, HashEmbedder()) as library:
        assert [count.added for count in library.index_pending().counts] == [5, 5]
        assert library.check().clean


def test_an_index_that_cannot_be_read_is_reported_by_check_and_replaced_by_rebuild(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.ingest(many(5), MORNING)
    library.index_pending()
    file = library.folder / "tantivy" / "papers.json"
    lexical = file_index(library, LEXICAL)

    def contents() -> dict[str, str]:
        if file.read_text() == "torn":
            raise LibraryError("the lexical index is damaged", "run `assistant library rebuild`")
        return intact()

    file.write_text("torn")
    intact = lexical.contents
    monkeypatch.setattr(lexical, "contents", contents)
    check = library.check()
    assert not check.clean
    assert check.damages == ("lexical index: the lexical index is damaged",)
    assert library.rebuild().pending == 0
    assert library.check().clean


def test_a_full_disk_while_indexing_is_a_library_error(library: Library) -> None:
    library.ingest(many(5), MORNING)

    def refuse() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file_index(library, LEXICAL).before_add = refuse
    with pytest.raises(LibraryError, match="is full"):
        library.index_pending()
    file_index(library, LEXICAL).before_add = lambda: None
    library.index_pending()
    assert library.check().clean


def test_damage_within_the_truth_is_reported(library: Library) -> None:
    library.ingest(many(2), MORNING)
    with library._database.reading() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO listings (paper_id, day) VALUES ('nobody', '2025-10-15')")
    check = library.check()
    assert not check.clean
    assert check.damages == ("listings row 3 names no paper",)
