"""The two lines above the list: which period is browsed in which order, and the filter that is typed."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from assistant.library import RowOrder
from assistant.periods import PeriodKind
from assistant.text import counted
from assistant.tui.papers.row_query import BrowsePeriod, RowQuery
from assistant.tui.widgets.action_link import ActionWord
from assistant.tui.widgets.key_ordering import do_in_order

_KINDS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.ALL)
_ORDERS = {
    RowOrder.NEWEST: "newest first",
    RowOrder.UPVOTES: "by upvotes",
    RowOrder.COMMENTS: "by comments",
    RowOrder.TITLE: "by title",
}


class BrowseBar(Widget):
    """The period with its neighbours, how long periods are, the order, and what is left out."""

    DEFAULT_CSS = """
    BrowseBar { height: 1; layout: horizontal; padding: 0 1; background: $surface; }
    BrowseBar #period {
        color: $foreground; text-style: bold; max-width: 50%; text-wrap: nowrap; text-overflow: ellipsis;
    }
    BrowseBar .-fill { width: 1fr; }
    BrowseBar #order, BrowseBar #mark { color: $secondary; margin-left: 1; }
    """

    def compose(self) -> ComposeResult:
        """One line of words to click."""
        yield ActionWord(" ‹ ", "screen.step(-1)", id="previous")
        yield ActionWord("", "screen.go_to_period", id="period")
        yield ActionWord(" › ", "screen.step(1)", id="next")
        for kind in _KINDS:
            yield ActionWord(f" {kind.value} ", f"screen.browse('{kind.value}')", id=f"span-{kind.value}")
        yield Static("", classes="-fill")
        yield ActionWord("", "screen.next_order", id="order")
        yield ActionWord("", "screen.next_mark", id="mark")

    def show(self, row_query: RowQuery, period: BrowsePeriod, papers: int) -> None:
        """Show what is listed now."""
        papers_text = "" if row_query.query.strip() else f" · {counted(papers, 'paper')}"
        self.query_one("#period", ActionWord).update(Content(f"{period.label}{papers_text}"))
        for kind in _KINDS:
            self.query_one(f"#span-{kind.value}", ActionWord).mark_current(kind is period.kind)
        order = "best first" if row_query.query.strip() else _ORDERS[row_query.order]
        self.query_one("#order", ActionWord).update(Content(f"↓ {order}"))
        self.query_one("#mark", ActionWord).update(Content(f"◇ {row_query.mark.value if row_query.mark else 'any'}"))


class FilterInput(Input):
    """Where the filter is typed; the cursor keys move in the list meanwhile, Enter goes there."""

    BINDINGS = [
        Binding("up", "pass_on('move', -1)", show=False),
        Binding("down", "pass_on('move', 1)", show=False),
        Binding("pageup", "pass_on('page', -1)", show=False),
        Binding("pagedown", "pass_on('page', 1)", show=False),
    ]

    class ListKey(Message):
        """A key that is meant for the list: ``action`` is `move` or `page`."""

        def __init__(self, action: str, step: int) -> None:
            super().__init__()
            self.action = action
            self.step = step

    async def _on_key(self, event: Key) -> None:
        await do_in_order(self, event)

    def action_pass_on(self, action: str, step: int) -> None:
        """Hand a key to the list."""
        self.post_message(self.ListKey(action, step))


class FilterLine(Horizontal):
    """The filter and, to its right, what it found and how many papers are selected."""

    DEFAULT_CSS = """
    FilterLine { height: 1; background: $surface; padding: 0 1; }
    FilterLine > Static.-sign { width: 2; color: $primary; }
    FilterLine > FilterInput { width: 1fr; background: $surface; }
    FilterLine > FilterInput:focus { background: $panel; }
    FilterLine > #status { width: auto; max-width: 50%; padding: 0 0 0 1; color: $text-muted; }
    """

    def compose(self) -> ComposeResult:
        """A slash, the input, the status."""
        yield Static("/", classes="-sign", markup=False)
        yield FilterInput(placeholder="filter by meaning and words", compact=True, id="filter", select_on_focus=False)
        yield Static("", id="status", markup=False)

    def show_status(self, text: str) -> None:
        """Say what was found."""
        self.query_one("#status", Static).update(Content(text))
