"""What each slash command does. A handler gets the page and its arguments and raises `AssistantError` in words."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from textual.message import Message

from assistant.answering import Conversation
from assistant.answering.verification import CheckMode
from assistant.errors import UsageError
from assistant.export.markdown import conversation_json, conversation_markdown
from assistant.library import StoredPaper
from assistant.periods import parse_day
from assistant.retrieval.query import FilterKind
from assistant.text import counted
from assistant.tui.chat.command_context import CommandContext
from assistant.tui.chat.mentions import papers_named
from assistant.tui.exporting import proposed_name, write_new
from assistant.tui.messages import ComparePapers, ShowDigest, SummarizePapers

FORMS = {"md": conversation_markdown, "json": conversation_json}
"""What a conversation can be written as, by the ending of its file."""


def export_conversation(conversation: Conversation, form: str = "md", name: str = "") -> Path:
    """Write the conversation to the named file, or to one named after it in the current folder; returns which.

    A name that is taken gets a number. Raises `UsageError` for another form and for a file that cannot be written.
    """
    if form not in FORMS:
        raise UsageError(f"A conversation cannot be exported as {form[:40]!r}.", "/export md or /export json.")
    return write_new(Path(name), proposed_name(conversation.title, f".{form}"), FORMS[form](conversation))


MOST_SAMPLES = 16
"""As the setting ``answers.samples`` has it."""


@dataclass
class ModelChosen(Message):
    """A model was asked for by name and is here."""

    name: str


@dataclass
class Exported(Message):
    """The conversation was written to a file."""

    path: str


def acting(action: str) -> Callable[[CommandContext, str], Awaitable[None]]:
    """A handler that does an action of the page, or of the application (``app.sync``); arguments say nothing to it."""

    async def act(page: CommandContext, _: str) -> None:
        await page.run_action(action)

    return act


async def today(page: CommandContext, arguments: str) -> None:
    """Open the digest; a period that is none is refused here, where it was typed."""
    from assistant.reports.digest import period_named

    if arguments:
        period_named(arguments, page.session.clock().date())
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
        return [source.paper for source in page.kept]
    library = await page.session.library()
    return await asyncio.to_thread(papers_named, library, arguments)


async def since(page: CommandContext, arguments: str) -> None:
    """Set or remove the first day."""
    day = parse_day(arguments) if arguments else None
    until_day = page.session.filters.until
    if day and until_day and day > until_day:
        raise UsageError(f"{day} is after {until_day}, until which papers are taken.", "Change it with /until.")
    page.set_filters(replace(page.session.filters, since=day))


async def until(page: CommandContext, arguments: str) -> None:
    """Set or remove the last day."""
    day = parse_day(arguments) if arguments else None
    since_day = page.session.filters.since
    if day and since_day and day < since_day:
        raise UsageError(f"{day} is before {since_day}, since which papers are taken.", "Change it with /since.")
    page.set_filters(replace(page.session.filters, until=day))


async def organization(page: CommandContext, arguments: str) -> None:
    """Set or remove the organization."""
    page.set_filters(replace(page.session.filters, organizations=(arguments,) if arguments else ()))


async def upvotes(page: CommandContext, arguments: str) -> None:
    """Set or remove the fewest upvotes."""
    if arguments and not (arguments.isascii() and arguments.isdigit()):
        raise UsageError(f"{arguments[:40]!r} is no number of upvotes.", "Such as /upvotes 20.")
    page.set_filters(replace(page.session.filters, min_upvotes=int(arguments) if arguments else None))


async def model(page: CommandContext, arguments: str) -> None:
    """Write with another model; the one before stays when the name is none or the model is not here."""
    if not arguments:
        names = ", ".join(page.model_names())
        raise UsageError(f"{page.session.model_name} writes now.", f"/model NAME takes one of {names}, or a GGUF file.")

    async def build() -> Message:
        await page.session.warm()
        await asyncio.to_thread(partial(page.session.container.models.choose, arguments))
        await asyncio.to_thread(page.session.container.model, arguments)
        return ModelChosen(arguments)

    page.in_background(build, f"/model {arguments}")


async def check(page: CommandContext, arguments: str) -> None:
    """Say what becomes of sentences that their sources do not bear out, for this run."""
    if arguments.casefold() not in set(CheckMode):
        known = ", ".join(CheckMode)
        raise UsageError(f"{page.session.check} is how answers are checked now.", f"/check takes one of {known}.")
    page.set_check(CheckMode(arguments.casefold()))


async def samples(page: CommandContext, arguments: str) -> None:
    """Say how many answers are written for a question, for this run."""
    if not (arguments.isascii() and arguments.isdigit() and 1 <= int(arguments) <= MOST_SAMPLES):
        now = page.session.samples
        remedy = f"/samples takes a number from 1 to {MOST_SAMPLES}."
        raise UsageError(f"{counted(now, 'answer')} written for a question now.", remedy)
    page.set_samples(int(arguments))


async def ignore(page: CommandContext, arguments: str) -> None:
    """Ask the last question again without filters that its own words made."""
    if arguments and arguments.casefold() not in set(FilterKind):
        known = ", ".join(FilterKind)
        raise UsageError(f"A question makes no filter {arguments[:40]!r}.", f"/ignore alone, or one of {known}.")
    await page.action_ignore_found(arguments.casefold())


async def fresh(page: CommandContext, arguments: str) -> None:
    """Ask with a new search."""
    if not arguments:
        raise UsageError("No question to ask.", "Such as /fresh Which papers prune attention heads?")
    await page.ask(arguments, afresh=True)


async def export(page: CommandContext, arguments: str) -> None:
    """Write the conversation to a file that is not there yet."""
    conversation = page.conversation
    if conversation is None or not conversation.turns:
        raise UsageError("There is no conversation to export yet.", "Ask something first.")
    form, _, name = arguments.partition(" ")

    async def write() -> Message:
        path = await asyncio.to_thread(export_conversation, conversation, form.casefold() or "md", name.strip())
        return Exported(str(path))

    page.in_background(write, f"/export {arguments}")


async def theme(page: CommandContext, arguments: str) -> None:
    """Change the theme."""
    if not arguments:
        page.host.action_next_theme()
    elif arguments in page.app.available_themes:
        page.app.theme = arguments
    else:
        known = ", ".join(sorted(page.app.available_themes))
        raise UsageError(f"There is no theme {arguments[:40]!r}.", f"Themes: {known}.")
