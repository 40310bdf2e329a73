"""Starting the application: the session on a workspace, the log file, and leaving the terminal as it was."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from assistant.tui.app import AssistantApp
from assistant.tui.session import Session
from assistant.workspace import Workspace

LOG_FILE = "assistant.log"
_LOG_BYTES = 1_000_000


async def run_application(workspace: Workspace) -> None:
    """Run the application until the reader leaves it."""
    folder = workspace.folders.logs
    _log_to(folder / LOG_FILE)
    await AssistantApp(Session(workspace), folder / "state.json").run_async()


def _log_to(file: Path) -> None:
    """Warnings and failures go to the log file, and nowhere where the screen would show them."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
