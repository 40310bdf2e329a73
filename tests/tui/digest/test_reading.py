"""Reading the digest: evidence, citations, opening and closing, papers, copying; hostile texts."""

from datetime import date

import pytest

from assistant.models.chat_model import GenerationRequest
from assistant.models.extractive import ExtractiveModel
from assistant.tui import messages
from assistant.tui.app import AssistantApp
from assistant.tui.digest.items import PaperItem, SentenceItem, TopicItem, TopicSentenceItem
from assistant.tui.widgets.abstract import AbstractView
from tests.support.digest_pilot import (
    abstract_text,
    add_papers,
    drawn,
    head_text,
    heard,
    honest,
    items,
    listed_text,
    listing,
    notes_of,
    open_digest,
    status_text,
)
from tests.support.fake_models import ScriptedModel
from tests.support.paper_factory import HOSTILE_TITLES
from tests.tui.conftest import NOW, MakeApp, running

DAY = date(2026, 8, 21)


def number_of(app: AssistantApp, title: str) -> int:
    """The number of a paper by the beginning of its title."""
    return next(item.number for item in items(app) if isinstance(item, PaperItem) and item.title.startswith(title))


async def test_a_sentence_shows_its_evidence_in_the_abstract(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        told = next(item for item in items(app) if isinstance(item, TopicSentenceItem))
        listing(app).go_to(told.key)
        await pilot.pause()

        evidence = told.sentence.citations[0].evidence
        assert evidence is not None
        assert f"«{evidence.text}»" in abstract_text(page)


async def test_the_citations_of_a_sentence_are_gone_through_from_left_to_right(make_app: MakeApp) -> None:
    def joint(request: GenerationRequest) -> str:
        if not notes_of(request):
            return honest(request)
        notes = request.messages[-1].content.partition("\n\nSentence:")[0].splitlines()
        named = (note.rstrip(".").split(": ", 1) for note in notes)
        return "; ".join(f"{name} says: {told[0].lower()}{told[1:]}" for name, told in named) + "."

    app = make_app(ScriptedModel(joint))
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        await pilot.press("b")
        await drawn(pilot)
        several = [i for i in items(app) if isinstance(i, TopicSentenceItem) and len(i.sentence.citations) > 1]
        assert several
        listing(app).go_to(several[0].key)
        first, second = (citation.number for citation in several[0].sentence.citations[:2])
        await pilot.pause()
        assert abstract_text(page).startswith(f"[{first}] ")
        await pilot.press("right")
        await pilot.pause()
        assert abstract_text(page).startswith(f"[{second}] ")
        await pilot.press("left")
        await pilot.pause()
        assert abstract_text(page).startswith(f"[{first}] ")


async def test_enter_on_a_citation_goes_to_the_paper_and_backspace_comes_back(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)
        listing(app).go_to(next(item for item in items(app) if isinstance(item, TopicSentenceItem)).key)
        await pilot.press("enter")
        await pilot.pause()
        cited = listing(app).item
        assert isinstance(cited, PaperItem)
        assert cited.is_open

        await pilot.press("backspace")
        assert isinstance(listing(app).item, TopicSentenceItem)


def seen_of(app: AssistantApp, topic: TopicItem) -> tuple[bool, bool]:
    """Whether sentences and papers of a topic are shown."""
    told = any(isinstance(item, TopicSentenceItem) and item.topic == topic.place for item in items(app))
    return told, any(isinstance(item, PaperItem) and item.number in topic.numbers for item in items(app))


async def test_a_topic_opens_and_closes_over_its_sentences(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)
        topic = next(item for item in items(app) if isinstance(item, TopicItem) and item.is_told)
        listing(app).go_to(topic.key)
        seen = [seen_of(app, topic)]
        for key in ("left", "left", "left", "right", "right", "enter", "enter"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(seen_of(app, topic))

        name, sentences, papers = (False, False), (True, False), (True, True)
        assert seen == [papers, sentences, name, name, sentences, papers, sentences, papers]
        await pilot.press("right")
        assert isinstance(listing(app).item, TopicSentenceItem)
        await pilot.press("left")
        await pilot.pause()
        here = listing(app).item
        assert here is not None
        assert here.key == topic.key


async def test_a_paper_opens_and_closes_by_keys(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        await open_digest(pilot, app)
        paper = next(item for item in items(app) if isinstance(item, PaperItem))
        listing(app).go_to(paper.key)
        for key, opened in (("enter", False), ("right", True), ("left", False)):
            await pilot.press(key)
            await pilot.pause()
            shown = any(isinstance(item, SentenceItem) and item.number == paper.number for item in items(app))
            assert shown == opened
        await pilot.press("left")
        assert isinstance(listing(app).item, TopicItem)


async def test_what_is_different_is_one_line_that_opens(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        assert "▸ What is different from last week · 17 papers; 14 a day in the week before." in listed_text(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "• The median paper has 5 upvotes so far" in listed_text(app)
        await pilot.press("left")
        await pilot.pause()
        assert "median" not in listed_text(app)


async def test_papers_that_share_no_topic_stand_without_a_heading(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel(), papers=False)
    async with running(app) as pilot:
        add_papers(await app.session.library(), ["Robots that fold", "Speech from silence"], DAY)
        await open_digest(pilot, app)
        assert not any(isinstance(item, TopicItem) for item in items(app))
        assert sum(isinstance(item, PaperItem) for item in items(app)) == 2


def row_of(app: AssistantApp, text: str) -> int:
    """The line of the list in which a text stands, counted from the top."""
    lines = listed_text(app, listing(app).scrollable_content_region.width - 3).splitlines()
    return next(row for row, line in enumerate(lines) if text in line)


async def test_topics_and_papers_open_and_close_by_clicks(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        before = len(items(app))
        topic = row_of(app, "▾")
        await pilot.click("DigestList", offset=(4, topic))
        await pilot.pause()
        assert len(items(app)) < before
        await pilot.click("DigestList", offset=(4, topic))
        await pilot.pause()
        assert len(items(app)) == before
        await pilot.click("DigestList", offset=(5, row_of(app, "▸ [1]")))
        await pilot.pause()
        paper = listing(app).item
        assert isinstance(paper, PaperItem)
        assert paper.is_open


async def test_a_click_on_a_marker_shows_its_evidence(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel())
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        row = row_of(app, "[2].")
        line = listed_text(app, listing(app).scrollable_content_region.width - 3).splitlines()[row]
        await pilot.click("DigestList", offset=(line.index("[2]") + 4, row))
        await pilot.pause()

        assert listing(app).citation == 2
        assert "«" in abstract_text(page)
        assert abstract_text(page).startswith("[2] ")


async def test_the_cursor_stays_on_its_item_when_sentences_of_topics_come_above_it(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        await open_digest(pilot, app)
        key = ("paper", number_of(app, "Repo0"))
        listing(app).go_to(key)
        await pilot.press("b")
        await drawn(pilot)

        item = listing(app).item
        assert item is not None
        assert item.key == key


async def test_cursor_and_selection_stay_when_papers_come(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await open_digest(pilot, app)
        key = ("paper", number_of(app, "Repo0"))
        listing(app).go_to(key)
        await pilot.press("space", "right")
        add_papers(await app.session.library(), ["A late paper that nobody voted for"], DAY)
        app.papers_changed()
        await drawn(pilot)

        assert "18 papers · 1 selected" in head_text(app)
        item = listing(app).item
        assert isinstance(item, PaperItem)
        assert item.title.startswith("Repo0")
        assert item.is_open
        assert item.selected


async def test_the_abstract_keeps_its_place_while_the_list_grows(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app, (80, 24)) as pilot:
        page = await open_digest(pilot, app)
        listing(app).go_to(("paper", number_of(app, "NARU")))
        await pilot.pause()
        abstract = page.query_one(AbstractView)
        abstract.scroll_to(y=3, animate=False)
        page.redraw()
        await pilot.pause()
        assert abstract.scroll_offset.y == 3


async def test_selected_papers_are_compared_asked_about_and_starred(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        topic = next(item for item in items(app) if isinstance(item, TopicItem))
        listing(app).go_to(topic.key)
        await pilot.press("space")
        await pilot.pause()
        assert f"{len(topic.numbers)} selected" in head_text(app)
        ids = {page.view_model.sources[n].paper.paper_id for n in topic.numbers} if page.view_model else set()

        compared = heard(page, messages.ComparePapers)
        asked = heard(page, messages.AskAbout)
        await pilot.press("c", "a", "s")
        await drawn(pilot)
        for message in (*compared, *asked):
            assert isinstance(message, messages.ComparePapers | messages.AskAbout)
            assert {paper.paper_id for paper in message.papers} == ids
        assert len(compared) == len(asked) == 1
        assert listed_text(app).count("✓★ [") == len(ids)
        library = await app.session.library()
        assert all(library.marks.of(paper_id).starred for paper_id in ids)

        await pilot.press("s", "space")
        await drawn(pilot)
        assert "★" not in listed_text(app)
        assert "selected" not in head_text(app)


async def test_the_paper_at_the_cursor_is_opened(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        listing(app).go_to(("paper", number_of(app, "Repo0")))
        opened = heard(page, messages.ShowPaper)
        linked = heard(page, messages.OpenLink)
        await pilot.press("o", "l")
        await pilot.pause()

        assert isinstance(opened[0], messages.ShowPaper)
        assert isinstance(linked[0], messages.OpenLink)
        assert linked[0].url.endswith(opened[0].paper_id)


async def test_the_digest_is_copied_as_markdown_once_something_is_written(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest))
    async with running(app) as pilot:
        page = await open_digest(pilot, app)
        refused, copied = heard(page, messages.Failed), heard(page, messages.Copy)
        await pilot.press("y")
        await pilot.pause()
        assert len(refused) == 1
        await pilot.press("b")
        await drawn(pilot)
        await pilot.press("y")
        await pilot.pause()

        assert isinstance(copied[0], messages.Copy)
        assert copied[0].text.startswith("# Daily Papers, 2026-08-21")
        assert "17 of 17 papers" in copied[0].text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_papers_are_shown_as_they_are_and_break_nothing(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(ExtractiveModel(), papers=False)
    abstract = "[/b] It [red]works[/red] on 語 and [link=x]links[/link]. " + "It works well. " * 700
    async with running(app, size) as pilot:
        add_papers(await app.session.library(), HOSTILE_TITLES, NOW.date(), abstract)
        page = await open_digest(pilot, app)
        assert status_text(app).startswith("✓ 10 of 10")
        assert "[/x] closes what was never opened" in listed_text(app)
        for item in items(app):
            listing(app).go_to(item.key)
            await pilot.pause()
            assert abstract_text(page)
        await pilot.press("e", "e", "space", "s")
        await drawn(pilot)
        app.export_screenshot()


async def test_of_a_large_month_the_topics_are_seen_first(make_app: MakeApp) -> None:
    app = make_app(ScriptedModel(honest), papers=False)
    async with running(app) as pilot:
        titles = [f"Paper {number} about {'agents' if number % 2 else 'video'}" for number in range(500)]
        add_papers(await app.session.library(), titles, NOW.date())
        await open_digest(pilot, app)
        assert not any(isinstance(item, PaperItem) for item in items(app))
        await pilot.press("e")
        await pilot.pause()
        assert sum(isinstance(item, PaperItem) for item in items(app)) == 500
        await pilot.press("end")
        assert isinstance(listing(app).item, PaperItem)
        await pilot.press("pageup", "pageup", "home")
        assert listing(app).scroll_offset.y == 0


async def test_of_many_papers_what_is_told_of_the_topics_is_seen_before_the_papers(make_app: MakeApp) -> None:
    app = make_app(ExtractiveModel(), papers=False)
    async with running(app) as pilot:
        titles = [f"Paper {number} about {'agents' if number % 2 else 'video'}" for number in range(100)]
        abstract = "Tests pass. Most tests pass well. Nobody knows why tests pass. Further tests are to come."
        add_papers(await app.session.library(), titles, NOW.date(), abstract)
        await open_digest(pilot, app)
        topic = next(item for item in items(app) if isinstance(item, TopicItem))
        assert seen_of(app, topic) == (True, False)
        listing(app).go_to(topic.key)
        await pilot.press("enter")
        await pilot.pause()
        assert seen_of(app, topic) == (True, True)
