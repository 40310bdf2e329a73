"""SMTP servers on loopback: aiosmtpd's, and one that follows a script to its bad end."""

import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Handled = Callable[[SMTP, Session, Envelope], Awaitable[str]]


@dataclass
class Mailbox:
    """What a server took; ``refuses`` maps receivers to the answer they get."""

    taken: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    sender_answer: str | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    at_the_end: Handled | None = None

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer is None:
            envelope.mail_from = address
        return self.sender_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_the_end:
            return await self.at_the_end(server, session, envelope)
        self.taken.append(envelope)
        return "250 taken"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"correct horse", handled=False)


class _OnAnyPort(Controller):
    """A server on a socket that is bound already."""

    def __init__(self, handler: Mailbox, bound: socket.socket, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=bound.getsockname()[1], **options)
        self._bound = bound

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._bound, ssl=self.ssl_context)


@contextmanager
def smtp_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A real SMTP server; its port."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = _OnAnyPort(mailbox, bound, **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def scripted_server(answers: Sequence[bytes], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that gives one answer a line it is sent, the first as its greeting, and hangs up behind the last."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:
            for place, answer in enumerate(answers):
                if place and not stream.readline():
                    return
                stream.write(answer)
                stream.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(timeout=10)


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
