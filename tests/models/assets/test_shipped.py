"""Assets that come with the program: read where they were installed, without a network."""

from pathlib import Path

import pytest

from assistant.errors import AssetError, ConfigError
from assistant.models.assets import AssetState, AssetStore, Puller
from assistant.models.assets.catalog import Catalog, HubFile, ShippedFile, parse_catalog
from tests.support.asset_factory import BODY, Bench, asset, content

SHIPPED = ShippedFile("weights.onnx")
ENTRY = """
[assets.own]
kind = "onnx"
group = "retrieval"
license = "Apache-2.0"
file = "own.onnx"
size = 3
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
sources = [{ shipped = "weights.onnx" }]
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the program's own files."""
    program = tmp_path / "program"
    (program / "shipped").mkdir(parents=True)
    monkeypatch.setattr("assistant.models.assets.store.files", lambda _package: program)
    return program / "shipped"


@pytest.mark.parametrize("sources", [(SHIPPED,), (HubFile("org/model", "m.onnx"), SHIPPED)])
async def test_it_is_read_where_it_was_installed(
    shipped: Path, tmp_path: Path, sources: tuple[ShippedFile | HubFile, ...]
) -> None:
    (shipped / "weights.onnx").write_bytes(BODY)
    store = AssetStore(tmp_path / "assets", Catalog([asset("own", BODY, *sources)]))

    assert store.status("own").state is AssetState.PRESENT
    assert await Puller(store, offline=True).pull("own") == store.path("own") == shipped / "weights.onnx"
    assert [status.state for status in await store.verify(["own"])] == [AssetState.PRESENT]
    assert not (shipped / ".weights.onnx.verified").exists()
    assert not store.folder.exists()


async def test_a_file_in_the_folder_goes_before_it(shipped: Path, tmp_path: Path) -> None:
    (shipped / "weights.onnx").write_bytes(BODY)
    store = AssetStore(tmp_path / "assets", Catalog([asset("own", BODY, SHIPPED)]))
    store.destination("own").parent.mkdir(parents=True)
    store.destination("own").write_bytes(BODY)

    assert store.path("own") == store.destination("own")


async def test_a_damaged_one_is_found_and_told(shipped: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    (shipped / "weights.onnx").write_bytes(content(len(BODY), seed=1))
    store = AssetStore(tmp_path / "assets", Catalog([asset("own", BODY, SHIPPED)]))
    assert [status.state for status in await store.verify(["own"])] == [AssetState.CORRUPT]

    (shipped / "weights.onnx").write_bytes(BODY[:-1])
    bench = Bench(tmp_path / "assets", environment, asset("own", BODY, SHIPPED))
    with pytest.raises(AssetError, match="install the program again"):
        await bench.puller.pull("own")
    assert bench.leftovers == []


@pytest.mark.usefixtures("shipped")
async def test_an_installation_without_it_says_so(tmp_path: Path, environment: dict[str, str]) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("own", BODY, SHIPPED))

    with pytest.raises(AssetError, match="install the program again"):
        await bench.puller.pull("own")


def test_the_list_names_a_file_of_the_folder() -> None:
    assert parse_catalog(ENTRY)["own"].sources == (SHIPPED,)
    for place in ("../weights.onnx", "/etc/passwd", ""):
        with pytest.raises(ConfigError, match="shipped"):
            parse_catalog(ENTRY.replace("weights.onnx", place))
