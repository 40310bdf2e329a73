"""Citations and sources without an application: what is chosen, gone to, opened and copied."""

from textual.message import Message

from assistant.answering.values import NumberedSource
from assistant.tui.chat.anchors import PlacedCitation
from assistant.tui.chat.citation_navigation import CitationNavigation
from assistant.tui.chat.citations import CitationBar, stops_of
from assistant.tui.chat.turn import TurnView
from assistant.tui.messages import Copy, OpenLink, ShowPaper
from assistant.tui.widgets.notice import Notice
from tests.support.checked_answers import SOUND, answer
from tests.support.paper_factory import paper, sources
from tests.tui.chat.parts import ListedSources, ListedTurns

ANSWER = answer(SOUND)


class Reader:
    """The navigation over turns 7, which has the answer, and 8, which has none."""

    def __init__(self, *, answered: bool = True) -> None:
        view = TurnView(7, "?")
        if answered:
            view.answer, view.sources, view.stops = ANSWER, ANSWER.sources, stops_of(ANSWER, 7)
        self.turns = ListedTurns(view.stops)
        self.turns.views = [view, TurnView(8, "??")]
        self.sources = ListedSources()
        self.bar, self.notice = CitationBar(), Notice()
        self.posted: list[Message] = []
        self.entered: list[str] = []
        self.navigation = CitationNavigation(
            self.turns, self.sources, self.bar, self.notice, enter_sources=self.enter, post=self.posted.append
        )

    def enter(self) -> None:
        self.entered.append("sources")


def test_a_chosen_citation_shows_the_sources_of_its_turn() -> None:
    reader = Reader()
    reader.navigation.choose_next()
    placed = reader.turns.current_stop
    assert isinstance(placed, PlacedCitation)
    reader.navigation.show(placed, jump=False)
    assert reader.sources.turn_id == 7
    assert reader.sources.expanded_source == placed.source
    assert reader.bar.has_class("-shown")
    assert not reader.entered
    reader.navigation.show(placed, jump=True)
    assert len(reader.entered) == 1
    reader.navigation.show(None, jump=False)
    assert not reader.bar.has_class("-shown")


def test_a_source_is_gone_to_by_its_number_when_it_is_there() -> None:
    reader = Reader()
    reader.navigation.go_to_source(1)
    assert not reader.entered
    reader.sources.show(7, sources())
    reader.navigation.go_to_source(2)
    assert len(reader.entered) == 1
    assert reader.sources.expanded_source == reader.sources.sources[1]


def test_the_bar_leads_to_the_source_of_what_is_chosen() -> None:
    reader = Reader()
    reader.navigation.choose_next()
    reader.navigation.go_to_chosen_source()
    assert reader.turns.jumps == [reader.turns.current_stop]


def test_the_chosen_source_is_opened_and_its_link_copied() -> None:
    reader = Reader()
    reader.sources.show(7, sources())
    for do in (reader.navigation.open_paper, reader.navigation.open_link, reader.navigation.copy_link):
        do()
    link = "https://huggingface.co/papers/2601.00001"
    assert reader.posted == [ShowPaper("2601.00001"), OpenLink(link), Copy(link, "the link")]


def test_without_a_source_or_a_link_that_is_said() -> None:
    reader = Reader()
    reader.navigation.open_paper()
    assert "No source is chosen." in str(reader.notice.content)
    reader.sources.expanded_source = NumberedSource(1, paper("title:foonet"), ())
    reader.navigation.copy_link()
    assert "No arXiv id of this paper is known" in str(reader.notice.content)
    assert reader.posted == []


def test_the_answer_that_is_looked_at_or_the_last_one_is_copied() -> None:
    reader = Reader()
    reader.navigation.copy_answer()
    reader.navigation.choose_next()
    reader.navigation.copy_answer()
    reader.navigation.copy_citation()
    first, second, citation = reader.posted
    assert first == second
    assert isinstance(first, Copy)
    assert first.text.startswith(ANSWER.text[:20])
    assert isinstance(citation, Copy)
    assert citation.what == "the citation"


def test_without_an_answer_nothing_is_copied() -> None:
    reader = Reader(answered=False)
    reader.navigation.copy_answer()
    assert "There is no answer to copy yet." in str(reader.notice.content)
    reader.navigation.copy_citation()
    assert "There is no citation to copy yet." in str(reader.notice.content)
    assert reader.posted == []
