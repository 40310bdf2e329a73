"""What every step is: a line with its state that opens it, its content, one piece of work at a time."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, ProgressBar, Static
from textual.worker import Worker, WorkerState

from assistant.errors import AssistantError
from assistant.tui.ports import Host
from assistant.tui.session import Session
from assistant.tui.widgets.notice import Notice

_WORK = "setup"
_FACTS = "setup facts"


def step_line(title: str, summary: str, *, is_open: bool, works: bool, is_done: bool) -> Content:
    """The line of a step: whether it is open, how it stands, its title and summary."""
    state = "…" if works else "✓" if is_done else "○"
    head = Content.styled(f"{'▾' if is_open else '▸'} {state} {title}", "bold")
    return Content("   ").join([head, Content(summary)])


class WorkProgress(Vertical):
    """How far the work of a step is, and the button that stops it."""

    def __init__(self) -> None:
        super().__init__(classes="-running")

    def compose(self) -> ComposeResult:
        """A line, a bar, a button."""
        yield Static("", classes="-progress", markup=False)
        with Horizontal(classes="-row"):
            yield ProgressBar()
            yield Button("Stop", classes="-stop -offer", compact=True)

    def show(self, text: str, done: int = 0, total: int = 0) -> None:
        """Show a line, and how much is done of how much (0 when nobody knows)."""
        self.query_one(".-progress", Static).update(Content(text))
        self.query_one(ProgressBar).update(total=total or None, progress=done)

    def focus_stop(self) -> None:
        """Put the cursor on the button."""
        self.query_one(".-stop").focus()


class Step(Vertical):
    """One step. Each kind of step composes its content, reads its facts and does its work.

    ``done`` is whether there is nothing left to do, ``opened`` whether its content shows, ``working`` whether its
    work runs, ``summary`` what its line says.
    """

    DEFAULT_CSS = """
    Step { height: auto; margin: 1 1 0 1; }
    Step > .-title { width: 100%; text-align: left; content-align: left middle; background: $panel; padding: 0 1; }
    Step.-opened > .-title { color: $primary; }
    Step > .-body { height: auto; padding: 0 2; display: none; border-left: thick $panel; }
    Step.-opened > .-body { display: block; }
    Step .-row { height: auto; margin-top: 1; }
    Step .-row Input { width: 1fr; margin-right: 1; }
    Step Button.-offer { margin-right: 2; min-width: 10; }
    Step Button.-offer:focus { background: $primary; color: $background; text-style: bold underline; }
    Step > .-title:focus { text-style: bold underline; }
    Step .-running { height: auto; display: none; margin-top: 1; }
    Step.-working .-running { display: block; }
    Step .-running .-row { margin-top: 0; }
    Step .-running ProgressBar { width: 1fr; }
    Step .-running Bar { width: 1fr; }
    Step .-running Button { margin-left: 2; }
    Step Notice { margin-top: 1; }
    """

    NAME: ClassVar[str]
    NUMBER: ClassVar[int]

    done: reactive[bool] = reactive(False)
    opened: reactive[bool] = reactive(False, toggle_class="-opened")
    working: reactive[bool] = reactive(False, toggle_class="-working")
    summary: reactive[str] = reactive("")

    def __init__(self) -> None:
        super().__init__()
        self._focused_before: Widget | None = None

    @dataclass
    class Chosen(Message):
        """The reader opened the step's line."""

        step: "Step"

    @dataclass
    class Finished(Message):
        """The step's work came to a good end."""

        step: "Step"

    @dataclass
    class Broken(Message):
        """The step's work was stopped or failed; what came before is kept."""

        step: "Step"

    @dataclass
    class Progress(Message):
        """The step's work goes on: a line about it, and how much is done of how much (0 when nobody knows)."""

        text: str
        done: int = 0
        total: int = 0

    @dataclass
    class Remark(Message):
        """Something about the step's work that is to stay in view."""

        text: str
        remedy: str | None = None

    # What a step is made of

    def compose(self) -> ComposeResult:
        """Its line, its content, the progress of its work."""
        yield Button(self._line(), classes="-title", compact=True)
        with Vertical(classes="-body"):
            yield from self.compose_body()
            yield WorkProgress()
        yield Notice()

    @abstractmethod
    def compose_body(self) -> Iterable[Widget]:
        """What the step shows and offers."""

    @abstractmethod
    async def read_facts(self) -> None:
        """Find out how things stand and post them as the step's own message. Raises `AssistantError`."""

    @abstractmethod
    def start(self) -> None:
        """Do what the step offers first."""

    @property
    def host(self) -> Host:
        """The application, as far as steps know it."""
        return cast("Host", self.app)

    @property
    def session(self) -> Session:
        """What the pages share."""
        return self.host.session

    @property
    def notice(self) -> Notice:
        """Where the step's errors and remarks show."""
        return self.query_one(Notice)

    # Opening

    def focus_first(self) -> None:
        """Put the cursor on what the step offers first, or on its line when it offers nothing."""
        offers = [widget for widget in self.query("Button.-offer, Input") if widget.focusable]
        (offers[0] if offers else self.query_one(".-title")).focus()

    @on(Button.Pressed, ".-title")
    def _choose(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Chosen(self))

    def _line(self) -> Content:
        title = f"{self.NUMBER} {self.NAME}"
        return step_line(title, self.summary, is_open=self.opened, works=self.working, is_done=self.done)

    def _show_line(self) -> None:
        for title in self.query(".-title").results(Button):
            title.label = self._line()

    def watch_done(self) -> None:
        """Show it in the line."""
        self._show_line()

    def watch_opened(self) -> None:
        """Show it in the line."""
        self._show_line()

    def watch_summary(self) -> None:
        """Show it in the line."""
        self._show_line()

    def watch_working(self, before: bool, working: bool) -> None:
        """Offer nothing but to stop while the step works, and give the cursor back afterwards."""
        self._show_line()
        if before == working:
            return
        if working:
            self._focused_before = self.screen.focused
        for widget in self.query("Button.-offer, Input"):
            if not widget.has_class("-stop"):
                widget.disabled = working
        if working and self.opened:
            self.query_one(WorkProgress).focus_stop()
        elif not working:
            self._show_activity("")
            if self.opened and self._focused_before is not None and self._focused_before.focusable:
                self._focused_before.focus()

    # Work

    def look(self) -> None:
        """Read the facts again."""
        reading: Callable[[], Awaitable[None]] = self.read_facts
        self.run_worker(reading, group=_FACTS, exclusive=True, exit_on_error=False)

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do a piece of work, unless one runs; it posts `Progress` and `Remark` and raises `AssistantError`."""
        if self.working:
            return
        self.notice.clear_notice()
        self.query_one(WorkProgress).show("")
        self.working = True
        self.run_worker(work, group=_WORK, exit_on_error=False)

    def stop(self) -> None:
        """Stop the work; what came is kept."""
        self.workers.cancel_group(self, _WORK)

    @on(Button.Pressed, ".-stop")
    def _stop_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.stop()

    @on(Progress)
    def _goes_on(self, event: Progress) -> None:
        event.stop()
        self.query_one(WorkProgress).show(event.text, event.done, event.total)
        share = f" {event.done * 100 // event.total} %" if event.total else ""
        if self.working:
            self._show_activity(f"setup:{share}" if share else event.text)

    def _show_activity(self, text: str) -> None:
        self.host.show_activity(f"setup {self.NUMBER}", text)

    @on(Remark)
    def _remarks(self, event: Remark) -> None:
        event.stop()
        self.notice.show_remark(event.text, event.remedy)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show how the work ended; this message does not bubble, so failures are passed on from here."""
        if not event.worker.is_finished:
            return
        works = event.worker.group == _WORK
        if works:
            self.working = False
        match event.state:
            case WorkerState.ERROR:
                self._failed(event.worker.error)
            case WorkerState.CANCELLED if works:
                self.notice.show_remark("Stopped.", "What came is kept; the next start goes on from there.")
            case WorkerState.SUCCESS if works:
                self.post_message(self.Finished(self))
        if works:
            self.look()
            if event.state is not WorkerState.SUCCESS:
                self.post_message(self.Broken(self))

    def _failed(self, error: BaseException | None) -> None:
        if isinstance(error, AssistantError):
            self.notice.show_error(error)
        elif error is not None:
            self.host.report(error)
