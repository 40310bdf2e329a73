"""Getting things out of the terminal: copying where it may not be allowed, and whether a browser can be opened."""

import webbrowser
from pathlib import Path

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
