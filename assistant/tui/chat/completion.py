"""Completion while something is typed: commands after ``/``, papers, authors and organizations after ``@``."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.library import PaperRow
from assistant.tui.chat.commands import COMMANDS, CommandContext, choices_of
from assistant.tui.chat.mentions import mention_of
from assistant.tui.widgets.text_layout import papers_text

if TYPE_CHECKING:
    from assistant.library import Library

_COMMAND = re.compile(r"/(\w*)")
_ARGUMENT = re.compile(rf"/({'|'.join(command.name for command in COMMANDS if command.choices)}) (\S*)")
_MENTION = re.compile(r"(?:^|(?<=\s))@([^\s@\[\]]+|\"[^\"\n]*)$")
_LONGEST_TITLE = 120
_WRITERS_OFFERED = 4


class CompletionKind(StrEnum):
    """What can be completed."""

    COMMAND = "command"
    ARGUMENT = "argument"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """The word to complete. ``length`` is what a completion replaces before the cursor; ``command`` takes the word."""

    kind: CompletionKind
    word: str
    length: int
    command: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion: the text that is put in, and how it is shown."""

    text: str
    label: Content


def completion_request_at(before: str) -> CompletionRequest | None:
    """What the text before the cursor lets complete."""
    if matched := _COMMAND.fullmatch(before):
        return CompletionRequest(CompletionKind.COMMAND, matched[1], len(before))
    if matched := _ARGUMENT.fullmatch(before):
        return CompletionRequest(CompletionKind.ARGUMENT, matched[2], len(matched[2]), matched[1])
    if matched := _MENTION.search(before):
        return CompletionRequest(CompletionKind.PAPER, matched[1].strip('"'), len(matched[0]))
    return None


def command_line_offers(request: CompletionRequest, page: CommandContext) -> list[Offer]:
    """What completes a command or what stands behind it."""
    if request.kind is CompletionKind.COMMAND:
        return command_offers(request.word)
    return argument_offers(request.word, choices_of(request.command, page))


def command_offers(word: str) -> list[Offer]:
    """Commands that begin with the word; if there are none, those that contain it."""
    fitting = [command for command in COMMANDS if command.name.startswith(word.casefold())]
    fitting = fitting or [command for command in COMMANDS if word.casefold() in command.name]
    return [
        Offer(
            f"/{command.name}" + (" " if command.arguments else ""),
            Content.assemble(
                (f"/{command.name}", "bold"), (f" {command.arguments}", "$secondary"), (f"  {command.meaning}", "dim")
            ),
        )
        for command in fitting
    ]


def argument_offers(word: str, choices: Iterable[str]) -> list[Offer]:
    """Arguments that begin with the word; none when the word is one of them."""
    fitting = [choice for choice in choices if choice.casefold().startswith(word.casefold())]
    return [] if fitting == [word] else [Offer(choice, Content(choice)) for choice in fitting]


async def mention_offers(library: "Library", word: str) -> list[Offer]:
    """Papers by the words of their titles, then authors and organizations; searched for in a thread."""
    rows = await asyncio.to_thread(library.browsing.complete, word)
    writers = await asyncio.to_thread(library.collection.complete, word, _WRITERS_OFFERED)
    return [*paper_offers(rows), *writer_offers(writers)]


def paper_offers(rows: Iterable[PaperRow]) -> list[Offer]:
    """Papers as mentions."""
    return [
        Offer(
            mention_of(row.paper_id, row.title) + " ",
            Content.assemble(_cut(row.title), (f"  {row.facts}", "dim")),
        )
        for row in rows
    ]


def writer_offers(writers: Iterable[tuple[str, int]]) -> list[Offer]:
    """Authors and organizations by name, each with the number of its papers."""
    return [
        Offer(f"{name} ", Content.assemble(_cut(name), (f"  {papers_text(papers)} by this name", "dim")))
        for name, papers in writers
    ]


class Completions(OptionList, can_focus=False):
    """What is offered, above the input; hidden while that is nothing. The keys are the input's."""

    DEFAULT_CSS = """
    Completions {
        height: auto; max-height: 9; display: none; border: round $secondary; padding: 0; background: $surface;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
    }
    Completions.-open { display: block; }
    Completions > .option-list--option-highlighted {
        background: $primary 25%; color: $foreground; text-style: reverse;
    }
    """

    @dataclass
    class Chosen(Message):
        """An offer was clicked."""

        offer: Offer

    def __init__(self) -> None:
        super().__init__()
        self._offers: list[Offer] = []
        self.request: CompletionRequest | None = None
        """The word that the offers complete."""

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return bool(self._offers)

    @property
    def marked(self) -> Offer | None:
        """The offer that the keys would take."""
        position = self.highlighted
        return self._offers[position] if position is not None and position < len(self._offers) else None

    def offer(self, offers: list[Offer], request: CompletionRequest | None) -> None:
        """Offer these for a word, the first one marked; none closes the list."""
        self._offers, self.request = offers, request
        self.set_options(Option(offer.label) for offer in offers)
        self.highlighted = 0 if offers else None
        self.set_class(bool(offers), "-open")

    def close(self) -> None:
        """Offer nothing."""
        if self._offers:
            self.offer([], None)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index < len(self._offers):
            self.post_message(self.Chosen(self._offers[event.option_index]))


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE] + "…"
