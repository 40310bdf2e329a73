"""The page `chat`: questions below, answers above, their sources beside them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from assistant.errors import AssistantError
from assistant.library import PaperRow, StoredPaper
from assistant.services import ChatSession, answerable_questions
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.chat.answer_options import ChoosingPage
from assistant.tui.chat.citation_bar import CitationBar
from assistant.tui.chat.command_handlers import Exported, export
from assistant.tui.chat.commands import is_command, parse_command
from assistant.tui.chat.completion import (
    Completions,
    Offer,
    Wanted,
    WantedKind,
    argument_offers,
    command_offers,
    paper_offers,
    writer_offers,
)
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.status import Status, StatusLine
from assistant.tui.chat.transcript import Transcript
from assistant.tui.chat.turn_worker import TurnWorker
from assistant.tui.chat.welcome import Welcome, example_questions
from assistant.tui.widgets.notice import Notice

_EXAMPLES = 4
_EXAMPLES_SHOWN = 3
_WRITERS_OFFERED = 4
_TITLES_SHOWN = 3
_LONGEST_TITLE = 80


@dataclass
class _InputFailed(Message):
    """What was typed could not be done."""

    error: AssistantError
    typed: str


@dataclass
class _PapersFound(Message):
    """Papers for a title that is being typed."""

    wanted: Wanted
    offers: list[Offer]


@dataclass
class _PapersCounted(Message):
    """What the library has, for the welcome, and questions that it answers."""

    papers: int
    rows: list[PaperRow]
    examples: tuple[str, ...]


@dataclass
class _ConversationOpened(Message):
    """A kept conversation was read."""

    talk: ChatSession


class ChatPage(ChoosingPage):
    """The page."""

    SCOPE = "chat"
    BINDINGS = bindings_of(ACTIONS["chat"])
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # Textual's own declaration is none
    DEFAULT_CSS = """
    ChatPage #body { height: 1fr; }
    ChatPage #talk { width: 1fr; }
    ChatPage.-narrow SourcesPanel { display: none; }
    ChatPage.-narrow.-sources SourcesPanel { display: block; width: 1fr; max-width: 100%; border-left: none; }
    ChatPage.-narrow.-sources #talk { display: none; }
    ChatPage #remark { max-height: 6; }
    ChatPage Transcript { display: none; }
    ChatPage.-talking Transcript { display: block; }
    ChatPage.-talking Welcome { display: none; }
    """

    def compose_page(self) -> Iterable[Widget]:
        """Transcript and input on the left, sources on the right, the status below."""
        completions = Completions()
        with Horizontal(id="body"):
            with Vertical(id="talk"):
                yield Welcome()
                yield Transcript()
                yield CitationBar()
                yield Notice(id="remark")
                yield completions
                yield Composer(completions)
            yield SourcesPanel()
        yield StatusLine()

    def on_mount(self) -> None:
        """Begin at the input."""
        composer = self.query_one(Composer)
        composer.remember(self.host.remembered.history)
        composer.focus()
        self.show_writer()
        self._count_papers()

    def on_screen_resume(self) -> None:
        """The filters, the model or the papers may have been changed on another page, or by another process."""
        self.show_writer()
        self._count_papers()

    def papers_changed(self) -> None:
        """Count the papers anew."""
        self._count_papers()

    # What other pages ask for

    async def ask_about(self, papers: Sequence[StoredPaper]) -> None:
        """Answer the next question from just these papers."""
        self._chosen = tuple(papers)
        titles = "; ".join(paper.title[:_LONGEST_TITLE] for paper in papers[:_TITLES_SHOWN])
        more = f" and {len(papers) - _TITLES_SHOWN} more" if len(papers) > _TITLES_SHOWN else ""
        self.remark(
            f"The next question is answered from {titles}{more}.", f"{self.keys_of('chat.forget_papers')} forgets them."
        )
        self._update_status(self._status)
        self.action_focus_composer()

    async def open_conversation(self, conversation_id: int) -> None:
        """Open a kept conversation in place of the one that is here; if it is that one it goes on as it is."""
        if self.conversation is not None and self.conversation.conversation_id == conversation_id:
            self.workers.cancel_group(self, "conversation")
            self.action_focus_composer()
            return
        self.stop_writing()
        self._load(conversation_id, self._turn_worker)

    @work(exit_on_error=False, group="conversation", exclusive=True)
    async def _load(self, conversation_id: int, former: TurnWorker | None) -> None:
        library = await self.session.library()
        if former is not None:
            await former.rest()
        try:
            talk = await asyncio.to_thread(ChatSession, library, conversation_id)
        except AssistantError as error:
            self.post_message(_InputFailed(error, ""))
        else:
            self.post_message(_ConversationOpened(talk))

    @on(_ConversationOpened)
    async def _conversation_opened(self, event: _ConversationOpened) -> None:
        asked_meanwhile = self._run.typed if self._run else ""
        self.stop_writing()
        await self._take_talk(event.talk)
        self.give_back(asked_meanwhile)
        if self.query_one(Transcript).views and event.talk.turns:
            self._show_turn(event.talk.turns[-1])

    async def _take_talk(self, talk: ChatSession | None) -> None:
        self._turn_worker = self.new_turn_worker(talk) if talk else None
        self._chosen, self._ignored = (), frozenset()
        self.clear_remark()
        self.query_one(SourcesPanel).clear()
        self.remove_class("-sources")
        await self.query_one(Transcript).show(talk.turns if talk else ())
        self.show_conversation(empty=talk is None or not talk.turns)
        fresh = Status(model=self._status.model, mode=self._status.mode, context_size=self._status.context_size)
        self._update_status(fresh)
        self.action_focus_composer()

    # Input

    async def action_send(self, *, afresh: bool = False) -> None:
        """Ask or do what is typed; a completion that is marked is taken instead."""
        composer = self.query_one(Composer)
        if composer.completing and not self._typed_in_full():
            composer.action_complete()
            return
        if not composer.text.strip():
            return
        if self.writing and not is_command(composer.text):
            stop = self.keys_of("chat.stop")
            self.remark("An answer is being written.", f"{stop} stops it; the question stays here until then.")
            return
        text = composer.take()
        self._add_to_history(text)
        self.clear_remark()
        if is_command(text):
            await self._command(text)
        else:
            await self.ask(text, afresh=afresh)

    def _add_to_history(self, text: str) -> None:
        self.host.remembered.add_to_history(text)
        self.query_one(Composer).remember(self.host.remembered.history)

    def _typed_in_full(self) -> bool:
        """Whether the marked completion is what stands there already."""
        composer = self.query_one(Composer)
        marked = self.query_one(Completions).marked
        return marked is not None and composer.text.strip() == marked.text.strip()

    async def action_afresh(self) -> None:
        """Ask what is typed with a new search."""
        await self.action_send(afresh=True)

    def action_newline(self) -> None:
        """Begin a new line."""
        self.query_one(Composer).insert("\n")

    async def _command(self, text: str) -> None:
        try:
            command, arguments = parse_command(text)
            await command.handler(self, arguments)
        except AssistantError as error:
            self.post_message(_InputFailed(error, text))

    def in_background(self, make: Callable[[], Awaitable[Message]], typed: str = "") -> None:
        """Do something that takes a while; what comes of it is posted."""
        self._do(make, typed)

    @work(exit_on_error=False, group="command")
    async def _do(self, make: Callable[[], Awaitable[Message]], typed: str) -> None:
        try:
            self.post_message(await make())
        except AssistantError as error:
            self.post_message(_InputFailed(error, typed))

    @on(_InputFailed)
    def _input_failed(self, event: _InputFailed) -> None:
        self.query_one("#remark", Notice).show_error(event.error)
        self.give_back(event.typed)

    def give_back(self, typed: str) -> None:
        """Put a question back unless something else is typed by now."""
        composer = self.query_one(Composer)
        if typed and not composer.text.strip():
            composer.put(typed)

    # Completion

    @on(Composer.CompletionWanted)
    def _completion_wanted(self, event: Composer.CompletionWanted) -> None:
        wanted, completions = event.wanted, self.query_one(Completions)
        self.workers.cancel_group(self, "completion")
        if wanted is None:
            completions.close()
        elif wanted.kind is WantedKind.COMMAND:
            completions.offer(command_offers(wanted.word))
        elif wanted.kind is WantedKind.ARGUMENT:
            completions.offer(argument_offers(wanted.word, self.arguments_of(wanted.command)))
        else:
            self._find_papers(wanted)

    @work(exit_on_error=False, group="completion", exclusive=True)
    async def _find_papers(self, wanted: Wanted) -> None:
        library = await self.session.library()
        rows = await asyncio.to_thread(library.browsing.complete, wanted.word)
        writers = await asyncio.to_thread(library.collection.complete, wanted.word, _WRITERS_OFFERED)
        self.post_message(_PapersFound(wanted, [*paper_offers(rows), *writer_offers(writers)]))

    @on(_PapersFound)
    def _papers_found(self, event: _PapersFound) -> None:
        self.query_one(Completions).offer(event.offers)

    @on(Completions.Chosen)
    def _completion_chosen(self, event: Completions.Chosen) -> None:
        composer = self.query_one(Composer)
        composer.accept(event.offer.text)
        composer.focus()

    # Welcome

    @work(exit_on_error=False, group="welcome", exclusive=True)
    async def _count_papers(self) -> None:
        library = await self.session.library()
        papers = (await asyncio.to_thread(library.stats)).papers
        rows = await asyncio.to_thread(library.browsing.recent, _EXAMPLES)
        self.post_message(_PapersCounted(papers, rows, ()))
        if rows:
            self.post_message(_PapersCounted(papers, rows, await self._answerable(example_questions(rows))))

    async def _answerable(self, questions: Sequence[str]) -> tuple[str, ...]:
        """The first of these questions that get an answer, told without a model that writes."""
        await self.session.warm()
        return await answerable_questions(self.session.container, questions, _EXAMPLES_SHOWN)

    @on(_PapersCounted)
    def _papers_counted(self, event: _PapersCounted) -> None:
        newest = event.rows[0].day if event.rows else None
        self.query_one(Welcome).show(event.papers, newest, event.examples, self.first_steps())

    @on(Welcome.ExampleChosen)
    async def _example_chosen(self, event: Welcome.ExampleChosen) -> None:
        self.action_focus_composer()
        self._add_to_history(event.question)
        await self.ask(event.question)

    def show_conversation(self, *, empty: bool) -> None:
        """The transcript, or the welcome."""
        self.set_class(not empty, "-talking")

    # Steps back

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter and its like are the input's while it has the focus."""
        if action in {"send", "newline", "afresh"}:
            return self.is_mounted and self.query_one(Composer).has_focus
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop writing; with nothing to stop go from the sources to the text, from the text to the input."""
        if self.writing:
            self.stop_writing()
        elif self.has_class("-sources") or self.query_one(SourceList).has_focus:
            self._leave_sources()
        elif self.query_one(Transcript).has_focus:
            self.query_one(Transcript).choose(None)
            self.action_focus_composer()
        else:
            self.clear_remark()
            self.action_focus_composer()

    async def action_new(self) -> None:
        """Begin a new conversation; the one before is kept."""
        self.workers.cancel_group(self, "conversation")
        self.stop_writing()
        await self._take_talk(None)

    # Export

    async def action_export(self) -> None:
        """Write the conversation to a file."""
        try:
            await export(self, "")
        except AssistantError as error:
            self.post_message(_InputFailed(error, ""))

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        self.remark(f"The conversation is in {event.path}.")
