"""What a paper can be reached by, and the line it is cited with."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library.records import LibraryPaper
from assistant.papers import Paper, is_provisional

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


def link_lines(papers: Sequence[LibraryPaper]) -> str:
    """The first address of each paper, one a line; papers without one are left out."""
    first = (links_of(found.paper)[:1] for found in papers)
    return "\n".join(link.url for links in first for link in links)


def citation_line(found: LibraryPaper) -> str:
    """Authors (year). Title. arXiv id. Address: as far as they are known."""
    paper = found.paper
    names = [author.name for author in paper.authors[:_MOST_AUTHORS]]
    authors = ", ".join(names) + (" et al." if len(paper.authors) > _MOST_AUTHORS else "")
    day = paper.published or (found.days[0] if found.days else None)
    who = " ".join(part for part in (authors or (paper.organization or ""), f"({day.year})" if day else "") if part)
    arxiv = "" if is_provisional(paper.paper_id) else f"arXiv:{paper.paper_id}"
    return ". ".join(part.rstrip(".") for part in (who, paper.title, arxiv, paper.link or "") if part)
