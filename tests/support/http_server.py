"""A real HTTP server on the loopback device that answers as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What to send back. ``hangs`` sends nothing; ``promised_bytes`` is a Content-Length that is not kept."""

    body: bytes = b"[]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    promised_bytes: int | None = None
    drips_seconds: float = 0.0


def json_answer(value: object, **headers: str) -> Answer:
    """An answer in JSON; header names have underscores for hyphens."""
    return Answer(json.dumps(value).encode(), headers={name.replace("_", "-"): text for name, text in headers.items()})


class Server:
    """The server: its address, and what it was asked."""

    def __init__(self, port: int, closing: threading.Event, handler: type[BaseHTTPRequestHandler]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.handler = handler
        self.closing = closing
        self.asked: list[Asked] = []
        self.was_asked = threading.Event()
        self.answer: Callable[[Asked], Answer] = lambda _: Answer()

    def answers(self, *answers: Answer) -> None:
        """Give these answers, one a request; the last one again and again."""
        remaining = list(answers)
        self.answer = lambda _: remaining.pop(0) if len(remaining) > 1 else remaining[0]


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for one test."""
    closing = threading.Event()
    state: list[Server] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), dict(self.headers))
            state[0].asked.append(asked)
            state[0].was_asked.set()
            send(self, state[0].answer(asked), closing)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.append(Server(server.server_address[1], closing, Handler))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield state[0]
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, answer: Answer, closing: threading.Event) -> None:
    handler.close_connection = True
    if answer.hangs:
        closing.wait()
        return
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    length = len(answer.body) if answer.promised_bytes is None else answer.promised_bytes
    handler.send_header("Connection", "close")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    if not answer.drips_seconds:
        handler.wfile.write(answer.body)
        return
    for byte in answer.body:
        try:
            handler.wfile.write(bytes([byte]))
        except OSError:
            return
        if closing.wait(answer.drips_seconds):
            return
