"""Digests by e-mail: a message with a text and an HTML part, and the file that it is on a dry run."""

import quopri
import shlex
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, make_msgid
from pathlib import Path

from assistant.addresses import is_loopback
from assistant.config import MailSettings
from assistant.errors import ConfigError, DeliveryError
from assistant.export.html.page import PageDetail, digest_page
from assistant.export.smtp import Login, SmtpServer
from assistant.files import save_bytes
from assistant.periods import Period, PeriodKind
from assistant.reports.digest import Digest, title_of

_USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


_LARGEST_PAGE = 100_000
"""In bytes as sent; Gmail shows "[Message clipped]" behind 102 KB of a page."""
_NO_EVIDENCE = PageDetail(abstracts=False, evidence=False)
_TITLES = replace(_NO_EVIDENCE, sentences=0, rest_sentences=0)
_SLIMMED = (
    (_NO_EVIDENCE, "the evidence of the topics"),
    (
        replace(_NO_EVIDENCE, rest_sentences=1),
        "the evidence of the topics, and all but one sentence of papers without a topic",
    ),
    (
        replace(_NO_EVIDENCE, sentences=1, rest_sentences=1),
        "the evidence of the topics, and all but the first sentence of each summary",
    ),
    (
        replace(_NO_EVIDENCE, sentences=1, rest_sentences=0),
        "the evidence of the topics, summaries of papers without a topic, and all but one sentence of the others",
    ),
    (_TITLES, "the evidence of the topics, and the summaries of all papers"),
)
"""What goes first, and how the reader is told."""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """What is sent: its subject, and the same content as plain text and as an HTML page."""

    subject: str
    text: str
    html: str


def digest_mail(digest: Digest, text: str) -> MailMessage:
    """A digest as a message; ``text`` is the digest as plain text without colours.

    Abstracts stay out of the page. One that Gmail would cut off (behind 102 KB) loses what a reader misses least, step
    by step, and says so; the text stays whole.
    """
    return MailMessage(title_of(digest), text, _mail_page(digest))


def _mail_page(digest: Digest) -> str:
    """The page with as much as fits."""
    whole = PageDetail(abstracts=False)
    page = digest_page(digest, whole)
    if _encoded_bytes(page) <= _LARGEST_PAGE:
        return page
    for detail, lacks in _SLIMMED:
        page = digest_page(digest, detail, left_out=_left_out(digest, lacks))
        if _encoded_bytes(page) <= _LARGEST_PAGE:
            return page
    return _first_papers(digest)


def _first_papers(digest: Digest) -> str:
    """The page of as many papers as fit, by their titles."""
    papers = len(digest.entries)

    def page(title_count: int) -> str:
        lacks = f"summaries, and {papers - title_count} of {papers} papers"
        return digest_page(digest, replace(_TITLES, papers=title_count), left_out=_left_out(digest, lacks))

    fitting = bisect_right(range(1, papers), _LARGEST_PAGE, key=lambda title_count: _encoded_bytes(page(title_count)))
    return page(fitting)


def _left_out(digest: Digest, lacks: str) -> str:
    notice = (
        f"Shortened, because mail readers cut off what is longer. Left out here: {lacks}. The plain text of this mail"
    )
    if not (period := _period_options(digest.period)):
        return f"{notice} has it all."
    profile = ["--profile", digest.plan.profile] if digest.plan.profile else []
    command = ["assistant", "today", *period, "--again", *profile, "--out", "digest.html"]
    return f"{notice} has it all, and so has the page that `{shlex.join(command)}` writes."


def _period_options(period: Period) -> list[str]:
    """The options of the command line for a period; none for days that make up neither a week nor a month."""
    if period.first == period.last:
        return ["--date", period.first.isoformat()]
    match period.kind:
        case PeriodKind.WEEK | PeriodKind.MONTH:
            return [f"--{period.kind.value}", period.label]
        case PeriodKind.DAY | PeriodKind.ALL | PeriodKind.CUSTOM:
            return []


def _encoded_bytes(page: str) -> int:
    """The size of a page as it is sent (quoted-printable, line ends of two bytes)."""
    encoded = quopri.encodestring(page.encode("utf-8", "replace"))
    return len(encoded) + encoded.count(b"\n")


