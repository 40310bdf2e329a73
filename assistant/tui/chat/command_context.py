"""What slash commands may do with the chat that they are typed in."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.app import App
from textual.message import Message

from assistant.answering import Conversation, NumberedSource
from assistant.answering.verification import CheckMode
from assistant.library import Filters
from assistant.tui.ports import Host
from assistant.tui.session import Session


class CommandContext(Protocol):
    """The chat as its commands see it."""

    @property
    def app(self) -> App[object]:
        """The application of the terminal library, which has the themes."""
        ...

    @property
    def host(self) -> Host:
        """The application."""
        ...

    @property
    def session(self) -> Session:
        """What the pages share."""
        ...

    @property
    def conversation(self) -> Conversation | None:
        """The conversation as far as it came."""
        ...

    @property
    def kept(self) -> Sequence[NumberedSource]:
        """The papers that a further question is answered from."""
        ...

    def model_names(self) -> list[str]:
        """The names that a model can be chosen by."""
        ...

    def set_filters(self, filters: Filters) -> None:
        """Hold every question to these filters."""
        ...

    def set_check(self, mode: CheckMode) -> None:
        """Have answers checked so from the next one on."""
        ...

    def set_samples(self, samples: int) -> None:
        """Have so many answers written for a question from the next one on."""
        ...

    async def ask(self, text: str, *, afresh: bool = False) -> None:
        """Ask what was typed; ``afresh`` searches in any case."""
        ...

    async def action_ignore_found(self, kind: str = "") -> None:
        """Ask the last question again without a filter that its words made, or without any of them."""
        ...

    async def run_action(self, action: str) -> None:
        """Do an action of the page, or of the application (``app.sync``)."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...

    def in_background(self, make: Callable[[], Awaitable[Message]], typed: str = "") -> None:
        """Do something that takes a while; what comes of it is posted."""
        ...
