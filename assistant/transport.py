"""How HTTP requests leave the process: directly or through the proxy of their address, with the certificates in force.

Feeds and hosted models share it, in place of what the HTTP client reads from the environment by itself: it makes every
proxy of the environment at once, also those that no request needs, and fails on the first that it does not know.
"""

import asyncio
import ssl
from collections.abc import Mapping
from threading import Lock
from typing import Any

import httpcore2
import httpx2

from assistant.proxies import Proxy, is_secure, proxy_for
from assistant.tls import tls_context


class RoutedTransport(httpx2.AsyncBaseTransport):
    """A transport that takes each request, also one of a redirect, the way that its address needs.

    A request raises `ProxyUnusable` or `CertificatesUnusable` where the environment names a proxy or certificates for
    it that cannot be used; `prepare` raises them beforehand.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._ways: dict[tuple[Proxy | None, bool], httpx2.AsyncHTTPTransport] = {}
        self._context: ssl.SSLContext | None = None
        self._making = Lock()

    def prepare(self, url: str) -> None:
        """Make what a request to this address needs: blocks for a moment, as certificates are read."""
        self._way(url)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; what a SOCKS proxy answers amiss is a `httpx2.ProxyError` like that of any other proxy."""
        proxy, way = await asyncio.to_thread(self._way, str(request.url))
        if proxy is None or not proxy.is_socks:
            return await way.handle_async_request(request)
        return await _through_socks(way, request)

    async def aclose(self) -> None:
        """Close every connection."""
        ways, self._ways = self._ways, {}
        for way in ways.values():
            await way.aclose()

    def _way(self, url: str) -> tuple[Proxy | None, httpx2.AsyncHTTPTransport]:
        proxy = proxy_for(url, self._environment)
        speaks_tls = is_secure(url, proxy)
        with self._making:
            if (proxy, speaks_tls) not in self._ways:
                self._ways[proxy, speaks_tls] = httpx2.AsyncHTTPTransport(
                    verify=self._certificates() if speaks_tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                    proxy=None if proxy is None else self._vendor_proxy(proxy),
                )
            return proxy, self._ways[proxy, speaks_tls]

    def _vendor_proxy(self, proxy: Proxy) -> httpx2.Proxy:
        auth = None if proxy.username is None else (proxy.username, proxy.password or "")
        context = self._certificates() if proxy.scheme == "https" else None
        return httpx2.Proxy(proxy.address, auth=auth, ssl_context=context)

    def _certificates(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = tls_context(self._environment)
        return self._context


async def _through_socks(way: httpx2.AsyncHTTPTransport, request: httpx2.Request) -> httpx2.Response:
    """Send a request through a SOCKS proxy.

    The client lets what is wrong with the proxy's answers through as it is, and leaves the connection open (httpcore2
    2.16): here they become an error of the client, and the connection is closed.
    """
    import socksio.exceptions

    opened: list[httpcore2.AsyncNetworkStream] = []

    async def note(event: str, details: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            opened.append(details["return_value"])

    request.extensions = {**request.extensions, "trace": note}
    try:
        response = await way.handle_async_request(request)
        opened.clear()
    except (socksio.exceptions.SOCKSError, AssertionError, LookupError, ValueError) as error:
        raise httpx2.ProxyError("what answers there does not speak SOCKS 5", request=request) from error
    finally:
        for stream in opened:
            await stream.aclose()
    return response
