"""Opening: new, older, newer, damaged, unwritable libraries, and a full disk."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import LibraryError, LibraryLocked, LibraryMismatch
from assistant.library.index.index_set import LEXICAL
from assistant.library.library import Library
from assistant.library.sqlite.database import ensure_schema, latest_version, migrate, migrations
from assistant.library.sqlite.writer_lock import WriterLock
from assistant.papers import content_hash, normalized_title, provisional_id
from tests.support.library_factory import MORNING, batch, many, open_library, paper, record


def connect(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(folder / "papers.db", isolation_level=None)


def version(folder: Path) -> int:
    with closing(connect(folder)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_migrations_are_numbered_without_gaps() -> None:
    assert [step.version for step in migrations()] == list(range(1, latest_version() + 1))


def test_a_new_library_has_the_latest_schema_and_write_ahead_log(tmp_path: Path) -> None:
    with open_library(tmp_path / "a" / "b"):
        pass
    assert version(tmp_path / "a" / "b") == latest_version()
    with closing(connect(tmp_path / "a" / "b")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_library_of_the_first_schema_is_brought_forward_with_its_papers(tmp_path: Path) -> None:
    with closing(connect(tmp_path)) as connection:
        migrate(connection, 0, 1)
        connection.execute(
            "INSERT INTO papers"
            " (paper_id, normalized_title, content_hash, source, title, abstract, authors, keywords, raw) VALUES"
            " ('2510.00001', 'oldname', 'h', 'huggingface', 'Old Name', 'It says.', '[\"Ada\"]', '[]', '{}')"
        )
    with open_library(tmp_path) as library:
        report = library.ingest(batch(record(paper(None, "Old name!"), comments=1)), MORNING)
        assert report.updated == ("2510.00001",)
        assert library.find_by_title("old name")[0].paper.authors[0].name == "Ada"
        assert library.check().damages == ()
    assert version(tmp_path) == latest_version()


def test_texts_of_an_older_library_are_cleaned_and_their_indexes_catch_up(tmp_path: Path) -> None:
    old = {
        "2510.00001": ("Toys at 50\\%", "They are 1.84times faster.", '["Jos{\\\\\'e}"]', '{"comment": "Withdrawn."}'),
        "2510.00002": ("Plain Toys", "They are five times faster.", '["Ada"]', "{}"),
        provisional_id("Toys at $9\\times$"): ("Toys at $9\\times$", "They are toys.", "[]", "not JSON"),
    }
    with closing(connect(tmp_path)) as connection:
        migrate(connection, 0, 4)
        for paper_id, (title, abstract, authors, raw) in old.items():
            connection.execute(
                "INSERT INTO papers (paper_id, normalized_title, content_hash, source, title, abstract, authors,"
                " keywords, raw) VALUES (?, ?, ?, 'arxiv', ?, ?, ?, '[]', ?)",
                (paper_id, normalized_title(title), content_hash(title, abstract), title, abstract, authors, raw),
            )
            connection.execute(
                "INSERT INTO indexed VALUES (?, ?, ?)", (LEXICAL, paper_id, content_hash(title, abstract))
            )
            connection.execute("INSERT INTO titles VALUES (?, ?)", (normalized_title(title), paper_id))
    with open_library(tmp_path) as library:
        cleaned, plain, provisional = library.get(["2510.00001", "2510.00002", provisional_id("Toys at 9×")])
        assert (cleaned.title, cleaned.abstract) == ("Toys at 50%", "They are 1.84× faster.")
        assert cleaned.paper.authors[0].name == "José"
        assert cleaned.paper.withdrawn
        assert not plain.paper.withdrawn
        assert provisional.title == "Toys at 9×"
        assert library.find_by_title("Toys at 9×")[0] == provisional
        assert [row.withdrawn for row in library.browsing.rows_of(["2510.00001", "2510.00002"])] == [True, False]
        with library._database.reading() as connection:
            waiting = connection.execute(
                "SELECT papers.paper_id FROM papers LEFT JOIN indexed USING (paper_id)"
                " WHERE indexed.content_hash IS NOT papers.content_hash ORDER BY 1"
            ).fetchall()
        assert [paper_id for (paper_id,) in waiting] == ["2510.00001", provisional_id("Toys at 9×")]


def test_a_migration_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    with closing(connect(tmp_path)) as connection:
        migrate(connection, 0, 1)
        connection.execute("CREATE TABLE generations (key TEXT)")
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            migrate(connection, 1, 2)
        assert not connection.in_transaction
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert version(tmp_path) == 1
    assert "titles" not in tables


def test_an_older_library_is_not_migrated_under_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.library.sqlite.database._SETUP_WAIT_SECONDS", 0.05)
    with closing(connect(tmp_path)) as connection:
        migrate(connection, 0, 1)
        with WriterLock(tmp_path).held("sync"), pytest.raises(LibraryLocked):
            ensure_schema(connection, tmp_path / "papers.db", WriterLock(tmp_path))
    assert version(tmp_path) == 1


def test_a_library_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with open_library(tmp_path):
        pass
    with closing(connect(tmp_path)) as connection:
        connection.execute(f"PRAGMA user_version = {latest_version() + 1}")
    with pytest.raises(LibraryMismatch, match="newer version") as refused:
        open_library(tmp_path)
    assert "update the program" in (refused.value.remedy or "")


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "papers.db"
    file.write_bytes(b"not a database, but somebody's notes" * 100)
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="not a database") as refused:
        open_library(tmp_path)
    assert "move the file away" in (refused.value.remedy or "")
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_kept(tmp_path: Path) -> None:
    with closing(connect(tmp_path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(LibraryError, match="another program"):
        open_library(tmp_path)
    with closing(connect(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM theirs").fetchone() == (0,)


def test_a_torn_database_is_reported_by_check_or_by_reading(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.ingest(many(200), MORNING)
    with closing(connect(tmp_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "papers.db"
    torn = bytearray(file.read_bytes())
    torn[8192 : 8192 + 40960] = os.urandom(40960)
    file.write_bytes(torn)
    assert damage_of(tmp_path)


def damage_of(folder: Path) -> str:
    """What opening or checking says is wrong; empty when nothing is."""
    try:
        with open_library(folder) as library:
            return "; ".join(library.check().damages)
    except LibraryError as error:
        return error.message


def test_a_file_in_place_of_the_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("")
    with pytest.raises(LibraryError, match="cannot be opened for writing") as refused:
        open_library(tmp_path / "library")
    assert "choose another" in (refused.value.remedy or "")


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder with a library that an unprivileged user can enter and read, and not write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_library(folder / "library") as library:
            library.ingest(many(2), MORNING)
        folder.chmod(0o755)
        (folder / "library").chmod(0o555)
        yield folder / "library"
        (folder / "library").chmod(0o755)


READER = """
import os, sys
from pathlib import Path
import filelock
from assistant.errors import LibraryError
from assistant.library.library import Library
from assistant.library.sqlite.database import migrations

