"""The one piece of work of a step: it runs in a worker, shows how far it is and can be stopped."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, ProgressBar, Static
from textual.worker import Worker, WorkerState

from assistant.tui.ports import Host


class StepWork(Vertical):
    """Runs the work, shows how far it is and offers to stop it; ``activity`` is its name in the title bar."""

    DEFAULT_CSS = """
    StepWork { height: auto; margin-top: 1; display: none; }
    StepWork > Horizontal { height: auto; }
    StepWork > Horizontal > ProgressBar { width: 1fr; }
    StepWork Bar { width: 1fr; }
    StepWork > Horizontal > Button.-stop { margin: 0 0 0 2; }
    """

    @dataclass
    class Progress(Message):
        """The work goes on: a line about it, and how much is done of how much (0 when nobody knows)."""

        text: str
        done: int = 0
        total: int = 0

    @dataclass
    class Ended(Message):
        """The work came to its end, was stopped or failed."""

        state: WorkerState
        error: BaseException | None

    def __init__(self, activity: str) -> None:
        super().__init__()
        self._activity = activity

    def compose(self) -> ComposeResult:
        """A line, a bar, a button."""
        yield Static("", classes="-progress", markup=False)
        with Horizontal():
            yield ProgressBar()
            yield Button("Stop", classes="-stop -offer", compact=True)

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run the work; it posts `Progress` here."""
        self._show("")
        self.run_worker(work, exit_on_error=False)

    def stop(self) -> None:
        """Stop the work; what came is kept."""
        self.workers.cancel_node(self)

    def focus_stop(self) -> None:
        """Put the cursor on the button."""
        self.query_one(".-stop").focus()

    @on(Button.Pressed, ".-stop")
    def _stop_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.stop()

    @on(Progress)
    def _progressed(self, event: Progress) -> None:
        event.stop()
        self._show(event.text, event.done, event.total)
        self._show_activity(f"setup: {event.done * 100 // event.total} %" if event.total else event.text)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Pass on how the work ended; this message does not bubble."""
        if event.worker.is_finished:
            self._show_activity("")
            self.post_message(self.Ended(event.state, event.worker.error))

    def _show(self, text: str, done: int = 0, total: int = 0) -> None:
        self.query_one(".-progress", Static).update(Content(text))
        self.query_one(ProgressBar).update(total=total or None, progress=done)

    def _show_activity(self, text: str) -> None:
        cast("Host", self.app).show_activity(self._activity, text)
