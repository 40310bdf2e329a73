"""References as other programs read them."""

from collections.abc import Sequence
from typing import Literal

from assistant.export.json.base import Published
from assistant.library.records import LibraryPaper


class CitedPaperJson(Published):
    """A paper that a reference is for."""

    id: str
    title: str


class ReferencesJson(Published):
    """References of papers, as one text."""

    format: Literal["bibtex", "ris"]
    papers: list[CitedPaperJson]
    """In the order of the text."""
    text: str


def references_json(form: Literal["bibtex", "ris"], papers: Sequence[LibraryPaper], text: str) -> ReferencesJson:
    """The object of `cite`."""
    cited: list[CitedPaperJson] = [{"id": paper.paper.paper_id, "title": paper.paper.title} for paper in papers]
    return {"format": form, "papers": cited, "text": text}
