"""Slash commands in one table; completion, dispatch and the list of commands on the help screen are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.export import Exportable, suffixes_of
from assistant.retrieval.query import FilterKind
from assistant.text import nearest
from assistant.tui.chat import command_handlers as handlers
from assistant.tui.chat.answer_settings import FILTER_OPTIONS, WRITING_OPTIONS, AnswerOption
from assistant.tui.chat.command_handlers import CommandContext, Handler

Choices = Callable[[CommandContext], Sequence[str]]

_CONVERSATION_FORMS = tuple(suffix[1:] for suffix in suffixes_of(Exportable.CONVERSATION))


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is typed: ``/name arguments``; ``choices`` are what may stand behind it, for completion."""

    name: str
    arguments: str
    meaning: str
    handler: Handler
    choices: Choices | None = None


def _setting(option: AnswerOption) -> Command:
    choices = option.choices
    offered: Choices | None = (lambda page: choices(page.session)) if choices else None
    return Command(option.name, option.arguments, option.meaning, handlers.setting(option), offered)


def _themes(page: CommandContext) -> Sequence[str]:
    return sorted(page.app.available_themes)


COMMANDS: tuple[Command, ...] = (
    Command("today", "[DAY|WEEK|MONTH]", "Digest of the newest day or of a period", handlers.today),
    Command("compare", "A B …", "Table of papers by id, title or @; without names of those kept", handlers.compare),
    Command("summarize", "A B …", "Summary of papers; without names of those kept", handlers.summarize),
    *map(_setting, FILTER_OPTIONS),
    Command("clear", "", "Remove every filter", handlers.acting("clear_filters")),
    *map(_setting, WRITING_OPTIONS),
    Command("ignore", "[KIND]", "Ask again without dates, organizations or upvotes of the question", handlers.ignore,
            lambda _: tuple(FilterKind)),
    Command("anyway", "", "Answer the last question although it was refused", handlers.acting("anyway")),
    Command("fresh", "QUESTION", "Search again instead of answering from the papers kept", handlers.fresh),
    Command("forget", "", "Forget the papers kept: the next question searches", handlers.acting("forget_papers")),
    Command("new", "", "Begin a new conversation", handlers.acting("new")),
    Command("again", "", "Write the last answer once more", handlers.acting("again")),
    Command("export", f"{'|'.join(_CONVERSATION_FORMS)} [FILE]", "Write the conversation to a file", handlers.export,
            lambda _: _CONVERSATION_FORMS),
    Command("papers", "", "Go to the papers", handlers.acting("app.show_page('papers')")),
    Command("conversations", "", "Go to the conversations", handlers.acting("app.show_page('conversations')")),
    Command("trends", "", "Go to the trends", handlers.acting("app.show_page('trends')")),
    Command("sync", "", "Fetch the newest papers; again to stop", handlers.acting("app.sync")),
    Command("setup", "", "Papers, models and keys, step by step", handlers.acting("app.setup")),
    Command("theme", "[NAME]", "Change between dark and light, or to a theme by name", handlers.theme, _themes),
    Command("help", "", "Every key and every command", handlers.acting("app.help")),
    Command("quit", "", "Leave the application; everything is kept", handlers.acting("app.quit")),
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
