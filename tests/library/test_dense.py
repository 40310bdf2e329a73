"""The dense index, as Chroma keeps it."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from pytest_socket import disable_socket

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.index import chroma_index
from assistant.library.index.chroma_index import DenseIndex
from assistant.library.library import Library
from assistant.papers import Paper
from tests.support.library_factory import MORNING, HashEmbedder, many, paper

ROOT = Path(__file__).parents[2]
EMBEDDER = HashEmbedder(dimensions=32)


def papers(count: int, start: int = 0) -> list[Paper]:
    return [paper(f"2501.{number:05}", f"Paper {number}") for number in range(start, start + count)]


def nearest(index: DenseIndex, like: Paper, limit: int = 1, allowed: frozenset[str] | None = None) -> list[str]:
    return list(index.search(EMBEDDER.embed([like.text])[0], limit, allowed))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[DenseIndex]:
    opened = DenseIndex(tmp_path, EMBEDDER)
    opened.add(papers(40))
    yield opened
    opened.close()


def test_a_paper_is_nearest_to_its_own_text(index: DenseIndex) -> None:
    for one in papers(40):
        assert nearest(index, one) == [one.paper_id]


def test_scores_are_cosine_similarities_best_first(index: DenseIndex) -> None:
    vectors = EMBEDDER.embed([one.text for one in papers(40)])
    scores = index.search(vectors[3], 40)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    for one, vector in zip(papers(40), vectors, strict=True):
        assert scores[one.paper_id] == pytest.approx(float(vectors[3] @ vector), abs=1e-5)


def test_filters_hold_also_for_papers_that_are_not_there(index: DenseIndex) -> None:
    fifth = papers(6)[5]
    allowed = frozenset({"2501.00001", "2501.00002", "2501.00005", "unknown"})
    assert nearest(index, fifth, 10, allowed)[0] == fifth.paper_id
    assert set(nearest(index, fifth, 10, allowed)) == allowed - {"unknown"}
    assert set(nearest(index, fifth, 10, allowed - {"unknown"})) == allowed - {"unknown"}
    assert nearest(index, fifth, 10, frozenset({"unknown"})) == []
    assert nearest(index, fifth, 10, frozenset()) == []


def test_long_filters_are_looked_up_in_pages(index: DenseIndex) -> None:
    unknown = {f"unknown {number}" for number in range(40_000)}
    assert nearest(index, papers(1)[0], 3, frozenset(unknown | {"2501.00007"})) == ["2501.00007"]


def test_vectors_are_those_of_the_text_that_is_known(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_index, "_PAGE", 3)
    known = papers(8)
    changed = paper(known[2].paper_id, "Another title")
    found = index.vectors([*known[:2], changed, *known[3:], *papers(1, start=77)])

    assert set(found) == {one.paper_id for one in known} - {changed.paper_id}
    assert np.allclose(found[known[5].paper_id], EMBEDDER.embed([known[5].text])[0], atol=1e-6)
    assert index.vectors([]) == {}


def test_the_limit_may_be_nothing_or_more_than_there_is(index: DenseIndex) -> None:
    assert nearest(index, papers(1)[0], 0) == []
    assert len(nearest(index, papers(1)[0], 1000)) == 40


def test_search_is_nearly_exact(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(3000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = DenseIndex(tmp_path, EMBEDDER)
    index.add_vectors(papers(3000), vectors)
    kept = []
    for query in vectors[::300]:
        exact = {f"2501.{row:05}" for row in np.argsort(-(vectors @ query))[:100]}
        kept.append(len(exact & index.search(query, 100).keys()) / 100)
    assert np.mean(kept) > 0.97
    index.close()


def test_a_new_text_replaces_the_old_one(index: DenseIndex) -> None:
    newer = paper("2501.00003", "Another title")
    index.add([newer])
    assert nearest(index, newer) == ["2501.00003"]
    assert index.contents()["2501.00003"] == newer.content_hash
    assert len(index.contents()) == 40


def test_papers_are_taken_out_and_unknown_ones_passed_over(index: DenseIndex) -> None:
    index.remove(["2501.00003", "unknown"])
    index.remove([])
    assert "2501.00003" not in index.contents()
    assert nearest(index, papers(4)[3]) != ["2501.00003"]


def test_contents_come_in_pages(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_index, "_PAGE", 7)
    assert index.contents() == {one.paper_id: one.content_hash for one in papers(40)}
    index.remove([one.paper_id for one in papers(20)])
    assert len(index.contents()) == 20


def test_papers_come_in_batches(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma_index, "_BATCH", 3)
    index.add(papers(10, start=40))
    index.add([])
    assert len(index.contents()) == 50


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    empty = DenseIndex(tmp_path, EMBEDDER)
    assert empty.contents() == {}
    assert nearest(empty, papers(1)[0], 5) == []
    assert nearest(empty, papers(1)[0], 5, frozenset({"2501.00000"})) == []
    empty.close()
    empty.close()


def test_what_was_added_is_there_after_closing(index: DenseIndex, tmp_path: Path) -> None:
    index.close()
    again = DenseIndex(tmp_path, EMBEDDER)
    assert again.contents().keys() == {one.paper_id for one in papers(40)}
    assert nearest(again, papers(8)[7]) == ["2501.00007"]
    again.close()


def test_clearing_takes_everything_out(index: DenseIndex) -> None:
    index.clear()
    assert index.contents() == {}
    index.add(papers(2))
    assert len(index.contents()) == 2


ADDING = """
import sys
from pathlib import Path
from tests.library.test_dense import EMBEDDER, DenseIndex, papers
index = DenseIndex(Path(sys.argv[1]), EMBEDDER)
for start in range(40, int(sys.argv[2]), 50):
    index.add(papers(50, start))
