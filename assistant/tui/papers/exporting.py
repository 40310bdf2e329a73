"""Writing chosen papers to a file: Markdown to read, references, or JSON Lines that `assistant sync` reads back."""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import UsageError
from assistant.export.references import bibtex, ris
from assistant.feeds.record_parser import export_line
from assistant.library.records import LibraryPaper
from assistant.papers import Listing
from assistant.text import escaped
from assistant.tui.exporting import write_new
from assistant.tui.papers.links import citation_line, links_of


def papers_markdown(papers: Sequence[LibraryPaper]) -> str:
    """A section a paper: title, the line to cite it with, links, abstract; no text of a paper can add markup."""
    parts = ["# Papers"]
    for found in papers:
        links = " · ".join(f"[{link.name}]({link.url})" for link in links_of(found.paper))
        facts = f"▲ {found.upvotes}" if found.upvotes is not None else ""
        parts += [f"## {escaped(found.paper.title)}", escaped(citation_line(found))]
        parts += [part for part in (" · ".join(filter(None, (facts, links))), escaped(found.paper.abstract)) if part]
    return "\n\n".join(parts) + "\n"


def papers_lines(papers: Sequence[LibraryPaper]) -> str:
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


def export_papers(papers: Sequence[LibraryPaper], name: str) -> Path:
    """Write the papers to the named file and return its path; a name that is taken gets a number.

    The ending chooses the form. Raises `UsageError` for one that is none and for a file that cannot be written.
    """
    wanted = Path(name.strip())
    ending = wanted.suffix.casefold()
    if ending not in _FORMS:
        raise UsageError("The ending of the name says no form for papers.", f"{FORMS_TOLD}.")
    return write_new(wanted, f"papers{ending}", _FORMS[ending](papers))
