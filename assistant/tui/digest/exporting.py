"""Writing a digest to a file: for readers, for programs, or the references of its papers."""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import NothingFound, UsageError
from assistant.library.records import LibraryPaper
from assistant.reports.digest.values import Digest
from assistant.tui.exporting import write_new

_FORMS = (".html", ".md", ".json")
FORMS_TOLD = ".html is a page, .md Markdown, .json for programs; .bib and .ris are references of the papers"
"""The endings, for the dialog that asks for a file."""


def export_digest(digest: Digest | None, papers: Sequence[LibraryPaper], name: str) -> Path:
    """Write the digest, or the references of the papers, to the named file; a name that is taken gets a number.

    The ending chooses the form. Raises `UsageError` for one that is none and for a file that cannot be written, and
    `NothingFound` while the ``digest`` is not begun. Blocking.
    """
    from assistant.export.formats import REFERENCES, digest_file

    wanted = Path(name.strip())
    ending = wanted.suffix.casefold()
    if ending in REFERENCES:
        return write_new(wanted, f"papers{ending}", REFERENCES[ending](papers))
    if ending not in _FORMS:
        raise UsageError("The ending of the name says no form for a digest.", f"{FORMS_TOLD}.")
    if digest is None:
        raise NothingFound("Nothing is written yet.", "Have it written first; .bib and .ris need no text.")
    return write_new(wanted, f"digest{ending}", digest_file(digest, ending))
