"""What several commands make sure of before they start."""

from collections.abc import Sequence

from assistant.cli import console
from assistant.errors import NothingFound
from assistant.library.values import LibraryPaper
from assistant.papers import clean_text, normalized_title, parse_paper_id
from assistant.retrieval.titles import paper_named
from assistant.workspace import Workspace


def require_papers(workspace: Workspace) -> None:
    """Raise `NothingFound` for an empty library; say so when search has words alone to go by."""
    if not workspace.library.stats().papers:
        raise NothingFound("The library has no papers yet.", "run `assistant sync`, or `assistant today`")
    workspace.library.require_indexes()
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
        paper_id = parse_paper_id(name)
        paper = paper_named(workspace.library, name)
        if paper is None:
            remedy = (
                f"run `assistant sync --arxiv {paper_id}`" if paper_id else "`assistant search` finds papers by topic"
            )
            raise NothingFound(f"No paper {name!r} in the library.", remedy)
        title = clean_text(name)
        if not paper_id and normalized_title(paper.paper.title) != normalized_title(title):
            console.note(f"{title!r} is taken for “{paper.paper.title}” ({paper.paper.paper_id})")
        found.setdefault(paper.paper.paper_id, paper)
    return list(found.values())
