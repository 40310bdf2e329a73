"""The line below the transcript: the citation that is chosen, its source, its evidence."""

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from assistant.tui.chat.citations import PlacedCitation

_LONGEST_TITLE = 34
"""Characters: in a narrow window the evidence says more than the end of the title."""


class CitationBar(Static):
    """One citation in one line; hidden while none is chosen, a click goes to its source."""

    DEFAULT_CSS = """
    CitationBar {
        height: 1; display: none; background: $panel; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    CitationBar.-shown { display: block; }
    """

    class Clicked(Message):
        """The reader wants to see the source."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, placed: PlacedCitation | None) -> None:
        """Show a citation; None hides the line."""
        self.set_class(placed is not None, "-shown")
        if placed is not None:
            self.update(citation_line(placed))

    def on_click(self, event: Click) -> None:
        """Go to the source."""
        event.stop()
        self.post_message(self.Clicked())


def citation_line(placed: PlacedCitation) -> Content:
    """``citation 3 of 7 · [2] Title · “evidence”``."""
    evidence = (
        f"“{placed.citation.evidence.text}”" if placed.citation.evidence else "no single sentence stands behind it"
    )
    title = placed.source.paper.paper.title
    title = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
    return Content.assemble(
        (f"citation {placed.position} of {placed.total}", "bold $primary"),
        (f" · [{placed.source.number}] ", "bold"),
        title,
        (f" · {evidence}", "$text-muted"),
    )
