"""The feed through the proxies and certificates that real shells name: reached, or the variable is named."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from assistant.errors import FeedError
from assistant.feeds.http_client import FeedHttp
from tests.support.http_server import Answer, Server, json_answer
from tests.support.socks_proxy import SocksProxy, socks_proxy


@pytest.fixture
def proxy(server: Server) -> Iterator[SocksProxy]:
    with socks_proxy({"feed.test": int(server.url.rpartition(":")[2])}) as running:
        yield running


def client(**environment: str) -> FeedHttp:
    return FeedHttp(timeout_seconds=5.0, retries=0, environment=environment)


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"])
@pytest.mark.parametrize("scheme", ["socks", "socks5", "socks5h"])
async def test_the_feed_is_read_through_a_socks_proxy(
    server: Server, proxy: SocksProxy, scheme: str, variable: str
) -> None:
    server.answers(json_answer(["paper"]))
    async with client(**{variable: f"{scheme}://{proxy.place}/"}) as http:
        assert (await http.get("http://feed.test/api")).json() == ["paper"]
    assert proxy.asked == [("feed.test", 80)]


async def test_a_socks_proxy_that_wants_a_password_gets_it(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with socks_proxy({"feed.test": port}, ("me", "p@ss")) as proxy:
        async with client(ALL_PROXY=f"socks5://me:p%40ss@{proxy.place}") as http:
            assert (await http.get("http://feed.test/api")).json() == []
        async with client(ALL_PROXY=f"socks5://me:wrongword@{proxy.place}") as http:
            with pytest.raises(FeedError, match="cannot be reached through the proxy") as caught:
                await http.get("http://feed.test/api")
    assert "wrongword" not in caught.value.message


async def test_the_feed_is_read_through_an_http_proxy(server: Server) -> None:
    server.answers(json_answer(["paper"]))
    place = server.url.removeprefix("http://")
    async with client(HTTP_PROXY=place) as http:
        assert (await http.get("http://feed.test/api?p=1")).json() == ["paper"]
    assert server.asked[0].headers["Host"] == "feed.test"


async def test_no_proxy_is_followed_at_every_redirect(server: Server, proxy: SocksProxy) -> None:
    server.answer = lambda asked: (
        Answer(status=302, headers={"Location": f"{server.url}/whole"}) if asked.path == "/api" else json_answer(["x"])
    )
    async with client(ALL_PROXY=f"socks5://{proxy.place}") as http:
        assert (await http.get("http://feed.test/api")).json() == ["x"]
    assert proxy.asked == [("feed.test", 80)]


async def test_what_this_machine_serves_needs_no_proxy(server: Server) -> None:
    for value in ("foo://x", "socks5://127.0.0.1:9", "http://[::bad"):
        async with client(ALL_PROXY=value, SSL_CERT_FILE="/nowhere") as http:
            assert (await http.get(server.url)).json() == []


@pytest.mark.parametrize("value", ["foo://me:hidden@x", "http://[::bad", "http://me:hidden@h:99999", "socks4://h:1"])
async def test_a_proxy_that_is_none_is_an_error_that_names_the_variable(value: str) -> None:
    async with client(HTTPS_PROXY=value) as http:
        with pytest.raises(FeedError, match=r"feed\.test cannot be reached: HTTPS_PROXY") as caught:
            await http.get("https://feed.test/api")
    assert "HTTPS_PROXY" in str(caught.value.remedy)
    assert "hidden" not in f"{caught.value.message}{caught.value.remedy}"


@pytest.mark.parametrize("reply", [b"", b"\x05", b"\x05\xff", b"\x04\x00", b"HTTP/1.0 400 Bad Request\r\n\r\n"])
async def test_a_proxy_that_does_not_speak_socks_is_named(reply: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(reply)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, client(ALL_PROXY=f"socks5://me:hidden@{place}") as http:
        with pytest.raises(FeedError, match=rf"through the proxy socks5://\*\*\*@{place} of ALL_PROXY") as caught:
            await http.get("http://feed.test/api")
    assert "hidden" not in caught.value.message


async def test_a_proxy_that_is_away_is_named() -> None:
    async with client(ALL_PROXY="socks5://me:hidden@127.0.0.1:9") as http:
        with pytest.raises(FeedError, match=r"through the proxy socks5://\*\*\*@127\.0\.0\.1:9 of ALL_PROXY"):
            await http.get("http://feed.test/api")


async def test_a_name_that_the_proxy_does_not_know_is_said(proxy: SocksProxy) -> None:
    async with client(ALL_PROXY=f"socks5h://{proxy.place}") as http:
        with pytest.raises(FeedError, match="Host unreachable"):
            await http.get("http://other.test/api")


@pytest.fixture
def secure_port(server: Server, authority: trustme.CA) -> Iterator[int]:
    """The feed over TLS, by a certificate of a company's own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("feed.test").configure_cert(context)
    running = ThreadingHTTPServer(("127.0.0.1", 0), server.handler)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    yield running.server_address[1]
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


async def test_certificates_of_the_network_are_trusted_through_a_proxy_too(
    secure_port: int, authority: trustme.CA, tmp_path: Path
) -> None:
    bundle = tmp_path / "company.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with socks_proxy({"feed.test": secure_port}) as proxy:
        async with client(ALL_PROXY=f"socks5h://{proxy.place}", SSL_CERT_FILE=str(bundle)) as http:
            assert (await http.get("https://feed.test/api")).json() == []
        async with client(ALL_PROXY=f"socks5h://{proxy.place}") as http:
            with pytest.raises(FeedError, match="CERTIFICATE_VERIFY_FAILED") as caught:
                await http.get("https://feed.test/api")
    assert "and the usual ones" in str(caught.value.remedy)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("kind", ["missing", "empty", "garbage", "folder"])
async def test_certificates_that_are_none_are_an_error_that_names_the_variable(
    tmp_path: Path, variable: str, kind: str
) -> None:
    path = tmp_path / "named"
    match kind:
        case "empty":
            path.touch()
        case "garbage":
            path.write_bytes(b"\x00 no certificate")
        case "folder":
            path.mkdir()
    async with client(**{variable: str(path)}) as http:
        with pytest.raises(FeedError, match=rf"feed\.test cannot be reached: {variable} names ") as caught:
            await http.get("https://feed.test/api")
    assert "Unset it" in str(caught.value.remedy)
