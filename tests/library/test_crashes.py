"""Real processes on real indexes: killed at any point, the next sync makes the library whole."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.library.index.index_set import DENSE, LEXICAL
from assistant.library.library import Library
from assistant.papers import FeedBatch
from tests.support.library_factory import MORNING, HashEmbedder, batch, many, paper, record

ROOT = Path(__file__).parents[2]
PAPERS = 96

SYNCING = """
import sys
from pathlib import Path
from assistant.library.index import indexer
from assistant.library.library import Library
from tests.library.test_crashes import batches
from tests.support.library_factory import MORNING, HashEmbedder

indexer._BATCH_SIZES.update(lexical=8, dense=8)
library = Library.open(Path(sys.argv[1]), embedder=HashEmbedder())
with library.writing("sync"):
    for sent in batches():
        library.ingest(sent, MORNING)
        print("ingested", flush=True)
        library.index_pending(progress=lambda done, total: print("indexed", done, flush=True))
"""

ONE_TRANSACTION = """
import sys
from pathlib import Path
from assistant.library.library import Library
from tests.support.library_factory import MORNING, many

library = Library.open(Path(sys.argv[1]), embedder=None)
sent = many(5000)
print("started", flush=True)
library.ingest(sent, MORNING)
"""


def batches() -> Iterator[FeedBatch]:
    """Papers known by their titles, then the same ones under their ids, then more."""
    half = many(PAPERS // 2)
    yield batch(*(record(paper(None, known.paper.title, abstract="From the page.")) for known in half.records))
    yield half
    yield many(PAPERS // 2, start=PAPERS // 2)


@contextmanager
def running(script: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_killed_syncs_leave_a_library_that_the_next_sync_makes_whole(tmp_path: Path) -> None:
    deaths = 0
    for lines_before in (1, 2, 5, 9, 14, 20, 30):
        with running(SYNCING, tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ingested\n"
            for _ in range(lines_before - 1):
                process.stdout.readline()
            time.sleep(0.003 * (lines_before % 4))
            os.kill(process.pid, signal.SIGKILL)
            deaths += process.wait() == -signal.SIGKILL
        with Library.open(tmp_path, embedder=HashEmbedder()) as library:
            assert library.check().damages == ()
    assert deaths >= 3
    with Library.open(tmp_path, embedder=HashEmbedder()) as library:
        with library.writing("sync"):
            for sent in batches():
                library.ingest(sent, MORNING)
            library.index_pending()
        check = library.check()
        assert check.clean
        assert check.papers == PAPERS
        assert [index.papers for index in check.indexes] == [PAPERS, PAPERS]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("delay_seconds", [0.0, 0.1, 0.3])
def test_a_batch_is_in_the_library_whole_or_not_at_all(tmp_path: Path, delay_seconds: float) -> None:
    with running(ONE_TRANSACTION, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(delay_seconds)
        os.kill(process.pid, signal.SIGKILL)
    with Library.open(tmp_path, embedder=None) as library:
        assert library.stats().papers in (0, 5000)
        assert library.check().damages == ()
        assert len(library.ingest(many(5000), MORNING).paper_ids) == 5000


def test_two_processes_make_the_same_new_library_at_once(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from assistant.library.library import Library\n" + (
        "Library.open(Path(sys.argv[1]), embedder=None).close()"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "library")]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    with Library.open(tmp_path / "library", embedder=None) as library:
        assert library.stats().papers == 0


def test_a_process_reads_and_searches_while_another_one_writes(tmp_path: Path) -> None:
    with running(SYNCING, tmp_path) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "indexed 8\n":
            pass
        with Library.open(tmp_path, embedder=HashEmbedder()) as library:
            while process.poll() is None:
                assert library.stats().papers >= PAPERS // 2
                assert library.lexical_index().search("paper", 5)
                process.stdout.readline()
    with Library.open(tmp_path, embedder=HashEmbedder()) as library:
        assert library.check().clean


def test_the_real_indexes_follow_the_truth(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=HashEmbedder()) as library:
        for sent in batches():
            library.ingest(sent, MORNING)
            library.index_pending()
        assert library.check().clean
        (wanted,) = library.get(["2501.00007"])
        vector = HashEmbedder().embed([wanted.paper.text])[0]
        assert next(iter(library.dense_index().search(vector, 3))) == "2501.00007"
        assert library.rebuild().pending == 0
        assert library.check().clean


@pytest.mark.parametrize("torn", ["tantivy/meta.json", "chroma/chroma.sqlite3"])
def test_a_torn_index_is_reported_and_a_rebuild_mends_it(tmp_path: Path, torn: str) -> None:
    with Library.open(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.ingest(many(PAPERS), MORNING)
        library.index_pending()
    (tmp_path / "library" / torn).write_bytes(b"torn")
    shutil.copytree(tmp_path / "library", tmp_path / "copy")
    with Library.open(tmp_path / "copy", embedder=HashEmbedder()) as library:
        assert not library.check().clean
    with Library.open(tmp_path / "library", embedder=HashEmbedder()) as library:
        assert {count.name: count.added for count in library.rebuild().counts} == {LEXICAL: PAPERS, DENSE: PAPERS}
        assert library.check().clean
