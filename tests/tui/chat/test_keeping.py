"""Conversations that are kept: opened again, also after a crash in the middle of an answer; and narrow windows."""

import threading
from dataclasses import replace

import pytest
from textual.widgets import Static

from assistant.answering.conversation import ContextSource, Conversation, TurnKind, TurnState
from assistant.errors import NothingFound
from assistant.library.library import Library
from assistant.services import chat_session
from assistant.services.conversations import begin_turn, delete_conversation, keep_turn, load_conversation, new_turn
from assistant.tui.app import AssistantApp
from assistant.tui.chat.composer import Composer
from assistant.tui.chat.sources import SourceList, SourcesPanel
from assistant.tui.chat.transcript import EarlierTurns, Transcript
from assistant.tui.chat.turn import TurnView
from assistant.tui.chat.welcome import Welcome
from tests.support.applications import with_keys
from tests.support.chat_pilot import ask, page, remark, said, send, sources, status, turns
from tests.support.fake_models import HeldQuotingModel, ScriptedModel
from tests.tui.conftest import MakeApp, cite_everything, running, settled, wait_until

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
        conversation = begin_turn(library, None, new_turn(TurnKind.ASK, ContextSource.SEARCH, QUESTION))
        keep_turn(library, replace(conversation.turns[-1], text="Half an ans"))
        await page(app).open_conversation(conversation.conversation_id)
        await settled(pilot)
        assert "Half an ans" in said(turns(app)[0])
        assert "✂ interrupted; ^r writes it again" in said(turns(app)[0])
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "Half an ans" not in said(turns(app)[0])
        assert turns(app)[0].citations


