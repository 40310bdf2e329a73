"""Citations: as links in Markdown, walked with keys, clicked, and back from their sources."""

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.answering.values import Answer, AnswerSentence, Citation, CitationOrigin, ModelInfo
from assistant.models.chat_model import ModelKind
from assistant.tui.chat.anchors import CitationPlace
from assistant.tui.chat.citations import (
    AnswerMarkdown,
    CitationBar,
    answer_markdown,
    answer_text,
    citation_text,
    citations_of,
    sentence_markdown,
)
from assistant.tui.chat.sources import SourceList
from assistant.tui.chat.transcript import Transcript
from assistant.tui.widgets.abstract import AbstractView
from tests.support.chat_pilot import ask, page, sources, turns
from tests.support.paper_factory import sources as three_sources
from tests.tui.conftest import MakeApp, running, settled

QUESTION = "How are ForgeWM and 4DAnyone trained?"


def _sentence(text: str, *numbers: int) -> AnswerSentence:
    return AnswerSentence(text, tuple(Citation(number, None, CitationOrigin.MODEL) for number in numbers))


def _answer(text: str, *sentences: AnswerSentence) -> Answer:
    return Answer("?", sentences, text, three_sources(), ModelInfo("m", ModelKind.LOCAL))


def test_a_sentence_carries_its_citations_as_links() -> None:
    sentence = _sentence("It prunes heads [1][2].", 1, 2)
    assert sentence_markdown(sentence, 7, 3) == "It prunes heads [[1]](cite:7.3.1)[[2]](cite:7.3.2)."


def test_a_number_in_brackets_that_is_no_citation_stays_text() -> None:
    assert sentence_markdown(_sentence("Over [3] runs [1].", 1), 1, 0) == "Over [3] runs [[1]](cite:1.0.1)."


def test_lists_and_paragraphs_of_an_answer_stay_as_they_are() -> None:
    answer = _answer(
        "Two:\n\n- One [1].\n- Two [2].\n\nDone.",
        _sentence("Two:"),
        _sentence("- One [1].", 1),
        _sentence("- Two [2].", 2),
        _sentence("Done."),
    )
    assert answer_markdown(answer, 4) == "Two:\n\n- One [[1]](cite:4.1.1).\n- Two [[2]](cite:4.2.2).\n\nDone."


def test_a_sentence_that_is_not_in_the_text_changes_nothing() -> None:
    answer = _answer("One [1]. Two.", _sentence("Other [1].", 1), _sentence("Two."))
    assert answer_markdown(answer, 1) == "One [1]. Two."


@pytest.mark.parametrize("href", ["https://x.org", "cite:", "cite:1.2", "cite:1.2.x", "cite:-1.2.3", "cite:1.2.3/"])
def test_an_address_that_is_no_citation_names_no_place(href: str) -> None:
    assert CitationPlace.parse(href) is None


def test_a_place_is_read_from_its_address() -> None:
    place = CitationPlace(12, 0, 3)
    assert CitationPlace.parse(place.href) == place


def test_citations_are_counted_as_they_are_read() -> None:
    placed = citations_of(_answer("A [2][1]. B [2].", _sentence("A [2][1].", 2, 1), _sentence("B [2].", 2)), 5)
    assert [(each.source.number, each.position, each.total) for each in placed] == [(2, 1, 3), (1, 2, 3), (2, 3, 3)]


def test_an_answer_is_copied_with_the_sources_it_cites() -> None:
    answer = _answer("A [2].", _sentence("A [2].", 2))
    assert answer_text(answer) == (
        "A [2].\n\n[2] BarBench: Agents in Kitchens, https://huggingface.co/papers/2601.00002"
    )
    assert citation_text(citations_of(answer, 1)[0]).startswith("BarBench")


def _bar(pilot: Pilot[None]) -> str:
    bar = pilot.app.screen.query_one(CitationBar)
    return str(bar.content) if bar.display else ""


def _marked(pilot: Pilot[None]) -> list[str]:
    """The pieces of the answers that stand in reverse."""
    found = []
    for block in pilot.app.screen.query(AnswerMarkdown).last().query(Static):
        content = block.content
        if isinstance(content, Content):
            found += [content.plain[s.start : s.end] for s in content.spans if s.style == "reverse bold"]
    return found


