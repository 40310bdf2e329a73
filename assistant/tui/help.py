"""The help screen: every action of the registry with the keys that hold now, the page that is open first."""

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from assistant.tui.actions import ACTIONS, Action


class HelpScreen(ModalScreen[None]):
    """Every key and what it does; Escape or F1 closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 90%; max-width: 92; height: 90%; background: $surface; border: round $primary; padding: 0 2;
    }
    HelpScreen .-scope { text-style: bold; color: $primary; margin-top: 1; }
    """
    BINDINGS = [Binding("escape,f1,q", "dismiss", "Close")]

    def __init__(self, scope: str, keys: dict[str, str]) -> None:
        super().__init__()
        self._scope = scope
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One block a scope."""
        scopes = [self._scope, "app", *(scope for scope in ACTIONS if scope not in {self._scope, "app"})]
        with VerticalScroll() as scroll:
            scroll.border_title = "Keys and actions"
            scroll.border_subtitle = "Esc closes · [keys] in the configuration changes them"
            for scope in scopes:
                if ACTIONS[scope]:
                    yield Static(scope.capitalize() if scope != "app" else "Everywhere", classes="-scope", markup=False)
                    yield Static(self._table(ACTIONS[scope]), markup=False)

    def _table(self, actions: tuple[Action, ...]) -> Text:
        keys = [self._keys.get(action.name, "") for action in actions]
        width = max(map(len, keys), default=0)
        lines = [f"{key:<{width}}  {action.meaning}" for key, action in zip(keys, actions, strict=True)]
        return Text("\n".join(lines))
