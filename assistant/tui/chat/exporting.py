"""Writing a conversation to a file of its own; nothing that is there is overwritten."""

import re
from itertools import chain, count
from pathlib import Path

from assistant.conversations.export import conversation_json, conversation_markdown
from assistant.conversations.values import Conversation
from assistant.errors import UsageError

FORMS = {"md": conversation_markdown, "json": conversation_json}
"""What a conversation can be written as, by the ending of its file."""

_LONGEST_NAME = 50


def export_conversation(conversation: Conversation, form: str = "md", name: str = "") -> Path:
    """Write the conversation to the named file, or to one named after it in the current folder; returns which.

    A name that is taken gets a number. Raises `UsageError` for another form and for a file that cannot be written.
    """
    if form not in FORMS:
        raise UsageError(f"A conversation cannot be exported as {form[:40]!r}.", "/export md or /export json.")
    wanted = Path(name).expanduser() if name else Path(f"{_file_name(conversation.title)}.{form}")
    text = FORMS[form](conversation)
    for path in chain([wanted], (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UsageError(f"{path} cannot be written: {reason}.", "Name another file.") from error
        return path.resolve()
    raise AssertionError("counting does not end")


def _file_name(title: str) -> str:
    words = re.sub(r"[^\w]+", "-", title.casefold()).strip("-_")
    return words[:_LONGEST_NAME].rstrip("-_") or "conversation"
