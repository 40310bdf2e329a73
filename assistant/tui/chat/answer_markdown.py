"""The Markdown of an answer on the screen: nothing of it runs or opens by itself, citations are links."""

from markdown_it import MarkdownIt
from textual.content import Content, Span
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Markdown, Static

from assistant.tui.chat.anchors import Place


def _parser() -> MarkdownIt:
    """Markdown with tables; HTML is shown as it is written, bare addresses and pictures are no links."""
    return MarkdownIt("gfm-like", {"html": False, "linkify": False}).disable("image")


class AnswerMarkdown(Markdown):
    """Text of a model; what is clicked in it comes as `Markdown.LinkClicked`."""

    DEFAULT_CSS = """
    AnswerMarkdown { padding: 0 1 0 2; margin: 0; }
    AnswerMarkdown > MarkdownParagraph:last-child { margin: 0; }
    AnswerMarkdown > MarkdownHeader { margin: 1 0; }
    AnswerMarkdown > MarkdownHeader:first-child { margin: 0 0 1 0; }
    """

    def __init__(self, markdown: str | None = None) -> None:
        super().__init__(markdown, parser_factory=_parser, open_links=False)
        self._marked: tuple[Static, Content] | None = None

    def mark(self, place: Place | None) -> Widget | None:
        """Show one citation or mark in reverse, and no other; returns the block it stands in."""
        if self._marked is not None:
            former, unmarked = self._marked
            self._marked = None
            if former.is_mounted:
                former.update(unmarked)
        if place is None:
            return None
        for block in self.query(Static):
            content = block.content
            if isinstance(content, Content) and (span := _link_in(content, place.href)):
                self._marked = (block, content)
                block.update(content.stylize("reverse bold", span.start, span.end))
                return block
        return None


def _link_in(content: Content, href: str) -> Span | None:
    action = f"link({href!r})"
    return next(
        (span for span in content.spans if isinstance(span.style, Style) and span.style.meta.get("@click") == action),
        None,
    )
