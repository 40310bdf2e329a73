"""Writing an export to a file of its own: what is there already is never written over."""

import re
import webbrowser
from itertools import count
from pathlib import Path

from assistant.answering import Conversation
from assistant.errors import DeliveryError, UsageError
from assistant.export import Exportable, ExportFormat, format_of
from assistant.files import save_bytes

COPY_FILE = "copied.txt"
_LONGEST_NAME = 50


def proposed_name(title: str, suffix: str) -> str:
    """A file name made from the words of a title: "What is RAG?" and ".md" give "what-is-rag.md"."""
    words = "-".join(re.findall(r"\w+", title.casefold()))
    return (words[:_LONGEST_NAME].strip("-_") or "conversation") + suffix


def export_new(exportable: Exportable, value: object, name: str) -> Path:
    """Write what is ``exportable`` to the named file, in the form of its suffix; returns the file. Blocking.

    Raises `UsageError` for a suffix that is none and as `write_new`, `DeliveryError` without a converter to PDF.
    """
    file = Path(name.strip())
    form = format_of(exportable, file)
    return write_new(file, file.name, form.content(exportable, value))


def export_conversation(conversation: Conversation, form: ExportFormat, target: Path) -> Path:
    """Write a conversation in that form to ``target``, or to a file named after it when that is a folder.

    Returns the file. Blocking. Raises `UsageError` as `write_new`.
    """
    name = proposed_name(conversation.title, form.suffix)
    return write_new(target, name, form.content(Exportable.CONVERSATION, conversation))


def write_new(target: Path, name: str, content: bytes) -> Path:
    """Write the content to ``target``, or to ``name`` in it when it is a folder; returns the file.

    A name that is taken gets a number: "rag-2.md". Raises `UsageError` when nothing can be written there; nothing is
    left behind then.
    """
    try:
        file = _claimed(target, name)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{target} cannot be written: {reason}.", "Choose another folder or name.") from error
    try:
        return save_bytes(file, content)
    except DeliveryError as error:
        file.unlink(missing_ok=True)
        raise UsageError(f"{target} cannot be written: {error.message}", error.remedy) from error


def _claimed(target: Path, name: str) -> Path:
    """An empty file of that name, or of that name with a number."""
    free = target.expanduser()
    free = free / name if free.is_dir() else free
    for number in count(1):
        file = free if number == 1 else free.with_name(f"{free.stem}-{number}{free.suffix}")
        try:
            file.open("x").close()
        except FileExistsError:
            continue
        return file.absolute()
    raise AssertionError("counting does not end")


def keep_copy(text: str, folder: Path) -> Path | None:
    """Write the text to ``copied.txt`` in the folder, for terminals that do not take OSC 52; None when it cannot be."""
    file = folder / COPY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return file


def has_browser() -> bool:
    """Whether this machine has a browser to open a link in."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
