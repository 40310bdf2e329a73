"""Driving the chat in tests: typing, asking, the text on the screen."""

from textual.pilot import Pilot
from textual.widgets import Static

from assistant.tui.app import AssistantApp
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.page import ChatPage
from assistant.tui.chat.sources import SourcesPanel
from assistant.tui.chat.status import StatusLine, status_content
from assistant.tui.chat.transcript import Transcript
from assistant.tui.chat.turn import TurnView
from assistant.tui.widgets.notice import Notice
from tests.tui.conftest import settled, wait_until


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