async def test_opening_another_conversation_stops_the_answer_that_is_written(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        model.go_on.set()
        await ask(pilot, QUESTION)
        model.go_on.clear()
        await pilot.press("ctrl+n")
        await send(pilot, "Another question about games?")
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        await page(app).open_conversation(1)
        await settled(pilot)
        assert not page(app).turns.writing
        assert model.closed_early
        assert [QUESTION in said(view) for view in turns(app)] == [True]
        stopped = load_conversation(await _library(app), 2).turns[-1]
        assert str(stopped.state) == "stopped"


async def test_opening_the_conversation_that_is_written_lets_it_go_on(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        view = turns(app)[0]
        page(app).query_one(Transcript).focus()
        await page(app).open_conversation(1)
        await pilot.pause()
        assert page(app).turns.writing
        assert turns(app) == [view]
        assert page(app).query_one(Composer).has_focus
        model.go_on.set()
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "stopped" not in said(view)
        assert view.answer is not None


def _slow_loading(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Kept conversations are read when the event is set."""
    go_on = threading.Event()

    def load(library: Library, conversation_id: int) -> Conversation:
        go_on.wait(60)  # a test that fails before it says so ends all the same
        return load_conversation(library, conversation_id)

    monkeypatch.setattr(chat_session, "load_conversation", load)
    return go_on


async def test_a_question_asked_while_a_conversation_is_read_goes_back_to_the_input(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(HeldQuotingModel())
    async with running(app) as pilot:
        begin_turn(await _library(app), None, new_turn(TurnKind.ASK, ContextSource.SEARCH, "An older question"))
        go_on = _slow_loading(monkeypatch)
        await page(app).open_conversation(1)
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        go_on.set()
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert ["An older question" in said(view) for view in turns(app)] == [True]
        assert not page(app).turns.writing
        assert page(app).query_one(Composer).text == QUESTION
        assert str(load_conversation(await _library(app), 2).turns[-1].state) == "stopped"


async def test_a_new_conversation_is_not_replaced_by_one_that_was_still_being_read(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    async with running(app) as pilot:
        begin_turn(await _library(app), None, new_turn(TurnKind.ASK, ContextSource.SEARCH, "An older question"))
        go_on = _slow_loading(monkeypatch)
        await page(app).open_conversation(1)
        await pilot.press("ctrl+n")
        go_on.set()
        await pilot.pause()
        await ask(pilot, QUESTION)
        assert [QUESTION in said(view) for view in turns(app)] == [True]


async def test_a_turn_that_is_off_the_screen_takes_what_still_comes(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        view, (turn,) = turns(app)[0], load_conversation(await _library(app), 1).turns
        await page(app).query_one(Transcript).drop(view)
        await view.add_text("more")
        await view.end(replace(turn, state=TurnState.FAILED, failure="It is down."))
        view.say("■ stopped")
        view.show_error(NothingFound("Nothing."))


@pytest.mark.parametrize("key", ["escape", "ctrl+n"])
async def test_a_stop_while_the_turn_is_put_on_the_screen_begins_nothing(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    app = make_app(model := HeldQuotingModel())
    begin = Transcript.begin

    async def stopped_meanwhile(transcript: Transcript, view: TurnView) -> None:
        await (page(app).action_new() if key == "ctrl+n" else begin(transcript, view))
        page(app).action_stop()

    async with running(app) as pilot:
        monkeypatch.setattr(Transcript, "begin", stopped_meanwhile)
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: not page(app).turns.writing and page(app).query_one(Composer).text == QUESTION)
        await settled(pilot)
        assert turns(app) == []
        assert page(app).query_one(Composer).text == QUESTION
        assert page(app).query_one(Welcome).display
        assert model.asked == 0


async def test_an_answer_of_a_deleted_conversation_is_not_written_again(make_app: MakeApp) -> None:
    app = make_app(model := ScriptedModel(cite_everything))
    async with running(app) as pilot:
        await ask(pilot, QUESTION)
        delete_conversation(await _library(app), 1)
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert "This conversation is not kept any more." in said(turns(app)[0])
        assert "must generate causally" in said(turns(app)[0])
        assert len(model.requests) == 1


async def test_the_session_knows_which_conversation_is_written(make_app: MakeApp) -> None:
    app = make_app(model := HeldQuotingModel())
    async with running(app) as pilot:
        begin_turn(await _library(app), None, new_turn(TurnKind.ASK, ContextSource.SEARCH, "An older question"))
        await send(pilot, QUESTION)
        await wait_until(pilot, lambda: turns(app) and "[1]" in said(turns(app)[0]))
        assert app.session.writing_conversation == 2
        model.go_on.set()
        await wait_until(pilot, lambda: not page(app).turns.writing)
        await settled(pilot)
        assert app.session.writing_conversation is None


async def test_the_texts_name_the_keys_that_are_in_force(make_app: MakeApp) -> None:
    app = with_keys(
        make_app(HeldQuotingModel()),
        {"chat.again": "f12", "chat.stop": "f11", "chat.newline": "ctrl+y", "chat.forget_papers": "alt+g"},
    )
    async with running(app) as pilot:
        assert "^y begins a new line   ^p every action" in str(page(app).query_one(".-hints", Static).render())
        library = await _library(app)
        kept = begin_turn(library, None, new_turn(TurnKind.ASK, ContextSource.SEARCH, "An older question"))
        await page(app).open_conversation(kept.conversation_id)
        await settled(pilot)
        assert "f12 writes it again" in said(turns(app)[0])
        await page(app).ask_about(library.listed(*(2 * [library.newest_day()]))[:1])  # type: ignore[arg-type]
        assert "alt+g forgets them." in remark(app)
        await send(pilot, QUESTION)
        await send(pilot, "Another one?")
        assert "f11 stops it" in remark(app)
        await pilot.press("f11")
        await settled(pilot)


async def test_an_empty_library_names_the_keys_in_force(make_app: MakeApp) -> None:
    app = with_keys(make_app(papers=False), {"app.setup": "f12", "app.sync": "f11"})
    first_steps = "f12 leads through the first steps; f11 fetches the newest papers."
    async with running(app) as pilot:
        assert first_steps in str(page(app).query_one(".-there", Static).render())
        await ask(pilot, QUESTION)
        assert first_steps in remark(app)


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
            conversation = begin_turn(
                library, conversation, new_turn(TurnKind.ASK, ContextSource.SEARCH, f"Question {number}")
            )
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
