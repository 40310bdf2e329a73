"""What several commands make sure of before they start."""

from collections.abc import Sequence

from assistant.cli import console
from assistant.library.values import LibraryPaper
from assistant.papers import clean_text, normalized_title, parse_paper_id
from assistant.retrieval.titles import required_paper
from assistant.workspace import Workspace
from assistant.workspace.readiness import require_searchable


def require_papers(workspace: Workspace) -> None:
    """Raise `NothingFound` for an empty library; say so when search has words alone to go by."""
    require_searchable(workspace)
    if workspace.embedder.missing:
        console.note(
            f"Searching by words alone: the embedder {workspace.embedder.missing} is not here"
            " (`assistant assets pull` fetches it)."
        )


def papers_named(workspace: Workspace, names: Sequence[str]) -> list[LibraryPaper]:
    """The papers meant by ids, links or titles, in order, each once. Raises `NothingFound`.

    Of several papers that a title may mean the likest is taken, and the choice is said.
    """
    found: dict[str, LibraryPaper] = {}
    for name in names:
        paper = required_paper(workspace.library, name)
        title = clean_text(name)
        if not parse_paper_id(name) and normalized_title(paper.paper.title) != normalized_title(title):
            console.note(f"{title!r} is taken for “{paper.paper.title}” ({paper.paper.paper_id})")
        found.setdefault(paper.paper.paper_id, paper)
    return list(found.values())
