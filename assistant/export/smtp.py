"""Sending one message to an SMTP server, and saying in words what went wrong and whether it may have been sent."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from assistant.errors import DeliveredInPart, DeliveryError
from assistant.papers import clean_text

_READY_FOR_DATA = 354
_LONGEST_REPLY = 200
_NOTHING = "Nothing was sent"
_CHECK = "Check mail.host, mail.port and mail.security."
_UNKNOWN = "The mail may have been sent all the same: it was handed over, and the server did not confirm it"
_FAILURES = (
    (ssl.SSLError, "does not speak TLS as it was asked to"),
    (ConnectionRefusedError, "refuses the connection"),
    (socket.gaierror, "is not a known name"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password; the password is not in what is printed of it."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server, how it is spoken to (``starttls``, ``tls`` or ``none``), and how long each of its answers may take."""

    host: str
    port: int
    security: str
    login: Login | None
    timeout_seconds: float

    def send(self, sender: str, receivers: Sequence[str], message: bytes) -> None:
        """Hand over one message (CRLF line ends). Blocking.

        Raises `DeliveryError`: nothing was sent, unless it says that it may have been, or to whom it was.
        """
        with self._connection() as smtp:
            with self._failing(_NOTHING):
                refused = self._envelope(smtp, sender, receivers)
            # From here on the server may take the message even when its answer is lost.
            with self._failing(_UNKNOWN):
                self._expect(smtp, _send_content(smtp, message), "the mail")
        if refused:
            taken = [receiver for receiver in receivers if receiver not in refused]
            raise DeliveredInPart(
                f"The mail was sent to {', '.join(taken)}, but not to all: {_listed(refused)}.", "Correct mail.to."
            )

    def _envelope(self, smtp: smtplib.SMTP, sender: str, receivers: Sequence[str]) -> dict[str, str]:
        """Name sender and receivers and ask for the message; returns the receivers that were refused, with why."""
        self._expect(smtp, smtp.mail(sender), f"the sender {sender} (mail.sender)")
        refused = {}
        for receiver in receivers:
            code, reply = smtp.rcpt(receiver)
            if code not in {250, 251}:
                refused[receiver] = f"{code} {self._reply_text(reply)}".strip()
        if len(refused) == len(receivers):
            raise DeliveryError(f"{self} does not take mail for {_listed(refused)}. {_NOTHING}.", "Check mail.to.")
        self._expect(smtp, smtp.docmd("DATA"), "the mail", _READY_FOR_DATA)
        return refused

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A connection, kept private as the settings say and logged in to; closed however the block ends."""
        with self._failing(_NOTHING):
            smtp = self._connected()
        try:
            with self._failing(_NOTHING):
                if self.security == "starttls":
                    smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
                if self.login:
                    smtp.login(self.login.user, self.login.password)
            yield smtp
            with suppress(smtplib.SMTPException, OSError):  # the message is delivered; how the talk ends is no matter
                smtp.quit()
        finally:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_seconds, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)

    @contextmanager
    def _failing(self, outcome: str) -> Iterator[None]:
        """Translate what fails in the block into a `DeliveryError` that says what became of the mail."""
        try:
            yield
        except (smtplib.SMTPException, OSError, ValueError) as error:
            what, remedy = self._explained(error)
            raise DeliveryError(f"{self} {what}. {outcome}.", remedy) from error

    def _explained(self, error: Exception) -> tuple[str, str]:
        """What happened, to go behind the server's name, and what to do about it."""
        if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
            error = error.__context__  # what smtplib met while it read an answer
        match error:
            case smtplib.SMTPAuthenticationError():
                reply = f"{error.smtp_code} {self._reply_text(error.smtp_error)}"
                return f"does not accept name and password: {reply}", "Check the two variables that hold them."
            case smtplib.SMTPResponseException():
                return f"answered {error.smtp_code} {self._reply_text(error.smtp_error)}", "Try again later."
            case smtplib.SMTPServerDisconnected():
                return "ended the connection", "Try again later, and check mail.port and mail.security."
            case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
                return "does not offer STARTTLS", 'Set mail.security to "tls" (port 465), if the server has that.'
            case smtplib.SMTPException():
                no_login = isinstance(error, smtplib.SMTPNotSupportedError)
                what = "offers no login" if no_login else f"cannot be logged in to: {self._reply_text(str(error))}"
                return what, "Unset the variables to send without login."
            case _:
                return _network_failure(error, self.timeout_seconds)

    def _expect(self, smtp: smtplib.SMTP, answer: tuple[int, bytes], what: str, code: int = 250) -> None:
        """Raise when the server did not take something; it is asked to forget the message then."""
        if answer[0] == code:
            return
        with suppress(smtplib.SMTPException, OSError):
            smtp.rset()
        reply = f"{answer[0]} {self._reply_text(answer[1])}".strip()
        later = "Try again later." if 400 <= answer[0] < 500 else "The server's words say why."
        raise DeliveryError(f"{self} does not take {what}: {reply}. {_NOTHING}.", later)

    def _reply_text(self, reply: bytes | str) -> str:
        """The words of the server, safe to print, short, and without the password should they repeat it."""
        text = clean_text(reply if isinstance(reply, str) else reply.decode("utf-8", "replace"))
        if self.login:
            text = text.replace(self.login.password, "***")
        return text[:_LONGEST_REPLY].rstrip(".")

    def __str__(self) -> str:
        return f"The mail server {self.host}:{self.port}"


def _network_failure(error: Exception, timeout_seconds: float) -> tuple[str, str]:
    """What the network did instead of an answer, and what to do about it."""
    if isinstance(error, TimeoutError):
        slow = f"did not answer within {timeout_seconds:g} seconds"
        return slow, "Try again later, or raise mail.timeout_seconds."
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = "Check mail.host; a company's own certificates are named with the variable SSL_CERT_FILE."
        return f"has a certificate that is not trusted: {error.verify_message}", remedy
    for kind, words in _FAILURES:
        if isinstance(error, kind):
            return words, _CHECK
    return f"cannot be reached: {error.strerror or error if isinstance(error, OSError) else error}", _CHECK


def _send_content(smtp: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
    """Send the message behind an accepted DATA, and return the answer."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    smtp.send(re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n")
    code, reply = smtp.getreply()
    if code < 0:
        raise smtplib.SMTPServerDisconnected("no answer that can be read")
    return code, reply


def _listed(refused: dict[str, str]) -> str:
    return "; ".join(f"{receiver} ({why})" for receiver, why in refused.items())
