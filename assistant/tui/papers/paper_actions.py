"""What is done with chosen papers: opened and copied."""

from collections.abc import Sequence

from textual.message import Message

from assistant.errors import AssistantError
from assistant.export import citation_line, paper_links
from assistant.library import StoredPaper
from assistant.tui.messages import Copy, Failed, OpenLink

_LINK_NAMES = {"page": "page", "pdf": "PDF", "code": "code on GitHub", "project": "project page"}


def link_lines(papers: Sequence[StoredPaper]) -> str:
    """The first address of each paper, one a line; papers without one are left out."""
    first = (paper_links(stored.paper)[:1] for stored in papers)
    return "\n".join(link.url for links in first for link in links)


def open_link(kind: str, papers: Sequence[StoredPaper]) -> Message:
    """Open the address of that kind of the one paper."""
    for paper in papers:
        for link in paper_links(paper.paper):
            if link.kind == kind:
                return OpenLink(link.url)
    return Failed(AssistantError(f"No {_LINK_NAMES[kind]} of this paper is known."))


def copy_links(papers: Sequence[StoredPaper]) -> Message:
    """Copy the first address of each paper."""
    return _copied(link_lines(papers), len(papers), "link")


def copy_citations(papers: Sequence[StoredPaper]) -> Message:
    """Copy a line to cite each paper with."""
    return _copied("\n".join(map(citation_line, papers)), len(papers), "citation")


def _copied(text: str, papers: int, what: str) -> Message:
    if not text:
        return Failed(AssistantError(f"There is no {what} to copy."))
    return Copy(text, f"{papers} {what}s" if papers > 1 else f"the {what}")
