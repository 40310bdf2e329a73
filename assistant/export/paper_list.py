"""Papers as files: Markdown to read, lines of JSON that a sync reads, and the line and the links of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.feeds import export_line
from assistant.library import StoredPaper
from assistant.papers import Listing, Paper, is_provisional
from assistant.text import escaped

_MOST_AUTHORS = 3


@dataclass(frozen=True, slots=True)
class PaperLink:
    """An address of a paper. ``kind`` is `page`, `pdf`, `code` or `project`; ``name`` is for the reader."""

    kind: str
    name: str
    url: str


def paper_links(paper: Paper) -> tuple[PaperLink, ...]:
    """Every address that is known: none for a paper of which only the title is known, but its own."""
    pdf = None if is_provisional(paper.paper_id) else f"https://arxiv.org/pdf/{paper.paper_id}"
    addresses = (
        ("page", "Paper page", paper.link),
        ("pdf", "PDF on arXiv", pdf),
        ("code", "GitHub", paper.github),
        ("project", "Project page", paper.project_page),
    )
    return tuple(PaperLink(kind, name, url) for kind, name, url in addresses if url)


def citation_line(stored: StoredPaper) -> str:
    """Authors (year). Title. arXiv id. Address: as far as they are known."""
    paper = stored.paper
    names = [author.name for author in paper.authors[:_MOST_AUTHORS]]
    authors = ", ".join(names) + (" et al." if len(paper.authors) > _MOST_AUTHORS else "")
    day = paper.published or (stored.days[0] if stored.days else None)
    who = " ".join(part for part in (authors or (paper.organization or ""), f"({day.year})" if day else "") if part)
    arxiv = "" if is_provisional(paper.paper_id) else f"arXiv:{paper.paper_id}"
    return ". ".join(part.rstrip(".") for part in (who, paper.title, arxiv, paper.link or "") if part)


def papers_markdown(papers: Sequence[StoredPaper]) -> str:
    """A section a paper: title, the line to cite it with, links, abstract; no text of a paper can add markup."""
    parts = ["# Papers"]
    for stored in papers:
        links = " · ".join(f"[{link.name}]({link.url})" for link in paper_links(stored.paper))
        facts = f"▲ {stored.upvotes}" if stored.upvotes is not None else ""
        parts += [f"## {escaped(stored.paper.title)}", escaped(citation_line(stored))]
        parts += [part for part in (" · ".join(filter(None, (facts, links))), escaped(stored.paper.abstract)) if part]
    return "\n\n".join(parts) + "\n"


def papers_lines(papers: Sequence[StoredPaper]) -> str:
    """One line of JSON for each paper and listing, with the counts of now."""
    lines = []
    for stored in papers:
        lines += [export_line(stored.paper, Listing(day, stored.upvotes, stored.comments)) for day in stored.days]
        if not stored.days:
            lines.append(export_line(stored.paper))
    return "".join(f"{line}\n" for line in lines)
