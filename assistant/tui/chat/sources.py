"""The sources of an answer: the papers by number, and the chosen one with its evidence."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from assistant.answering import Answer, NumberedSource, closest_papers, needs_attention, reason_of
from assistant.sentences import Sentence
from assistant.tui.chat.anchors import Placed, PlacedCitation, PlacedClose, PlacedMark
from assistant.tui.widgets.abstract import AbstractView
from assistant.tui.widgets.text_layout import papers_text

_LONGEST_TITLE = 160
_HINT = "⏎ back   p paper   o browser   l copy link"


class SourceList(OptionList):
    """The papers by number. Enter, Backspace and Escape lead back to the text; a page key scrolls the abstract."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,backspace", "back", show=False),
        Binding("pageup", "scroll_abstract(-1)", show=False),
        Binding("pagedown,space", "scroll_abstract(1)", show=False),
    ]

    class Back(Message):
        """The reader wants to go back to the text."""

    def action_back(self) -> None:
        """Go back to the text."""
        self.post_message(self.Back())

    def action_scroll_abstract(self, pages: int) -> None:
        """Scroll the abstract below."""
        view = self.screen.query_one(AbstractView)
        view.scroll_relative(y=pages * max(1, view.size.height - 1), animate=False)


class SourcesPanel(Vertical):
    """Fills when the prompt is ready, before the first word; once the answer is there, marks what it cites."""

    DEFAULT_CSS = """
    SourcesPanel { width: 44%; max-width: 90; border-left: solid $panel; }
    SourcesPanel > .-head { height: 1; padding: 0 1; color: $primary; text-style: bold; }
    SourcesPanel > SourceList {
        height: auto; max-height: 50%; border: none; padding: 0 0 0 1; background: $background;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
    }
    SourcesPanel > SourceList:focus { border: none; }
    SourcesPanel > .-what { height: auto; padding: 0 1; color: $secondary; border-top: solid $panel; display: none; }
    SourcesPanel > .-hint { height: 1; padding: 0 1; color: $text-muted; display: none; }
    SourcesPanel.-filled > .-what, SourcesPanel.-filled.-entered > .-hint { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.sources: tuple[NumberedSource, ...] = ()
        self.turn_id: int | None = None
        self._answer: Answer | None = None
        self._placed: Placed | None = None
        self._closest: Mapping[str, Sentence] = {}

    def compose(self) -> ComposeResult:
        """How many, the list, what is marked, the abstract."""
        yield Static(Content("Sources"), classes="-head", markup=False)
        yield SourceList()
        yield Static("", classes="-what", markup=False)
        yield AbstractView()
        yield Static(Content(_HINT), classes="-hint", markup=False)

    def on_mount(self) -> None:
        """Say what this is while it is empty."""
        self.clear()

    def on_descendant_focus(self) -> None:
        """Show the keys that hold here."""
        self.add_class("-entered")

    def on_descendant_blur(self) -> None:
        """Hide them."""
        self.remove_class("-entered")

    @property
    def expanded_source(self) -> NumberedSource | None:
        """The source that is expanded."""
        position = self.query_one(SourceList).highlighted
        return self.sources[position] if position is not None and position < len(self.sources) else None

    def clear(self) -> None:
        """Show no sources."""
        self.show(None, ())
        self.query_one(".-head", Static).update(Content("Sources"))
        self.query_one(AbstractView).show_text("The papers behind an answer appear here, before its first word.")

    def show(
        self,
        turn_id: int | None,
        sources: Sequence[NumberedSource],
        answer: Answer | None = None,
        closest: Mapping[str, Sentence] | None = None,
    ) -> None:
        """Show the sources of a turn; with its answer, say which are cited.

        ``closest`` are the sentences closest to the question, by paper id; they stay while the turn is the same.
        """
        if closest is not None or turn_id != self.turn_id:
            self._closest = closest or {}
        expanded_number = self.expanded_source.number if self.expanded_source and turn_id == self.turn_id else None
        self.turn_id, self.sources, self._answer, self._placed = turn_id, tuple(sources), answer, None
        self.set_class(bool(sources), "-filled")
        cited = {source.number: _times_cited(answer, source.number) for source in sources} if answer else {}
        close = {source.number: why for source, why in closest_papers(answer)} if answer else {}
        options = self.query_one(SourceList)
        options.set_options(
            Option(_entry(source, cited.get(source.number), close.get(source.number))) for source in sources
        )
        self.query_one(".-head", Static).update(Content(_head(len(sources), cited, close)))
        if sources:
            options.highlighted = 0
            relevant_numbers = [*close, *(number for number, times in cited.items() if times), sources[0].number]
            self.choose(expanded_number or relevant_numbers[0])

    def choose(self, number: int, placed: Placed | None = None) -> bool:
        """Expand a source by its number, with what one stop of the answer says of it; False for none such."""
        for position, source in enumerate(self.sources):
            if source.number == number:
                self._placed = placed
                self.query_one(SourceList).highlighted = position
                self._expand(source)
                return True
        return False

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        source = self.expanded_source
        if source is not None and event.option_index < len(self.sources):
            if self._placed is not None and self._placed.source != source:
                self._placed = None
            self._expand(source)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def _expand(self, source: NumberedSource) -> None:
        what, evidence = self._evidence(source)
        self.query_one(".-what", Static).update(Content(what))
        self.query_one(AbstractView).show(source.paper, evidence, source.number)

    def _evidence(self, source: NumberedSource) -> tuple[str, tuple[Sentence, ...]]:
        """What is marked in the abstract, in words, and the spans."""
        if self._placed is not None:
            return _evidence_at(self._placed)
        if self._answer is not None:
            behind = self._answer.evidence_for(source.number)
            if behind:
                return "«evidence» behind the answer", behind
        prefix = "not cited; " if self._answer is not None and not self._answer.refusal else ""
        excerpt = _excerpt(source)
        closest = self._closest.get(source.paper.paper_id)
        if excerpt:
            return f"{prefix}«what the model was given»", excerpt
        if closest is not None:
            return f"{prefix}«closest to the question»", (closest,)
        return f"{prefix}the model was given the whole abstract", ()


def _excerpt(source: NumberedSource) -> tuple[Sentence, ...]:
    """The sentences that were given, unless that is the whole abstract: everything marked is nothing marked."""
    whole = sum(len(sentence.text) for sentence in source.given) >= len(source.paper.abstract) * 0.9
    return () if whole else source.given


def _evidence_at(placed: Placed) -> tuple[str, tuple[Sentence, ...]]:
    """What a stop of the answer says of its source, and the spans that it marks."""
    match placed:
        case PlacedCitation():
            spans = placed.citation.spans
            doubt = f"\n{_reason(placed)}" if needs_attention(placed.sentence) else ""
            if spans:
                return f"«evidence» of citation {placed.position}{doubt}", spans
            return f"no single sentence stands behind citation {placed.position}{doubt}", ()
        case PlacedMark():
            spans = tuple(
                span
                for citation in placed.sentence.citations
                if placed.source is not None and citation.number == placed.source.number
                for span in citation.spans
            )
            wrote = f"\nthe model wrote: “{placed.sentence.original.strip()}”" if placed.sentence.original else ""
            return _reason(placed) + wrote, spans
        case PlacedClose():
            return f"close: {placed.why}", ()
        case _:
            assert_never(placed)


def _reason(placed: PlacedCitation | PlacedMark) -> str:
    return reason_of(placed.sentence, placed.place.sentence + 1)


def _head(papers: int, cited: Mapping[int, int], close: Mapping[int, str]) -> str:
    """How many papers there are, and what they are to the answer."""
    if close:
        return f"Not answered; {papers_text(len(close))} close"
    head = f"Sources: {papers_text(papers)}"
    return f"{head}, {sum(1 for times in cited.values() if times)} cited" if cited else head


def _times_cited(answer: Answer | None, number: int) -> int:
    sentences = answer.sentences if answer else ()
    return sum(1 for sentence in sentences for citation in sentence.citations if citation.number == number)


def _entry(source: NumberedSource, cited: int | None, why: str | None) -> Content:
    """Two lines and more of a source; ``cited`` is None while the answer is being written.

    ``why`` says how it came near a question that is not answered.
    """
    mark = "" if cited is None else "● " if cited else "○ "
    title = source.paper.title
    title = title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE] + "…"
    facts = (f"cited {cited}× · " if cited else "") + source.paper.facts
    return Content.assemble(
        (f"[{source.number}] ", "bold"), mark, (title, "bold" if cited else ""), "\n",
        (f"    {facts}", "dim"), f"\n    close: {' '.join(why.split())}" if why else "",
    )  # fmt: skip
