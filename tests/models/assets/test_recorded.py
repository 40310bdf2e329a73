"""Assets whose bytes the list does not know: the first pull records their hash, and other bytes are refused then."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import AssetCorrupt, ConfigError
from assistant.models.assets import AssetState
from assistant.models.assets.catalog import HubFile, parse_catalog
from assistant.models.assets.events import Recorded
from assistant.models.assets.store import recorded_sha256
from tests.support.asset_factory import Bench, asset, content
from tests.support.asset_servers import ModelHub

BODY, OTHER = content(200_000), content(200_000, seed=1)
HUB = HubFile("org/reader", "onnx/model.onnx")
KNOWN = asset("reader", BODY, HUB)
UNKNOWN = replace(KNOWN, size=0, sha256="")


async def test_the_first_pull_records_the_hash_and_tells_it(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str]
) -> None:
    hub.add("org/reader", "onnx/model.onnx", BODY)
    bench = Bench(tmp_path / "assets", environment, UNKNOWN)

    path = await bench.puller.pull("reader")

    assert path.read_bytes() == BODY
    assert bench.told(Recorded) == [Recorded("reader", KNOWN.sha256)]
    assert recorded_sha256(path) == KNOWN.sha256
    assert bench.store.status("reader").state is AssetState.PRESENT
    assert bench.store.path("reader") == path


async def test_other_bytes_are_refused_from_then_on(hub: ModelHub, tmp_path: Path, environment: dict[str, str]) -> None:
    hub.add("org/reader", "onnx/model.onnx", BODY)
    bench = Bench(tmp_path / "assets", environment, UNKNOWN)
    path = await bench.puller.pull("reader")
    path.unlink()
    hub.add("org/reader", "onnx/model.onnx", OTHER)

    with pytest.raises(AssetCorrupt, match=f"not {KNOWN.sha256}"):
        await bench.puller.pull("reader")

    path.write_bytes(OTHER)
    assert (await bench.store.verify())[0].state is AssetState.CORRUPT
    with pytest.raises(AssetCorrupt, match="recorded at the first pull"):
        bench.store.path("reader")


def test_a_file_that_was_copied_here_is_recorded_when_it_is_first_used(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    bench = Bench(tmp_path / "assets", environment, UNKNOWN)
    file = bench.store.file("reader")
    file.parent.mkdir(parents=True)
    file.write_bytes(BODY)

    assert bench.store.status("reader").state is AssetState.UNVERIFIED
    assert bench.store.path("reader") == file
    assert recorded_sha256(file) == KNOWN.sha256


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f'sha256 = "{KNOWN.sha256}"\nsources = [{{ hub = "org/x", file = "x" }}]', "size is missing"),
        ('size = 4\nsources = [{ hub = "org/x", file = "x" }]', "sha256 is missing"),
        ('sources = [{ package = "x", version = "1", member = "x" }]', "sha256 is missing"),
    ],
)
def test_only_files_of_the_hub_alone_go_without_hash_and_size(lines: str, message: str) -> None:
    head = '[assets.x]\nkind = "reader"\ngroup = "verification"\nlicense = "MIT"\nfile = "x"\n'
    with pytest.raises(ConfigError, match=message):
        parse_catalog(head + lines)
    (entry,) = parse_catalog(head + 'sources = [{ hub = "org/x", file = "x" }]')
    assert (entry.size, entry.sha256) == (0, "")
