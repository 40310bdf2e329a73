"""What can be chosen in an answer, the answer as Markdown that links all of it, and the lines of what is chosen."""

import re
from typing import assert_never

from markdown_it import MarkdownIt
from textual.content import Content, Span
from textual.events import Click
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Markdown, Static

from assistant.answering import (
    Answer,
    AnswerSentence,
    NumberedSource,
    append_mark,
    closest_papers,
    collection_text,
    mark_of,
    needs_attention,
    reason_of,
    reasons,
    refusal_text,
    sign_of,
    unanswered_notes,
    with_sentences,
)
from assistant.papers import Paper
from assistant.text import escaped
from assistant.tui.chat.anchors import (
    CitationPlace,
    ClosePlace,
    MarkPlace,
    Place,
    Placed,
    PlacedCitation,
    PlacedClose,
    PlacedMark,
)

_MARKER = re.compile(r"\[(\d{1,4})\]")

_LONGEST_TITLE = 34
"""Characters: in a narrow window the evidence says more than the end of the title."""


def sentence_markdown(sentence: AnswerSentence, turn_id: int, index: int) -> str:
    """One sentence as Markdown: its markers links to its citations, its mark a link when there is more to say."""
    cited = {citation.number for citation in sentence.citations}

    def link(marker: re.Match[str]) -> str:
        number = int(marker[1])
        return f"[{marker[0]}]({CitationPlace(turn_id, index, number).href})" if number in cited else marker[0]

    mark = mark_of(sentence)
    if needs_attention(sentence):
        mark = f"[{mark}]({MarkPlace(turn_id, index).href})"
    return append_mark(_MARKER.sub(link, sentence.text), mark)


def answer_markdown(answer: Answer, turn_id: int) -> str:
    """The answer's text, its lists and paragraphs as they are, every sentence by `sentence_markdown`.

    A refusal says what the papers do not tell and names those that come closest.
    """
    if answer.collection:
        return collection_text(answer.collection, markdown=True)
    text = refusal_text(answer) or answer.text
    marked_text = with_sentences(text, answer.sentences, lambda index, each: sentence_markdown(each, turn_id, index))
    close = [
        f"- [[{source.number}]]({ClosePlace(turn_id, source.number).href}) **{escaped(source.paper.title)}**"
        f" — {escaped(' '.join(why.split()))}"
        for source, why in closest_papers(answer)
    ]
    return "\n\n".join([marked_text, "Closest papers:", "\n".join(close)]) if close else marked_text


def citations_of(answer: Answer, turn_id: int) -> tuple[PlacedCitation, ...]:
    """Every citation of an answer, as they are read."""
    sources = {source.number: source for source in answer.sources}
    cited = [
        (CitationPlace(turn_id, index, citation.number), citation, sentence)
        for index, sentence in enumerate(answer.sentences)
        for citation in sentence.citations
        if citation.number in sources
    ]
    return tuple(
        PlacedCitation(place, citation, sentence, sources[citation.number], position, len(cited))
        for position, (place, citation, sentence) in enumerate(cited, start=1)
    )


def stops_of(answer: Answer, turn_id: int) -> tuple[Placed, ...]:
    """Everything that can be chosen in an answer, as it is read: of each sentence the citations, then its mark."""
    citations = citations_of(answer, turn_id)
    stops: list[Placed] = []
    for index, sentence in enumerate(answer.sentences):
        own = [placed for placed in citations if placed.place.sentence == index]
        stops += own
        if needs_attention(sentence):
            stops.append(PlacedMark(MarkPlace(turn_id, index), sentence, own[0].source if own else None))
    close = [PlacedClose(ClosePlace(turn_id, s.number), s, why) for s, why in closest_papers(answer)]
    return (*stops, *close)


def citation_text(placed: PlacedCitation) -> str:
    """A citation for the clipboard: the evidence, the paper, its link."""
    paper = placed.source.paper.paper
    evidence = "".join(f"“{span.text}”\n" for span in placed.citation.spans)
    return evidence + paper.title + (f"\n{paper.link}" if paper.link else "")


def answer_text(answer: Answer) -> str:
    """An answer for the clipboard: its text with its marks, their reasons, and the sources it cites with their links.

    Of a refusal: the papers that come closest.
    """
    close = [f"[{source.number}] {_paper_line(source.paper.paper)}: {why}" for source, why in closest_papers(answer)]
    cited = [f"[{source.number}] {_paper_line(source.paper.paper)}" for source in answer.cited]
    text = with_sentences(refusal_text(answer) or answer.text, answer.sentences)
    notes = [*reasons(answer.sentences), *unanswered_notes(answer)]
    parts = [text, "\n".join(notes), "\n".join(close or cited)]
    return "\n\n".join(part for part in parts if part)


def _paper_line(paper: Paper) -> str:
    return paper.title + (f", {paper.link}" if paper.link else "")


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
                ("close ", "bold $primary"), *_number_and_title(placed.source), (f" · {placed.why}", "$text-muted")
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
        *_number_and_title(placed.source),
        (f" · {evidence_text}", "$text-muted"),
    )


def _number_and_title(source: NumberedSource) -> tuple[tuple[str, str], str]:
    title = source.paper.title
    cut = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
    return (f"[{source.number}] ", "bold"), cut
