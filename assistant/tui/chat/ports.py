"""What the controllers of the chat ask of the page and of its widgets that hold others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from textual.message import Message

from assistant.answering import Answer, NumberedSource, Turn
from assistant.sentences import Sentence
from assistant.tui.chat.anchors import Placed
from assistant.tui.chat.turn import TurnView


class TranscriptView(Protocol):
    """The turns on the screen, with a cursor on what can be chosen in them; `Transcript` is it."""

    current_stop: Placed | None

    @property
    def views(self) -> list[TurnView]:
        """The turns that are drawn, oldest first."""
        ...

    def view(self, turn_id: int) -> TurnView | None:
        """The view of a turn."""
        ...

    async def show(self, turns: Sequence[Turn]) -> None:
        """Show a kept conversation."""
        ...

    async def begin(self, view: TurnView) -> None:
        """Add a turn that begins now."""
        ...

    async def drop(self, view: TurnView) -> None:
        """Take a turn off the screen."""
        ...

    def step(self, forward: int) -> None:
        """Choose the next (1) or the previous (-1) citation or mark."""
        ...

    def choose(self, placed: Placed | None, *, jump: bool = False) -> None:
        """Choose a citation, a mark or a close paper; ``jump`` goes to its source."""
        ...


class Sources(Protocol):
    """The sources of one turn, one of them expanded; `SourcesPanel` is it."""

    turn_id: int | None

    @property
    def expanded_source(self) -> NumberedSource | None:
        """The source that is expanded."""
        ...

    def clear(self) -> None:
        """Show no sources."""
        ...

    def show(
        self,
        turn_id: int | None,
        sources: Sequence[NumberedSource],
        answer: Answer | None = None,
        closest: Mapping[str, Sentence] | None = None,
    ) -> None:
        """Show the sources of a turn; see `SourcesPanel.show`."""
        ...

    def choose(self, number: int, placed: Placed | None = None) -> bool:
        """Expand a source by its number; False when there is none such."""
        ...


class Cancellable(Protocol):
    """Work that goes on and can be stopped: a worker, or a task."""

    def cancel(self) -> object:
        """Stop it."""
        ...


class TurnPage(Protocol):
    """The page, as far as turns need it."""

    def keys_of(self, name: str) -> str:
        """The keys of an action ("chat.stop") as they are shown."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the page; workers do nothing else with it."""
        ...

    def run_turn(self, write: Callable[[], Awaitable[None]]) -> Cancellable:
        """Have a turn written in the background."""
        ...

    def writing_changed(self, *, writing: bool) -> None:
        """An answer begins, or none is written any more: keys mean something else now, and time runs or stands."""
        ...

    def show_conversation(self, *, empty: bool) -> None:
        """Show the transcript, or the welcome while there is nothing in it."""
        ...

    def give_back(self, typed: str) -> None:
        """Put a question back that nothing came of."""
        ...
