"""What becomes of what is typed: a question is asked, a command is done, a name is completed; and the focus."""

from dataclasses import dataclass
from typing import Protocol

from textual.message import Message
from textual.widget import Widget

from assistant.errors import AssistantError
from assistant.tui.chat.commands import CommandContext, export, is_command, parse_command
from assistant.tui.chat.completion import Completions
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.transcript import Transcript
from assistant.tui.ui_state import UiState
from assistant.tui.widgets.notice import Notice


@dataclass
class InputFailed(Message):
    """What was typed could not be done; it goes back to the input, unless something else is there by now."""

    error: AssistantError
    typed: str = ""


class InputPage(CommandContext, Protocol):
    """The page, as far as the input needs it."""

    def keys_of(self, name: str) -> str:
        """The keys of an action ("chat.stop") as they are shown."""
        ...


class QuestionInput:
    """Works on the composer and its list of completions; ``remembered`` has what was sent before."""

    def __init__(
        self, page: InputPage, composer: Composer, completions: Completions, notice: Notice, remembered: UiState
    ) -> None:
        self._page = page
        self._composer = composer
        self._completions = completions
        self._notice = notice
        self._remembered = remembered

    def begin(self) -> None:
        """Let up and down walk through what was sent before."""
        self._composer.remember(self._remembered.history)

    async def send(self, *, afresh: bool = False) -> None:
        """Ask or do what is typed; a completion that is marked is taken instead. ``afresh`` searches in any case."""
        composer = self._composer
        if composer.can_complete and not self._typed_in_full():
            composer.action_complete()
            return
        if not composer.text.strip():
            return
        if self._page.turns.writing and not is_command(composer.text):
            remedy = f"{self._page.keys_of('chat.stop')} stops it; the question stays here until then."
            self._notice.show_remark("An answer is being written.", remedy)
            return
        text = composer.take()
        self._note(text)
        self._notice.clear_notice()
        if is_command(text):
            await self._do_command(text)
        else:
            await self._page.turns.ask(text, afresh=afresh)

    async def ask_afresh(self) -> None:
        """Ask what is typed with a new search."""
        await self.send(afresh=True)

    async def ask_example(self, question: str) -> None:
        """Ask a question that was not typed, but may be asked again like one."""
        self._note(question)
        await self._page.turns.ask(question)

    async def export(self) -> None:
        """Write the conversation to a file, as the command does it without arguments."""
        try:
            await export(self._page, "")
        except AssistantError as error:
            self._page.post_message(InputFailed(error))

    def begin_line(self) -> None:
        """Begin a new line."""
        self._composer.insert("\n")

    def give_back(self, typed: str) -> None:
        """Put a question back unless something else is typed by now."""
        if typed and not self._composer.text.strip():
            self._composer.put(typed)

    def show_failure(self, failed: InputFailed) -> None:
        """Show what could not be done, and give back what was typed."""
        self._notice.show_error(failed.error)
        self.give_back(failed.typed)

    def _note(self, text: str) -> None:
        self._remembered.add_to_history(text)
        self._composer.remember(self._remembered.history)

    def _typed_in_full(self) -> bool:
        """Whether the marked completion is what stands there already."""
        marked = self._completions.marked
        return marked is not None and self._composer.text.strip() == marked.text.strip()

    async def _do_command(self, text: str) -> None:
        try:
            command, arguments = parse_command(text)
            await command.handler(self._page, arguments)
        except AssistantError as error:
            self._page.post_message(InputFailed(error, text))


class ChatFocus:
    """Moves the cursor between the parts of the page; with little room the class ``-sources`` shows these alone."""

    def __init__(self, page: Widget, composer: Composer, transcript: Transcript, sources: SourcesPanel) -> None:
        self._page = page
        self._composer = composer
        self._transcript = transcript
        self._sources = sources

    def to_composer(self) -> None:
        """Go to the input."""
        self._page.remove_class("-sources")
        self._composer.focus()

    def to_transcript(self) -> None:
        """Go to the text and choose a citation when none is chosen."""
        self._page.remove_class("-sources")
        self._transcript.focus()
        if self._transcript.current_stop is None:
            self._transcript.step(1)

    def to_sources_and_back(self) -> None:
        """Go to the sources, and back from there."""
        if self._source_list.has_focus:
            self.leave_sources()
        else:
            self.to_sources()

    def to_sources(self) -> None:
        """Go to the sources."""
        self._page.add_class("-sources")
        self._source_list.focus()

    def leave_sources(self) -> None:
        """Go from the sources to the text, or to the input while there is none."""
        self._page.remove_class("-sources")
        (self._transcript if self._transcript.views else self._composer).focus()

    def step_back(self) -> bool:
        """Go from the sources to the text, from the text to the input; False when it was there already."""
        if self._page.has_class("-sources") or self._source_list.has_focus:
            self.leave_sources()
        elif self._transcript.has_focus:
            self._transcript.choose(None)
            self.to_composer()
        else:
            self.to_composer()
            return False
        return True

    @property
    def _source_list(self) -> SourceList:
        return self._sources.query_one(SourceList)
