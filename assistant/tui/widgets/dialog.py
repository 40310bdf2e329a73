"""The base of dialogs, which keeps what was typed whatever way it is left, and the dialog for the file of an export."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Input, Static

from assistant.errors import AssistantError
from assistant.export import Exportable, described_suffixes
from assistant.tui.widgets.notice import Notice


class Dialog(ModalScreen[ScreenResultType | None], Generic[ScreenResultType]):
    """A question above a page, answered with a value, or with None when it is left.

    Escape leaves it, and so does the application when it shows something else in its place or ends.
    """

    BINDINGS = [Binding("escape", "leave", "Close", priority=True)]

    def leave(self) -> None:
        """Close without an answer, or with what was typed where that is to be kept. It must be the open screen."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Leave it by a key."""
        self.leave()


class ExportDialog(Dialog[Path]):
    """Name a file, written with Enter; returns its path, or None.

    The dialog says which suffixes the ``exportable`` has. ``write`` gets the name as it was typed and returns the file,
    in a thread; what it raises is shown, and another name can be given. Closing the dialog does not stop the writing.
    """

    DEFAULT_CSS = """
    ExportDialog { align: center middle; }
    ExportDialog > Vertical {
        width: 90%; max-width: 64; height: auto; background: $surface; border: round $primary; padding: 0 1;
    }
    ExportDialog .-forms { color: $text-muted; }
    """

    def __init__(self, what: str, name: str, exportable: Exportable, write: Callable[[str], Path]) -> None:
        super().__init__()
        self._what = what
        self._name_at_first = name
        self._suffixes = described_suffixes(exportable)
        self._write = write
        self._writing = False

    def compose(self) -> ComposeResult:
        """The name and the forms it chooses."""
        with Vertical() as box:
            box.border_title = Content(f"Export {self._what}")
            box.border_subtitle = "Enter writes the file, Esc closes"
            yield Input(self._name_at_first, compact=True, id="file")
            yield Static(self._suffixes, classes="-forms", markup=False)
            yield Notice()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._writing:
            self._writing = True
            self.query_one(Notice).show_remark("Writing …")
            self.app.run_worker(self._export(event.value), exit_on_error=False)

    async def _export(self, name: str) -> None:
        """Write the file, which takes seconds for a PDF; who has closed the dialog meanwhile is told all the same."""
        try:
            file = await asyncio.to_thread(self._write, name)
        except AssistantError as error:
            if self.app.screen is self:
                self.query_one(Notice).show_error(error)
            else:
                self.app.notify(f"{error.message}\n{error.remedy}", severity="error", markup=False)
        else:
            if self.app.screen is self:
                self.dismiss(file)
            else:
                self.app.notify(str(file), title="Exported", markup=False)
        finally:
            self._writing = False
