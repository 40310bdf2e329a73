"""What is done with chosen papers: opened, copied, exported to a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from assistant.errors import AssistantError, UsageError
from assistant.export import bibtex, ris
from assistant.feeds import export_line
from assistant.library import StoredPaper
from assistant.papers import Listing, Paper, is_provisional
from assistant.text import escaped
from assistant.tui.exporting import write_new
from assistant.tui.messages import Copy, Failed, OpenLink

_MOST_AUTHORS = 3


@dataclass(frozen=True, slots=True)
class PaperLink:
    """An address of a paper. ``kind`` is `page`, `pdf`, `code` or `project`; ``name`` is for the reader."""

    kind: str
    name: str
    url: str


def links_of(paper: Paper) -> tuple[PaperLink, ...]:
    """Every address that is known: none for a paper of which only the title is known, but its own."""
    pdf = None if is_provisional(paper.paper_id) else f"https://arxiv.org/pdf/{paper.paper_id}"
    known = (
        ("page", "Paper page", paper.link),
        ("pdf", "PDF on arXiv", pdf),
        ("code", "GitHub", paper.github),
        ("project", "Project page", paper.project_page),
    )
    return tuple(PaperLink(kind, name, url) for kind, name, url in known if url)


def link_lines(papers: Sequence[StoredPaper]) -> str:
    """The first address of each paper, one a line; papers without one are left out."""
    first = (links_of(found.paper)[:1] for found in papers)
    return "\n".join(link.url for links in first for link in links)


def citation_line(found: StoredPaper) -> str:
    """Authors (year). Title. arXiv id. Address: as far as they are known."""
    paper = found.paper
    names = [author.name for author in paper.authors[:_MOST_AUTHORS]]
    authors = ", ".join(names) + (" et al." if len(paper.authors) > _MOST_AUTHORS else "")
    day = paper.published or (found.days[0] if found.days else None)
    who = " ".join(part for part in (authors or (paper.organization or ""), f"({day.year})" if day else "") if part)
    arxiv = "" if is_provisional(paper.paper_id) else f"arXiv:{paper.paper_id}"
    return ". ".join(part.rstrip(".") for part in (who, paper.title, arxiv, paper.link or "") if part)


_LINK_NAMES = {"page": "page", "pdf": "PDF", "code": "code on GitHub", "project": "project page"}


def open_link(kind: str, papers: Sequence[StoredPaper]) -> Message:
    """Open the address of that kind of the one paper."""
    for paper in papers:
        for link in links_of(paper.paper):
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


def papers_markdown(papers: Sequence[StoredPaper]) -> str:
    """A section a paper: title, the line to cite it with, links, abstract; no text of a paper can add markup."""
    parts = ["# Papers"]
    for found in papers:
        links = " · ".join(f"[{link.name}]({link.url})" for link in links_of(found.paper))
        facts = f"▲ {found.upvotes}" if found.upvotes is not None else ""
        parts += [f"## {escaped(found.paper.title)}", escaped(citation_line(found))]
        parts += [part for part in (" · ".join(filter(None, (facts, links))), escaped(found.paper.abstract)) if part]
    return "\n\n".join(parts) + "\n"


def papers_lines(papers: Sequence[StoredPaper]) -> str:
    """One line of JSON for each paper and listing, with the counts of now."""
    lines = []
    for found in papers:
        lines += [export_line(found.paper, Listing(day, found.upvotes, found.comments)) for day in found.days]
        if not found.days:
            lines.append(export_line(found.paper))
    return "".join(f"{line}\n" for line in lines)


_FORMS = {".md": papers_markdown, ".bib": bibtex, ".ris": ris, ".jsonl": papers_lines}
FORMS_TOLD = ".md is Markdown, .bib BibTeX, .ris RIS, .jsonl what sync reads"
"""The endings, for the dialog that asks for a file."""


def export_papers(papers: Sequence[StoredPaper], name: str) -> Path:
    """Write the papers to the named file and return its path; a name that is taken gets a number.

    The ending chooses the form. Raises `UsageError` for one that is none and for a file that cannot be written.
    """
    wanted = Path(name.strip())
    ending = wanted.suffix.casefold()
    if ending not in _FORMS:
        raise UsageError("The ending of the name says no form for papers.", f"{FORMS_TOLD}.")
    return write_new(wanted, f"papers{ending}", _FORMS[ending](papers))
