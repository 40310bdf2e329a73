"""The list of kept conversations: what stands in a line, the widget, and the preview of the one that is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from assistant.answering import Conversation, Turn, TurnState
from assistant.library import ConversationRow
from assistant.tui.widgets.text_layout import cut

_UNFINISHED = {TurnState.WRITING.value, TurnState.INTERRUPTED.value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; ``interrupted`` when its last answer broke off with the program."""

    row: ConversationRow
    interrupted: bool = False

    @property
    def facts(self) -> str:
        """Day and time of the last turn where the reader is, and how many there are."""
        when = self.row.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        turns = "1 turn" if self.row.turns == 1 else f"{self.row.turns} turns"
        return " · ".join([when, turns, *(["⚠ interrupted"] if self.interrupted else [])])


def entry_of(row: ConversationRow, writing: int | None) -> Entry:
    """The line for a row; ``writing`` is the conversation that is being written: its last turn is no broken one."""
    return Entry(row, row.last_state in _UNFINISHED and row.conversation_id != writing)


class ConversationList(OptionList, inherit_bindings=False):
    """The conversations, two lines each; a click moves the cursor, a double click opens.

    Enter is the page's: its action opens the conversation, under whichever key it has.
    """

    BINDINGS = [binding for binding in OptionList.BINDINGS if isinstance(binding, Binding) and binding.key != "enter"]

    DEFAULT_CSS = """
    ConversationList {
        height: 1fr; border: none; padding: 0; background: $background; text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { border: none; }
    }
    ConversationList > .option-list--option { padding: 0 1; }
    """

    @dataclass
    class Opened(Message):
        """Enter or a double click on a conversation."""

        conversation_id: int

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, **options)
        self._entries: Sequence[Entry] = ()

    @property
    def current(self) -> ConversationRow | None:
        """The conversation under the cursor."""
        place = self.highlighted
        return self._entries[place].row if place is not None and place < len(self._entries) else None

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these; the cursor stays on its conversation, or near its place."""
        before, place = self.current, self.highlighted or 0
        self._entries = entries
        self._fill()
        ids = [entry.row.conversation_id for entry in entries]
        if before is not None and before.conversation_id in ids:
            place = ids.index(before.conversation_id)
        self.highlighted = min(place, len(ids) - 1) if ids else None

    def on_resize(self) -> None:
        """Cut the titles anew."""
        place = self.highlighted
        self._fill()
        self.highlighted = place

    def _fill(self) -> None:
        cells = max(self.scrollable_content_region.width - 3, 20)
        self.set_options([Option(_line(entry, cells)) for entry in self._entries])

    async def _on_click(self, event: Click) -> None:
        event.prevent_default()
        clicked = event.style.meta.get("option")
        if clicked is not None:
            self.highlighted = clicked
            if event.chain > 1:
                self.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say which conversation is to be opened."""
        event.stop()
        if self.current is not None:
            self.post_message(self.Opened(self.current.conversation_id))


def _line(entry: Entry, cells: int) -> Content:
    title = cut(" ".join(entry.row.title.split()) or "Untitled", cells).rstrip()
    return Content.assemble((title, "bold"), "\n", (entry.facts, "$text-warning" if entry.interrupted else "dim"))


class Preview(VerticalScroll):
    """The last turn of a conversation."""

    DEFAULT_CSS = """
    Preview { padding: 0 1; border-left: solid $panel; }
    Preview.-nothing { display: none; }
    Preview .-title { text-style: bold; color: $primary; height: auto; max-height: 3; margin-bottom: 1; }
    Preview .-question {
        height: auto; max-height: 12; border-left: thick $secondary; padding-left: 1; margin-bottom: 1;
    }
    Preview .-state { height: auto; color: $text-muted; }
    Preview Markdown { padding: 0; margin: 0; }
    """

    def compose(self) -> ComposeResult:
        """Empty at first."""
        yield Static(classes="-title", markup=False)
        yield Static(classes="-question", markup=False)
        yield Markdown(open_links=False)
        yield Static(classes="-state", markup=False)

    async def show(self, conversation: Conversation | None, *, writing: bool = False) -> None:
        """Show the last turn of a conversation, which may be ``writing`` just now; None shows nothing."""
        self.set_class(conversation is None, "-nothing")
        if conversation is None:
            return
        last = conversation.turns[-1] if conversation.turns else None
        title = self.query_one(".-title", Static)
        title.update(Content(" ".join(conversation.title.split())))
        title.display = last is None or conversation.title.rstrip("…") not in last.question
        question = self.query_one(".-question", Static)
        question.update(Content(last.question if last else ""))
        question.display = last is not None
        await self.query_one(Markdown).update(last.text if last else "")
        self.query_one(".-state", Static).update(Content(_state(last, writing) if last else "Nothing was asked yet."))
        self.scroll_home(animate=False)


def _state(turn: Turn, writing: bool) -> str:
    if writing:
        return "✎ Being written. Open it to read along."
    match turn.state:
        case TurnState.WRITING | TurnState.DONE:
            return ""
        case TurnState.STOPPED:
            return "Stopped by you."
        case TurnState.INTERRUPTED:
            return "⚠ Interrupted. Open it to have it written once more."
        case TurnState.FAILED:
            return f"✗ {turn.failure or 'It failed.'}"
        case _:
            assert_never(turn.state)
