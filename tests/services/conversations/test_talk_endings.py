"""How a turn of a conversation ends: stopped, failed, broken off, crashed."""

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import cast

import pytest

from assistant.answering import QuestionAnswerer
from assistant.answering.conversation import ContextSource, TalkEvent, Turn, TurnStarted, TurnState
from assistant.answering.values import Delta, Finished, Packed, Retrieved, SentenceFinished, SentenceRevised
from assistant.errors import ModelInterrupted, ModelUnavailable, NothingFound
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.chat_model import Message
from assistant.retrieval.query.parser import FilterKind
from assistant.services import chat_session as talking
from assistant.services.chat_session import ChatSession
from assistant.services.conversations import keep_turn, load_conversation
from tests.services.conversations.conftest import MakeAnswerer
from tests.support.chat_sessions import (
    ALL,
    ANSWER,
    QUESTION,
    all_of,
    answering,
    given_ids,
    kept_ids,
    last_turn,
    reloaded,
    stopped_after,
)
from tests.support.checked_answers import OPENING, REWRITTEN, SOUND, WRONG, answer
from tests.support.fake_models import ScriptedModel, StallingModel
from tests.support.scripted_answerer import ScriptedAnswerer


async def test_closing_stops_the_model_and_keeps_what_came(library: Library, make_answerer: MakeAnswerer) -> None:
    model = answering()
    talk = ChatSession(library)
    shown = await stopped_after(talk.ask(make_answerer(model), QUESTION, ALL), sentences=1)

    turn = talk.turns[-1]
    assert model.closed_early
    assert (turn.state, turn.text, turn.failure) == (TurnState.STOPPED, shown, None)
    assert turn.answer is not None
    assert [sentence.text for sentence in turn.answer.sentences] == ["FooNet cuts memory by 37% [1]."]
    assert (turn.answer.incomplete, turn.answer.cited[0].number) == ("stopped", 1)
    assert reloaded(library, talk) == talk.turns


