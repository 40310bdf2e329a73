"""What tests of the chat do and look at: typing, asking, a model that waits, the text on the screen."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from textual.pilot import Pilot
from textual.widgets import Static

from assistant.models.chat_model import Completed, GenerationRequest, Message, ModelEvent, ModelKind, TextDelta, Usage
from assistant.tui.app import AssistantApp
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.page import ChatPage
from assistant.tui.chat.sources import SourcesPanel
from assistant.tui.chat.status import StatusLine, status_content
from assistant.tui.chat.transcript import Transcript
from assistant.tui.chat.turn import TurnView
from assistant.tui.widgets.notice import Notice
from tests.tui.conftest import settled, wait_until


class HeldModel:
    """Writes the first quote, cited, as soon as ``begin`` is set, and the others when ``go_on`` is."""

    name = "held"
    fingerprint = "held-1"
    kind = ModelKind.LOCAL
    context_tokens = 4096

    def __init__(self, *, begins: bool = True) -> None:
        self.begin, self.go_on = asyncio.Event(), asyncio.Event()
        if begins:
            self.begin.set()
        self.asked = 0
        self.closed_early = False

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message.content) // 4 + 4 for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self.asked += 1
        try:
            for position, quote in enumerate(request.quotes):
                await (self.go_on if position else self.begin).wait()
                yield TextDelta(f"{quote.text} [{quote.number}]\n\n")
                yield TextDelta("- So it is. ")
            yield Completed(Usage(100, 50))
        except (GeneratorExit, asyncio.CancelledError):
            self.closed_early = True
            raise

    async def aclose(self) -> None:
        pass


def page(app: AssistantApp) -> ChatPage:
    """The chat page, which is open."""
    assert isinstance(app.screen, ChatPage)
    return app.screen


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Have a text in the input as if it was typed."""
    pilot.app.screen.query_one(Composer).insert(text)
    await pilot.pause()


async def send(pilot: Pilot[None], text: str) -> None:
    """Type a text and press Enter; whatever it starts goes on."""
    composer = pilot.app.screen.query_one(Composer)
    composer.focus()
    composer.put(text)
    await pilot.press("enter")
    await pilot.pause()


async def ask(pilot: Pilot[None], question: str) -> None:
    """Ask and wait for the end of the answer."""
    await send(pilot, question)
    await wait_until(pilot, lambda: not pilot.app.screen.query_one(StatusLine).status.writing)
    await settled(pilot)


def turns(app: AssistantApp) -> list[TurnView]:
    """The turns on the screen."""
    return app.screen.query_one(Transcript).views


def said(view: TurnView) -> str:
    """Everything a turn shows, as plain text."""
    return "\n".join(str(part.content) for part in view.query(Static) if part.display)


def status(app: AssistantApp, width: int = 300) -> str:
    """The status line, as it is with this much room."""
    return status_content(app.screen.query_one(StatusLine).status, width).plain


def remark(app: AssistantApp) -> str:
    """What is said above the input."""
    notice = app.screen.query_one("#remark", Notice)
    return str(notice.content) if notice.display else ""


def sources(app: AssistantApp) -> SourcesPanel:
    """The panel of sources."""
    return app.screen.query_one(SourcesPanel)
