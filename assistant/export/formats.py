"""Digests and documents as the text of a file, by its suffix; the same whichever front end writes it."""

import json
from collections.abc import Callable, Mapping, Sequence

from assistant.export.html.page import digest_page, markdown_page
from assistant.export.json.digest import digest_json
from assistant.export.json.document import document_json
from assistant.export.markdown.digest import digest_markdown
from assistant.export.markdown.document import document_markdown
from assistant.export.references import bibtex, ris
from assistant.library import StoredPaper
from assistant.reports import Document
from assistant.reports.digest import Digest

REFERENCES: Mapping[str, Callable[[Sequence[StoredPaper]], str]] = {".bib": bibtex, ".ris": ris}
"""References of papers."""


def digest_file(digest: Digest, suffix: str) -> str:
    """A digest as .html, .md or .json, or the references of its papers. Raises `KeyError` for another suffix."""
    if suffix in REFERENCES:
        return REFERENCES[suffix]([entry.source.paper for entry in digest.entries])
    return _DIGESTS[suffix](digest)


def document_file(document: Document, suffix: str) -> str:
    """A document as .html, .md or .json, or its references. Raises `KeyError` for another suffix."""
    if suffix in REFERENCES:
        return REFERENCES[suffix]([source.paper for source in document.sources])
    return _DOCUMENTS[suffix](document)


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


_DIGESTS: Mapping[str, Callable[[Digest], str]] = {
    ".html": digest_page,
    ".md": lambda digest: digest_markdown(digest) + "\n",
    ".json": lambda digest: _json(digest_json(digest)),
}
_DOCUMENTS: Mapping[str, Callable[[Document], str]] = {
    ".html": lambda document: markdown_page(document.title, document_markdown(document)),
    ".md": document_markdown,
    ".json": lambda document: _json(document_json(document)),
}