migrations()
if os.geteuid() == 0:  # the superuser may write everywhere
    os.setuid(65534)
try:
    Library.open(Path(sys.argv[1]), embedder=None).newest_day()
except LibraryError as error:
    print(error.message, "|", error.remedy)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_read_only_folder_is_a_clear_error(read_only_folder: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", READER, str(read_only_folder)], capture_output=True, text=True, check=True
    )
    assert "cannot be opened for writing" in told.stdout
    assert "make the folder writable" in told.stdout


def test_a_full_disk_keeps_what_was_there_and_says_so(library: Library) -> None:
    library.ingest(many(5), MORNING)
    with library._database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(LibraryError, match="is full") as refused:
        library.ingest(many(500, start=5), MORNING)
    assert "free some space" in (refused.value.remedy or "")
    assert library.stats().papers == 5
    with library._database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    assert len(library.ingest(many(500, start=5), MORNING).new) == 500


def test_a_long_foreign_transaction_is_reported_as_another_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.library.sqlite.database._BUSY_TIMEOUT_SECONDS", 0.05)
    with open_library(tmp_path) as library, closing(connect(tmp_path)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryLocked, match="another process is writing"):
            library.remember_generation("k", "t", "m")
        foreign.execute("ROLLBACK")
        library.remember_generation("k", "t", "m")


def test_mistakes_of_the_program_are_not_dressed_up(library: Library) -> None:
    with pytest.raises(sqlite3.OperationalError), library._database.reading() as connection:
        connection.execute("SELECT nonsense FROM papers")
