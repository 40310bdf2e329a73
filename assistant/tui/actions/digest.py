"""What can be done on the page `digest`."""

from assistant.tui.actions.action import Action

DIGEST_ACTIONS: tuple[Action, ...] = (
    Action("digest.write", "b", "Write", "Write the digest, or what is missing of it", footer=True),
    Action("digest.stop", "escape", "Stop", "Stop writing; what came is kept"),
    Action(
        "digest.choose_item",
        "enter",
        "Choose",
        "Open or close the topic or the paper; go to the paper that is cited",
        does="focused.choose",
    ),
    Action("digest.previous", "p", "Earlier", "The day, week or month before"),
    Action("digest.next", "n", "Later", "The day, week or month after"),
    Action("digest.day", "d", "Day", "The newest day of the period"),
    Action("digest.week", "w", "Week", "The week of the day"),
    Action("digest.month", "m", "Month", "The month of the day"),
    Action("digest.newest", "t", "Newest day", "The newest day that has papers"),
    Action("digest.next_profile", "f", "Profile", "Papers for the next profile of the configuration, or everything"),
    Action("digest.select", "space", "Select", "Select the paper, or every paper of the topic", footer=True),
    Action("digest.open_paper", "o", "Open", "Open the paper on the page of papers", footer=True),
    Action("digest.ask", "a", "Ask", "Ask about the selected papers, or about this one", footer=True),
    Action("digest.compare", "c", "Compare", "Compare the selected papers, or those of the topic", footer=True),
    Action("digest.choose", "g", "Period", "Choose a day, a week or a month", footer=True),
    Action("digest.star", "s", "Star", "Star the selected papers, or this one; again to take the star away"),
    Action("digest.expand", "e", "Expand all", "Expand or collapse every paper"),
    Action("digest.back", "backspace", "Back", "Back to the citation that led to the paper"),
    Action("digest.copy", "y", "Copy Markdown", "Copy the digest as Markdown"),
    Action(
        "digest.export",
        "x",
        "Export",
        "Write the digest to a file: a page to read, Markdown, JSON; or the selected papers as BibTeX or RIS",
    ),
    Action("digest.open_link", "l", "Open link", "Open the paper's page in the browser"),
)
