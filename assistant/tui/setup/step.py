"""What every step is: a line with its state that opens it, its content, one piece of work at a time."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button
from textual.worker import Worker, WorkerState

from assistant.errors import AssistantError
from assistant.tui.ports import Host
from assistant.tui.session import Session
from assistant.tui.setup.step_work import StepWork
from assistant.tui.widgets.notice import Notice


def step_line(title: str, summary: str, *, is_open: bool, works: bool, is_done: bool) -> Content:
    """The line of a step: whether it is open, how it stands, its title and summary."""
    state = "…" if works else "✓" if is_done else "○"
    head = Content.styled(f"{'▾' if is_open else '▸'} {state} {title}", "bold")
    return Content("   ").join([head, Content(summary)])


class StepTitle(Button):
    """The line of a step, which opens it; its state is bound to the step's."""

    DEFAULT_CSS = """
    StepTitle { width: 100%; text-align: left; content-align: left middle; padding: 0 1; }
    StepTitle.-opened { color: $primary; }
    """

    done: reactive[bool] = reactive(False)
    opened: reactive[bool] = reactive(False, toggle_class="-opened")
    working: reactive[bool] = reactive(False)
    summary: reactive[str] = reactive("")

    def __init__(self, title: str) -> None:
        super().__init__(title, classes="-title", compact=True)
        self._title = title

    def on_mount(self) -> None:
        """Follow the state."""
        for name in ("done", "opened", "working", "summary"):
            self.watch(self, name, self._show_line)

    def _show_line(self) -> None:
        self.label = step_line(self._title, self.summary, is_open=self.opened, works=self.working, is_done=self.done)


class StepBody(Vertical):
    """What a step shows and offers; its state is bound to the step's. The offers rest while the step works."""

    DEFAULT_CSS = """
    StepBody { height: auto; padding: 0 2; display: none; border-left: thick $panel; }
    StepBody.-opened { display: block; }
    StepBody.-working StepWork { display: block; }
    StepBody .-row { height: auto; margin-top: 1; }
    StepBody .-row Input { width: 1fr; margin-right: 1; }
    StepBody Button.-offer { margin-right: 2; min-width: 10; }
    StepBody Button.-offer:focus { background: $primary; color: $background; text-style: bold underline; }
    """

    opened: reactive[bool] = reactive(False, toggle_class="-opened")
    working: reactive[bool] = reactive(False, toggle_class="-working")

    def __init__(self) -> None:
        super().__init__()
        self._focused_before: Widget | None = None

    def first_offer(self) -> Widget | None:
        """The first button or field that takes the cursor."""
        return next((widget for widget in self.query("Button.-offer, Input") if widget.focusable), None)

    def watch_working(self, before: bool, working: bool) -> None:
        """Offer nothing but to stop while the step works, and give the cursor back afterwards."""
        if before == working:
            return
        if working:
            self._focused_before = self.screen.focused
        for widget in self.query("Button.-offer, Input"):
            if not widget.has_class("-stop"):
                widget.disabled = working
        if working and self.opened:
            self.query_one(StepWork).focus_stop()
        elif self.opened and self._focused_before is not None and self._focused_before.focusable:
            self._focused_before.focus()


class Step(Vertical):
    """One step. Each kind of step composes its content, reads its facts and does its work.

    ``done`` is whether there is nothing left to do, ``opened`` whether its content shows, ``working`` whether its
    work runs, ``summary`` what its line says.
    """

    DEFAULT_CSS = """
    Step { height: auto; margin: 1 1 0 1; }
    Step Notice { margin-top: 1; }
    """

    NAME: ClassVar[str]
    NUMBER: ClassVar[int]

    done: reactive[bool] = reactive(False)
    opened: reactive[bool] = reactive(False)
    working: reactive[bool] = reactive(False)
    summary: reactive[str] = reactive("")

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
    class Remark(Message):
        """Something about the step's work that is to stay in view."""

        text: str
        remedy: str | None = None

    # What a step is made of

    def compose(self) -> ComposeResult:
        """Its line, its content, the progress of its work."""
        title = StepTitle(f"{self.NUMBER} {self.NAME}")
        yield title.data_bind(Step.done, Step.opened, Step.working, Step.summary)
        with StepBody().data_bind(Step.opened, Step.working):
            yield from self.compose_body()
            yield StepWork(f"setup {self.NUMBER}")
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

    @property
    def work(self) -> StepWork:
        """What runs the step's work; the work posts its progress there."""
        return self.query_one(StepWork)

    # Opening

    def focus_first(self) -> None:
        """Put the cursor on what the step offers first, or on its line when it offers nothing."""
        (self.query_one(StepBody).first_offer() or self.query_one(StepTitle)).focus()

    @on(Button.Pressed, ".-title")
    def _title_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Chosen(self))

    # Work

    def look(self) -> None:
        """Read the facts again."""
        reading: Callable[[], Awaitable[None]] = self.read_facts
        self.run_worker(reading, exclusive=True, exit_on_error=False)

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do a piece of work, unless one runs; it posts `StepWork.Progress` and `Remark`, raises `AssistantError`."""
        if self.working:
            return
        self.notice.clear_notice()
        self.working = True
        self.work.begin(work)

    def stop(self) -> None:
        """Stop the work; what came is kept."""
        self.work.stop()

    @on(Remark)
    def _remarked(self, event: Remark) -> None:
        event.stop()
        self.notice.show_remark(event.text, event.remedy)

    @on(StepWork.Ended)
    def _work_ended(self, event: StepWork.Ended) -> None:
        event.stop()
        self.working = False
        match event.state:
            case WorkerState.ERROR:
                self._show_failure(event.error)
            case WorkerState.CANCELLED:
                self.notice.show_remark("Stopped.", "What came is kept; the next start goes on from there.")
            case WorkerState.SUCCESS:
                self.post_message(self.Finished(self))
        self.look()
        if event.state is not WorkerState.SUCCESS:
            self.post_message(self.Broken(self))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show why the facts could not be read; this message does not bubble."""
        if event.state is WorkerState.ERROR:
            self._show_failure(event.worker.error)

    def _show_failure(self, error: BaseException | None) -> None:
        if isinstance(error, AssistantError):
            self.notice.show_error(error)
        elif error is not None:
            self.host.report(error)
