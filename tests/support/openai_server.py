"""An OpenAI-compatible server on loopback that behaves as told: one behaviour for each request, the last one again.

    with ScriptedServer([Status(429, headers={"retry-after": "1"}), Answer("Two ", "words")]) as server:
        model = HostedModel(HostedModelSettings(base_url=server.base_url, model="scripted"))

A function from the request seen to a behaviour may stand in place of the list.
"""

import json
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import MappingProxyType, TracebackType
from typing import Any, Literal

_POLL_SECONDS = 0.01

USAGE: Mapping[str, Any] = MappingProxyType({"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9})
"""What an `Answer` reports unless told otherwise."""


@dataclass(frozen=True)
class SeenRequest:
    """A request as it came; header names in lower case, ``body`` the parsed JSON."""

    path: str
    headers: Mapping[str, str]
    body: Any
    seconds: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Answer:
    """A proper stream: a role chunk, the texts one by one, the finish reason, the usage and ``[DONE]``.

    ``finish`` None leaves the finish reason out, ``usage`` None the usage.
    """

    texts: tuple[str, ...]
    finish: str | None
    usage: Mapping[str, Any] | None
    delay_seconds: float

    def __init__(
        self,
        *texts: str,
        finish: str | None = "stop",
        usage: Mapping[str, Any] | None = USAGE,
        delay_seconds: float = 0.0,
    ) -> None:
        object.__setattr__(self, "texts", texts)
        object.__setattr__(self, "finish", finish)
        object.__setattr__(self, "usage", usage)
        object.__setattr__(self, "delay_seconds", delay_seconds)

    def pieces(self) -> Iterator[bytes]:
        """The server-sent events."""
        yield event(chunk({"role": "assistant", "content": ""}))
        for text in self.texts:
            time.sleep(self.delay_seconds)
            yield event(chunk({"content": text}))
        if self.finish is not None:
            yield event(chunk({}, self.finish))
        if self.usage is not None:
            yield event({**chunk(), "usage": dict(self.usage)})
        yield b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Status:
    """A plain answer: an error status, a page of HTML, whatever ``body`` is (a mapping goes out as JSON)."""

    code: int
    body: Mapping[str, Any] | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stream:
    """Raw bytes of an event stream, and how it goes on: it ends, the connection is cut, or it hangs."""

    pieces: tuple[bytes, ...]
    then: Literal["end", "cut", "hang", "ping"] = "end"


@dataclass(frozen=True)
class Silence:
    """The request is taken and never answered."""


Behaviour = Answer | Status | Stream | Silence
Script = Sequence[Behaviour] | Callable[[SeenRequest], Behaviour]


def chunk(delta: Mapping[str, Any] | None = None, finish: str | None = None) -> dict[str, Any]:
    """One chat completion chunk; without a delta its choices are empty."""
    choices = [] if delta is None else [{"index": 0, "delta": dict(delta), "finish_reason": finish}]
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}


def event(data: Any) -> bytes:
    """A server-sent event."""
    return f"data: {json.dumps(data)}\n\n".encode()


class ScriptedServer:
    """The server; a context manager.

    ``requests`` are those seen, in order; ``asked`` is set with the first. ``disconnected`` is set when a client
    leaves before its answer is done. With ``tls`` it speaks HTTPS.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[SeenRequest] = []
        self.asked = Event()
        self.disconnected = Event()
        self._script = script
        self._stopping = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = False
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = Thread(target=self._http.serve_forever, args=(_POLL_SECONDS,))

    @property
    def base_url(self) -> str:
        """What goes into ``hosted.base_url``."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def behaviour_for(self, request: SeenRequest) -> Behaviour:
        """Note the request and choose what happens to it."""
        self.requests.append(request)
        self.asked.set()
        if callable(self._script):
            return self._script(request)
        return self._script[min(len(self.requests), len(self._script)) - 1]

    def hold(self, connection: socket.socket, ping: Callable[[], None] | None = None) -> None:
        """Keep a connection open until the client leaves or the server stops."""
        while not self._stopping.is_set():
            readable, _, _ = select.select([connection], [], [], _POLL_SECONDS)
            if readable and connection.recv(1, socket.MSG_PEEK) == b"":
                self.disconnected.set()
                return
            if ping is not None:
                ping()


def _handler(scripted: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    """A handler class of the server's own."""
    return type("Handler", (_Handler,), {"scripted": scripted})


class _Handler(BaseHTTPRequestHandler):
    scripted: ScriptedServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.close_connection = True
        try:
            self._behave(self.scripted.behaviour_for(SeenRequest(self.path, headers, body)))
        except ConnectionError:
            self.scripted.disconnected.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _behave(self, behaviour: Behaviour) -> None:
        match behaviour:
            case Answer():
                self._stream(behaviour.pieces(), "end")
            case Stream(pieces, then):
                self._stream(iter(pieces), then)
            case Status():
                self._plain(behaviour)
            case Silence():
                self.scripted.hold(self.connection)

    def _plain(self, status: Status) -> None:
        is_json = not isinstance(status.body, str)
        body = (json.dumps(status.body) if is_json else str(status.body)).encode()
        self.send_response(status.code)
        headers = {"content-type": "application/json" if is_json else "text/html", **status.headers}
        for name, value in {**headers, "content-length": str(len(body)), "connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, pieces: Iterator[bytes], then: str) -> None:
        self.send_response(200)
        for name, value in (
            ("content-type", "text/event-stream"),
            ("transfer-encoding", "chunked"),
            ("connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            self._part(piece)
        if then == "end":
            self._part(b"")
        elif then == "hang":
            self.scripted.hold(self.connection)
        elif then == "ping":
            self.scripted.hold(self.connection, lambda: self._part(b": ping\n\n"))

    def _part(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()
