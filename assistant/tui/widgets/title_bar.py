"""The line above every page: the pages, where one is, and who writes."""

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

PAGES = {"chat": "Chat", "papers": "Papers", "digest": "Digest", "trends": "Trends", "conversations": "Conversations"}
"""Every page by its scope, in the order of the bar."""


class PageTab(Static):
    """One page's name; a click goes there. The current one stands in brackets, so that colour is not needed."""

    def __init__(self, scope: str, *, current: bool) -> None:
        name = PAGES[scope]
        super().__init__(Content(f"[{name}]" if current else f" {name} "), classes="-current" if current else "")
        self._scope = scope

    async def on_click(self, event: Click) -> None:
        """Go to the page."""
        event.stop()
        await self.run_action(f"app.show_page('{self._scope}')")


class TitleBar(Widget):
    """The bar; ``writer`` says which model writes and from where, ``activity`` what runs in the background."""

    DEFAULT_CSS = """
    TitleBar { height: 1; layout: horizontal; background: $panel; padding: 0 1; }
    TitleBar PageTab { width: auto; height: 1; color: $text-muted; }
    TitleBar PageTab:hover { background: $surface-lighten-2; }
    TitleBar PageTab.-current { color: $primary; text-style: bold; }
    TitleBar .-fill { width: 1fr; }
    TitleBar .-activity { width: auto; max-width: 50%; height: 1; color: $secondary; padding: 0 1; }
    TitleBar .-writer { width: auto; max-width: 40%; height: 1; color: $text-muted; }
    """

    writer: reactive[str] = reactive("", init=False)
    activity: reactive[str] = reactive("", init=False)

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._scope = scope

    def compose(self) -> ComposeResult:
        """Tabs on the left, the writer on the right."""
        for scope in PAGES:
            yield PageTab(scope, current=scope == self._scope)
        yield Static("", classes="-fill")
        yield Static("", classes="-activity", markup=False)
        yield Static("", classes="-writer", markup=False)

    def watch_writer(self, writer: str) -> None:
        """Show who writes."""
        self.query_one(".-writer", Static).update(Content(writer))

    def watch_activity(self, activity: str) -> None:
        """Show what runs."""
        self.query_one(".-activity", Static).update(Content(activity))
