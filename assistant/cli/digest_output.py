"""Where `assistant today` delivers a digest: files by their suffix, Atom feeds, mail."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from assistant.cli.report_output import require_places
from assistant.errors import UsageError
from assistant.files import absolute, require_writable, save_bytes
from assistant.reports.digest import Digest
from assistant.services import AppContainer

FORMS = (".md", ".html", ".pdf", ".json", ".txt", ".bib", ".ris")
"""What --out writes, by the suffix of the file."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What the command line names; with none of them the digest is printed.

    ``mail_file`` is where a mail is written in place of being sent.
    """

    files: tuple[Path, ...] = ()
    atom: Path | None = None
    mail: bool = False
    mail_file: Path | None = None

    @property
    def named(self) -> bool:
        """Whether the digest goes somewhere else than to the terminal."""
        return bool(self.files or self.atom or self.mail)


def require_deliverable(wanted: Deliveries, container: AppContainer) -> None:
    """Make sure that a digest can be delivered before a model writes for minutes.

    Raises `UsageError`, `ConfigError` or `DeliveryError`.
    """
    if wanted.mail_file and not wanted.mail:
        raise UsageError("--dry-run writes a mail to a file, and no mail is asked for.", "Add --mail.")
    require_places(wanted.files, FORMS)
    if wanted.atom and os.path.lexists(folder := absolute(wanted.atom)):
        require_writable(folder / "daily-papers.atom")
    if wanted.mail_file:
        require_writable(wanted.mail_file)
    if wanted.mail:
        container.mailer().require(dry_run=wanted.mail_file is not None)


def deliver(
    digest: Digest, wanted: Deliveries, container: AppContainer, at: datetime, tell: Callable[[str], None]
) -> None:
    """Deliver a digest and tell it, one line a delivery. Blocking.

    Mail goes last: what can be repeated without harm comes before what cannot. The first failure ends it. Raises
    `DeliveryError` and `ConfigError`.
    """
    for file in wanted.files:
        tell(f"written to {save_bytes(file, _content(digest, file.suffix.casefold()))}")
    if wanted.atom:
        tell(_into_feed(digest, wanted.atom, at))
    if wanted.mail:
        tell(_mailed(digest, wanted.mail_file, container))


def text_of(digest: Digest) -> str:
    """The digest as plain text, without colours."""
    from assistant.cli.render.digest import digest_plain

    return click.unstyle(digest_plain(digest))


def _content(digest: Digest, form: str) -> bytes:
    """The bytes of a file of this form."""
    from assistant.export import digest_file, pdf_of

    if form == ".pdf":
        return pdf_of(digest_file(digest, ".html"))
    text = text_of(digest) + "\n" if form == ".txt" else digest_file(digest, form)
    return text.encode("utf-8", "replace")


def _into_feed(digest: Digest, folder: Path, at: datetime) -> str:
    from assistant.export import AtomFolder

    written = AtomFolder(folder).add(digest, at)
    damaged = f"; the former file could not be read and is now {written.damaged}" if written.damaged else ""
    return f"{written.added} new of {_entries(written.entries)} in {written.file}{damaged}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _mailed(digest: Digest, file: Path | None, container: AppContainer) -> str:
    from assistant.export import digest_mail

    mailer, message = container.mailer(), digest_mail(digest, text_of(digest))
    if file is not None:
        return f"dry run: the mail is in {mailer.save(message, file)}; nothing was sent"
    return f"mailed to {', '.join(mailer.send(message))}"
