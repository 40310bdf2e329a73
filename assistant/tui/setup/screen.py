"""The first steps, one after the other: papers, search, who writes."""

from collections.abc import Iterable

from textual import on, work
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Static

from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.page import Page
from assistant.tui.setup.papers_step import PapersStep
from assistant.tui.setup.search_step import SearchStep
from assistant.tui.setup.step import Step
from assistant.tui.setup.writer_step import WriterStep
from assistant.tui.widgets.title_bar import PAGES

_INTRODUCTION = "✓ done · ○ open · … under way. Every step can be skipped; {} comes back."


class SetupScreen(Page):
    """Leads the reader by the hand. It stays alive when it is left, so that a long pull goes on behind other pages."""

    SCOPE = "setup"
    BINDINGS = bindings_of(ACTIONS["setup"])
    DEFAULT_CSS = """
    SetupScreen .-introduction { margin: 1 2 0 2; color: $text-muted; height: auto; }
    SetupScreen #steps { height: 1fr; }
    SetupScreen #onward { height: 1; padding: 0 2; background: $surface; }
    SetupScreen #onward Button { margin-right: 2; }
    SetupScreen #onward Button:focus { background: $primary; color: $background; text-style: bold underline; }
    """

    def compose_page(self) -> Iterable[Widget]:
        """The steps, and the way on."""
        with VerticalScroll(id="steps", can_focus=False):
            yield Static(_INTRODUCTION.format(self.keys_of("app.setup")), classes="-introduction", markup=False)
            yield PapersStep()
            yield SearchStep()
            yield WriterStep()
        with Horizontal(id="onward"):
            yield Button("Next step", id="next", compact=True)
            yield Button("To the chat", id="finish", compact=True)

    @property
    def steps(self) -> list[Step]:
        """The steps in their order."""
        return [step for step in self.query("Step") if isinstance(step, Step)]

    @property
    def open_step(self) -> Step:
        """The one whose content shows."""
        return next((step for step in self.steps if step.opened), self.steps[0])

    def on_mount(self) -> None:
        """Begin with the first step."""
        self._open(self.steps[0])

    def on_screen_resume(self) -> None:
        """Things may have changed while other pages were shown."""
        self._look()

    def papers_changed(self) -> None:
        """Count again."""
        self._look()

    def _look(self) -> None:
        for step in self.steps:
            step.look()

    def _open(self, step: Step) -> None:
        for other in self.steps:
            other.opened = other is step
        self.call_after_refresh(step.focus_first)

    @on(Step.Chosen)
    def _step_chosen(self, event: Step.Chosen) -> None:
        self._open(event.step)

    @on(Step.Finished)
    def _finished(self, event: Step.Finished) -> None:
        """Show the change everywhere, and lead on when the reader waits at this step."""
        self.host.refresh_writer()
        if isinstance(event.step, WriterStep):
            self._look()
        else:
            self.host.papers_changed()
            self._warm_up()
        if event.step is self.open_step:
            self.action_next_step()

    @on(Step.Broken)
    def _broken(self) -> None:
        """Show everywhere what came before the work was stopped or failed."""
        self.host.papers_changed()

    @work(exit_on_error=False, group="warm", exclusive=True)
    async def _warm_up(self) -> None:
        await self.session.warm()

    @on(Button.Pressed, "#next")
    def action_next_step(self) -> None:
        """Open the next step; behind the last one stands the chat."""
        after = self.steps.index(self.open_step) + 1
        if after < len(self.steps):
            self._open(self.steps[after])
        else:
            self.query_one("#finish", Button).focus()

    def action_previous_step(self) -> None:
        """Open the step before."""
        self._open(self.steps[max(0, self.steps.index(self.open_step) - 1)])

    def action_start(self) -> None:
        """Do what the open step offers first."""
        self.open_step.start()

    def action_stop(self) -> None:
        """Stop what the open step does."""
        self.open_step.stop()

    @on(Button.Pressed, "#finish")
    async def action_finish(self) -> None:
        """Open the chat."""
        await self._leave_for("chat")

    async def action_leave(self) -> None:
        """Go back to where the reader came from."""
        page = self.host.remembered.page
        await self._leave_for(page if page in PAGES else "chat")

    async def _leave_for(self, scope: str) -> None:
        self.host.remembered.introduced = True
        self.host.remember()
        await self.host.open_page(scope)
