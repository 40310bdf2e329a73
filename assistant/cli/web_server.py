"""The terminal application in a browser: textual-serve on sockets of our own, closed to other pages.

textual-serve has no authentication and takes a connection from any web page that the reader has open. Here a request
must name the server by an address that is its own (`Host`: against DNS rebinding), and a page that opens a connection
must come from it (`Origin`: against other sites).
"""

import errno
import logging
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import assistant
from assistant.addresses import is_loopback
from assistant.errors import AssistantError, UsageError

if TYPE_CHECKING:
    from aiohttp import web

TITLE = "Daily Papers"
_TEMPLATES = Path(__file__).with_name("templates")
_PATIENCE_SECONDS = 1.0
_SOCKET_PATH = "/ws"
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A machine may name ::1 in its hosts file and have no IPv6."""
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # refused, not bound
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_RISK = (
    "There is no password: whoever reaches the port reads what you read and spends with your keys. "
    "Serve on localhost and reach it through an SSH tunnel, or add --allow-public."
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the application is served: host and port, and the address that browsers use when it is another one."""

    host: str
    port: int
    public_url: str | None = None

    @property
    def url(self) -> str:
        """What the reader opens."""
        return self.public_url or f"http://{_bracketed(self.host)}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """The pages that may open a connection: those of the server itself, by any of its names."""
        names = {_bracketed(self.host), *(_LOOPBACK_NAMES if is_loopback(self.host) else ())}
        public = {_origin(self.public_url)} if self.public_url else set()
        return frozenset({_origin(f"http://{name}:{self.port}") for name in names} | public)

    @property
    def hosts(self) -> frozenset[str]:
        """The same as host and port, the way a `Host` header has them."""
        return frozenset(origin.partition("://")[2] for origin in self.origins)


def require_private(host: str, public_url: str | None, *, allow_public: bool) -> None:
    """Raise `UsageError` for a host that others reach, unless the reader allows it, and for an address that is none."""
    if public_url is not None:
        parts = urlsplit(public_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise UsageError(
                f"{public_url} is no address for --public-url.", "Give scheme and host: https://papers.example."
            )
    if not allow_public and not is_loopback(host):
        raise UsageError(f"{host} can be reached from other machines.", _RISK)
    if host.strip("[]") in _EVERY_ADDRESS and public_url is None:
        raise UsageError(
            f"{host} is every address of this machine, and browsers must name one.",
            "Say with --public-url what they open: http://192.168.1.20:8000.",
        )


def serve(arguments: Sequence[str], host: str, port: int, public_url: str | None, told: Callable[[str], None]) -> None:
    """Serve ``assistant`` with these arguments until the process is asked to end; each page is a process of its own.

    ``port`` 0 takes a free one. ``told`` gets the address when pages can be opened. Raises `AssistantError` when the
    port cannot be had.
    """
    from aiohttp import web

    sockets = _bound(host.strip("[]"), port)
    address = Address(host.strip("[]"), sockets[0].getsockname()[1], public_url and public_url.rstrip("/"))
    logging.basicConfig(level=logging.WARNING)
    command = shlex.join([sys.executable, *_safe_path(), "-m", "assistant", *arguments])
    application = _application(f"exec {command}" if sys.platform != "win32" else command, address)
    web.run_app(
        application,
        sock=sockets,
        print=lambda _: told(address.url),
        shutdown_timeout=_PATIENCE_SECONDS,
        access_log=None,
    )


def _safe_path() -> list[str]:
    """The option that keeps a folder in the working directory that is named as we are from being run in our place."""
    return [] if Path(assistant.__file__).parents[1] == Path.cwd() else ["-P"]


async def _application(command: str, address: Address) -> "web.Application":
    """The web application of textual-serve behind the checks of this module."""
    from textual_serve.server import Server

    class Guarded(Server):
        async def _make_app(self) -> "web.Application":
            made = await super()._make_app()
            made.middlewares.append(_guard(address))
            made.on_response_prepare.append(_headers(address))
            made.on_startup.remove(self.on_startup)  # it prints a banner and the command
            return made

    # The page is ours: that of textual-serve 1.1 takes a font from fonts.googleapis.com, which lies in its own files.
    server = Guarded(
        command, address.host, address.port, title=TITLE, public_url=address.url, templates_path=_TEMPLATES
    )
    return await server._make_app()  # noqa: SLF001  # the one seam that textual-serve 1.1 has for a middleware


def _guard(address: Address) -> Any:
    """A middleware that answers 403 to whoever comes from elsewhere."""
    from aiohttp import web

    @web.middleware
    async def guard(
        request: "web.Request", handler: "Callable[[web.Request], Awaitable[web.StreamResponse]]"
    ) -> "web.StreamResponse":
        if request.headers.get("Host", "").casefold() not in address.hosts:
            raise web.HTTPForbidden(text=f"403: this is not the server's own address. Open {address.url}.\n")
        origin = request.headers.get("Origin")
        needs_origin = request.path == _SOCKET_PATH  # browsers always send it there
        if (origin or needs_origin) and origin not in address.origins:
            raise web.HTTPForbidden(text=f"403: another page may not use this server. Open {address.url}.\n")
        return await handler(request)

    return guard


def _headers(address: Address) -> Any:
    """A signal handler: nothing from elsewhere is loaded or asked, whatever the files served say; no page frames it."""
    own = f"'self' {address.url}"
    policy = (
        f"default-src 'none'; script-src {own}; style-src {own} 'unsafe-inline'; "
        f"img-src {own} data:; font-src {own}; connect-src {own} ws{address.url.removeprefix('http')}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    async def add(_request: "web.Request", response: "web.StreamResponse") -> None:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"

    return add


def _bound(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address that the host has here, all on one port."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"There is no host {host!r} to serve on.", "Leave --host away to serve on localhost."
        ) from error
    opened: list[socket.socket] = []
    failure: OSError | None = None
    for family, kind, protocol, _, place in dict.fromkeys(found):
        taken = opened[0].getsockname()[1] if opened else port
        try:
            opened.append(_bound_socket(family, kind, protocol, (place[0], taken, *place[2:])))
        except OSError as error:
            failure = error
            if error.errno not in _NO_SUCH_ADDRESS:
                break
    if opened and (failure is None or failure.errno in _NO_SUCH_ADDRESS):
        return opened
    for each in opened:
        each.close()
    raise AssistantError(
        f"Nothing can be served on port {port} of {host}: {failure.strerror if failure else 'it has no address'}.",
        "Another program may have the port: choose one with --port, or 0 for a free one.",
    )


def _bound_socket(family: int, kind: int, protocol: int, place: Any) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(place)
    except OSError:
        made.close()
        raise
    return made


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _origin(url: str) -> str:
    """Scheme, host and port as a browser writes an origin: lower case, the usual port left out."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{_bracketed(parts.hostname or '')}{port}"
