"""What can be done on the page `conversations`."""

from assistant.tui.actions.action import Action

CONVERSATIONS_ACTIONS: tuple[Action, ...] = (
    Action("conversations.open", "enter", "Open", "Go on with the conversation in the chat", footer=True),
    Action("conversations.search", "/", "Search", "Search in titles, questions and answers", footer=True),
    Action("conversations.rename", "r", "Rename", "Give the conversation another title", footer=True),
    Action("conversations.delete", "d,delete", "Delete", "Delete the conversation, after asking", footer=True),
    Action("conversations.export_markdown", "e", "Export", "Write the conversation to a Markdown file", footer=True),
    Action("conversations.export_json", "E", "JSON", "Write the conversation to a JSON file", footer=True),
)
