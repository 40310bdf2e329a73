"""Slash commands: the one table for completion, dispatch and help, and what each of them does.

A handler gets the page and its arguments and raises `AssistantError` in words.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from textual.app import App
from textual.message import Message

from assistant.errors import UsageError
from assistant.export import Exportable, ExportFormat, format_named, suffixes_of
from assistant.library import StoredPaper
from assistant.retrieval.query import FilterKind
from assistant.text import nearest
from assistant.tui.chat.answer_settings import FILTER_OPTIONS, WRITING_OPTIONS, AnswerOption
from assistant.tui.chat.mentions import papers_named
from assistant.tui.chat.options_controller import OptionsController
from assistant.tui.chat.turn_controller import TurnController
from assistant.tui.exporting import export_conversation
from assistant.tui.messages import ComparePapers, ShowDigest, SummarizePapers
from assistant.tui.ports import Host
from assistant.tui.session import Session

_CONVERSATION_FORMS = tuple(suffix[1:] for suffix in suffixes_of(Exportable.CONVERSATION))


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
    def options(self) -> OptionsController:
        """What holds from the next answer on."""
        ...

    @property
    def turns(self) -> TurnController:
        """The turns of the open conversation."""
        ...

    async def run_action(self, action: str) -> None:
        """Do an action of the page, or of the application (``app.sync``)."""
        ...

    def post_message(self, message: Message) -> bool:
        """Send a message to the application."""
        ...

    def in_background(self, make: Callable[[], Awaitable[Message]], typed: str = "") -> object:
        """Do something that takes a while; what comes of it is posted."""
        ...


Handler = Callable[[CommandContext, str], Awaitable[None]]
Choices = Callable[[CommandContext], Sequence[str]]
"""Does a command with its arguments. Raises an `AssistantError` for what cannot be done."""


@dataclass
class OptionReady(Message):
    """What a setting needs is there: it can hold now, as it was typed."""

    option: AnswerOption
    text: str


@dataclass
class Exported(Message):
    """The conversation was written to a file."""

    path: str


def _setting_handler(option: AnswerOption) -> Handler:
    """A handler that has a setting hold as it is typed."""

    async def set_option(page: CommandContext, arguments: str) -> None:
        prepare = option.prepare
        if prepare is None:
            page.options.set(option, arguments)
            return
        settings = page.options.parse(option, arguments)

        async def make_ready() -> Message:
            await prepare(page.session, settings)
            return OptionReady(option, arguments)

        page.in_background(make_ready, f"/{option.name} {arguments}")

    return set_option


def _action_handler(action: str) -> Handler:
    """A handler that does an action of the page, or of the application (``app.sync``); arguments say nothing to it."""

    async def act(page: CommandContext, _: str) -> None:
        await page.run_action(action)

    return act


async def today(page: CommandContext, arguments: str) -> None:
    """Open the digest; a period that is none is refused here, where it was typed."""
    from assistant.periods import parse_period

    if arguments:
        parse_period(arguments, page.session.clock().date())
    page.post_message(ShowDigest(arguments or None))


async def compare(page: CommandContext, arguments: str) -> None:
    """Open the comparison of the papers that are named, or of those kept."""

    async def find() -> Message:
        papers = await _papers(page, arguments)
        if len(papers) < 2:
            raise UsageError("A comparison needs two papers or more.", "Name them by id or “title”, or with @.")
        return ComparePapers(papers)

    page.in_background(find, f"/compare {arguments}")


async def summarize(page: CommandContext, arguments: str) -> None:
    """Summarize the papers that are named, or those kept."""

    async def find() -> Message:
        papers = await _papers(page, arguments)
        if not papers:
            raise UsageError("No paper is named.", "Name papers by id or “title”, or with @.")
        return SummarizePapers(papers)

    page.in_background(find, f"/summarize {arguments}")


async def _papers(page: CommandContext, arguments: str) -> list[StoredPaper]:
    if not arguments:
        return [source.paper for source in page.turns.kept_sources]
    library = await page.session.library()
    return await asyncio.to_thread(papers_named, library, arguments)


async def ignore(page: CommandContext, arguments: str) -> None:
    """Ask the last question again without filters that its own words made."""
    if arguments and arguments.casefold() not in set(FilterKind):
        kinds = ", ".join(FilterKind)
        raise UsageError(f"A question makes no filter {arguments[:40]!r}.", f"/ignore alone, or one of {kinds}.")
    await page.turns.ignore_filters(arguments.casefold())


async def fresh(page: CommandContext, arguments: str) -> None:
    """Ask with a new search."""
    if not arguments:
        raise UsageError("No question to ask.", "Such as /fresh Which papers prune attention heads?")
    await page.turns.ask(arguments, afresh=True)


async def export(page: CommandContext, arguments: str) -> None:
    """Write the conversation to a file that is not there yet."""
    conversation = page.turns.conversation
    if conversation is None or not conversation.turns:
        raise UsageError("There is no conversation to export yet.", "Ask something first.")
    form_name, _, file = arguments.partition(" ")
    form = _conversation_form(form_name)

    async def write() -> Message:
        path = await asyncio.to_thread(export_conversation, conversation, form, Path(file.strip()))
        return Exported(str(path))

    page.in_background(write, f"/export {arguments}")


def _conversation_form(name: str) -> ExportFormat:
    """The named form, Markdown without a name."""
    try:
        return format_named(Exportable.CONVERSATION, name.casefold() or "md")
    except KeyError:
        forms = " or ".join(f"/export {suffix[1:]}" for suffix in suffixes_of(Exportable.CONVERSATION))
        raise UsageError(f"A conversation cannot be exported as {name[:40]!r}.", f"{forms}.") from None


async def theme(page: CommandContext, arguments: str) -> None:
    """Change the theme."""
    if not arguments:
        page.host.action_next_theme()
    elif arguments in page.app.available_themes:
        page.app.theme = arguments
    else:
        themes = ", ".join(sorted(page.app.available_themes))
        raise UsageError(f"There is no theme {arguments[:40]!r}.", f"Themes: {themes}.")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is typed: ``/name arguments``; ``choices`` are what may stand behind it, for completion."""

    name: str
    arguments: str
    meaning: str
    handler: Handler
    choices: Choices | None = None


