"""A digest as the terminal shows it."""

from assistant.cli import console
from assistant.export import TextStyle, digest_text
from assistant.reports.digest import Digest


def digest_plain(digest: Digest) -> str:
    """The digest with what stands out on a terminal, folded to its width."""
    return digest_text(digest, TextStyle(console.strong, console.dim, console.wrapped))
