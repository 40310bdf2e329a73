"""The digest as it is read: its list, and beside it the abstract of a paper with the evidence that is cited."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from assistant.sentences import Sentence
from assistant.tui.digest.digest_list import DigestList
from assistant.tui.digest.items import (
    DifferencesItem,
    Item,
    ItemKey,
    PaperItem,
    SentenceItem,
    TopicItem,
    TopicSentenceItem,
)
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.widgets.abstract import AbstractView

_REDRAW_SECONDS = 0.05
"""What comes faster than this is drawn together."""


class DigestReader(Container):
    """Shows one digest; the keys are those that write it and that stop the writing, as they are shown."""

    def __init__(self, write_keys: str, stop_keys: str) -> None:
        super().__init__(id="digest-body")
        self._keys = write_keys, stop_keys
        self._view_model: DigestViewModel | None = None
        self._cited_from: tuple[ItemKey, int | None] | None = None
        self._redraws = False

    def compose(self) -> ComposeResult:
        """The list, and the abstract beside or below it."""
        yield DigestList()
        yield AbstractView()

    @property
    def _list(self) -> DigestList:
        return self.query_one(DigestList)

    @property
    def cursor(self) -> tuple[Item | None, int | None]:
        """The item under the cursor, and the number of the citation that is selected in it."""
        return self._list.item, self._list.citation

    def show(self, view_model: DigestViewModel | None) -> None:
        """Show another digest, None for nothing; of the same period what was open and selected stays so."""
        former, item = self._view_model, self._list.item
        self._view_model, self._cited_from = view_model, None
        self._list.set_items([])
        self.query_one(AbstractView).display = view_model is not None
        if view_model is None:
            return
        if former is not None and item is not None and former.period.label == view_model.period.label:
            key = view_model.adopt(former, item.key)
            self.redraw()
            self._list.go_to(key)
        else:
            self.redraw()

    def redraw(self) -> None:
        """Show the digest as it is now."""
        self._redraws = False
        if self._view_model is not None:
            self._list.set_items(self._view_model.items(*self._keys))

    def redraw_soon(self) -> None:
        """Show the digest as it is in a moment, together with what comes until then."""
        if not self._redraws:
            self._redraws = True
            self.set_timer(_REDRAW_SECONDS, self.redraw)

    def expand_all(self) -> None:
        """Open everything, or close every paper."""
        if self._view_model is not None:
            self._view_model.expand_all()
            self.redraw()

    def go_back(self) -> None:
        """Go back to the citation from which a paper was reached."""
        if self._cited_from is not None:
            self._list.go_to(*self._cited_from)
            self._cited_from = None

    @on(DigestList.Moved)
    def _moved(self, event: DigestList.Moved) -> None:
        view_model = self._view_model
        if view_model is None:
            return
        numbers = view_model.numbers_at(event.item, event.citation)
        number = numbers[0] if numbers else next(iter(view_model.sources))
        evidence = _evidence(view_model, event.item, number)
        self.query_one(AbstractView).show(view_model.sources[number].paper, evidence, number)

    @on(DigestList.Opened)
    def _opened(self, event: DigestList.Opened) -> None:
        if self._view_model is not None:
            self._view_model.set_open(event.item, event.is_open)
            self.redraw()

    @on(DigestList.Chosen)
    def _item_chosen(self, event: DigestList.Chosen) -> None:
        match event.item:
            case DifferencesItem() | TopicItem() | PaperItem():
                self._opened(DigestList.Opened(event.item, not event.item.is_open))
            case TopicSentenceItem() if event.citation is not None and self._view_model is not None:
                self._cited_from = event.item.key, event.citation
                self._view_model.reveal(event.citation)
                self.redraw()
                self._list.go_to(("paper", event.citation))


def _evidence(view_model: DigestViewModel, item: Item, number: int) -> list[Sentence]:
    """The sentences to mark in a paper's abstract: of one sentence its own, of a paper those of its summary."""
    match item:
        case TopicSentenceItem() | SentenceItem():
            sentences = [item.sentence]
        case PaperItem() if number in view_model.entries:
            sentences = list(view_model.entries[number].summary.sentences)
        case _:
            sentences = []
    cited = (citation for sentence in sentences for citation in sentence.citations if citation.number == number)
    return [span for citation in cited for span in citation.spans]
