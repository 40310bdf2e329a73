"""What digests have shown: by profile, kept, carried along when a paper gets its arXiv id, one delivery at a time."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import LibraryLocked
from assistant.library.library import Library
from tests.support.library_factory import MORNING, batch, many, open_library, paper, record

ONE, TWO, THREE = ("2501.00000", "2501.00001", "2501.00002")
LATER = MORNING + timedelta(hours=3)


def test_what_was_shown_is_kept_by_profile(library: Library) -> None:
    library.ingest(many(3), MORNING)
    library.digest_history.remember("robotics", [ONE, "gone"], MORNING)
    library.digest_history.remember("robotics", [], MORNING, passed_over=[TWO])
    library.digest_history.remember("", [THREE], LATER)

    assert library.digest_history.ids("robotics") == {ONE}
    assert library.digest_history.known("robotics") == {ONE, TWO}
    assert library.digest_history.ids("") == {THREE}
    assert (library.digest_history.last("robotics"), library.digest_history.last("")) == (MORNING, LATER)
    assert library.digest_history.last("speech") is None
    assert library.digest_history.known("speech") == frozenset()


def test_what_was_shown_stays_shown_since_the_first_time(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.digest_history.remember("", [ONE], MORNING)
    library.digest_history.remember("", [ONE], LATER)
    library.digest_history.remember("", [], LATER, passed_over=[ONE])

    assert library.digest_history.ids("") == {ONE}
    assert library.digest_history.last("") == MORNING


def test_what_was_passed_over_may_be_shown_later(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.digest_history.remember("", [], MORNING, passed_over=[ONE])
    assert library.digest_history.last("") is None
    library.digest_history.remember("", [ONE], LATER)

    assert library.digest_history.ids("") == {ONE}
    assert library.digest_history.last("") == LATER


def test_the_first_day_stands(library: Library) -> None:
    assert library.digest_history.since("") is None
    library.digest_history.remember("", [], MORNING, since=date(2026, 8, 21))
    library.digest_history.remember("", [], MORNING, since=date(2026, 8, 3))

    assert library.digest_history.since("") == date(2026, 8, 21)
    assert library.digest_history.since("robotics") is None


def test_times_are_kept_in_utc(library: Library) -> None:
    library.ingest(many(1), MORNING)
    library.digest_history.remember("", [ONE], datetime(2026, 8, 21, 9, tzinfo=UTC).astimezone())

    assert library.digest_history.last("") == datetime(2026, 8, 21, 9, tzinfo=UTC)


def test_it_outlives_a_rebuild_a_sync_and_the_program(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.ingest(many(3), MORNING)
        library.digest_history.remember("robotics", [TWO], MORNING)
        library.index_pending()
        library.rebuild()
        library.ingest(batch(record(paper(TWO, "Another title", abstract="Other words."))), LATER)
    with open_library(tmp_path) as library:
        assert library.digest_history.ids("robotics") == {TWO}


def test_it_follows_a_paper_that_gets_its_id(library: Library) -> None:
    unnamed = paper(None, "Known by Title")
    library.ingest(batch(record(unnamed)), MORNING)
    library.digest_history.remember("", [unnamed.paper_id], MORNING)
    library.ingest(batch(record(paper("2510.00007", "Known by title!"))), LATER)

    assert library.digest_history.ids("") == {"2510.00007"}
    assert library.check().damages == ()


@pytest.mark.parametrize(
    ("named_shown", "unnamed_shown", "at"), [(True, False, MORNING), (False, True, LATER), (True, True, MORNING)]
)
def test_of_two_papers_that_become_one_either_was_shown(
    library: Library, named_shown: bool, unnamed_shown: bool, at: datetime
) -> None:
    named, unnamed = paper("2510.00007", "Old Title"), paper(None, "New Title")
    library.ingest(batch(record(named), record(unnamed)), MORNING)
    for known, was_shown, time in ((named, named_shown, MORNING), (unnamed, unnamed_shown, LATER)):
        shown, passed_over = ([known.paper_id], []) if was_shown else ([], [known.paper_id])
        library.digest_history.remember("robotics", shown, time, passed_over=passed_over)
    library.digest_history.remember("speech", [], MORNING, passed_over=[unnamed.paper_id])
    library.ingest(batch(record(paper("2510.00007", "New Title"))), LATER)

    assert library.digest_history.ids("robotics") == {"2510.00007"}
    assert library.digest_history.last("robotics") == at
    assert library.digest_history.ids("speech") == frozenset()
    assert library.digest_history.known("speech") == {"2510.00007"}
    assert library.check().damages == ()


def test_one_delivery_of_a_profile_at_a_time(tmp_path: Path) -> None:
    with open_library(tmp_path) as library, open_library(tmp_path) as other:
        with (
            library.digest_history.delivering("robotics"),
            other.digest_history.delivering("speech"),
            other.digest_history.delivering(""),
        ):
            refusal = pytest.raises(LibraryLocked, match="another run is delivering the digest of robotics")
            with refusal as refused, other.digest_history.delivering("robotics"):
                pytest.fail("two at once")
            assert refused.value.exit_code == 6
        with other.digest_history.delivering("robotics"):
            pass


def test_the_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from assistant.library.library import Library
with Library.open(Path({str(tmp_path)!r}), embedder=None) as library, library.digest_history.delivering("robotics"):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with open_library(tmp_path) as library:
            with pytest.raises(LibraryLocked), library.digest_history.delivering("robotics"):
                pytest.fail("two at once")
            process.kill()
            process.wait()
            with library.digest_history.delivering("robotics"):
                pass
