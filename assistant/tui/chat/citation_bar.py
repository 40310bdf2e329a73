"""The lines below the transcript: the citation that is chosen with its evidence, or why a sentence is marked."""

from typing import assert_never

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from assistant.answering import NumberedSource, reason_of, sign_of
from assistant.tui.chat.anchors import Placed, PlacedCitation, PlacedClose, PlacedMark

_LONGEST_TITLE = 34
"""Characters: in a narrow window the evidence says more than the end of the title."""


class CitationBar(Static):
    """What is chosen, a citation in one line, a reason in up to four; hidden while nothing is.

    A click goes to the source.
    """

    DEFAULT_CSS = """
    CitationBar {
        height: 1; display: none; background: $panel; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    CitationBar.-shown { display: block; }
    CitationBar.-reason { height: auto; max-height: 4; text-wrap: wrap; }
    """

    class Clicked(Message):
        """The reader wants to see the source."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, placed: Placed | None) -> None:
        """Show what is chosen; None hides the line."""
        self.set_class(placed is not None, "-shown")
        self.set_class(isinstance(placed, PlacedMark), "-reason")
        if placed is not None:
            self.update(placed_line(placed))

    def on_click(self, event: Click) -> None:
        """Go to the source."""
        event.stop()
        self.post_message(self.Clicked())


def placed_line(placed: Placed) -> Content:
    """What is chosen, in words: "citation 3 of 7 ~ · [2] Title · “evidence”", or a sentence's reason."""
    match placed:
        case PlacedCitation():
            return _citation_line(placed)
        case PlacedMark():
            wrote = placed.sentence.original
            reason = reason_of(placed.sentence, placed.place.sentence + 1)
            original = f" · the model wrote: “{wrote.strip()}”" if wrote else ""
            return Content.assemble((reason, "bold"), (original, "$text-muted"))
        case PlacedClose():
            return Content.assemble(
                ("close ", "bold $primary"), *_named(placed.source), (f" · {placed.why}", "$text-muted")
            )
        case _:
            assert_never(placed)


def _citation_line(placed: PlacedCitation) -> Content:
    evidence = " … ".join(span.text for span in placed.citation.spans)
    evidence_text = f"“{evidence}”" if evidence else "no single sentence stands behind it"
    sign = sign_of(placed.sentence)
    return Content.assemble(
        (f"citation {placed.position} of {placed.total}", "bold $primary"),
        (f" {sign}" if sign else "", "bold"),
        " · ",
        *_named(placed.source),
        (f" · {evidence_text}", "$text-muted"),
    )


def _named(source: NumberedSource) -> tuple[tuple[str, str], str]:
    title = source.paper.title
    cut = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
    return (f"[{source.number}] ", "bold"), cut
