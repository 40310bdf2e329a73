"""Writing an export to a file of its own: what is there already is never written over."""

import re
from itertools import count
from pathlib import Path

from assistant.errors import UsageError

_LONGEST_NAME = 50


def proposed_name(title: str, suffix: str) -> str:
    """A file name made from the words of a title: "What is RAG?" and ".md" give "what-is-rag.md"."""
    words = "-".join(re.findall(r"\w+", title.casefold()))
    return (words[:_LONGEST_NAME].strip("-_") or "conversation") + suffix


def write_new(target: Path, name: str, text: str) -> Path:
    """Write the text to ``target``, or to ``name`` in it when it is a folder; returns the file.

    A name that is taken gets a number: "rag-2.md". Raises `UsageError` when nothing can be written there.
    """
    try:
        wanted = target.expanduser()
        wanted = wanted / name if wanted.is_dir() else wanted
        for number in count(1):
            file = wanted if number == 1 else wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
            try:
                with file.open("x", encoding="utf-8") as stream:
                    stream.write(text)
            except FileExistsError:
                continue
            return file.absolute()
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{target} cannot be written: {reason}.", "Choose another folder or name.") from error
    raise AssertionError("counting does not end")
