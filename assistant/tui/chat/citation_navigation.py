"""Which citation, mark or source is looked at: from one to the next, to its source, copying and opening it."""

from collections.abc import Callable

from textual.message import Message

from assistant.answering import NumberedSource
from assistant.tui.chat.anchors import Placed, PlacedCitation
from assistant.tui.chat.citations import CitationBar, answer_text, citation_text
from assistant.tui.chat.ports import Sources, TranscriptView
from assistant.tui.messages import Copy, OpenLink, ShowPaper
from assistant.tui.widgets.notice import Notice


class CitationNavigation:
    """Goes through the citations of the turns and their sources.

    ``enter_sources`` moves the cursor to the sources; ``post`` hands what the application is to do to the page.
    """

    def __init__(
        self,
        turns: TranscriptView,
        sources: Sources,
        bar: CitationBar,
        notice: Notice,
        *,
        enter_sources: Callable[[], None],
        post: Callable[[Message], object],
    ) -> None:
        self._turns = turns
        self._sources = sources
        self._bar = bar
        self._notice = notice
        self._enter_sources = enter_sources
        self._post = post

    def choose_next(self) -> None:
        """Choose the next citation, or the next mark that has more to say."""
        self._turns.step(1)

    def choose_previous(self) -> None:
        """Choose the previous citation or mark."""
        self._turns.step(-1)

    def show(self, placed: Placed | None, *, jump: bool) -> None:
        """Show what was chosen and its source; ``jump`` goes there. None: nothing is chosen any more."""
        self._bar.show(placed)
        if placed is None:
            return
        if self._sources.turn_id != placed.place.turn_id:
            view = self._turns.view(placed.place.turn_id)
            if view is not None:
                self._sources.show(view.turn_id, view.sources, view.answer)
        if placed.source is not None and self._sources.choose(placed.source.number, placed) and jump:
            self._enter_sources()

    def go_to_source(self, number: int) -> None:
        """Go to a source of the turn in view by its number, if there is one."""
        if self._sources.choose(number):
            self._enter_sources()

    def go_to_chosen_source(self) -> None:
        """Go to the source of what is chosen."""
        self._turns.choose(self._turns.current_stop, jump=True)

    # What can be done with a source

    def open_paper(self) -> None:
        """Show the chosen source among the papers."""
        if source := self._source():
            self._post(ShowPaper(source.paper.paper_id))

    def open_link(self) -> None:
        """Open the chosen source in the browser."""
        if link := self._link():
            self._post(OpenLink(link))

    def copy_link(self) -> None:
        """Copy the link of the chosen source."""
        if link := self._link():
            self._post(Copy(link, "the link"))

    def _source(self) -> NumberedSource | None:
        source = self._sources.expanded_source
        if source is None:
            self._notice.show_remark("No source is chosen.")
        return source

    def _link(self) -> str | None:
        source = self._source()
        if source is not None and source.paper.link is None:
            self._notice.show_remark("No arXiv id of this paper is known, and so no link.")
        return source.paper.link if source else None

    # What can be copied

    def copy_answer(self) -> None:
        """Copy the answer that is looked at, or the last one, with its sources."""
        placed = self._turns.current_stop
        view = self._turns.view(placed.place.turn_id) if placed else None
        answers = [view.answer for view in ([view] if view else self._turns.views) if view.answer]
        if answers:
            self._post(Copy(answer_text(answers[-1]), "the answer"))
        else:
            self._notice.show_remark("There is no answer to copy yet.")

    def copy_citation(self) -> None:
        """Copy the chosen citation, or the last one."""
        placed = self._turns.current_stop
        citations = [citation for view in self._turns.views for citation in view.citations]
        if isinstance(placed, PlacedCitation):
            citations = [placed]
        if citations:
            self._post(Copy(citation_text(citations[-1]), "the citation"))
        else:
            self._notice.show_remark("There is no citation to copy yet.")