def _setting_command(option: AnswerOption) -> Command:
    choices = option.choices
    offered: Choices | None = (lambda page: choices(page.session)) if choices else None
    return Command(option.name, option.arguments, option.meaning, _setting_handler(option), offered)


def _themes(page: CommandContext) -> Sequence[str]:
    return sorted(page.app.available_themes)


COMMANDS: tuple[Command, ...] = (
    Command("today", "[DAY|WEEK|MONTH]", "Digest of the newest day or of a period", today),
    Command("compare", "A B …", "Table of papers by id, title or @; without names of those kept", compare),
    Command("summarize", "A B …", "Summary of papers; without names of those kept", summarize),
    *map(_setting_command, FILTER_OPTIONS),
    Command("clear", "", "Remove every filter", _action_handler("clear_filters")),
    *map(_setting_command, WRITING_OPTIONS),
    Command("ignore", "[KIND]", "Ask again without dates, organizations or upvotes of the question", ignore,
            lambda _: tuple(FilterKind)),
    Command("anyway", "", "Answer the last question although it was refused", _action_handler("anyway")),
    Command("fresh", "QUESTION", "Search again instead of answering from the papers kept", fresh),
    Command("forget", "", "Forget the papers kept: the next question searches", _action_handler("forget_papers")),
    Command("new", "", "Begin a new conversation", _action_handler("new")),
    Command("again", "", "Write the last answer once more", _action_handler("again")),
    Command("export", f"{'|'.join(_CONVERSATION_FORMS)} [FILE]", "Write the conversation to a file", export,
            lambda _: _CONVERSATION_FORMS),
    Command("papers", "", "Go to the papers", _action_handler("app.show_page('papers')")),
    Command("conversations", "", "Go to the conversations", _action_handler("app.show_page('conversations')")),
    Command("trends", "", "Go to the trends", _action_handler("app.show_page('trends')")),
    Command("sync", "", "Fetch the newest papers; again to stop", _action_handler("app.sync")),
    Command("setup", "", "Papers, models and keys, step by step", _action_handler("app.setup")),
    Command("theme", "[NAME]", "Change between dark and light, or to a theme by name", theme, _themes),
    Command("help", "", "Every key and every command", _action_handler("app.help")),
    Command("quit", "", "Leave the application; everything is kept", _action_handler("app.quit")),
)  # fmt: skip
_BY_NAME = {command.name: command for command in COMMANDS}


def choices_of(name: str, page: CommandContext) -> Sequence[str]:
    """What may stand behind a command."""
    choices = _BY_NAME[name].choices
    return choices(page) if choices else ()


def is_command(text: str) -> bool:
    """Whether an input is meant as a command."""
    return text.startswith("/") and text[1:2].isalpha()


def parse_command(text: str) -> tuple[Command, str]:
    """The command and its arguments. Raises `UsageError` for a name that is none, with the nearest one."""
    name, _, arguments = text[1:].partition(" ")
    if name.casefold() in _BY_NAME:
        return _BY_NAME[name.casefold()], arguments.strip()
    near = nearest(name, _BY_NAME, 0.4)
    hint = f"Did you mean /{near}?" if near else "Type / alone to see every command."
    raise UsageError(f"There is no command /{name[:40]}.", hint)
