"""Conversations that are kept: opened again, also after a crash in the middle of an answer; and narrow windows."""

from dataclasses import replace

from assistant.conversations.store import begin_turn, keep_turn, load_conversation, new_turn
from assistant.conversations.values import Basis, TurnKind
from assistant.library.library import Library
from assistant.tui.app import AssistantApp
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.transcript import EarlierTurns, Transcript
from tests.tui.chat.talking import HeldModel, ask, page, remark, said, send, sources, status, turns
from tests.tui.conftest import MakeApp, running, settled, wait_until

QUESTION = "How are video models trained?"


async def _library(app: AssistantApp) -> Library:
    return await app.session.library()


async def test_a_kept_conversation_is_opened_and_continued(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
    app = make_app()
    async with running(app) as pilot:
        await page(app).open_conversation(1)
        await settled(pilot)
        assert QUESTION in said(turns(app)[0])
        assert turns(app)[0].citations
        assert len(sources(app).sources) == 6
        assert "6 papers kept" in status(app)
        await ask(pilot, "And which of these is on games?")
        assert len(load_conversation(await _library(app), 1).turns) == 2


async def test_an_answer_that_a_crash_interrupted_shows_what_came_and_is_written_again(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        library = await _library(app)
        conversation = begin_turn(library, None, new_turn(TurnKind.ASK, Basis.SEARCH, QUESTION))
        keep_turn(library, replace(conversation.turns[-1], text="Half an ans"))
        await page(app).open_conversation(conversation.conversation_id)
        await settled(pilot)
        assert "Half an ans" in said(turns(app)[0])
        assert "✂ interrupted; Ctrl+R writes it again" in said(turns(app)[0])
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).writing)
        await settled(pilot)
        assert "Half an ans" not in said(turns(app)[0])
        assert turns(app)[0].citations


async def test_opening_another_conversation_stops_the_answer_that_is_written(make_app: MakeApp) -> None:
    app = make_app(model := HeldModel())
    async with running(app) as pilot:
        model.go_on.set()
        await ask(pilot, QUESTION)
        model.go_on.clear()
        await pilot.press("ctrl+n")
        await send(pilot, "Another question about games?")
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await page(app).open_conversation(1)
        await settled(pilot)
        assert not page(app).writing
        assert model.closed_early
        assert [QUESTION in said(view) for view in turns(app)] == [True]
        stopped = load_conversation(await _library(app), 2).turns[-1]
        assert str(stopped.state) == "stopped"


async def test_the_conversation_that_is_written_can_be_opened_anew(make_app: MakeApp) -> None:
    app = make_app(HeldModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await page(app).open_conversation(1)
        await settled(pilot)
        assert "■ stopped; what came is kept" in said(turns(app)[0])


async def test_a_conversation_that_is_gone_is_said_so(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await page(app).open_conversation(77)
        await settled(pilot)
        assert remark(app).startswith("✗")


async def test_of_many_turns_the_last_are_drawn_first(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        library = await _library(app)
        conversation = None
        for number in range(30):
            conversation = begin_turn(library, conversation, new_turn(TurnKind.ASK, Basis.SEARCH, f"Question {number}"))
        assert conversation is not None
        await page(app).open_conversation(conversation.conversation_id)
        await settled(pilot)
        assert len(turns(app)) == 12
        assert "Question 29" in said(turns(app)[-1])
        page(app).query_one(Transcript).focus()
        await pilot.press("home")
        await pilot.pause()
        assert len(turns(app)) == 24
        await pilot.click(EarlierTurns)
        await pilot.pause()
        assert len(turns(app)) == 30
        assert "Question 0" in said(turns(app)[0])
        assert not page(app).query(EarlierTurns)


async def test_a_narrow_window_shows_text_or_sources(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        panel, transcript = page(app).query_one(SourcesPanel), page(app).query_one(Transcript)
        await ask(pilot, QUESTION)
        assert panel.region.width == 0
        assert transcript.region.width == 80
        await pilot.press("ctrl+t", "enter")
        await pilot.pause()
        assert panel.region.width == 80
        assert transcript.region.width == 0
        assert page(app).query_one(SourceList).has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert panel.region.width == 0
        assert transcript.has_focus
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert panel.region.width == 80
        await pilot.press("ctrl+o", "escape")
        await pilot.pause()
        assert page(app).query_one(Composer).has_focus


async def test_a_wide_window_shows_both(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (200, 60)) as pilot:
        await ask(pilot, QUESTION)
        panel, transcript = page(app).query_one(SourcesPanel), page(app).query_one(Transcript)
        assert panel.region.width >= 80
        assert transcript.region.width >= 100
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        assert panel.region.width == 0
