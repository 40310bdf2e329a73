"""The application and the chat are what pages and commands take them for, which the types say."""

from assistant.tui.app import AssistantApp
from assistant.tui.chat.command_context import CommandContext
from assistant.tui.chat.page import ChatPage
from assistant.tui.ports import Host


def host(app: AssistantApp) -> Host:
    return app


def context(page: ChatPage) -> CommandContext:
    return page


def test_the_application_has_what_its_pages_ask_of_it() -> None:
    asked = {name for name in vars(Host) if not name.startswith("_")} - set(Host.__annotations__)

    assert asked
    assert all(callable(getattr(AssistantApp, name)) for name in asked)
