"""An error or a remark shown where it happened, with its remedy; never a traceback."""

from textual.content import Content
from textual.widgets import Static

from assistant.errors import AssistantError


class Notice(Static):
    """A box with a message and what to do about it; hidden while it has nothing to say."""

    DEFAULT_CSS = """
    Notice { height: auto; padding: 0 1; display: none; }
    Notice.-error { display: block; border-left: thick $error; background: $error 12%; }
    Notice.-remark { display: block; border-left: thick $secondary; background: $secondary 10%; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__("", id=id, markup=False)

    def show_error(self, error: AssistantError) -> None:
        """Show what went wrong and its remedy."""
        self._show("-error", "✗ " + error.message, error.remedy)

    def show_remark(self, message: str, remedy: str | None = None) -> None:
        """Show something worth knowing."""
        self._show("-remark", message, remedy)

    def clear_notice(self) -> None:
        """Hide it."""
        self.remove_class("-error", "-remark")
        self.update("")

    def _show(self, kind: str, message: str, remedy: str | None) -> None:
        self.remove_class("-error", "-remark")
        self.add_class(kind)
        self.update(Content("\n").join([Content.styled(message, "bold"), Content(f"→ {remedy}")] if remedy else
                                       [Content.styled(message, "bold")]))  # fmt: skip
