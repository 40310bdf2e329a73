"""Starting the application: the session on a container, the log file, and leaving the terminal as it was."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from textual.worker import WorkerFailed

from assistant.services import AppContainer
from assistant.tui.app import AssistantApp
from assistant.tui.keymap import keymap_of
from assistant.tui.session import Session

LOG_FILE = "assistant.log"
STATE_FILE = "state.json"
_LOG_BYTES = 1_000_000
_PARENT_LOOKED_AT_SECONDS = 1.0
_STDOUT, _STDERR = 1, 2


async def run_application(container: AppContainer) -> int:
    """Run the application until the reader leaves it, and return its exit code: 0, or 128 and the signal's number.

    What is wrong with the configuration or the library is raised before the screen changes (`AssistantError`). An
    unexpected failure is raised after the terminal is as it was before.
    """
    folder = container.folders.logs
    app = AssistantApp(Session(container), folder / STATE_FILE)
    await app.session.library()
    log = folder / LOG_FILE
    _log_to(log)
    _leave_at_signals(app)
    parent = asyncio.create_task(_leave_with_parent(app)) if not sys.stdin.isatty() else None
    with _screen_alone(log):
        await app.run_async()
    if parent is not None:
        parent.cancel()
    failure = app.failure
    if failure is not None:
        raise failure.error if isinstance(failure, WorkerFailed) else failure
    return app.return_code or 0


def require_startable(container: AppContainer) -> None:
    """Raise `AssistantError` for what would keep the application from starting: its key map, the library."""
    keymap_of(container.config.keys)
    _ = container.library  # opened by this


def _log_to(file: Path) -> None:
    """Warnings and failures go to the log file, and nowhere where the screen would show them."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _leave_at_signals(app: AssistantApp) -> None:
    """End as with the quit key when the terminal is closed or the process is asked to end."""

    def leave(number: int) -> None:
        app.call_later(app.leave, 128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # Windows has neither
            number = getattr(signal, name)
            asyncio.get_running_loop().add_signal_handler(number, leave, number)


async def _leave_with_parent(app: AssistantApp) -> None:
    """End when the server of the browser's page is gone: Textual 8 does not notice it while nothing is drawn."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110  # no event tells of it
        await asyncio.sleep(_PARENT_LOOKED_AT_SECONDS)
    app.exit()


@contextmanager
def _screen_alone(log: Path) -> Iterator[None]:
    """Let nothing but Textual write to the terminal: what libraries print, also those in C, goes to the log file.

    Textual draws on ``sys.__stderr__`` (in the browser on ``sys.__stdout__``) and asks ``sys.__stdout__`` for the
    terminal's size. These two lead to copies of the descriptors meanwhile, and the descriptors 1 and 2 to the log.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    before = sys.__stdout__, sys.__stderr__
    copies = os.dup(_STDOUT), os.dup(_STDERR)
    drawn_on = (copies[0], copies[0] if os.isatty(_STDOUT) else copies[1])  # also with `2>file`
    out, err = (open(copy, "w", encoding="utf-8", errors="replace", closefd=False) for copy in drawn_on)  # noqa: SIM115  # descriptors; closed below
    sink = _opened_for_noise(log)
    try:
        os.dup2(sink, _STDOUT)
        os.dup2(sink, _STDERR)
        vars(sys).update(__stdout__=out, __stderr__=err)
        yield
    finally:
        vars(sys).update(__stdout__=before[0], __stderr__=before[1])
        with suppress(OSError, ValueError):  # the terminal may be gone
            sys.stdout.flush()
            sys.stderr.flush()
        for copy, stream, number in zip(copies, (out, err), (_STDOUT, _STDERR), strict=True):
            with suppress(OSError, ValueError):
                stream.close()
            os.dup2(copy, number)
            os.close(copy)
        os.close(sink)


def _opened_for_noise(log: Path) -> int:
    try:
        return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
