"""What a conversation came to: its last question and answer, beside the list."""

from typing import assert_never

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from assistant.answering.conversation import Conversation, Turn, TurnState


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
