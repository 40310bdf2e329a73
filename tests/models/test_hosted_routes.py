"""Hosted models through the proxies and certificates that real shells name."""

from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from tests.models.conftest import events_of, text_of
from tests.support.openai_server import Answer, ScriptedServer, Status
from tests.support.socks_proxy import socks_proxy

ASKED = GenerationRequest((Message("user", "Why?"),), max_output_tokens=50)


@pytest.fixture(autouse=True)
def no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def hosted(base_url: str) -> HostedModel:
    return HostedModel(HostedModelSettings(base_url=base_url, model="scripted", api_key="sk-1", max_retries=0))


@pytest.mark.parametrize("scheme", ["socks", "socks5", "socks5h"])
async def test_a_server_is_asked_through_a_socks_proxy(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with ScriptedServer([Answer("Because.")]) as server, socks_proxy({}) as proxy:
        proxy.hosts["llm.test"] = int(server.base_url.split(":")[2].partition("/")[0])
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{proxy.place}")
        model = hosted("http://llm.test/v1")
        assert text_of(await events_of(model, ASKED)) == "Because."
        await model.aclose()
    assert proxy.asked == [("llm.test", 80)]


@pytest.mark.parametrize("value", ["foo://me:hidden@h", "socks4://h:1", "http://h:hidden"])
async def test_a_proxy_that_is_none_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("https_proxy", value)
    model = hosted("https://llm.test/v1")
    with pytest.raises(ModelUnavailable, match=r"llm\.test cannot be reached: https_proxy ") as caught:
        await events_of(model, ASKED)
    assert "https_proxy" in str(caught.value.remedy)
    assert "hidden" not in f"{caught.value.message}{caught.value.remedy}"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("address", ["https://llm.test/v1", "http://llm.test/v1"])
async def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, scheme: str, address: str) -> None:
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://me:hidden@127.0.0.1:9")
    model = hosted(address)
    with pytest.raises(ModelUnavailable) as caught:
        await events_of(model, ASKED)
    await model.aclose()
    assert (
        f"llm.test cannot be reached through the proxy {scheme}://***@127.0.0.1:9 of ALL_PROXY" in caught.value.message
    )
    assert "ALL_PROXY" in str(caught.value.remedy)
    assert "hidden" not in f"{caught.value.message}{caught.value.remedy}"


async def test_a_proxy_that_wants_a_user_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer([Status(407, "Sign in")]) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url.removesuffix("/v1"))
        model = hosted("http://llm.test/v1")
        with pytest.raises(ModelUnavailable, match=r"through the proxy .* of http_proxy: Sign in \(407\)"):
            await events_of(model, ASKED)
        await model.aclose()


async def test_certificates_that_are_none_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with pytest.raises(ModelUnavailable, match="SSL_CERT_FILE names"):
        await events_of(hosted("https://llm.test/v1"), ASKED)


async def test_a_server_on_this_machine_needs_neither(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALL_PROXY", "foo://x")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with ScriptedServer([Answer("Because.")]) as server:
        model = hosted(server.base_url)
        assert text_of(await events_of(model, ASKED)) == "Because."
        await model.aclose()
