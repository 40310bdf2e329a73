"""The writer lock: one owner, named; gone with its process."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.library import Library
from assistant.library.sqlite.writer_lock import WriterLock
from tests.support.library_factory import MORNING, many, open_library

HOLDER = """
import sys, time
from pathlib import Path
from assistant.library.sqlite.writer_lock import WriterLock
with WriterLock(Path(sys.argv[1])).held("sync"):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def other_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it is killed."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


def test_the_error_names_the_process_that_writes(library: Library) -> None:
    with other_process(library.folder) as holder:
        with pytest.raises(LibraryLocked) as refused, library.writing("sync"):
            pass
        assert f"process {holder.pid} on " in refused.value.message
        assert "sync, since " in refused.value.message
        assert refused.value.remedy is not None
        with pytest.raises(LibraryLocked):
            library.ingest(many(1), MORNING)


def test_reading_and_caching_work_while_another_process_writes(library: Library) -> None:
    library.ingest(many(2), MORNING)
    with other_process(library.folder):
        assert library.stats().papers == 2
        library.remember_generation("k", "text", "m")
        with open_library(library.folder) as second:
            assert second.generation("k") == "text"


def test_a_killed_owner_blocks_nobody(library: Library) -> None:
    with other_process(library.folder) as holder:
        holder.kill()
        holder.wait()
    assert WriterLock(library.folder).owner() is not None
    with library.writing("sync"):
        owner = WriterLock(library.folder).owner()
        assert owner is not None
        assert owner.pid != holder.pid
    assert WriterLock(library.folder).owner() is None


def test_two_libraries_of_one_process_exclude_each_other(library: Library) -> None:
    with open_library(library.folder) as second, library.writing("sync"):
        with pytest.raises(LibraryLocked), second.writing("sync"):
            pass
        with pytest.raises(LibraryLocked):
            second.ingest(many(1), MORNING)


def test_one_library_writes_once_and_its_steps_share_the_lock(library: Library) -> None:
    with library.writing("sync"):
        library.ingest(many(1), MORNING)
        with pytest.raises(LibraryLocked), library.writing("rebuild"):
            pass
        assert WriterLock(library.folder).owner() is not None
    with library.writing("rebuild"):
        pass


def test_waiting_gets_the_lock_when_it_is_let_go(tmp_path: Path) -> None:
    with other_process(tmp_path) as holder:
        with pytest.raises(LibraryLocked), WriterLock(tmp_path).held("sync", wait_seconds=0.1):
            pass
        release = threading.Timer(0.2, holder.kill)
        release.start()
        with WriterLock(tmp_path).held("sync", wait_seconds=20):
            release.join()


@pytest.mark.parametrize("note", ["", "[]", "{", json.dumps({"pid": 1})])
def test_an_unreadable_note_names_another_process(tmp_path: Path, note: str) -> None:
    with WriterLock(tmp_path).held("sync"):
        (tmp_path / "writer.json").write_text(note)
        with pytest.raises(LibraryLocked, match="by another process"), WriterLock(tmp_path).held("sync"):
            pass


def test_a_note_that_cannot_be_written_lets_the_lock_go(tmp_path: Path) -> None:
    (tmp_path / "writer.json").mkdir()
    with pytest.raises(LibraryError), WriterLock(tmp_path).held("sync"):
        pass
    (tmp_path / "writer.json").rmdir()
    with WriterLock(tmp_path).held("sync"):
        pass
