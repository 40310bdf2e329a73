"""The lines above the plot: range, what is counted, a topic to type, and what is compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.reports.trends.drawing import LINE_COLORS, MARKERS
from assistant.reports.trends.report import Measure, Subject
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.text_layout import cut

_LONGEST_NAME = 28
_SHORTEST_NAME = 9


class TopicLine(Input):
    """Where a topic is typed; Escape leaves it."""

    BINDINGS = [Binding("escape", "screen.leave_topic", show=False)]


class _Compared(Static):
    """One of the compared names with its marker; a click takes it out."""

    @dataclass
    class Dropped(Message):
        """It is to be compared no more."""

        subject: Subject

    def __init__(self, place: int, subject: Subject, cells: int) -> None:
        name = cut(" ".join(subject.name.split()), cells).rstrip()
        super().__init__(Content.assemble((f"{MARKERS[place]} {name}", f"${LINE_COLORS[place]}"), (" ✕", "dim")))
        self._subject = subject
        self.tooltip = "Click to leave it out"

    def on_click(self, event: Click) -> None:
        """Leave it out."""
        event.stop()
        self.post_message(self.Dropped(self._subject))


class Controls(Widget):
    """What is drawn and over which weeks."""

    DEFAULT_CSS = """
    Controls { height: auto; layout: vertical; padding: 0 1; }
    Controls #settings { height: 1; }
    Controls #settings Static { width: auto; }
    Controls ActionWord { color: $secondary; padding: 0 1; }
    Controls TopicLine {
        border: none; height: 1; width: 1fr; max-width: 60; margin-left: 1; padding: 0 1; background: $panel;
        &:focus { border: none; }
    }
    Controls #compared { height: auto; display: none; layout: horizontal; }
    Controls.-comparing #compared { display: block; layout: horizontal; }
    Controls #compared Static { width: auto; margin-right: 2; }
    """

    @dataclass
    class TopicTyped(Message):
        """A topic was typed."""

        words: str

    def __init__(self) -> None:
        super().__init__()
        self._subjects: Sequence[Subject] = ()
        self._cut_for = 0

    def compose(self) -> ComposeResult:
        """Range and measure on the left, the topic on the right."""
        with Horizontal(id="settings"):
            yield ActionWord("‹ -", "screen.shorter", tooltip="A shorter range of weeks")
            yield Static(id="range")
            yield ActionWord("+ ›", "screen.longer", tooltip="A longer range of weeks")
            yield ActionWord("papers", "screen.switch_measure", tooltip="Count papers or upvotes", id="measure")
            yield TopicLine(placeholder="/ a topic to compare", select_on_focus=False)
        yield Horizontal(id="compared")

    def show_range(self, weeks: int | None, measure: Measure) -> None:
        """Say which range is shown, and what is counted."""
        self.query_one("#range", Static).update(Content("all weeks" if weeks is None else f"last {weeks} weeks"))
        chosen = " ".join(f"[{one.value}]" if one is measure else f" {one.value} " for one in Measure)
        self.query_one("#measure", Static).update(Content(chosen))

    async def show_subjects(self, subjects: Sequence[Subject]) -> None:
        """Say what is compared; the names share one line."""
        self._subjects, self._cut_for = subjects, self.app.size.width
        compared = self.query_one("#compared")
        cells = min(_LONGEST_NAME, max(_SHORTEST_NAME, (self.app.size.width - 2) // max(len(subjects), 1) - 6))
        await compared.remove_children()
        await compared.mount(*(_Compared(place, subject, cells) for place, subject in enumerate(subjects)))
        self.set_class(bool(subjects), "-comparing")

    async def on_resize(self) -> None:
        """Cut the names for the new width."""
        if self._subjects and self._cut_for != self.app.size.width:
            await self.show_subjects(self._subjects)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        if words := event.value.strip():
            event.input.value = ""
            self.post_message(self.TopicTyped(words))


DropSubject = _Compared.Dropped
"""A compared name was clicked away."""
