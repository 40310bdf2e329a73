"""The head of the digest page: the period with ways to the ones beside it, and what must be said about its texts."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from assistant.tui.widgets.action_link import ActionWord


class DigestHead(Widget):
    """One line with the period, one with the profile where there are some, one when papers are of the sample feed.

    ``keys`` are shown beside what they do, by the method of their action.
    """

    DEFAULT_CSS = """
    DigestHead { height: auto; padding: 0 1 0 0; }
    DigestHead > Horizontal { height: 1; }
    DigestHead ActionWord { padding: 0 1; color: $secondary; }
    DigestHead .-period { width: auto; max-width: 1fr; height: 1; text-style: bold; }
    DigestHead .-fill { width: 1fr; height: 1; }
    DigestHead > .-for { display: none; }
    DigestHead .-profile { width: 1fr; height: 1; padding: 0 0 0 3; color: $text-muted; text-overflow: ellipsis; }
    DigestHead > .-remark { height: auto; padding: 0 3; color: $text-muted; display: none; }
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Ways back and forth around the period; the lengths on the right."""
        with Horizontal():
            yield ActionWord(f"◀ {self._keys['previous']}", "screen.previous", tooltip="Earlier")
            yield Static("", classes="-period", markup=False)
            yield ActionWord(f"{self._keys['next']} ▶", "screen.next", tooltip="Later")
            yield Static("", classes="-fill")
            for length in ("day", "week", "month"):
                yield ActionWord(f"{self._keys[length]} {length}", f"screen.{length}", tooltip=f"The {length} here")
            yield ActionWord(
                f"{self._keys['choose']} other…", "screen.choose", tooltip="Choose a day, a week or a month"
            )
        with Horizontal(classes="-for"):
            yield Static("", classes="-profile", markup=False)
            yield ActionWord(
                f"{self._keys['next_profile']} other profile",
                "screen.next_profile",
                tooltip="Papers for another profile",
            )
        yield Static("", classes="-remark", markup=False)

    def show_profile(self, text: str) -> None:
        """Say for whom the papers are chosen; the line is hidden when the text is empty."""
        self.query_one(".-profile", Static).update(Content(text))
        self.query_one(".-for").display = bool(text)

    def show(self, title: str, remark: str = "") -> None:
        """Show a period; the remark is hidden when it is empty."""
        self.query_one(".-period", Static).update(Content(title))
        remarked = self.query_one(".-remark", Static)
        remarked.update(Content(remark))
        remarked.display = bool(remark)
