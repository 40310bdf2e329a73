"""Slash commands in one table; completion, dispatch and the list of commands on the help screen are made from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.text import nearest
from assistant.tui.chat import command_handlers as handlers
from assistant.tui.chat.command_context import CommandContext


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is typed: ``/name arguments``. The handler raises an `AssistantError` for what cannot be done."""

    name: str
    arguments: str
    meaning: str
    handler: Callable[[CommandContext, str], Awaitable[None]]


COMMANDS: tuple[Command, ...] = (
    Command("today", "[DAY|WEEK|MONTH]", "Digest of the newest day or of a period", handlers.today),
    Command("compare", "A B …", "Table of papers by id, title or @; without names of those kept", handlers.compare),
    Command("summarize", "A B …", "Summary of papers; without names of those kept", handlers.summarize),
    Command("since", "DATE", "Only papers listed on this day or after; without a day any", handlers.since),
    Command("until", "DATE", "Only papers listed on this day or before; without a day any", handlers.until),
    Command("org", "NAME", "Only papers of this organization; without a name any", handlers.organization),
    Command("upvotes", "N", "Only papers with N upvotes or more; without a number any", handlers.upvotes),
    Command("clear", "", "Remove every filter", handlers.acting("clear_filters")),
    Command("model", "NAME", "Write with another model: auto, hosted, local, extractive or a name", handlers.model),
    Command("check", "MODE", "Sentences that are not supported: mark, repair, or strict (left out)", handlers.check),
    Command("samples", "N", "Write so many answers and keep the best supported one", handlers.samples),
    Command("ignore", "[KIND]", "Ask again without dates, organizations or upvotes of the question", handlers.ignore),
    Command("anyway", "", "Answer the last question although it was refused", handlers.acting("anyway")),
    Command("fresh", "QUESTION", "Search again instead of answering from the papers kept", handlers.fresh),
    Command("forget", "", "Forget the papers kept: the next question searches", handlers.acting("forget_papers")),
    Command("new", "", "Begin a new conversation", handlers.acting("new")),
    Command("again", "", "Write the last answer once more", handlers.acting("again")),
    Command("export", "md|json [FILE]", "Write the conversation to a file", handlers.export),
    Command("papers", "", "Go to the papers", handlers.acting("app.show_page('papers')")),
    Command("conversations", "", "Go to the conversations", handlers.acting("app.show_page('conversations')")),
    Command("trends", "", "Go to the trends", handlers.acting("app.show_page('trends')")),
    Command("sync", "", "Fetch the newest papers; again to stop", handlers.acting("app.sync")),
    Command("setup", "", "Papers, models and keys, step by step", handlers.acting("app.setup")),
    Command("theme", "[NAME]", "Change between dark and light, or to a theme by name", handlers.theme),
    Command("help", "", "Every key and every command", handlers.acting("app.help")),
    Command("quit", "", "Leave the application; everything is kept", handlers.acting("app.quit")),
)


def is_command(text: str) -> bool:
    """Whether an input is meant as a command."""
    return text.startswith("/") and text[1:2].isalpha()


def parse_command(text: str) -> tuple[Command, str]:
    """The command and its arguments. Raises `UsageError` for a name that is none, with the nearest one."""
    name, _, arguments = text[1:].partition(" ")
    known = {command.name: command for command in COMMANDS}
    if name.casefold() in known:
        return known[name.casefold()], arguments.strip()
    near = nearest(name, known, 0.4)
    hint = f"Did you mean /{near}?" if near else "Type / alone to see every command."
    raise UsageError(f"There is no command /{name[:40]}.", hint)
