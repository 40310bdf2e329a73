"""What can be done on the page `papers`."""

from assistant.tui.actions.action import Action


def _browse(span: str, key: str, meaning: str) -> Action:
    return Action(f"papers.browse_{span}", key, span.capitalize(), meaning, does=f"browse('{span}')")


def _open(kind: str, key: str, label: str, meaning: str) -> Action:
    return Action(f"papers.open_{kind}", key, label, meaning, does=f"open_link('{kind}')")


PAPERS_ACTIONS: tuple[Action, ...] = (
    Action("papers.filter", "/", "Filter", "Filter as you type, by meaning and words", footer=True),
    Action("papers.ask", "a", "Ask", "Ask about the selected papers, or this one", footer=True),
    Action("papers.summarize", "u", "Sum up", "Summarize the selected papers, or this one", footer=True),
    Action("papers.compare", "c", "Compare", "Compare the selected papers in a table", footer=True),
    Action("papers.star", "s", "Star", "Star the selected papers, or take the stars away", footer=True),
    Action("papers.note", "n", "Note", "Write a note on this paper", footer=True),
    Action("papers.read", "m", "Read", "Mark as read, or as unread"),
    Action("papers.open_paper", "enter", "Open", "Open this paper: abstract, links, upvotes, similar papers"),
    Action("papers.select", "space", "Select", "Select this paper (Shift and the cursor keys select several)"),
    Action("papers.select_all", "ctrl+a", "All", "Select every paper of the list, or none"),
    Action("papers.back", "escape", "Back", "Close the paper, clear the filter or the selection", palette=False),
    Action("papers.previous_paper", "backspace", "Paper before", "From a similar paper back to the one before"),
    Action("papers.previous_period", "left,[", "Earlier", "The day, week or month before that has papers"),
    Action("papers.next_period", "right,]", "Later", "The next day, week or month that has papers"),
    Action("papers.go_to_period", "g", "Go to", "Go to a day, a week or a month typed by hand"),
    _browse("day", "D", "Browse by day"),
    _browse("week", "W", "Browse by week"),
    _browse("month", "M", "Browse by month"),
    _browse("all", "A", "Browse all papers"),
    Action("papers.next_order", "t", "Order", "Order by day, upvotes (trending), comments or title"),
    Action("papers.next_mark", "v", "Show only", "Show all papers, or only unread, starred or noted ones"),
    _open("page", "o", "Paper page", "Open the paper's page in the browser"),
    _open("pdf", "p", "PDF", "Open the PDF on arXiv"),
    _open("code", "x", "Code", "Open the code on GitHub"),
    _open("project", "P", "Project", "Open the project's page"),
    Action("papers.copy_links", "y", "Copy link", "Copy the links of the selected papers, or this one's"),
    Action("papers.copy_citations", "Y", "Cite", "Copy a line to cite each selected paper, or this one"),
    Action("papers.export", "e", "Export", "Write the selected papers, or this one, to a Markdown or JSON Lines file"),
    Action("papers.authors", "i", "Authors", "Show all authors of the open paper, or the first ones"),
)
