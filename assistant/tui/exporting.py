"""Writing an export to a file of its own: what is there already is never written over."""

import re
import webbrowser
from itertools import count
from pathlib import Path

from assistant.errors import DeliveryError, UsageError
from assistant.files import save_text

_LONGEST_NAME = 50


def proposed_name(title: str, suffix: str) -> str:
    """A file name made from the words of a title: "What is RAG?" and ".md" give "what-is-rag.md"."""
    words = "-".join(re.findall(r"\w+", title.casefold()))
    return (words[:_LONGEST_NAME].strip("-_") or "conversation") + suffix


def write_new(target: Path, name: str, text: str) -> Path:
    """Write the text to ``target``, or to ``name`` in it when it is a folder; returns the file.

    A name that is taken gets a number: "rag-2.md". Raises `UsageError` when nothing can be written there; nothing is
    left behind then.
    """
    try:
        file = _claimed(target, name)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{target} cannot be written: {reason}.", "Choose another folder or name.") from error
    try:
        return save_text(file, text)
    except DeliveryError as error:
        file.unlink(missing_ok=True)
        raise UsageError(f"{target} cannot be written: {error.message}", error.remedy) from error


def _claimed(target: Path, name: str) -> Path:
    """An empty file of the wanted name, or of that name with a number."""
    wanted = target.expanduser()
    wanted = wanted / name if wanted.is_dir() else wanted
    for number in count(1):
        file = wanted if number == 1 else wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        try:
            file.open("x").close()
        except FileExistsError:
            continue
        return file.absolute()
    raise AssertionError("counting does not end")


COPY_FILE = "copied.txt"


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
