"""The third step: who writes, a hosted model, a local one, or none."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from assistant.errors import AssistantError, UsageError
from assistant.models import ModelChoice, ModelKind
from assistant.services import WriterReadiness, writers_readiness
from assistant.tui.setup.pulling import pull
from assistant.tui.setup.step import Step


class WriterChoice(Vertical):
    """One of the three: its name, its state, what can be done about it."""

    DEFAULT_CSS = """
    WriterChoice { height: auto; margin-top: 1; }
    WriterChoice > Horizontal { height: auto; }
    WriterChoice > #key-row { margin: 0 0 0 4; }
    WriterChoice .-name { width: 1fr; height: auto; }
    WriterChoice .-remedy { color: $text-muted; height: auto; padding-left: 4; }
    """

    def __init__(self, kind: ModelKind) -> None:
        super().__init__(id=f"choice-{kind.value}")
        self.kind = kind

    def compose(self) -> Iterable[Widget]:
        """A line with its buttons, the remedy, and for hosted models the key."""
        with Horizontal():
            yield Static("", classes="-name")
            if self.kind is ModelKind.LOCAL:
                yield Button("Pull", id="pull", classes="-offer", compact=True)
            yield Button("Write with it", classes="-offer -use", compact=True)
        yield Static("", classes="-remedy", markup=False)
        if self.kind is ModelKind.HOSTED:
            with Horizontal(id="key-row", classes="-row"):
                yield Input(placeholder="a key for this session; it stays in memory", id="key",
                            password=True, compact=True)  # fmt: skip
                yield Button("Take the key", id="take-key", classes="-offer", compact=True)

    def show(self, readiness: WriterReadiness, *, writes: bool, by_reader: bool, offline: bool) -> None:
        """Show its state; ``writes`` when it is the one that writes now, ``by_reader`` when the reader said so."""
        mark = "●" if writes else "✓" if readiness.ready else "○"
        name = Content.styled(f"{mark} {readiness.kind.value}", "bold")
        model = "" if readiness.kind is ModelKind.EXTRACTIVE else f"{readiness.model}, "
        state = f"  {model}{readiness.state}{'; writes now' if writes else ''}"
        self.query_one(".-name", Static).update(name + Content(state))
        remedy = self.query_one(".-remedy", Static)
        remedy.update(Content(readiness.remedy or ""))
        remedy.display = readiness.remedy is not None
        use = self.query_one(".-use", Button)
        use.label = "Keep it" if writes else "Write with it"
        use.display = readiness.ready and not (writes and by_reader)
        for row in self.query("#key-row"):
            row.display = not offline
        for button in self.query("#pull"):
            button.display = readiness.asset is not None and not offline


class WriterStep(Step):
    """Shows the three ways with their state; takes a key, pulls the local model, chooses."""

    NAME = "Who writes"
    NUMBER = 3

    @dataclass
    class Facts(Message):
        """The three ways, and which of them writes now; None when the configuration names no model."""

        writers: tuple[WriterReadiness, ...]
        choice: ModelChoice | None

    def __init__(self) -> None:
        super().__init__()
        self._by_reader = False
        self._writers: tuple[WriterReadiness, ...] = ()

    def compose_body(self) -> Iterable[Widget]:
        """One block for each."""
        for kind in ModelKind:
            yield WriterChoice(kind)

    async def read_facts(self) -> None:
        """Look at key, file and package."""
        writers = await asyncio.to_thread(writers_readiness, self.session.container)
        self.post_message(self.Facts(writers, self.session.choice))

    @on(Facts)
    def _show(self, event: Facts) -> None:
        self._writers = event.writers
        kind = event.choice.kind if event.choice else None
        for readiness in event.writers:
            choice = self.query_one(f"#choice-{readiness.kind.value}", WriterChoice)
            writes = readiness.kind is kind
            choice.show(readiness, writes=writes, by_reader=self._by_reader, offline=self.session.config.offline)
        if event.choice is not None:
            self.summary = f"{_name_of(event.choice)} writes"
            ready = any(readiness.ready for readiness in event.writers if readiness.kind is kind)
            self.done = ready and (self._by_reader or kind is not ModelKind.EXTRACTIVE)

    def start(self) -> None:
        """Pull the local model when that is what is missing; else write with the best of what is ready."""
        best = next((readiness for readiness in self._writers if readiness.ready), None)
        local = next((readiness for readiness in self._writers if readiness.kind is ModelKind.LOCAL), None)
        can_pull = local is not None and local.asset is not None and not self.session.config.offline
        if best is not None and best.kind is ModelKind.EXTRACTIVE and can_pull:
            self._pull_pressed()
        elif best is not None:
            self._write_with(best.kind)

    @on(Button.Pressed, ".-use")
    def _use_pressed(self, event: Button.Pressed) -> None:
        choice = next(node for node in event.button.ancestors if isinstance(node, WriterChoice))
        self._write_with(choice.kind)

    def _write_with(self, kind: ModelKind) -> None:
        self.notice.clear_notice()
        self._by_reader = True
        self.session.model_name = kind.value
        self.host.refresh_writer()
        self.look()
        self.post_message(self.Finished(self))

    @on(Input.Submitted, "#key")
    @on(Button.Pressed, "#take-key")
    def _key_entered(self) -> None:
        field = self.query_one("#key", Input)
        key, field.value = field.value, ""
        try:
            self.session.container.models.use_key(key)
        except UsageError as error:
            self.notice.show_error(error)
            return
        self._write_with(ModelKind.HOSTED)
        self.notice.show_remark("The key is taken for this session.", "It is gone when the application ends.")

    @on(Button.Pressed, "#pull")
    def _pull_pressed(self) -> None:
        self.begin(self._pull)

    async def _pull(self) -> None:
        async with aclosing(pull(self.session.container, [self.session.config.local.model])) as steps:
            async for step in steps:
                self.work.post_message(step)
        await self.session.renew()
        if self._automatic_now() is not ModelKind.LOCAL:
            self.post_message(self.Remark("The model is here.", "“Write with it” changes to it."))

    def _automatic_now(self) -> ModelKind | None:
        try:
            return self.session.choice.kind
        except AssistantError:
            return None


def _name_of(choice: ModelChoice) -> str:
    return choice.model if choice.kind is ModelKind.EXTRACTIVE else f"{choice.model} ({choice.kind.value})"
