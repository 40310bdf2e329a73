"""What can be done on the page `compare`."""

from assistant.tui.actions.action import Action

COMPARE_ACTIONS: tuple[Action, ...] = (
    Action("compare.close", "escape", "Close", "Close the table; writing stops", footer=True),
    Action("compare.stop", "s", "Stop", "Stop writing; the columns that came are kept", footer=True),
    Action("compare.again", "r", "Again", "Write the table again, or what is missing of it", footer=True),
    Action("compare.edit_aspects", "e", "Aspects", "Change the rows of the table", footer=True),
    Action("compare.copy", "y", "Copy", "Copy the table as Markdown", footer=True),
    Action("compare.export", "x", "Export", "Write the table to a Markdown file", footer=True),
    Action("compare.open_paper", "o", "Open", "Open the paper on the page of papers"),
    Action("compare.ask", "a", "Ask", "Ask about the compared papers"),
    Action("compare.open_link", "l", "Open link", "Open the paper's page in the browser"),
)
