"""Turns without an application: what is asked, shown, stopped and given back."""

from assistant.answering.conversation import TurnState
from assistant.errors import ModelUnavailable
from assistant.models.chat_model import ModelKind
from assistant.services import ChatSession
from assistant.tui.chat.turn_worker import ModelReady, SourcesReady, WritingEnded
from tests.support.fake_models import HeldQuotingModel, ScriptedModel
from tests.tui.chat.parts import TurnsWithoutApp
from tests.tui.conftest import MakeSession, cite_everything

QUESTION = "How are video models trained?"


async def test_a_question_is_answered_and_its_sources_and_figures_shown(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    await chat.controller.ask(QUESTION)
    assert chat.is_writing() == (True, True, True)
    assert not chat.page.shows_welcome
    await chat.pump_until(WritingEnded)
    assert chat.is_writing() == (False, False, False)
    conversation = chat.controller.conversation
    assert conversation is not None
    assert [turn.question for turn in conversation.turns] == [QUESTION]
    assert chat.sources.answer == conversation.turns[0].answer
    assert chat.status.model == "scripted"
    assert chat.status.kept_papers == len(chat.controller.kept_sources) == len(chat.sources.sources)
    assert chat.session.writing_conversation is None


async def test_sources_come_before_the_answer(make_session: MakeSession) -> None:
    model = HeldQuotingModel(begins=False)
    chat = TurnsWithoutApp(make_session(model))
    await chat.controller.ask(QUESTION)
    await chat.pump_until(SourcesReady)
    assert chat.sources.sources
    assert chat.sources.answer is None
    assert chat.status.context_used
    assert chat.session.writing_conversation == 1
    chat.controller.stop()
    await chat.pump_until(WritingEnded)


async def test_only_one_question_is_answered_at_a_time(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session(HeldQuotingModel(begins=False)))
    await chat.controller.ask(QUESTION)
    await chat.controller.ask("Another one?")
    assert "An answer is being written." in chat.remark
    assert "<chat.stop> stops it." in chat.remark
    assert len(chat.turns.views) == 1
    await chat.controller.again()
    assert "There is no answer to write again." in chat.remark
    await chat.pump_until(SourcesReady)
    chat.controller.stop()
    await chat.pump_until(WritingEnded)


async def test_a_stop_ends_the_writing_at_once_and_keeps_what_came(make_session: MakeSession) -> None:
    model = HeldQuotingModel()
    chat = TurnsWithoutApp(make_session(model))
    await chat.controller.ask(QUESTION)
    await chat.pump_until(SourcesReady)
    chat.controller.stop()
    assert chat.is_writing() == (False, False, False)
    await chat.pump_until(WritingEnded)
    assert chat.controller.talk is not None
    assert chat.controller.talk.turns[0].state is TurnState.STOPPED
    assert chat.page.composer_text == ""


async def test_what_comes_of_a_stopped_turn_does_not_touch_the_next_one(make_session: MakeSession) -> None:
    model = HeldQuotingModel(begins=False)
    chat = TurnsWithoutApp(make_session(model))
    await chat.controller.ask(QUESTION)
    await chat.pump_until(SourcesReady)
    chat.controller.stop()
    await chat.controller.ask("And what of games?")
    model.begin.set()
    model.go_on.set()
    await chat.controller.take(ModelReady(1, "stale", ModelKind.HOSTED, 9))
    assert chat.status.model == "held"
    await chat.pump_until(WritingEnded)
    assert chat.is_writing() == (True, True, True)
    await chat.pump_until(WritingEnded)
    assert [view.turn_id for view in chat.turns.views] == [1, 2]
    assert chat.is_writing() == (False, False, False)


async def test_a_stop_before_anything_was_begun_gives_the_question_back(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    chat.turns.drawing = chat.controller.stop
    await chat.controller.ask(QUESTION)
    assert chat.is_writing() == (False, False, False)
    assert chat.turns.views == []
    assert chat.page.shows_welcome
    assert chat.page.composer_text == QUESTION
    assert chat.page.posted.empty()


async def test_an_empty_library_gives_the_question_back_and_names_the_first_steps(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session(papers=False))
    await chat.ask(QUESTION)
    assert chat.page.composer_text == QUESTION
    assert "The library has no papers yet." in chat.remark
    assert "<app.setup> leads through the first steps" in chat.remark
    assert chat.turns.views == []


async def test_a_failed_turn_is_kept_and_is_written_again_in_its_place(make_session: MakeSession) -> None:
    model = ScriptedModel(cite_everything, fails_with=ModelUnavailable("The server is down.", "Start it."))
    chat = TurnsWithoutApp(make_session(model))
    await chat.ask(QUESTION)
    talk = chat.controller.talk
    assert talk is not None
    assert talk.turns[0].state is TurnState.FAILED
    model._fails_with = None
    await chat.controller.again()
    await chat.pump_until(WritingEnded)
    assert [turn.state for turn in talk.turns] == [TurnState.DONE]
    assert [view.turn_id for view in chat.turns.views] == [1]


async def test_chosen_papers_answer_one_question_alone(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    library = await chat.session.library()
    papers = library.get([row.paper_id for row in library.browsing.recent(2)])
    chat.options.ask_about(papers, "")
    assert chat.status.about_papers == 2
    await chat.ask("What do they have in common?")
    assert {source.paper.paper_id for source in chat.sources.sources} == {paper.paper_id for paper in papers}
    assert chat.status.about_papers == 0
    assert chat.options.papers == ()


async def test_forgotten_papers_let_the_next_question_search(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    await chat.ask(QUESTION)
    assert chat.status.kept_papers
    chat.controller.forget_papers()
    assert chat.status.kept_papers == 0
    assert chat.controller.kept_sources == ()


async def test_a_question_without_filters_of_its_own_or_refusal_is_not_asked_again(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    await chat.ask(QUESTION)
    await chat.controller.ignore_filters()
    assert "The question made no such filter." in chat.remark
    await chat.controller.answer_anyway()
    assert "The last question was not refused." in chat.remark
    assert len(chat.turns.views) == 1


async def test_another_conversation_takes_the_place_of_this_one(make_session: MakeSession) -> None:
    chat = TurnsWithoutApp(make_session())
    await chat.ask(QUESTION)
    await chat.controller.open(None)
    assert chat.controller.conversation is None
    assert chat.page.shows_welcome
    assert chat.turns.views == []
    assert chat.sources.sources == ()
    assert chat.status.seconds is None
    await chat.controller.open(ChatSession(await chat.session.library(), 1))
    chat.controller.show_last_turn()
    assert [view.turn_id for view in chat.turns.views] == [1]
    assert chat.sources.answer is not None
    assert chat.status.kept_papers
