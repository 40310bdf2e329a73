"""Mails: what a real server takes, and for each fault what is told and whether the mail may have been sent."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, Envelope, Session

from assistant.config.settings import MailSettings
from assistant.errors import ConfigError, DeliveryError
from assistant.export.mail import Mailer, MailMessage, digest_mail
from assistant.export.smtp import Login
from tests.support.digest_factory import HOSTILE, digest_by_topic, digest_of
from tests.support.smtp_servers import Mailbox, scripted_server, silent_server, smtp_server

MESSAGE = MailMessage("Daily Papers · 2026-01-05", "Text ▲ 63\n.\n.. dots\n", "<!doctype html><p>Page ▲</p>")
LOGIN = {"MAIL_USER": "reader", "MAIL_PASSWORD": "correct horse"}
GREETING = b"220 ready\r\n"
OK = b"250 OK\r\n"


def settings(port: int = 0, security: str = "none", **changed: Any) -> MailSettings:
    usual = MailSettings(
        host="localhost",
        port=port,
        security=security,
        sender="Papers <papers@example.org>",
        to="reader@example.org, Second <two@example.org>",
        timeout_seconds=10.0,
    )
    return replace(usual, **changed)


def send(
    made: MailSettings, environment: Mapping[str, str] | None = None, message: MailMessage = MESSAGE
) -> tuple[str, ...]:
    return Mailer(made, environment or {}).send(message)


def failure(made: MailSettings, environment: Mapping[str, str] | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(made, environment)
    assert caught.value.exit_code == 9
    assert caught.value.remedy
    assert "correct horse" not in f"{caught.value.message} {caught.value.remedy}"
    return caught.value


def read(content: bytes | str | None) -> EmailMessage:
    assert isinstance(content, bytes)
    return email.message_from_bytes(content, policy=email.policy.default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found
    return str(found.get_content()).replace("\r\n", "\n")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this machine trusts for the test."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def context_of(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_message_arrives_with_both_parts_and_its_headers() -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        assert send(settings(port)) == ("reader@example.org", "two@example.org")

    (envelope,) = mailbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("papers@example.org", ["reader@example.org", "two@example.org"])
    arrived = read(envelope.content)
    assert arrived["Subject"] == "Daily Papers · 2026-01-05"
    assert arrived["From"] == "Papers <papers@example.org>"
    assert arrived["Message-ID"].endswith("@example.org>")
    assert arrived["Date"].datetime.utcoffset() is not None
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "multipart/alternative"
    assert part(arrived, "plain") == MESSAGE.text
    assert part(arrived, "html").startswith(MESSAGE.html)


def test_a_digest_is_a_mail_with_its_profile_and_period_and_without_abstracts() -> None:
    made = digest_mail(digest_by_topic(), "the text")
    assert made.subject == "Daily Papers, 2026-01-05 · robotics"
    assert made.text == "the text"
    assert "Pruning of networks" in made.html
    assert "<mark" not in made.html


def test_hostile_text_can_neither_add_headers_nor_be_lost() -> None:
    mailbox = Mailbox()
    made = digest_mail(digest_of(profile=f"{HOSTILE}\r\nBcc: evil@example.org"), f"{HOSTILE}\n\ud800")
    with smtp_server(mailbox) as port:
        send(settings(port), message=made)
    arrived = read(mailbox.taken[0].content)
    assert arrived["Bcc"] is None
    assert HOSTILE in str(arrived["Subject"])
    assert part(arrived, "plain") == f"{HOSTILE}\n?\n"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_password_goes_through_tls(security: str, authority: trustme.CA) -> None:
    mailbox, context = Mailbox(), context_of(authority)
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True, "auth_required": True}
    if security == "tls":
        options = {"ssl_context": context, "auth_require_tls": False}
    with smtp_server(mailbox, authenticator=mailbox.authenticate, **options) as port:
        send(settings(port, security), LOGIN)
    assert mailbox.logins == [("reader", "correct horse")]
    assert len(mailbox.taken) == 1


def test_wrong_passwords_are_told_and_not_shown(authority: trustme.CA) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox, authenticator=mailbox.authenticate, tls_context=context_of(authority)) as port:
        error = failure(settings(port, "starttls"), LOGIN | {"MAIL_PASSWORD": "wrong horse"})
    assert "does not accept name and password: 535" in error.message
    assert "wrong horse" not in error.message
    assert error.message.endswith("Nothing was sent.")
    assert not mailbox.taken


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("name", ["other.example.org", None])
def test_a_certificate_that_is_not_trusted_ends_it(security: str, name: str | None, authority: trustme.CA) -> None:
    context = context_of(authority, name) if name else context_of(trustme.CA())
    mailbox = Mailbox()
    options = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with smtp_server(mailbox, authenticator=mailbox.authenticate, **options) as port:
        error = failure(settings(port, security), LOGIN)
    assert "has a certificate that is not trusted" in error.message
    assert "SSL_CERT_FILE" in (error.remedy or "")
    assert not mailbox.logins


def test_a_server_without_starttls_gets_nothing() -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        error = failure(settings(port, "starttls"))
    assert "does not offer STARTTLS. Nothing was sent." in error.message
    assert not mailbox.taken


def test_a_server_that_speaks_no_tls_is_told() -> None:
    with smtp_server(Mailbox()) as port:
        assert "does not speak TLS" in failure(settings(port, "tls")).message


def test_a_server_without_login_is_told() -> None:
    with smtp_server(Mailbox()) as port:
        assert "offers no login" in failure(settings(port), LOGIN).message


def test_a_password_in_the_open_is_refused_but_on_this_machine() -> None:
    with pytest.raises(ConfigError, match="would be sent in the open") as caught:
        send(settings(host="mail.example.org"), LOGIN)
    assert "starttls" in (caught.value.remedy or "")

    mailbox = Mailbox()
    with smtp_server(mailbox, authenticator=mailbox.authenticate, auth_require_tls=False) as port:
        send(settings(port), LOGIN)
        send(settings(port, host="127.0.0.1"), LOGIN)
    assert len(mailbox.logins) == 2


@pytest.mark.parametrize(
    ("changed", "environment", "message"),
    [
        ({"host": " "}, {}, "mail.host is empty"),
        ({"sender": ""}, {}, "mail.sender is empty"),
        ({"to": ","}, {}, "mail.to has ',', which is no address"),
        ({"to": "reader"}, {}, "mail.to has 'reader'"),
        ({"to": "reader@exämple.org"}, {}, "which is no address"),
        ({"sender": "a@example.org, b@example.org"}, {}, "several addresses"),
        ({"to": "a@example.org\r\nBcc: b@example.org"}, {}, "which is no address"),
        ({}, {"MAIL_USER": "reader"}, "The variable MAIL_PASSWORD is not set, though MAIL_USER is"),
        ({}, {"MAIL_PASSWORD": "x"}, "The variable MAIL_USER is not set, though MAIL_PASSWORD is"),
        ({"user_env": "A"}, {"A": "x", "MAIL_PASSWORD": "pässword"}, "are not ASCII"),
    ],
)
def test_settings_that_cannot_be_are_told_before_anything_is_opened(
    changed: dict[str, Any], environment: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        send(settings(1, **changed), environment)
    assert message in caught.value.message
    with pytest.raises(ConfigError) as before:
        Mailer(settings(1, **changed), environment).require()
    assert before.value.message == caught.value.message
    assert caught.value.remedy
    assert "pässword" not in caught.value.message


def test_offline_sends_nothing() -> None:
    with pytest.raises(DeliveryError, match="Offline: no mail is sent"):
        Mailer(settings(1), {}, offline=True).send(MESSAGE)
    with pytest.raises(DeliveryError, match="Offline"):
        Mailer(settings(1), {}, offline=True).require()
    Mailer(settings(host=""), {}, offline=True).require(dry_run=True)


def test_the_password_is_not_in_what_is_printed_of_a_login() -> None:
    assert "horse" not in repr(Login("reader", "correct horse"))


# Servers that fail before they have the message


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(settings(port))
    assert f"The mail server localhost:{port} refuses the connection. Nothing was sent." == error.message


def test_a_server_that_never_speaks() -> None:
    with silent_server() as port:
        error = failure(settings(port, timeout_seconds=0.2))
    assert "did not answer within 0.2 seconds. Nothing was sent." in error.message


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "mail.invalid:25 is not a known name. Nothing was sent." in failure(settings(host="mail.invalid")).message


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([b"554 go away \x1b[31m\r\n"], "answered 554 go away."),
        ([b"HTTP/1.1 400 Bad Request\r\n"], "answered -1"),
        ([b""], "ended the connection."),
        ([GREETING, OK, b""], "ended the connection."),
        ([GREETING, OK, OK, OK, OK, b""], "ended the connection."),
        ([GREETING, OK, OK, OK, OK, b"451 full\r\n", OK], "does not take the mail: 451 full."),
    ],
)
def test_a_server_that_ends_it_before_it_has_the_message(answers: list[bytes], told: str) -> None:
    with scripted_server(answers) as port:
        error = failure(settings(port))
    assert told in error.message
    assert error.message.endswith("Nothing was sent.")
    assert "\x1b" not in error.message


def test_a_sender_that_is_rejected() -> None:
    mailbox = Mailbox(sender_answer="550 who are you")
    with smtp_server(mailbox) as port:
        error = failure(settings(port))
    assert (
        "does not take the sender papers@example.org (mail.sender): 550 who are you. Nothing was sent." in error.message
    )
    assert not mailbox.taken


def test_receivers_that_are_all_rejected() -> None:
    mailbox = Mailbox(refuses={"reader@example.org": "550 unknown", "two@example.org": "551 gone"})
    with smtp_server(mailbox) as port:
        error = failure(settings(port))
    assert "reader@example.org (550 unknown); two@example.org (551 gone). Nothing was sent." in error.message
    assert not mailbox.taken


def test_a_receiver_that_is_rejected_does_not_keep_the_mail_from_the_others() -> None:
    mailbox = Mailbox(refuses={"two@example.org": "550 unknown"})
    with smtp_server(mailbox) as port:
        error = failure(settings(port))
    assert "was sent to reader@example.org, but not to all: two@example.org (550 unknown)" in error.message
    assert mailbox.taken[0].rcpt_tos == ["reader@example.org"]


# Servers that fail when they have it


def test_a_message_that_is_rejected_was_not_sent() -> None:
    async def reject(server: SMTP, session: Session, envelope: Envelope) -> str:
        return "554 spam"

    with smtp_server(Mailbox(at_the_end=reject)) as port:
        error = failure(settings(port))
    assert "does not take the mail: 554 spam. Nothing was sent." in error.message


def test_a_connection_that_dies_after_data_leaves_it_unknown() -> None:
    async def die(server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
        return "250 nobody hears this"

    with smtp_server(Mailbox(at_the_end=die)) as port:
        error = failure(settings(port))
    assert "The mail may have been sent all the same" in error.message
    assert "Nothing was sent" not in error.message


def test_an_answer_that_never_comes_after_data_leaves_it_unknown() -> None:
    async def wait(server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.Event().wait()
        return ""

    with smtp_server(Mailbox(at_the_end=wait)) as port:
        error = failure(settings(port, timeout_seconds=0.5))
    assert "did not answer within 0.5 seconds. The mail may have been sent all the same" in error.message


def test_an_answer_that_cannot_be_read_after_data_leaves_it_unknown() -> None:
    with scripted_server([GREETING, OK, OK, OK, OK, b"354 go\r\n", b"nonsense\r\n"]) as port:
        error = failure(settings(port))
    assert "may have been sent all the same" in error.message


def test_a_server_that_hangs_up_after_it_took_the_mail_took_it() -> None:
    with scripted_server([GREETING, OK, OK, OK, OK, b"354 go\r\n", OK]) as port:
        assert send(settings(port)) == ("reader@example.org", "two@example.org")


# The dry run


def test_a_dry_run_writes_the_message_and_needs_neither_server_nor_password(tmp_path: Path) -> None:
    file = Mailer(settings(host=""), {"MAIL_USER": "reader"}, offline=True).save(MESSAGE, tmp_path / "digest.eml")
    written = read(file.read_bytes())
    assert written["To"] == "reader@example.org, two@example.org"
    assert part(written, "plain") == MESSAGE.text


def test_a_dry_run_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="does not exist"):
        Mailer(settings(), {}).save(MESSAGE, tmp_path / "no" / "digest.eml")
