"""The page `chat`: questions below, answers above, their sources beside them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker, WorkType

from assistant.errors import AssistantError
from assistant.library import PaperRow, StoredPaper
from assistant.services import ChatSession
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.chat.citation_navigation import CitationNavigation
from assistant.tui.chat.citations import CitationBar
from assistant.tui.chat.commands import Exported, OptionReady
from assistant.tui.chat.completion import (
    CompletionKind,
    CompletionRequest,
    Completions,
    Offer,
    command_line_offers,
    mention_offers,
)
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.options_controller import OptionsController
from assistant.tui.chat.question_input import ChatFocus, InputFailed, QuestionInput
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.status import StatusLine
from assistant.tui.chat.transcript import Transcript
from assistant.tui.chat.turn_controller import TurnController
from assistant.tui.chat.turn_display import TurnDisplay
from assistant.tui.chat.turn_worker import TurnMessage, TurnWorker
from assistant.tui.chat.welcome import Welcome, answerable_examples
from assistant.tui.page import Page
from assistant.tui.widgets.notice import Notice

_EXAMPLE_PAPERS = 4
_STATUS_SECONDS = 0.5


@dataclass
class _MentionsFound(Message):
    """Papers, authors and organizations for a name that is being typed."""

    offers: list[Offer]
    request: CompletionRequest


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


def _done_by(method_of: "Callable[[ChatPage], Callable[..., object]]") -> Callable[..., object]:
    """An action of the page that a method of one of its controllers does."""

    def act(page: "ChatPage", *arguments: str) -> object:
        return method_of(page)(*arguments)

    return act


class ChatPage(Page):
    """Lays out the widgets and owns what works on them; where there is no room, ``-sources`` shows these alone."""

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

    def __init__(self) -> None:
        super().__init__()
        session = self.session
        self._timer: Timer | None = None
        self._completions = completions = Completions()
        self._composer = composer = Composer(completions)
        self._transcript = transcript = Transcript()
        self._sources = sources = SourcesPanel()
        self._citation_bar = citation_bar = CitationBar()
        self._notice = notice = Notice(id="remark")
        self._status_line = status_line = StatusLine()
        self.options = OptionsController(session, status_line, notice)
        display = TurnDisplay(session, sources, status_line)
        self.turns = TurnController(session, self.options, self, transcript, display=display, notice=notice)
        self.chat_focus = ChatFocus(self, composer, transcript, sources)
        self.citations = CitationNavigation(
            transcript, sources, citation_bar, notice,
            enter_sources=self.chat_focus.to_sources, post=self.post_message,
        )  # fmt: skip
        self.question_input: QuestionInput = QuestionInput(self, composer, completions, notice, self.host.remembered)

    action_send = _done_by(lambda page: page.question_input.send)
    action_afresh = _done_by(lambda page: page.question_input.ask_afresh)
    action_newline = _done_by(lambda page: page.question_input.begin_line)
    action_export = _done_by(lambda page: page.question_input.export)
    action_focus_composer = _done_by(lambda page: page.chat_focus.to_composer)
    action_focus_transcript = _done_by(lambda page: page.chat_focus.to_transcript)
    action_focus_sources = _done_by(lambda page: page.chat_focus.to_sources_and_back)
    action_again = _done_by(lambda page: page.turns.again)
    action_anyway = _done_by(lambda page: page.turns.answer_anyway)
    action_ignore_found = _done_by(lambda page: page.turns.ignore_filters)
    action_forget_papers = _done_by(lambda page: page.turns.forget_papers)
    action_clear_filters = _done_by(lambda page: page.options.clear_filters)
    action_next_check = _done_by(lambda page: page.options.next_check)
    action_next_citation = _done_by(lambda page: page.citations.choose_next)
    action_previous_citation = _done_by(lambda page: page.citations.choose_previous)
    action_open_paper = _done_by(lambda page: page.citations.open_paper)
    action_open_link = _done_by(lambda page: page.citations.open_link)
    action_copy_link = _done_by(lambda page: page.citations.copy_link)
    action_copy_answer = _done_by(lambda page: page.citations.copy_answer)
    action_copy_citation = _done_by(lambda page: page.citations.copy_citation)

    def compose_page(self) -> Iterable[Widget]:
        """Transcript and input on the left, sources on the right, the status below."""
        with Horizontal(id="body"):
            with Vertical(id="talk"):
                yield Welcome()
                yield self._transcript
                yield self._citation_bar
                yield self._notice
                yield self._completions
                yield self._composer
            yield self._sources
        yield self._status_line

    def on_mount(self) -> None:
        """Begin at the input."""
        self.question_input.begin()
        self._composer.focus()
        self.options.show_writer()
        self._count_papers()

    def on_screen_resume(self) -> None:
        """The filters, the model or the papers may have been changed on another page, or by another process."""
        self.options.show_writer()
        self._count_papers()

    def papers_changed(self) -> None:
        """Count the papers again."""
        self._count_papers()

    # What other pages ask for

    async def ask_about(self, papers: Sequence[StoredPaper]) -> None:
        """Answer the next question from just these papers."""
        self.options.ask_about(papers, f"{self.keys_of('chat.forget_papers')} forgets them.")
        self.chat_focus.to_composer()

    async def open_conversation(self, conversation_id: int) -> None:
        """Open a kept conversation in place of the one that is here; if it is that one it goes on as it is."""
        conversation = self.turns.conversation
        if conversation is not None and conversation.conversation_id == conversation_id:
            self.workers.cancel_group(self, "conversation")
            self.chat_focus.to_composer()
            return
        self.turns.stop()
        self._load(conversation_id, self.turns.turn_worker)

    @work(exit_on_error=False, group="conversation", exclusive=True)
    async def _load(self, conversation_id: int, former: TurnWorker | None) -> None:
        library = await self.session.library()
        if former is not None:
            await former.rest()
        try:
            talk = await asyncio.to_thread(ChatSession, library, conversation_id)
        except AssistantError as error:
            self.post_message(InputFailed(error))
        else:
            self.post_message(_ConversationOpened(talk))

    @on(_ConversationOpened)
    async def _conversation_opened(self, event: _ConversationOpened) -> None:
        asked_meanwhile = self.turns.typed
        self.turns.stop()
        await self._open(event.talk)
        self.give_back(asked_meanwhile)
        self.turns.show_last_turn()

    async def action_new(self) -> None:
        """Begin a new conversation; the one before is kept."""
        self.workers.cancel_group(self, "conversation")
        self.turns.stop()
        await self._open(None)

    async def _open(self, talk: ChatSession | None) -> None:
        self.remove_class("-sources")
        await self.turns.open(talk)
        self.chat_focus.to_composer()

    # What is typed, and its keys

    def give_back(self, typed: str) -> None:
        """Put a question back unless something else is typed by now."""
        self.question_input.give_back(typed)

    @on(InputFailed)
    def _input_failed(self, event: InputFailed) -> None:
        self.question_input.show_failure(event)

    @work(exit_on_error=False, group="command")
    async def in_background(self, make: Callable[[], Awaitable[Message]], typed: str = "") -> None:
        """Do something that takes a while; what comes of it is posted."""
        try:
            self.post_message(await make())
        except AssistantError as error:
            self.post_message(InputFailed(error, typed))

    @on(OptionReady)
    def _option_ready(self, event: OptionReady) -> None:
        self.options.set(event.option, event.text)
        self.host.refresh_writer()
        self.options.show_writer()

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        self._notice.show_remark(f"The conversation is in {event.path}.")

    @on(Composer.CompletionRequested)
    def _complete(self, event: Composer.CompletionRequested) -> None:
        self.workers.cancel_group(self, "completion")
        if event.request is None:
            self._completions.close()
        elif event.request.kind is CompletionKind.PAPER:
            self._find_mentions(event.request)
        else:
            self._completions.offer(command_line_offers(event.request, self), event.request)

    @work(exit_on_error=False, group="completion", exclusive=True)
    async def _find_mentions(self, request: CompletionRequest) -> None:
        self.post_message(_MentionsFound(await mention_offers(await self.session.library(), request.word), request))

    @on(_MentionsFound)
    def _mentions_found(self, event: _MentionsFound) -> None:
        self._completions.offer(event.offers, event.request)

    @on(Completions.Chosen)
    def _completion_chosen(self, event: Completions.Chosen) -> None:
        self._composer.accept(event.offer.text)
        self._composer.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter and its like are the input's while it has the focus."""
        if action in {"send", "newline", "afresh"}:
            return self.is_mounted and self._composer.has_focus
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop writing; with nothing to stop go from the sources to the text, from the text to the input."""
        if self.turns.writing:
            self.turns.stop()
        elif not self.chat_focus.step_back():
            self._notice.clear_notice()

    # Turns

    def run_turn(self, write: Callable[[], Awaitable[None]]) -> Worker[None]:
        """Have a turn written in the background."""
        return self.run_worker(cast("WorkType[None]", write), group="writing", exit_on_error=False)

    @on(TurnMessage)
    async def _turn_goes_on(self, event: TurnMessage) -> None:
        await self.turns.take(event)

    def writing_changed(self, *, writing: bool) -> None:
        """An answer begins, or none is written any more: its time runs, and Escape means something else."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_interval(_STATUS_SECONDS, self.turns.show_time) if writing else None
        self.refresh_bindings()

    def show_conversation(self, *, empty: bool) -> None:
        """The transcript, or the welcome."""
        self.set_class(not empty, "-talking")

    # Citations and sources

    @on(Transcript.CitationChosen)
    def _citation_chosen(self, event: Transcript.CitationChosen) -> None:
        self.citations.show(event.placed, jump=event.jump)

    @on(Transcript.SourceWanted)
    def _source_wanted(self, event: Transcript.SourceWanted) -> None:
        self.citations.go_to_source(event.number)

    @on(CitationBar.Clicked)
    def _citation_bar_clicked(self) -> None:
        self.citations.go_to_chosen_source()

    @on(SourceList.Back)
    def _back(self) -> None:
        self.chat_focus.leave_sources()

    # Welcome

    @work(exit_on_error=False, group="welcome", exclusive=True)
    async def _count_papers(self) -> None:
        library = await self.session.library()
        papers = (await asyncio.to_thread(library.stats)).papers
        rows = await asyncio.to_thread(library.browsing.recent, _EXAMPLE_PAPERS)
        self.post_message(_PapersCounted(papers, rows, ()))
        if rows:
            self.post_message(_PapersCounted(papers, rows, await answerable_examples(self.session, rows)))

    @on(_PapersCounted)
    def _papers_counted(self, event: _PapersCounted) -> None:
        newest = event.rows[0].day if event.rows else None
        self.query_one(Welcome).show(event.papers, newest, event.examples, self.turns.first_steps())

    @on(Welcome.ExampleChosen)
    async def _example_chosen(self, event: Welcome.ExampleChosen) -> None:
        self.chat_focus.to_composer()
        await self.question_input.ask_example(event.question)
