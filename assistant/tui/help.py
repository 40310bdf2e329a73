"""The help screen: every action with the keys that hold now, the page that is open first, and every slash command."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from assistant.tui.actions import ACTIONS, Action
from assistant.tui.chat.commands import COMMANDS

_KEYS_EVERYWHERE = (
    ("Tab", "Go to the next part of the page; Shift+Tab goes back"),
    ("↑ ↓ PgUp PgDn", "Move in a list, scroll a text"),
    ("Enter", "Open or choose what is under the cursor; a double click does it too"),
    ("Esc", "Close a dialog, stop what is being written"),
)
_OWN_KEYS = 'Under [keys] in the configuration, by the names above: "app.sync" = "f5".'


class HelpScreen(ModalScreen[None]):
    """Every key and what it does, narrowed by what is typed; Escape closes it.

    ``keys`` are the keys to show for each action's name: the reader's own where there are some.
    """

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 94%; max-width: 104; height: 92%; background: $surface; border: round $primary; padding: 0 1;
        border-title-color: $primary;
    }
    HelpScreen Input {
        border: none; height: 1; padding: 0 1; margin-bottom: 1; background: $panel;
        &:focus { border: none; }
    }
    HelpScreen VerticalScroll { padding: 0 1; }
    HelpScreen .-scope { height: 1; color: $primary; text-style: bold; }
    HelpScreen .-group { height: auto; margin-bottom: 1; }
    """
    BINDINGS = [
        Binding("escape", "dismiss", "Close"),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(12)", show=False),
        Binding("pageup", "scroll(-12)", show=False),
    ]

    def __init__(self, scope: str, keys: dict[str, str]) -> None:
        super().__init__()
        self._keys = keys
        others = (name for name in ACTIONS if name not in {scope, "app"})
        self._scopes = [name for name in dict.fromkeys((scope, "app", *others)) if ACTIONS[name]]

    def compose(self) -> ComposeResult:
        """A line to type in, and one block a scope."""
        with Vertical() as frame:
            frame.border_title = "Keys and actions"
            frame.border_subtitle = "Esc closes"
            yield Input(placeholder="Type to narrow: a key, a word, a name")
            with VerticalScroll(can_focus=False):
                for scope in self._scopes:
                    yield from _block(scope, "Everywhere" if scope == "app" else scope.capitalize(), _table(()))
                yield from _block("commands", "Commands, typed in the chat", _table(()))
                yield from _block("general", "Lists and dialogs", _table(_KEYS_EVERYWHERE))
                yield from _block("own", "Keys of your own", Text(_OWN_KEYS))

    def on_mount(self) -> None:
        """Show everything."""
        self._fill("")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        for scope in self._scopes:
            self._fill_block(scope, [self._row(action) for action in ACTIONS[scope] if self._fits(action, words)])
        commands = [(f"/{command.name} {command.arguments}", command.meaning) for command in COMMANDS]
        self._fill_block("commands", [row for row in commands if _has(" ".join(row), words)])
        for extra in ("general", "own"):
            self._show_block(extra, visible=not words)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _fill_block(self, name: str, rows: Sequence[tuple[str, ...]]) -> None:
        self.query_one(f"#help-{name}", Static).update(_table(rows))
        self._show_block(name, visible=bool(rows))

    def _show_block(self, name: str, *, visible: bool) -> None:
        for part in self.query(f".-block-{name}"):
            part.display = visible

    def _fits(self, action: Action, words: list[str]) -> bool:
        return _has(" ".join((action.name, action.label, action.meaning, self._keys.get(action.name, ""))), words)

    def _row(self, action: Action) -> tuple[str, str, str]:
        return self._keys.get(action.name, ""), action.meaning, action.name

    def action_scroll(self, lines: int) -> None:
        """Scroll while the cursor stays where one types."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _has(text: str, words: Iterable[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _block(name: str, title: str, content: Table | Text) -> Iterable[Static]:
    yield Static(title, classes=f"-scope -block-{name}", markup=False)
    yield Static(content, classes=f"-group -block-{name}", id=f"help-{name}", markup=False)


def _table(rows: Iterable[tuple[str, ...]]) -> Table:
    """Lines of key, meaning, and the name that the configuration knows."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=10)
    table.add_column()
    for key, meaning, *name in rows:
        table.add_row(Text(key, style="bold"), Text.assemble(meaning, *((f"  {part}", "dim") for part in name)))
    return table
