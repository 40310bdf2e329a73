"""What every page is: a screen with the bar of pages above, its own content, and the footer of its actions below."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer
from textual.worker import Worker

from assistant.tui.actions import ACTIONS
from assistant.tui.ports import Host
from assistant.tui.session import Session
from assistant.tui.widgets.title_bar import TitleBar


class Page(Screen[None]):
    """A page of the application; subclasses name their scope in the registry and compose their content."""

    SCOPE: ClassVar[str]
    """The page's name: the scope of its actions."""

    def compose(self) -> ComposeResult:
        """The bar, the content, the footer."""
        yield TitleBar(self.SCOPE)
        yield from self.compose_page()
        yield Footer(show_command_palette=False)

    @abstractmethod
    def compose_page(self) -> Iterable[Widget]:
        """The page's own widgets."""

    @property
    def host(self) -> Host:
        """The application, as far as pages know it."""
        return cast("Host", self.app)

    @property
    def session(self) -> Session:
        """What the pages share."""
        return self.host.session

    def keys_of(self, name: str) -> str:
        """The keys of an action ("chat.stop") as they are shown, the reader's own in place of the usual ones."""
        scope = name.partition(".")[0]
        return next(self.host.keys_of(action) for action in ACTIONS[scope] if action.name == name)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Hand failures of background work to the application: Textual 8 does not let this message bubble."""
        self.host.on_worker_state_changed(event)

    def papers_changed(self) -> None:
        """The library got new papers or counts; pages that show some load them again."""

    def marks_changed(self, paper_ids: Sequence[str]) -> None:
        """Papers were starred, read or noted on some page, perhaps this one; pages that show marks renew them."""
