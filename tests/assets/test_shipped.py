"""Assets that come with the program: copied and verified like any other, and there without a network."""

from pathlib import Path

import pytest

from assistant.assets import AssetState, AssetStore, Catalog, HubFile, Puller, ShippedFile, parse_catalog
from assistant.errors import AssetCorrupt, AssetError, ConfigError
from tests.assets.bench import BODY, Bench, asset, content

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
    monkeypatch.setattr("assistant.assets.shipped.files", lambda _package: program)
    return program / "shipped"


@pytest.mark.parametrize("sources", [(SHIPPED,), (HubFile("org/model", "m.onnx"), SHIPPED)])
async def test_it_is_there_offline(shipped: Path, tmp_path: Path, sources: tuple[ShippedFile | HubFile, ...]) -> None:
    (shipped / "weights.onnx").write_bytes(BODY)
    store = AssetStore(tmp_path / "assets", Catalog([asset("own", BODY, *sources)]))

    path = await Puller(store, offline=True).pull("own")

    assert path.read_bytes() == BODY
    assert store.status("own").state is AssetState.PRESENT
    assert (shipped / "weights.onnx").exists()


async def test_other_bytes_are_refused_and_leave_nothing(
    shipped: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (shipped / "weights.onnx").write_bytes(content(400_000, seed=1))
    bench = Bench(tmp_path / "assets", environment, asset("own", BODY, SHIPPED))

    with pytest.raises(AssetCorrupt, match="this program's own files: its bytes have the SHA-256"):
        await bench.puller.pull("own")

    assert bench.leftovers == []


@pytest.mark.usefixtures("shipped")
async def test_an_installation_without_it_says_so(tmp_path: Path, environment: dict[str, str]) -> None:
    bench = Bench(tmp_path / "assets", environment, asset("own", BODY, SHIPPED))

    with pytest.raises(AssetError, match="this installation came without it"):
        await bench.puller.pull("own")


def test_the_list_names_a_file_of_the_folder() -> None:
    assert parse_catalog(ENTRY)["own"].sources == (SHIPPED,)
    assert parse_catalog(ENTRY)["own"].shipped
    for place in ("../weights.onnx", "/etc/passwd", ""):
        with pytest.raises(ConfigError, match="shipped"):
            parse_catalog(ENTRY.replace("weights.onnx", place))
