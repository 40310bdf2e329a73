"""The part of the chat page that is read: from citation to source and back, copying and opening them."""

from textual import on

from assistant.answering import NumberedSource
from assistant.errors import AssistantError
from assistant.tui.chat.anchors import PlacedCitation
from assistant.tui.chat.citation_bar import CitationBar
from assistant.tui.chat.citations import answer_text, citation_text
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.transcript import Transcript
from assistant.tui.messages import Copy, OpenLink, ShowPaper
from assistant.tui.page import Page
from assistant.tui.widgets.notice import Notice


class ReadingPage(Page):
    """What the chat page is to its reader; where there is no room, the class ``-sources`` shows these alone."""

    def remark(self, message: str, remedy: str | None = None) -> None:
        """Say something above the input."""
        self.query_one("#remark", Notice).show_remark(message, remedy)

    def clear_remark(self) -> None:
        """Say nothing any more."""
        self.query_one("#remark", Notice).clear_notice()

    def show_error(self, error: AssistantError) -> None:
        """Show above the input what went wrong."""
        self.query_one("#remark", Notice).show_error(error)

    # Where the keys go

    def action_focus_composer(self) -> None:
        """Go to the input."""
        self.remove_class("-sources")
        self.query_one(Composer).focus()

    def action_focus_transcript(self) -> None:
        """Go to the text and choose a citation when none is chosen."""
        self.remove_class("-sources")
        transcript = self.query_one(Transcript)
        transcript.focus()
        if transcript.chosen is None:
            transcript.step(1)

    def action_focus_sources(self) -> None:
        """Go to the sources, and back from there."""
        if self.query_one(SourceList).has_focus:
            self._leave_sources()
        else:
            self._enter_sources()

    def _enter_sources(self) -> None:
        self.add_class("-sources")
        self.query_one(SourceList).focus()

    def _leave_sources(self) -> None:
        self.remove_class("-sources")
        has_turns = bool(self.query_one(Transcript).views)
        (self.query_one(Transcript) if has_turns else self.query_one(Composer)).focus()

    # Citations and sources

    def action_next_citation(self) -> None:
        """Choose the next citation, or the next mark that has more to say."""
        self.query_one(Transcript).step(1)

    def action_previous_citation(self) -> None:
        """Choose the previous citation or mark."""
        self.query_one(Transcript).step(-1)

    @on(Transcript.CitationChosen)
    def _citation_chosen(self, event: Transcript.CitationChosen) -> None:
        placed, panel = event.placed, self.query_one(SourcesPanel)
        self.query_one(CitationBar).show(placed)
        if placed is None:
            return
        if panel.turn_id != placed.place.turn_id:
            view = self.query_one(Transcript).view(placed.place.turn_id)
            if view is not None:
                panel.show(view.turn_id, view.sources, view.answer)
        if placed.source is not None and panel.choose(placed.source.number, placed) and event.jump:
            self._enter_sources()

    @on(Transcript.SourceWanted)
    def _source_wanted(self, event: Transcript.SourceWanted) -> None:
        if self.query_one(SourcesPanel).choose(event.number):
            self._enter_sources()

    @on(CitationBar.Clicked)
    def _citation_bar_clicked(self) -> None:
        transcript = self.query_one(Transcript)
        transcript.choose(transcript.chosen, jump=True)

    @on(SourceList.Back)
    def _back(self) -> None:
        self._leave_sources()

    def _source(self) -> NumberedSource | None:
        source = self.query_one(SourcesPanel).chosen
        if source is None:
            self.remark("No source is chosen.")
        return source

    def action_open_paper(self) -> None:
        """Show the chosen source among the papers."""
        if source := self._source():
            self.post_message(ShowPaper(source.paper.paper_id))

    def action_open_link(self) -> None:
        """Open the chosen source in the browser."""
        if link := self._link():
            self.post_message(OpenLink(link))

    def action_copy_link(self) -> None:
        """Copy the link of the chosen source."""
        if link := self._link():
            self.post_message(Copy(link, "the link"))

    def _link(self) -> str | None:
        source = self._source()
        if source is not None and source.paper.link is None:
            self.remark("No arXiv id of this paper is known, and so no link.")
        return source.paper.link if source else None

    def action_copy_answer(self) -> None:
        """Copy the answer that is looked at, or the last one, with its sources."""
        transcript = self.query_one(Transcript)
        chosen = transcript.view(transcript.chosen.place.turn_id) if transcript.chosen else None
        answers = [view.answer for view in (transcript.views if chosen is None else [chosen]) if view.answer]
        if answers:
            self.post_message(Copy(answer_text(answers[-1]), "the answer"))
        else:
            self.remark("There is no answer to copy yet.")

    def action_copy_citation(self) -> None:
        """Copy the chosen citation, or the last one."""
        transcript = self.query_one(Transcript)
        citations = [placed for view in transcript.views for placed in view.citations]
        chosen = transcript.chosen
        placed = chosen if isinstance(chosen, PlacedCitation) else citations[-1] if citations else None
        if placed is not None:
            self.post_message(Copy(citation_text(placed), "the citation"))
        else:
            self.remark("There is no citation to copy yet.")
