"""The application and the chat are what pages, commands and turns take them for, which the types say."""

from assistant.tui.app import AssistantApp
from assistant.tui.chat.commands import CommandContext
from assistant.tui.chat.page import ChatPage
from assistant.tui.chat.ports import Sources, TranscriptView, TurnPage
from assistant.tui.chat.sources import SourcesPanel
from assistant.tui.chat.transcript import Transcript
from assistant.tui.ports import Host


def host(app: AssistantApp) -> Host:
    return app


def context(page: ChatPage) -> CommandContext:
    return page


def turn_page(page: ChatPage) -> TurnPage:
    return page


def turns(transcript: Transcript) -> TranscriptView:
    return transcript


def sources(panel: SourcesPanel) -> Sources:
    return panel


def test_the_application_has_what_its_pages_ask_of_it() -> None:
    asked = {name for name in vars(Host) if not name.startswith("_")} - set(Host.__annotations__)

    assert asked
    assert all(callable(getattr(AssistantApp, name)) for name in asked)