async def test_a_turn_stopped_while_it_is_revised_keeps_the_text_of_its_revised_sentences(library: Library) -> None:
    finished = answer(OPENING, WRONG, SOUND)
    answerer = ScriptedAnswerer(finished, revised=[(1, REWRITTEN), (2, None)])
    talk = ChatSession(library)
    async with aclosing(talk.ask(cast("QuestionAnswerer", answerer), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, SentenceRevised) and event.place == 2:
                break
    turn = talk.turns[-1]
    assert (turn.state, turn.text) == (TurnState.STOPPED, f"{OPENING.text} {REWRITTEN.text}")
    assert turn.answer is not None
    assert turn.answer.sentences == (OPENING, REWRITTEN)
    assert turn.answer.text == turn.text
    assert reloaded(library, talk) == talk.turns


async def test_a_search_is_done_again_without_the_filters_that_were_left_out(library: Library) -> None:
    answerer = ScriptedAnswerer(answer(SOUND))
    talk = ChatSession(library)
    await all_of(talk.ask(cast("QuestionAnswerer", answerer), QUESTION, ALL))
    await all_of(talk.again(cast("QuestionAnswerer", answerer), ALL, ignored={FilterKind.DATES}))
    assert answerer.ignored == [(), {FilterKind.DATES}]


@pytest.mark.parametrize("seen", [TurnStarted, Retrieved, Packed])
async def test_stopping_before_any_text_leaves_a_turn_without_answer(
    library: Library, make_answerer: MakeAnswerer, seen: type[TalkEvent]
) -> None:
    talk = ChatSession(library)
    async with aclosing(talk.ask(make_answerer(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, seen):
                break
    turn = talk.turns[-1]
    assert (turn.state, turn.text, turn.answer) == (TurnState.STOPPED, "", None)
    assert talk.kept == ()
    assert reloaded(library, talk) == (turn,)
    assert (await last_turn(talk.ask(make_answerer(answering()), QUESTION, ALL))).basis is ContextSource.SEARCH


async def test_stopping_when_the_answer_is_whole_leaves_it_done(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    async with aclosing(talk.ask(make_answerer(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, Finished):
                break
    assert talk.turns[-1].state is TurnState.DONE
    assert reloaded(library, talk) == talk.turns


async def test_cancelling_while_the_model_is_silent_keeps_what_came(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    first_sentence = asyncio.Event()

    async def consume() -> None:
        async with aclosing(talk.ask(make_answerer(StallingModel(lambda _: ANSWER)), QUESTION, ALL)) as events:
            async for event in events:
                if isinstance(event, SentenceFinished):
                    first_sentence.set()

    consumer = asyncio.create_task(consume())
    await first_sentence.wait()
    consumer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer
    assert talk.turns[-1].state is TurnState.STOPPED
    assert talk.turns[-1].text.startswith("FooNet cuts memory")
    assert reloaded(library, talk) == talk.turns


async def test_an_answer_that_is_stopped_can_be_continued(library: Library, make_answerer: MakeAnswerer) -> None:
    model = answering()
    talk = ChatSession(library)
    shown = await stopped_after(talk.ask(make_answerer(model), QUESTION, ALL), sentences=1)
    turn = await last_turn(talk.ask(make_answerer(model), "go on", ALL))
    assert turn.basis is ContextSource.KEPT
    assert Message("assistant", shown) in model.requests[1].messages


async def test_a_crash_loses_no_more_than_was_written_since_the_last_save(
    library: Library, make_answerer: MakeAnswerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "_SAVE_SECONDS", 0.0)
    talk = ChatSession(library)
    abandoned = talk.ask(make_answerer(answering()), QUESTION, ALL)
    shown = ""
    async for event in abandoned:
        if isinstance(event, SentenceFinished):
            break
        shown += event.text if isinstance(event, Delta) else ""
    assert talk.turns[-1].state is TurnState.WRITING

    with Library.open(tmp_path / "library", embedder=None) as after:
        assert talk.conversation is not None
        later = ChatSession(after, talk.conversation.conversation_id)
        turn = later.turns[-1]
        assert (turn.state, turn.text) == (TurnState.INTERRUPTED, shown)
        assert turn.answer is not None
        assert turn.answer.incomplete == "interrupted"
        assert given_ids(turn)[0] == "2601.00001"

        written = await last_turn(later.again(make_answerer(answering()), ALL))
        assert (written.turn_id, written.state) == (turn.turn_id, TurnState.DONE)
        assert later.turns == load_conversation(after, talk.conversation.conversation_id).turns == (written,)
    await abandoned.aclose()


async def test_a_crash_right_after_the_question_keeps_the_question(
    library: Library, make_answerer: MakeAnswerer, tmp_path: Path
) -> None:
    talk = ChatSession(library)
    abandoned = talk.ask(make_answerer(answering()), QUESTION, ALL)
    assert isinstance(await anext(abandoned), TurnStarted)
    with Library.open(tmp_path / "library", embedder=None) as after:
        (turn,) = reloaded(after, talk)
        assert (turn.question, turn.state, turn.text) == (QUESTION, TurnState.INTERRUPTED, "")
    await abandoned.aclose()


async def test_saving_while_writing_is_rare(
    library: Library, make_answerer: MakeAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []

    def counting(into: Library, turn: Turn) -> None:
        states.append(turn.state)
        keep_turn(into, turn)

    monkeypatch.setattr(talking, "keep_turn", counting)
    monkeypatch.setattr(talking, "_SAVE_SECONDS", 3600.0)
    await all_of(ChatSession(library).ask(make_answerer(answering("word " * 500)), QUESTION, ALL))
    assert states == ["writing", "done"]


async def test_a_model_that_fails_leaves_a_failed_turn_and_raises(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    failing = ScriptedModel(lambda _: "", fails_with=ModelUnavailable("It is down.", "Start it."))
    with pytest.raises(ModelUnavailable):
        await all_of(talk.ask(make_answerer(failing), QUESTION, ALL))
    turn = talk.turns[-1]
    assert (turn.state, turn.failure, turn.answer) == (TurnState.FAILED, "It is down.\nStart it.", None)
    assert reloaded(library, talk) == (turn,)
    assert talk.kept == ()

    written = await last_turn(talk.again(make_answerer(answering()), ALL))
    assert (written.state, written.failure, len(talk.turns)) == (TurnState.DONE, None, 1)


async def test_nothing_found_is_kept_as_a_failure(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    with pytest.raises(NothingFound):
        await all_of(talk.ask(make_answerer(answering()), QUESTION, Filters(min_upvotes=99)))
    assert talk.turns[-1].state is TurnState.FAILED
    assert "No paper" in (talk.turns[-1].failure or "")


async def test_a_mistake_of_the_program_leaves_no_turn_that_writes_for_ever(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    with pytest.raises(ZeroDivisionError):
        await all_of(talk.ask(make_answerer(ScriptedModel(lambda _: str(1 // 0))), QUESTION, ALL))
    assert talk.turns[-1].state is TurnState.FAILED
    assert reloaded(library, talk) == talk.turns


async def test_a_line_that_breaks_is_a_finished_turn_that_says_so(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    broken = ScriptedModel(lambda _: ANSWER, fails_with=ModelInterrupted("The line went dead."))
    turn = await last_turn(ChatSession(library).ask(make_answerer(broken), QUESTION, ALL))
    assert turn.state is TurnState.DONE
    assert turn.answer is not None
    assert turn.answer.incomplete == "The line went dead."


async def test_a_failure_keeps_the_papers_of_the_turn_before(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    first = await last_turn(talk.ask(make_answerer(answering()), QUESTION, ALL))
    failing = ScriptedModel(lambda _: "", fails_with=ModelUnavailable("down"))
    with pytest.raises(ModelUnavailable):
        await all_of(talk.ask(make_answerer(failing), "and?", ALL))
    assert kept_ids(talk) == given_ids(first)

    model = answering()
    written = await last_turn(talk.again(make_answerer(model), ALL))
    assert written.basis is ContextSource.KEPT
    assert first.packed is not None
    assert model.requests[0].messages[: len(first.packed.prompt)] == first.packed.prompt
