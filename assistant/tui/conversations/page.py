"""The page `conversations`: what was asked before, to be searched, read, renamed, exported, deleted and resumed."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from assistant.answering import Conversation
from assistant.errors import AssistantError
from assistant.export import Exportable, ExportFormat, format_named
from assistant.library import ConversationRow
from assistant.services import delete_conversation, list_conversations, load_conversation, rename_conversation
from assistant.tui import messages
from assistant.tui.actions import ACTIONS, bindings_of
from assistant.tui.conversations.dialogs import ConfirmDialog, LineDialog
from assistant.tui.conversations.listing import ConversationList, Entry, Preview, entry_of
from assistant.tui.exporting import export_conversation, proposed_name
from assistant.tui.page import Page
from assistant.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from assistant.library import Library

_NONE_YET = "No conversations yet.\n\nWhat you ask in the chat is kept here: to be searched, resumed and exported."


class SearchLine(Input):
    """The search; up and down move in the list meanwhile."""

    BINDINGS = [
        Binding("down", "screen.move(1)", show=False),
        Binding("up", "screen.move(-1)", show=False),
        Binding("escape", "screen.leave_search", show=False),
    ]


@dataclass
class _EntriesRead(Message):
    entries: tuple[Entry, ...]
    search: str


@dataclass
class _PreviewRead(Message):
    conversation: Conversation


@dataclass
class _Changed(Message):
    """A conversation was renamed or deleted."""


@dataclass
class _Exported(Message):
    file: Path


class ConversationsPage(Page):
    """The kept conversations, newest first, with a preview where there is room."""

    SCOPE = "conversations"
    BINDINGS = bindings_of(ACTIONS["conversations"])
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    AUTO_FOCUS = "ConversationList"
    DEFAULT_CSS = """
    ConversationsPage #kept { width: 1fr; }
    ConversationsPage.-wide #kept { max-width: 84; }
    ConversationsPage SearchLine {
        border: none; height: 1; padding: 0 1; margin-bottom: 1; background: $panel;
        &:focus { border: none; }
    }
    ConversationsPage #none { display: none; padding: 2 4; color: $text-muted; height: 1fr; }
    ConversationsPage.-empty #none { display: block; }
    ConversationsPage.-empty ConversationList { display: none; }
    ConversationsPage Preview { width: 1fr; }
    ConversationsPage.-narrow Preview { display: none; }
    """

    def compose_page(self) -> Iterable[Widget]:
        """Search and list on the left, the preview on the right."""
        yield Notice()
        with Horizontal():
            with Vertical(id="kept"):
                yield SearchLine(placeholder="Search in titles, questions and answers", select_on_focus=False)
                yield ConversationList()
                yield Static(id="none", markup=False)
            yield Preview()

    def on_screen_resume(self) -> None:
        """Read the list each time the page is shown: the chat may have added to it."""
        self._refresh_entries()

    # The list

    @on(Input.Changed, "SearchLine")
    @on(_Changed)
    def _refresh_entries(self) -> None:
        self._read_entries(self.query_one(SearchLine).value.strip())

    @work(exclusive=True, group="conversations", exit_on_error=False)
    async def _read_entries(self, search: str) -> None:
        library = await self.session.library()
        rows = await asyncio.to_thread(list_conversations, library, search)
        writing = self.session.writing_conversation
        self.post_message(_EntriesRead(tuple(entry_of(row, writing) for row in rows), search))

    @on(_EntriesRead)
    async def _show_entries(self, event: _EntriesRead) -> None:
        self.query_one(ConversationList).show(event.entries)
        self.query_one("#none", Static).update(
            Content(f"Nothing with “{event.search}”." if event.search else _NONE_YET)
        )
        self.set_class(not event.entries, "-empty")
        if not event.entries:
            await self.query_one(Preview).show(None)

    @on(OptionList.OptionHighlighted)
    def _preview(self) -> None:
        row = self.query_one(ConversationList).current
        if row is not None:
            self._read_preview(row.conversation_id)

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _read_preview(self, conversation_id: int) -> None:
        library = await self.session.library()
        try:
            conversation = await asyncio.to_thread(load_conversation, library, conversation_id)
        except AssistantError as error:
            self.post_message(messages.Failed(error))
        else:
            self.post_message(_PreviewRead(conversation))

    @on(_PreviewRead)
    async def _show_preview(self, event: _PreviewRead) -> None:
        writing = event.conversation.conversation_id == self.session.writing_conversation
        await self.query_one(Preview).show(event.conversation, writing=writing)

    @on(messages.Failed)
    def _failed(self, event: messages.Failed) -> None:
        event.stop()
        self.query_one(Notice).show_error(event.error)

    # Moving and searching

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_one(SearchLine).focus()

    def action_leave_search(self) -> None:
        """Forget the search and go back to the list."""
        self.query_one(SearchLine).value = ""
        self.query_one(ConversationList).focus()

    def action_move(self, lines: int) -> None:
        """Move the cursor of the list while a search is typed."""
        listing = self.query_one(ConversationList)
        if lines > 0:
            listing.action_cursor_down()
        else:
            listing.action_cursor_up()

    # What can be done with a conversation

    @on(Input.Submitted, "SearchLine")
    def action_open(self) -> None:
        """Go on with the conversation under the cursor."""
        if row := self._current():
            self.post_message(messages.OpenConversation(row.conversation_id))

    @on(ConversationList.Opened)
    def _open(self, event: ConversationList.Opened) -> None:
        self.post_message(messages.OpenConversation(event.conversation_id))

    def action_rename(self) -> None:
        """Ask for another title."""
        if row := self._current():
            number = row.conversation_id

            def rename(title: str | None) -> None:
                if title and title != row.title:
                    self._change(lambda library: rename_conversation(library, number, title))

            self.app.push_screen(LineDialog("Title of the conversation", row.title), rename)

    def action_delete(self) -> None:
        """Ask, then delete."""
        if row := self._current():
            number = row.conversation_id

            def delete(sure: bool | None) -> None:
                if sure:
                    self._change(lambda library: delete_conversation(library, number))

            turns = "its one turn" if row.turns == 1 else f"its {row.turns} turns"
            title = " ".join(row.title.split())[:200]
            self.app.push_screen(
                ConfirmDialog(f"Delete “{title}”?", f"It goes with {turns} and cannot be had back.", "Delete", "Keep"),
                delete,
            )

    def _current(self) -> ConversationRow | None:
        self.query_one(Notice).clear_notice()
        return self.query_one(ConversationList).current

    @work(group="change", exit_on_error=False)
    async def _change(self, change: "Callable[[Library], None]") -> None:
        library = await self.session.library()
        try:
            await asyncio.to_thread(change, library)
        except AssistantError as error:
            self.post_message(messages.Failed(error))
        self.post_message(_Changed())

    # Exports

    def action_export_markdown(self) -> None:
        """Write the conversation to a Markdown file."""
        self._ask_for_file("Markdown", format_named(Exportable.CONVERSATION, "md"))

    def action_export_json(self) -> None:
        """Write the conversation to a JSON file."""
        self._ask_for_file("JSON", format_named(Exportable.CONVERSATION, "json"))

    def _ask_for_file(self, kind: str, form: ExportFormat) -> None:
        if row := self._current():
            number, name = row.conversation_id, proposed_name(row.title, form.suffix)

            def export(target: str | None) -> None:
                if target:
                    self._export(number, form, Path(target))

            hint = "A folder or a file. A file that is there is kept: the new one gets a number."
            self.app.push_screen(LineDialog(f"Export as {kind} to", str(Path.cwd() / name), hint), export)

    @work(group="export", exit_on_error=False)
    async def _export(self, number: int, form: ExportFormat, target: Path) -> None:
        library = await self.session.library()
        try:
            file = await asyncio.to_thread(
                lambda: export_conversation(load_conversation(library, number), form, target)
            )
        except AssistantError as error:
            self.post_message(messages.Failed(error))
        else:
            self.post_message(_Exported(file))

    @on(_Exported)
    def _say_where(self, event: _Exported) -> None:
        self.notify(str(event.file), title="Exported", markup=False)
