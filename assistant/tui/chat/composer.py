"""Where questions are typed: several lines, a history, and completion of commands and papers above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

from assistant.tui.chat.completion import CompletionRequest, Completions, completion_request_at
from assistant.tui.widgets.key_ordering import do_in_order


class Composer(TextArea):
    """The input. ``history`` is what was sent before, the newest last; up and down walk it from the outer lines."""

    DEFAULT_CSS = """
    Composer { height: auto; min-height: 3; max-height: 8; border: round $panel; padding: 0 1; }
    Composer:focus { border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, priority=True),
        Binding("escape", "close_completions", show=False, priority=True),
    ]

    @dataclass
    class CompletionRequested(Message):
        """The words before the cursor can be completed; None when nothing can."""

        request: CompletionRequest | None

    def __init__(self, completions: Completions) -> None:
        super().__init__(
            soft_wrap=True,
            highlight_cursor_line=False,
            placeholder="Ask about the papers…   / for commands   @ for a paper",
        )
        self._completions = completions
        self._history: Sequence[str] = ()
        self._back = 0
        self._draft = ""
        self._completed_text = ""

    async def _on_key(self, event: Key) -> None:
        await do_in_order(self, event, also=("send", "newline", "afresh"))

    def remember(self, history: Sequence[str]) -> None:
        """What up and down walk through."""
        self._history = history
        self._back = 0

    def take(self) -> str:
        """The text, which is gone from the input afterwards."""
        text = self.text.strip()
        self.put("")
        return text

    def put(self, text: str) -> None:
        """Have this text in the input, the cursor at its end."""
        self._completed_text = text
        self.text = text
        self.move_cursor(self.document.end)
        self._completions.close()

    # Completion

    @property
    def completing(self) -> bool:
        """Whether something is offered."""
        return self._completions.is_open

    @property
    def can_complete(self) -> bool:
        """Whether the offers are for the word as it stands; those for its beginning are about to be replaced."""
        return self.completing and self._completions.request == completion_request_at(self.text_before_cursor)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab and Escape are the list's while it is open, and have their usual meaning otherwise."""
        if action in {"complete", "close_completions"}:
            return self.completing
        return super().check_action(action, parameters)

    def action_complete(self) -> None:
        """Take what is marked in the list, if it is offered for the word as it stands."""
        offer = self._completions.marked
        if offer is not None and self.can_complete:
            self.accept(offer.text)

    def accept(self, text: str) -> None:
        """Put a completion in place of the word that is being typed."""
        row, column = self.cursor_location
        before = self.text_before_cursor
        request = completion_request_at(before)
        if request is None:
            return
        self._completions.close()
        self._completed_text = before[: len(before) - request.length] + text
        self.replace(text, (row, column - request.length), (row, column))

    def action_close_completions(self) -> None:
        """Offer nothing for what is typed now."""
        self._completed_text = self.text_before_cursor
        self._completions.close()

    @property
    def text_before_cursor(self) -> str:
        """What stands before the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        before = self.text_before_cursor
        if before == self._completed_text:
            return
        self._completed_text = ""
        self.post_message(self.CompletionRequested(completion_request_at(before)))

    # History

    def action_cursor_up(self, select: bool = False) -> None:
        """A line up; from the first one to what was sent before."""
        if self.completing and not select:
            self._completions.action_cursor_up()
        elif self.cursor_at_first_line and not select:
            self._recall(self._back + 1)
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """A line down; from the last one to what was sent later, and to the draft at last."""
        if self.completing and not select:
            self._completions.action_cursor_down()
        elif self.cursor_at_last_line and not select and self._back:
            self._recall(self._back - 1)
        else:
            super().action_cursor_down(select)

    def _recall(self, back: int) -> None:
        if not 0 <= back <= len(self._history):
            return
        if self._back == 0:
            self._draft = self.text
        self._back = back
        self.put(self._history[-back] if back else self._draft)
