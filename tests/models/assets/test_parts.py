"""A file made of parts: interrupted anywhere, it goes on with the first unfinished part."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.concurrency import Stop, Stopped
from assistant.models.assets.events import SourceFailure
from assistant.models.assets.wheels import PartedFile

PARTS = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=6)


def opened(folder: Path, identity: str = "list") -> PartedFile:
    parted = PartedFile(folder / "file.partial", identity)
    parted.resume()
    return parted


@settings(deadline=None, max_examples=50)
@given(PARTS, st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=30)), max_size=4))
def test_any_interruptions_give_the_same_bytes(parts: list[bytes], crashes: list[tuple[int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for stop_at, torn in crashes:
            parted = opened(folder)
            for part in parts[parted.completed : stop_at]:
                parted.append([part], 1000, Stop())
            with parted.path.open("ab") as file:
                file.write(torn)
        parted = opened(folder)
        for part in parts[parted.completed :]:
            parted.append([part], 1000, Stop())
        assert parted.path.read_bytes() == b"".join(parts)
        assert (parted.completed, parted.size) == (len(parts), len(b"".join(parts)))


def test_bytes_that_never_reached_the_disk_are_fetched_again(tmp_path: Path) -> None:
    parted = opened(tmp_path)
    for part in (b"aaaa", b"bbbb"):
        parted.append([part], 100, Stop())
    with parted.path.open("r+b") as file:
        file.truncate(6)
    assert opened(tmp_path).completed == 1
    assert parted.path.read_bytes() == b"aaaa"


@pytest.mark.parametrize("record", ["", "{}", "[1]", '{"identity": "list", "ends": ["x"]}'])
def test_a_damaged_record_starts_over(tmp_path: Path, record: str) -> None:
    opened(tmp_path).append([b"aaaa"], 100, Stop())
    (tmp_path / "file.partial.parts.json").write_text(record)
    assert opened(tmp_path).completed == 0


def test_another_list_of_parts_starts_over(tmp_path: Path) -> None:
    opened(tmp_path).append([b"aaaa"], 100, Stop())
    assert opened(tmp_path, "other list").completed == 0


def test_more_bytes_than_listed_are_refused(tmp_path: Path) -> None:
    parted = opened(tmp_path)
    with pytest.raises(SourceFailure, match="more than the 5 bytes") as caught:
        parted.append([b"aaa", b"bbb"], 5, Stop())
    assert caught.value.wrong_bytes
    assert parted.path.stat().st_size <= 5
    assert parted.completed == 0


def test_a_stop_ends_it_between_two_pieces(tmp_path: Path) -> None:
    parted, stop = opened(tmp_path), Stop()
    stop.set()
    with pytest.raises(Stopped):
        parted.append([b"aaa"], 5, stop)
    assert opened(tmp_path).size == 0
