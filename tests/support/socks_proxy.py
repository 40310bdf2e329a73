"""A real SOCKS 5 proxy (RFC 1928, RFC 1929) on the loopback device, which knows names that nobody else knows."""

import selectors
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

_SUCCEEDED, _HOST_UNREACHABLE = 0, 4
_BY_ADDRESS, _BY_NAME = 1, 3


class SocksProxy(ThreadingTCPServer):
    """Leads each name of ``hosts`` to the port on loopback given there; ``asked`` keeps the names and ports wanted."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, hosts: Mapping[str, int], credentials: tuple[str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hosts = dict(hosts)
        self.credentials = credentials
        self.asked: list[tuple[str, int]] = []

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(StreamRequestHandler):
    server: SocksProxy

    def handle(self) -> None:
        _, methods = self.rfile.read(2)
        offered = self.rfile.read(methods)
        method = 0 if self.server.credentials is None else 2
        self.wfile.write(bytes([5, method if method in offered else 255]))
        if method not in offered or (method and not self._is_known()):
            return
        *_, kind = self.rfile.read(4)
        host = self.rfile.read(self.rfile.read(1)[0]).decode() if kind == _BY_NAME else self._address(kind)
        port = int.from_bytes(self.rfile.read(2), "big")
        self.server.asked.append((host, port))
        if host not in self.server.hosts:
            self._reply(_HOST_UNREACHABLE)
            return
        with socket.create_connection(("127.0.0.1", self.server.hosts[host])) as target:
            self._reply(_SUCCEEDED)
            self._pass_on(target)

    def _is_known(self) -> bool:
        self.rfile.read(1)
        user, password = (self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
        accepted = (user, password) == self.server.credentials
        self.wfile.write(bytes([1, 0 if accepted else 1]))
        return accepted

    def _address(self, kind: int) -> str:
        family, length = (socket.AF_INET, 4) if kind == _BY_ADDRESS else (socket.AF_INET6, 16)
        return socket.inet_ntop(family, self.rfile.read(length))

    def _reply(self, code: int) -> None:
        self.wfile.write(bytes([5, code, 0, _BY_ADDRESS, 0, 0, 0, 0, 0, 0]))

    def _pass_on(self, target: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self.connection, selectors.EVENT_READ, target)
            ready.register(target, selectors.EVENT_READ, self.connection)
            while True:
                for key, _ in ready.select():
                    assert isinstance(key.fileobj, socket.socket)
                    try:
                        piece = key.fileobj.recv(65_536)
                        key.data.sendall(piece)
                    except OSError:
                        return
                    if not piece:
                        return


@contextmanager
def socks_proxy(hosts: Mapping[str, int], credentials: tuple[str, str] | None = None) -> Iterator[SocksProxy]:
    """Run a proxy in a thread for as long as the block lasts."""
    server = SocksProxy(hosts, credentials)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
