"""Where a digest is delivered: files by their suffix, Atom feeds, mail."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.export import Exportable, format_of
from assistant.files import absolute, require_writable, save_bytes

if TYPE_CHECKING:
    from assistant.reports.digest import Digest
    from assistant.services.container import AppContainer


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What a reader names; with none of them the digest is only shown.

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


def require_places(files: Sequence[Path], exportable: Exportable) -> None:
    """Make sure that files can be written before a model is asked for minutes.

    Raises `UsageError` for a suffix that is no form of what is ``exportable``, `DeliveryError` for a folder that cannot
    be written, and for a PDF where no program makes one.
    """
    for file in files:
        form = format_of(exportable, file, "--out")
        require_writable(file)
        form.require()


def require_deliverable(deliveries: Deliveries, container: "AppContainer") -> None:
    """Make sure that a digest can be delivered before a model writes for minutes.

    Raises `UsageError`, `ConfigError` or `DeliveryError`.
    """
    if deliveries.mail_file and not deliveries.mail:
        raise UsageError("--dry-run writes a mail to a file, and no mail is asked for.", "Add --mail.")
    require_places(deliveries.files, Exportable.DIGEST)
    if deliveries.atom and os.path.lexists(folder := absolute(deliveries.atom)):
        require_writable(folder / "daily-papers.atom")
    if deliveries.mail_file:
        require_writable(deliveries.mail_file)
    if deliveries.mail:
        container.mailer().require(dry_run=deliveries.mail_file is not None)


def deliver(
    digest: "Digest", deliveries: Deliveries, container: "AppContainer", at: datetime, report: Callable[[str], None]
) -> None:
    """Deliver a digest and report each delivery in one line. Blocking.

    Mail goes last: what can be repeated without harm comes before what cannot. The first failure ends it. Raises
    `DeliveryError` and `ConfigError`.
    """
    for file in deliveries.files:
        form = format_of(Exportable.DIGEST, file, "--out")
        report(f"written to {save_bytes(file, form.content(Exportable.DIGEST, digest))}")
    if deliveries.atom:
        report(_into_feed(digest, deliveries.atom, at))
    if deliveries.mail:
        report(_mailed(digest, deliveries.mail_file, container))


def _into_feed(digest: "Digest", folder: Path, at: datetime) -> str:
    from assistant.export import AtomFolder

    written = AtomFolder(folder).add(digest, at)
    damaged = f"; the former file could not be read and is now {written.damaged}" if written.damaged else ""
    return f"{written.added} new of {_entries(written.entries)} in {written.file}{damaged}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _mailed(digest: "Digest", file: Path | None, container: "AppContainer") -> str:
    from assistant.export import digest_mail, digest_text

    mailer, message = container.mailer(), digest_mail(digest, digest_text(digest))
    if file is not None:
        return f"dry run: the mail is in {mailer.save(message, file)}; nothing was sent"
    return f"mailed to {', '.join(mailer.send(message))}"
