"""Writing a conversation to a file of its own."""

from pathlib import Path

from assistant.answering.conversation import Conversation
from assistant.errors import UsageError
from assistant.export.markdown.conversation import conversation_json, conversation_markdown
from assistant.tui.exporting import proposed_name, write_new

FORMS = {"md": conversation_markdown, "json": conversation_json}
"""What a conversation can be written as, by the ending of its file."""


def export_conversation(conversation: Conversation, form: str = "md", name: str = "") -> Path:
    """Write the conversation to the named file, or to one named after it in the current folder; returns which.

    A name that is taken gets a number. Raises `UsageError` for another form and for a file that cannot be written.
    """
    if form not in FORMS:
        raise UsageError(f"A conversation cannot be exported as {form[:40]!r}.", "/export md or /export json.")
    return write_new(Path(name), proposed_name(conversation.title, f".{form}"), FORMS[form](conversation))