class Mailer:
    """Sends messages as the configuration says; passwords come from the environment and are shown nowhere."""

    def __init__(self, settings: MailSettings, environment: Mapping[str, str], *, offline: bool = False) -> None:
        self._settings = settings
        self._environment = environment
        self._offline = offline

    def require(self, *, dry_run: bool = False) -> None:
        """Make sure that a message can be sent, as far as that can be known before there is one.

        Raises what `send` does, or `save` for a dry run; opens no connection.
        """
        self._sender()
        self._receivers()
        if not dry_run:
            self._server()

    def send(self, message: MailMessage) -> tuple[str, ...]:
        """Send the message and return the addresses it went to. Blocking: up to the time-out of each step.

        Raises `ConfigError` when host, sender or receivers are missing, or when a password would be sent in the open;
        `DeliveryError`, which says whether the message may have been sent all the same, when the server or the
        network fails, and offline.
        """
        server, email, receivers = self._server(), self._composed(message), self._receivers()
        server.send(self._sender().addr_spec, receivers, email.as_bytes())
        return receivers

    def save(self, message: MailMessage, file: Path) -> Path:
        """The dry run: write the message as it would be sent to an ``.eml`` file; no connection, no password.

        Raises `ConfigError` without sender or receivers, and `DeliveryError` when the file cannot be written.
        """
        return save_bytes(file, self._composed(message).as_bytes())

    def _composed(self, message: MailMessage) -> EmailMessage:
        sender = self._sender()
        email = EmailMessage(policy=SMTP)
        email["Subject"] = _encodable(" ".join(message.subject.split()))
        email["From"] = sender
        email["To"] = ", ".join(self._receivers())
        email["Date"] = format_datetime(datetime.now(UTC))
        email["Message-ID"] = make_msgid(domain=sender.domain)
        email["Auto-Submitted"] = "auto-generated"
        email.set_content(_encodable(message.text), cte="quoted-printable")
        email.add_alternative(_encodable(message.html), subtype="html", cte="quoted-printable")
        return email

    def _server(self) -> SmtpServer:
        settings = self._settings
        host = settings.host.strip()
        if not host:
            raise ConfigError("mail.host is empty: no server is known to send mails.", "Name your SMTP server there.")
        login = self._login()
        if login and settings.security == "none" and not is_loopback(host, or_unspecified=True):
            raise ConfigError(
                f"The password for {host} would be sent in the open: mail.security is none.",
                'Set mail.security to "starttls" or "tls"; none is for servers on this machine, or without a password.',
            )
        if self._offline:
            raise DeliveryError("Offline: no mail is sent.", "Leave --offline (or `offline = true`) away to send it.")
        port = settings.port or _USUAL_PORTS[settings.security]
        return SmtpServer(host, port, settings.security, login, settings.timeout_seconds)

    def _login(self) -> Login | None:
        """Name and password from the environment; None when no name is there."""
        settings = self._settings
        user, password = (self._environment.get(name, "") for name in (settings.user_env, settings.password_env))
        if bool(user) != bool(password):
            missing, present = settings.password_env, settings.user_env
            missing, present = (missing, present) if user else (present, missing)
            raise ConfigError(
                f"The variable {missing} is not set, though {present} is.", "Set both to log in, or none of them."
            )
        if not (user + password).isascii():
            raise ConfigError("Name or password for the mail server are not ASCII.", "SMTP servers take no others.")
        return Login(user, password) if user else None

    def _sender(self) -> Address:
        senders = _addresses(self._settings.sender, "mail.sender")
        if len(senders) > 1:
            raise ConfigError("mail.sender has several addresses.", "Name the one that mails come from.")
        return senders[0]

    def _receivers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(address.addr_spec for address in _addresses(self._settings.to, "mail.to")))


def _addresses(text: str, key: str) -> list[Address]:
    """The addresses in a setting. Raises `ConfigError`, naming the setting, for what is none."""
    if not text.strip():
        raise ConfigError(f"{key} is empty.", "Write an address such as reader@example.org there.")
    addresses = []
    for name, address in getaddresses([text]) if text.isprintable() else [("", "")]:
        try:
            parsed = Address(display_name=name, addr_spec=address)
        except (ValueError, IndexError):
            parsed = Address()
        if not (parsed.username and parsed.domain and address.isascii()):
            raise ConfigError(f"{key} has {text!r}, which is no address.", "Such as reader@example.org, in ASCII.")
        addresses.append(parsed)
    return addresses


def _encodable(text: str) -> str:
    """Text that can be sent as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
