"""Where the keys go: to the input, to the text with its citations, to the sources."""

from textual.widget import Widget

from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.transcript import Transcript


class ChatFocus:
    """Moves the cursor between the parts of the page; with little room the class ``-sources`` shows these alone."""

    def __init__(self, page: Widget, composer: Composer, transcript: Transcript, sources: SourcesPanel) -> None:
        self._page = page
        self._composer = composer
        self._transcript = transcript
        self._sources = sources

    def to_composer(self) -> None:
        """Go to the input."""
        self._page.remove_class("-sources")
        self._composer.focus()

    def to_transcript(self) -> None:
        """Go to the text and choose a citation when none is chosen."""
        self._page.remove_class("-sources")
        self._transcript.focus()
        if self._transcript.chosen is None:
            self._transcript.step(1)

    def to_sources_and_back(self) -> None:
        """Go to the sources, and back from there."""
        if self._source_list.has_focus:
            self.leave_sources()
        else:
            self.to_sources()

    def to_sources(self) -> None:
        """Go to the sources."""
        self._page.add_class("-sources")
        self._source_list.focus()

    def leave_sources(self) -> None:
        """Go from the sources to the text, or to the input while there is none."""
        self._page.remove_class("-sources")
        (self._transcript if self._transcript.views else self._composer).focus()

    def step_back(self) -> bool:
        """Go from the sources to the text, from the text to the input; False when it was there already."""
        if self._page.has_class("-sources") or self._source_list.has_focus:
            self.leave_sources()
        elif self._transcript.has_focus:
            self._transcript.choose(None)
            self.to_composer()
        else:
            self.to_composer()
            return False
        return True

    @property
    def _source_list(self) -> SourceList:
        return self._sources.query_one(SourceList)
