"""Small dialogs: one asks for a line of text, one for yes or no."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

_FRAME = """
    align: center middle;
    & > Vertical {
        width: 72; max-width: 96%; height: auto; padding: 1 2; background: $surface; border: round $primary;
    }
    & .-question { text-style: bold; height: auto; max-height: 6; margin-bottom: 1; }
    & .-hint { color: $text-muted; height: auto; }
    & Horizontal { height: auto; margin-top: 1; align-horizontal: right; }
    & Button { margin-left: 2; }
"""


class LineDialog(ModalScreen[str | None]):
    """Asks for a line of text; ends with it as it was typed, or with None for Escape and for an empty line."""

    DEFAULT_CSS = "LineDialog {" + _FRAME + "}"
    BINDINGS = [Binding("escape", "dismiss", "Cancel")]

    def __init__(self, question: str, value: str, hint: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The question, the line, and the buttons."""
        with Vertical():
            yield Static(Content(self._question), classes="-question")
            yield Input(self._value, select_on_focus=False)
            if self._hint:
                yield Static(Content(self._hint), classes="-hint")
            with Horizontal():
                yield Button("Enter: OK", variant="primary", id="ok", compact=True)
                yield Button("Esc: cancel", id="cancel", compact=True)

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _accept(self) -> None:
        self.dismiss(self.query_one(Input).value.strip() or None)

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)


class ConfirmDialog(ModalScreen[bool | None]):
    """Asks for yes or no; Enter presses the button that has the focus, at first that of no."""

    DEFAULT_CSS = "ConfirmDialog {" + _FRAME + "}"
    BINDINGS = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
        Binding("left,right", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(self, question: str, hint: str, yes: str, no: str) -> None:
        super().__init__()
        self._question = question
        self._hint = hint
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """The question and the two buttons."""
        with Vertical():
            yield Static(Content(self._question), classes="-question")
            yield Static(Content(self._hint), classes="-hint")
            with Horizontal():
                yield Button(Content(f"y: {self._yes}"), variant="error", id="yes", compact=True)
                yield Button(Content(f"n: {self._no}"), id="no", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """End with the answer."""
        self.dismiss(yes)
