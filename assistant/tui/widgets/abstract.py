"""One paper's title, facts and abstract, with the sentences marked that stand behind something."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from assistant.library import StoredPaper
from assistant.sentences import Sentence
from assistant.tui.widgets.text_layout import cut

_LONGEST_LINE_CELLS = 400
"""The abstract is to stay in view below any title."""
_OPENING, _CLOSING = "«", "»"
_EVIDENCE_STYLE = "on $primary 25%"


class AbstractView(VerticalScroll):
    """A paper as its sources tell it; evidence stands between « and » and is scrolled into view."""

    DEFAULT_CSS = """
    AbstractView { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    AbstractView > Static { width: 1fr; height: auto; padding-right: 1; }
    AbstractView.-empty > .-title, AbstractView.-empty > .-facts { display: none; }
    AbstractView > .-facts { color: $text-muted; margin-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """Title, facts, abstract."""
        yield Static("", classes="-title", markup=False)
        yield Static("", classes="-facts", markup=False)
        yield Static("", classes="-abstract", markup=False)

    def show(self, paper: StoredPaper, evidence: Sequence[Sentence] = (), number: int | None = None) -> None:
        """Show a paper; ``evidence`` are spans of its abstract, ``number`` is the one that citations use."""
        self.remove_class("-empty")
        numbered = f"[{number}] " if number is not None else ""
        self.query_one(".-title", Static).update(
            Content.styled(numbered + cut(paper.title, _LONGEST_LINE_CELLS).rstrip(), "bold")
        )
        self.query_one(".-facts", Static).update(Content(cut(paper.facts, _LONGEST_LINE_CELLS).rstrip()))
        self.query_one(".-abstract", Static).update(marked_abstract(paper.abstract, evidence))
        self.scroll_home(animate=False)
        if evidence:
            self.call_after_refresh(self._scroll_after, paper.abstract[: min(span.start for span in evidence)])

    def show_text(self, text: str) -> None:
        """Show no paper, but a remark in its place."""
        self.add_class("-empty")
        self.query_one(".-abstract", Static).update(Content(text))

    def _scroll_after(self, text_before: str) -> None:
        """Bring the line into view on which the evidence begins, with a line of what stands before it."""
        abstract = self.query_one(".-abstract", Static)
        if abstract.content_size.width and text_before:
            line = len(Content(text_before).wrap(abstract.content_size.width)) - 1
            top = abstract.virtual_region.y + line - 1
            if line + abstract.virtual_region.y >= self.size.height - 2:
                self.scroll_to(y=top, animate=False)


def marked_abstract(abstract: str, evidence: Sequence[Sentence]) -> Content:
    """The abstract with each span of evidence between « and »; spans that overlap or leave the text are one or none."""
    pieces: list[Content] = []
    end = 0
    for span in sorted(evidence, key=lambda sentence: sentence.start):
        if span.start < end or span.end > len(abstract):
            continue
        pieces.append(Content(abstract[end : span.start]))
        marked = Content.assemble((_OPENING, "bold"), abstract[span.start : span.end], (_CLOSING, "bold"))
        pieces.append(marked.stylize(_EVIDENCE_STYLE))
        end = span.end
    pieces.append(Content(abstract[end:]) if abstract else Content("No abstract is known."))
    return Content("").join(pieces)