async def test_citations_are_walked_with_the_arrows(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        assert _bar(pilot) == ""
        await pilot.press("ctrl+t")
        assert page(app).query_one(Transcript).has_focus
        await pilot.pause()
        assert _bar(pilot).startswith("citation 1 of 3 ❝ · [2] 4DAnyone")
        assert "“For training, the new MVGameHuman" in _bar(pilot)
        assert _marked(pilot) == ["[2]"]
        await pilot.press("right", "]", "right", "right", "right")
        await pilot.pause()
        assert _bar(pilot).startswith("citation 3 of 3 ❝ · [1] ForgeWM")
        assert _marked(pilot) == ["[1]"]
        await pilot.press("left")
        await pilot.pause()
        assert _bar(pilot).startswith("citation 2 of 3")
        await pilot.press("escape")
        await pilot.pause()
        assert _bar(pilot) == ""
        assert _marked(pilot) == []


@pytest.mark.parametrize("back", ["enter", "escape", "backspace"])
async def test_enter_goes_to_the_source_with_its_evidence_and_back(make_app: MakeApp, back: str) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        await pilot.press("ctrl+t", "right", "right", "enter")
        await pilot.pause()
        assert page(app).query_one(SourceList).has_focus
        chosen = sources(app).expanded_source
        assert chosen is not None
        assert chosen.number == 1
        abstract = str(sources(app).query_one(AbstractView).query_one(".-abstract").render())
        assert "«ForgeWM converts a bidirectional generator" in abstract
        await pilot.press(back)
        assert page(app).query_one(Transcript).has_focus


async def test_a_digit_goes_to_the_source_of_that_number(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        await pilot.press("ctrl+t", "2")
        await pilot.pause()
        assert page(app).query_one(SourceList).has_focus
        chosen = sources(app).expanded_source
        assert chosen is not None
        assert chosen.number == 2
        await pilot.press("escape", "9")
        await pilot.pause()
        assert page(app).query_one(Transcript).has_focus


async def test_digits_and_brackets_can_be_typed_in_a_question(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        await pilot.press("1", "left_square_bracket", "y", "o")
        assert page(app).focused is not None
        assert getattr(page(app).focused, "text", "") == "1[yo"


async def test_a_click_on_a_citation_goes_to_its_source(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        x, y = _where_is(pilot, "cite:1.0.2")
        await pilot.click(offset=(x, y))
        await pilot.pause()
        chosen = sources(app).expanded_source
        assert chosen is not None
        assert chosen.number == 2
        assert page(app).query_one(SourceList).has_focus
        assert _bar(pilot).startswith("citation 1 of 3")


def _where_is(pilot: Pilot[None], href: str) -> tuple[int, int]:
    """Where on the screen a link is shown."""
    width, height = pilot.app.size
    for y in range(height):
        for x in range(width):
            meta = pilot.app.screen.get_style_at(x, y).meta
            if href in str(meta.get("@click", "")):
                return x, y
    raise AssertionError(f"no link to {href}")


async def test_another_link_is_opened_only_when_it_is_clicked(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", lambda url, **_: opened.append(url))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        markdown = turns(app)[0].query_one(AnswerMarkdown)
        await markdown.update("[a page](https://example.org/x) [mail](mailto:a@b.c) [[1]](cite:9.9.9) <b>bold</b>")
        await pilot.pause()
        assert opened == []
        for href in ("mailto:a", "cite:9"):
            await pilot.click(offset=_where_is(pilot, href))
        await settled(pilot)
        assert opened == []
        await pilot.click(offset=_where_is(pilot, "example.org"))
        await settled(pilot)
        assert opened == ["https://example.org/x"]


async def test_the_source_is_copied_opened_and_shown(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", lambda url, **_: opened.append(url))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        chosen = sources(app).expanded_source
        assert chosen is not None
        await pilot.press("ctrl+o", "l")
        await settled(pilot)
        assert app.clipboard == chosen.paper.link
        await pilot.press("o")
        await settled(pilot)
        assert opened == [chosen.paper.link]
        await pilot.press("y")
        await settled(pilot)
        assert app.clipboard.startswith("For training, the new MVGameHuman")
        assert f"[1] {chosen.paper.title}" in app.clipboard
        await pilot.press("c")
        await settled(pilot)
        assert "ForgeWM" in app.clipboard
