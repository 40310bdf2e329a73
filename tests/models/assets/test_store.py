"""The folder: what is there, what may be used, what a copy to another machine needs."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, AssetError, AssetMissing, UsageError
from assistant.models.assets import Asset, AssetKind, AssetState, AssetStore, Progressed, load_catalog
from assistant.models.assets.catalog import Catalog
from assistant.models.assets.events import AssetEvent, ignore
from tests.support.asset_factory import asset, content

BODY = content(3_000_000)


@pytest.fixture
def model() -> Asset:
    return asset("model", BODY, file="model.gguf")


@pytest.fixture
def store(tmp_path: Path, model: Asset) -> AssetStore:
    ranks = asset("ranks", b"ranks", kind=AssetKind.BPE, file="0123abcd")
    return AssetStore(tmp_path / "assets", Catalog([model, ranks]))


def put(store: AssetStore, name: str, body: bytes) -> Path:
    file = store.file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return file


def hashed(events: list[AssetEvent]) -> bool:
    return any(isinstance(event, Progressed) for event in events)


def test_a_missing_asset_names_the_command_that_fetches_it(store: AssetStore) -> None:
    assert store.status("model").state is AssetState.MISSING
    assert not store.status("model").usable
    with pytest.raises(AssetMissing) as caught:
        store.path("model")
    assert caught.value.remedy == "Run `assistant assets pull model`."


def test_a_copied_file_is_hashed_once(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    assert store.status("model").state is AssetState.UNVERIFIED
    assert store.status("model").usable
    first: list[AssetEvent] = []
    second: list[AssetEvent] = []
    assert store.path("model", first.append) == file
    assert store.path("model", second.append) == file
    assert hashed(first)
    assert not hashed(second)
    assert store.status("model").state is AssetState.PRESENT


def test_a_folder_copied_with_its_times_is_used_as_it_is(store: AssetStore, model: Asset, tmp_path: Path) -> None:
    put(store, "model", BODY)
    store.path("model")
    shutil.copytree(store.where(), tmp_path / "plane")
    plane = AssetStore(tmp_path / "plane", Catalog([model]))
    assert plane.status("model").state is AssetState.PRESENT


def test_a_file_that_was_changed_is_hashed_again(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    store.path("model")
    file.write_bytes(BODY[:-1] + b"!")
    os.utime(file, ns=(1, 1))
    with pytest.raises(AssetCorrupt, match="damaged") as caught:
        store.path("model")
    assert caught.value.remedy == "Run `assistant assets pull model`, or copy the file again."
    assert store.status("model").state is AssetState.CORRUPT


def test_a_copy_that_was_cut_short_is_told_without_hashing(store: AssetStore) -> None:
    put(store, "model", BODY[:1000])
    assert store.status("model").state is AssetState.WRONG_SIZE
    with pytest.raises(AssetCorrupt, match="has 1000 bytes, not 3000000"):
        store.path("model")


def test_an_unfinished_pull_shows(store: AssetStore) -> None:
    working = store.working_folder("model")
    working.mkdir(parents=True)
    (working / "errors.txt").write_text("nothing that counts")
    assert store.status("model").state is AssetState.MISSING
    (working / "wheels.partial").write_bytes(BODY[:500])
    status = store.status("model")
    assert (status.state, status.size) == (AssetState.PARTIAL, 500)
    with pytest.raises(AssetMissing, match="not fetched to its end"):
        store.path("model")


def test_a_folder_that_cannot_be_written_still_serves(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    (file.parent / f".{file.name}.verified.{os.getpid()}.new").mkdir()
    for _ in range(2):
        assert store.path("model") == file
        assert store.status("model").state is AssetState.UNVERIFIED


def test_a_damaged_stamp_counts_as_none(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    store.path("model")
    for text in ("", "[]", '{"sha256": "x"}'):
        (file.parent / f".{file.name}.verified").write_text(text)
        assert store.status("model").state is AssetState.UNVERIFIED


def test_bpe_ranks_share_a_folder_that_tiktoken_can_use(store: AssetStore) -> None:
    assert store.file("ranks") == store.tiktoken_folder / "0123abcd"
    assert store.tiktoken_folder.parent == store.where()


async def test_verify_finds_what_the_stamp_hides(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    put(store, "ranks", b"ranks")
    store.path("model")
    facts = file.stat()
    file.write_bytes(BODY[:-1] + b"!")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert store.status("model").state is AssetState.PRESENT
    events: list[AssetEvent] = []
    statuses = await store.verify(listener=events.append)
    assert [(status.asset.name, status.state) for status in statuses] == [
        ("model", AssetState.CORRUPT),
        ("ranks", AssetState.PRESENT),
    ]
    done = [event.done for event in events if isinstance(event, Progressed) and event.asset == "model"]
    assert done == sorted(done)
    assert done[-1] == len(BODY)
    assert store.status("model").state is AssetState.CORRUPT


async def test_verify_reports_what_is_not_here(store: AssetStore) -> None:
    put(store, "ranks", b"x")
    statuses = await store.verify(["model", "ranks"])
    assert [status.state for status in statuses] == [AssetState.MISSING, AssetState.WRONG_SIZE]
    assert [status.state for status in store.statuses()] == [AssetState.MISSING, AssetState.WRONG_SIZE]


async def test_verify_stops_when_it_is_cancelled(store: AssetStore) -> None:
    put(store, "model", BODY)
    task: asyncio.Task[object]

    def cancel(event: AssetEvent) -> None:
        loop.call_soon_threadsafe(task.cancel)
        reported.append(event)

    loop, reported = asyncio.get_running_loop(), list[AssetEvent]()
    task = asyncio.create_task(store.verify(["model"], cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reported


def test_a_folder_that_cannot_be_read_is_explained(store: AssetStore) -> None:
    file = put(store, "model", BODY)
    (file.parent / f".{file.name}.verified").mkdir()
    with pytest.raises(AssetError, match="cannot be used") as caught:
        store.status("model")
    assert caught.value.remedy is not None


def test_a_file_that_goes_away_while_it_is_hashed_is_explained(store: AssetStore) -> None:
    from assistant.concurrency import Stop

    with pytest.raises(AssetError, match="cannot be used"):
        store.hash_now("model", Stop(), ignore)


def test_a_setting_names_an_asset_or_a_file(store: AssetStore, tmp_path: Path) -> None:
    file = put(store, "model", BODY)
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")
    assert store.locate("model", AssetKind.GGUF) == file
    assert store.locate(str(own), AssetKind.GGUF) == own
    with pytest.raises(UsageError, match="no file"):
        store.locate("~/nowhere.gguf", AssetKind.GGUF)
    with pytest.raises(UsageError, match="neither a onnx asset nor a file"):
        store.locate("model", AssetKind.ONNX)


def test_the_shipped_names_give_distinct_files(tmp_path: Path) -> None:
    store = AssetStore(tmp_path, load_catalog())
    assert len({status.path for status in store.statuses()}) == len(store.catalog)
    assert not any(tmp_path.iterdir())