index.remove(["2501.00003"])
index.close()
"""


def adding(folder: Path, until: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", ADDING, str(folder), str(until)], cwd=ROOT)


def test_what_another_process_wrote_is_seen(index: DenseIndex, tmp_path: Path) -> None:
    assert nearest(index, papers(4)[3]) == ["2501.00003"]
    assert adding(tmp_path, 90).wait() == 0
    assert nearest(index, papers(61)[60]) == ["2501.00060"]
    assert nearest(index, papers(61)[60], 2, frozenset({"2501.00060", "2501.00001"})) == ["2501.00060", "2501.00001"]
    assert nearest(index, papers(4)[3]) != ["2501.00003"]


def test_searching_while_another_process_writes(index: DenseIndex, tmp_path: Path) -> None:
    with adding(tmp_path, 1500) as process:
        while process.poll() is None:
            assert nearest(index, papers(6)[5]) == ["2501.00005"]
            assert nearest(index, papers(6)[5], 5, frozenset({"2501.00004"})) == ["2501.00004"]
    assert process.returncode == 0
    assert len(index.contents()) >= 1500 - 1


@pytest.mark.parametrize("pattern", ["chroma.sqlite3", "*/index_metadata.pickle"])
def test_damage_is_reported_with_its_remedy_and_clearing_mends_it(tmp_path: Path, pattern: str) -> None:
    whole = DenseIndex(tmp_path, EMBEDDER)
    whole.add(papers(40))
    whole.close()
    (damaged,) = (tmp_path / "chroma").glob(pattern)
    damaged.write_bytes(b"torn" * 4000)
    torn = DenseIndex(tmp_path, EMBEDDER)
    for _ in range(2):
        with pytest.raises(LibraryError, match="dense index") as raised:
            nearest(torn, papers(1)[0])
        assert raised.value.remedy == "run `assistant library rebuild`"
    torn.clear()
    torn.add(papers(3))
    assert nearest(torn, papers(1)[0]) == ["2501.00000"]
    torn.close()


def test_an_index_whose_last_write_was_broken_off_is_not_opened_but_made_anew(
    index: DenseIndex, tmp_path: Path
) -> None:
    (tmp_path / "chroma" / chroma_index.UNFINISHED).touch()
    for step in (index.contents, lambda: nearest(index, papers(1)[0])):
        with pytest.raises(LibraryError, match="broken off") as raised:
            step()
        assert raised.value.remedy == "run `assistant library rebuild`"
    index.add(papers(3))
    assert index.contents().keys() == {one.paper_id for one in papers(3)}


def test_a_library_fills_an_index_again_whose_last_write_was_broken_off(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        library.ingest(many(5), MORNING)
        library.index_pending()
    (tmp_path / "chroma" / chroma_index.UNFINISHED).touch()
    with Library.open(tmp_path, embedder=EMBEDDER) as library:
        assert not library.check().clean
        library.index_pending()
        assert library.check().clean


def test_a_failed_write_counts_as_broken_off(index: DenseIndex) -> None:
    with pytest.raises(LibraryError, match="dense index"):
        index.add_vectors(papers(1), np.ones((1, 7), dtype=np.float32))
    with pytest.raises(LibraryError, match="broken off"):
        index.contents()


KILLED = """
import sys
from pathlib import Path
from tests.library.test_dense import EMBEDDER, DenseIndex, papers
index = DenseIndex(Path(sys.argv[1]), EMBEDDER)
print("writing", flush=True)
for start in range(0, 10**6, 40):
    index.add(papers(40, start))
"""


def test_a_writer_that_is_killed_leaves_an_index_that_can_be_used_or_made_anew(tmp_path: Path) -> None:
    for wait_seconds in (0.0, 0.05, 0.1, 0.15):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"writing\n"
            time.sleep(wait_seconds)
            process.kill()
        index = DenseIndex(tmp_path, EMBEDDER)
        with suppress(LibraryError):
            assert len(index.contents()) % 40 == 0
        index.add(papers(40))
        assert nearest(index, papers(8)[7]) == ["2501.00007"]
        index.close()


def test_vectors_of_another_width_are_refused(index: DenseIndex) -> None:
    with pytest.raises(LibraryError, match="dense index"):
        index.search(np.ones(7, dtype=np.float32), 3)


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("a file in the way")
    with pytest.raises(LibraryError, match="cannot be used"):
        DenseIndex(tmp_path, EMBEDDER).contents()


def test_a_process_that_never_lets_go_is_named(
    index: DenseIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_index, "_LONGEST_WAIT_SECONDS", 0.05)
    with FileLock(tmp_path / "chroma.lock"), pytest.raises(LibraryLocked, match="another process"):
        index.contents()
    assert index.contents()


def test_a_full_disk_is_named_as_such(index: DenseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(index, "_collection", lambda: full(None))
    with pytest.raises(LibraryError, match="is full"):
        index.contents()


def test_neither_environment_nor_a_file_turns_chroma_to_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMA_API_IMPL", "chromadb.api.fastapi.FastAPI")
    monkeypatch.setenv("CHROMA_OTEL_COLLECTION_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "true")
    (tmp_path / ".env").write_text("chroma_server_host=127.0.0.1\nanonymized_telemetry=true\n")
    monkeypatch.chdir(tmp_path)
    disable_socket()
    index = DenseIndex(tmp_path / "library", EMBEDDER)
    index.add(papers(3))
    assert nearest(index, papers(2)[1]) == ["2501.00001"]
    index.close()
