"""A package index and a model hub on loopback, with the faults that real ones have."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

STALL_SECONDS = 30.0


class Faults:
    """What goes wrong with one path: ``stall_after`` or ``drop_after`` bytes of the body, or another ``status``.

    A stall or a drop happens once, unless ``always``; ``ranges`` is False for a server that knows none.
    """

    def __init__(
        self,
        *,
        stall_after: int | None = None,
        drop_after: int | None = None,
        status: int | None = None,
        always: bool = False,
        ranges: bool = True,
    ) -> None:
        self.stall_after = stall_after
        self.drop_after = drop_after
        self.status = status
        self.always = always
        self.ranges = ranges


class Request:
    """One request as it came."""

    def __init__(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        self.method = method
        self.path = path
        self.headers = {name.lower(): value for name, value in headers.items()}


class LoopbackServer(ThreadingHTTPServer):
    """Serves bodies by path; keeps every request; a stalled client that goes away sets ``client_left``."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.redirects: dict[str, str] = {}
        self.faults: dict[str, Faults] = {}
        self.unsatisfiable: set[str] = set()  # paths that refuse every range
        self.requests: list[Request] = []
        self.stalled = threading.Event()
        self.client_left = threading.Event()
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def count(self, part: str, method: str = "GET") -> int:
        """How many requests had ``part`` in their path."""
        return sum(part in request.path and request.method == method for request in self.requests)


class PackageIndex(LoopbackServer):
    """A simple index (PEP 503) of wheels that are made here."""

    def add(self, folder: Path, package: str, version: str, members: Mapping[str, bytes]) -> Path:
        """Build a wheel with these members and offer it."""
        name = package.replace("-", "_")
        wheel = folder / f"{name}-{version}-py3-none-any.whl"
        information = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
            archive.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
            archive.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{information}/RECORD", "")
        self.offer(package, wheel.name, wheel.read_bytes())
        return wheel

    def offer(self, package: str, file: str, content: bytes) -> None:
        """Offer a file as it is."""
        self.bodies[f"/files/{file}"] = content
        page = f'<!DOCTYPE html><html><body><a href="/files/{file}">{file}</a></body></html>'
        self.bodies[f"/simple/{package}/"] = page.encode()
        self.headers[f"/simple/{package}/"] = {"Content-Type": "text/html"}


class ModelHub(LoopbackServer):
    """The resolve protocol of a model hub; ``add`` with a ``store`` redirects to another host, as for large files."""

    def add(
        self, repository: str, file: str, content: bytes, *, revision: str = "main", store: LoopbackServer | None = None
    ) -> str:
        path = f"/{repository}/resolve/{revision}/{file}"
        digest = hashlib.sha256(content).hexdigest()
        self.bodies[path] = content
        self.headers[path] = {"ETag": f'"{digest}"', "X-Repo-Commit": "0" * 40}
        if store is not None:
            store.bodies[f"/store/{digest}"] = content
            self.redirects[path] = f"{store.url}/store/{digest}"
            self.headers[path] |= {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(content))}
        return path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        server, path = self.server, self.path
        server.requests.append(Request(self.command, path, dict(self.headers.items())))
        faults = server.faults.get(path, Faults())
        body = server.bodies.get(path)
        if faults.stall_after == -1:
            self._stall()
            return
        if body is None or faults.status is not None:
            self._send(faults.status or 404, {}, b"")
        elif path in server.redirects:
            self._send(302, {**server.headers[path], "Location": server.redirects[path]}, b"")
        else:
            self._send_range(body, server.headers.get(path, {}), faults if with_body else Faults())

    def _send_range(self, body: bytes, headers: Mapping[str, str], faults: Faults) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        start = start if faults.ranges else 0
        if start and (start >= len(body) or self.path in self.server.unsatisfiable):
            self._send(416, {"Content-Range": f"bytes */{len(body)}"}, b"")
            return
        extra = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        self._send(206 if start else 200, {**headers, **extra}, body[start:], faults)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, faults: Faults | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        limit = None if faults is None else faults.stall_after if faults.stall_after is not None else faults.drop_after
        try:
            self.wfile.write(body[:limit])
            if limit is not None and limit < len(body):
                self._break_off(stall=faults is not None and faults.stall_after is not None)
        except (BrokenPipeError, ConnectionResetError):
            self.server.client_left.set()

    def _break_off(self, *, stall: bool) -> None:
        if not self.server.faults.get(self.path, Faults()).always:
            self.server.faults.pop(self.path, None)
        if stall:
            self._stall()
        self.close_connection = True

    def _stall(self) -> None:
        """Send nothing more; end when the client is gone or the server closes."""
        self.server.stalled.set()
        self.close_connection = True
        self.connection.settimeout(0.05)
        for _ in range(int(STALL_SECONDS / 0.05)):
            if self.server.closing.is_set():
                return
            try:
                if self.connection.recv(1) == b"":
                    self.server.client_left.set()
                    return
            except TimeoutError:
                continue
            except ConnectionResetError:
                self.server.client_left.set()
                return


_Server = TypeVar("_Server", bound=LoopbackServer)


@contextmanager
def serving(server: _Server) -> Iterator[_Server]:
    """Run a server in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
