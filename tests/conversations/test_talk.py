"""An open conversation: answered, continued, stopped, failed, crashed, written again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.answering.answer import Delta, Finished, Packed, Retrieved, SentenceFinished
from assistant.conversations import talk as talking
from assistant.conversations.store import delete_conversation, keep_turn, load_conversation
from assistant.conversations.talk import Talk
from assistant.conversations.values import Basis, TalkEvent, Turn, TurnEnded, TurnKind, TurnStarted, TurnState
from assistant.errors import ModelError, ModelInterrupted, ModelUnavailable, NothingFound
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.values import LibraryPaper
from assistant.models.base import Message, ModelEvent, WritingRequest
from tests.conversations.conftest import MakeAsker
from tests.library.stand_ins import paper
from tests.writers import ScriptedModel, three_papers

QUESTION = "how much memory does FooNet save?"
ANSWER = "FooNet cuts memory by 37% [1]. It keeps accuracy at 81.2% [1]. That is all there is to say."
ALL = Filters()


class StallingModel(ScriptedModel):
    """Writes its text and then nothing more, for ever."""

    async def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        async with aclosing(super().stream(request)) as events:
            async for event in events:
                yield event
                await asyncio.sleep(0)
        await asyncio.Event().wait()


def answering(text: str = ANSWER) -> ScriptedModel:
    return ScriptedModel(lambda _: text)


async def all_of(events: AsyncGenerator[TalkEvent, None]) -> list[TalkEvent]:
    async with aclosing(events):
        return [event async for event in events]


async def last_turn(events: AsyncGenerator[TalkEvent, None]) -> Turn:
    ended = (await all_of(events))[-1]
    assert isinstance(ended, TurnEnded)
    return ended.turn


async def stopped_after(events: AsyncGenerator[TalkEvent, None], sentences: int) -> str:
    """Close the generator when so many sentences have come; returns the text shown."""
    shown, seen = "", 0
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Delta):
                shown += event.text
            seen += isinstance(event, SentenceFinished)
            if seen == sentences:
                break
    return shown


def given_ids(turn: Turn) -> list[str]:
    assert turn.packed is not None
    return [source.paper.paper.paper_id for source in turn.packed.sources]


def kept_ids(talk: Talk) -> list[str]:
    return [source.paper.paper.paper_id for source in talk.kept]


def reloaded(library: Library, talk: Talk) -> tuple[Turn, ...]:
    assert talk.conversation is not None
    return load_conversation(library, talk.conversation.conversation_id).turns


async def test_the_first_question_begins_a_conversation_that_is_kept(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    events = await all_of(talk.ask(make_asker(answering()), QUESTION, ALL))

    started, ended = events[0], events[-1]
    assert isinstance(started, TurnStarted)
    assert isinstance(ended, TurnEnded)
    assert [type(event) for event in events[1:3]] == [Retrieved, Packed]
    assert isinstance(events[-2], Finished)
    assert (started.question, started.turn_id) == (QUESTION, ended.turn.turn_id)
    turn = ended.turn
    assert (turn.state, turn.kind, turn.basis, turn.failure) == (TurnState.DONE, TurnKind.ASK, Basis.SEARCH, None)
    assert turn.answer is not None
    assert turn.text == turn.answer.text == "".join(event.text for event in events if isinstance(event, Delta))
    assert turn.seconds is not None
    assert talk.turns == reloaded(library, talk) == (turn,)
    assert talk.conversation is not None
    assert talk.conversation.title == QUESTION


async def test_nothing_is_kept_before_the_first_question(library: Library) -> None:
    talk = Talk(library)
    talk.forget_papers()
    assert (talk.conversation, talk.turns, talk.kept) == (None, (), ())
    assert library.conversations.found() == []


async def test_a_further_question_keeps_papers_and_the_beginning_of_the_prompt(
    library: Library, make_asker: MakeAsker
) -> None:
    model = answering()
    talk = Talk(library)
    first = await last_turn(talk.ask(make_asker(model), QUESTION, ALL))
    second = await last_turn(talk.ask(make_asker(model), "and how accurate is it?", ALL))

    assert first.packed is not None
    said = (*first.packed.prompt, Message("assistant", first.text))
    assert model.requests[1].messages[: len(said)] == said
    assert second.basis is Basis.KEPT
    assert given_ids(second) == given_ids(first)
    assert kept_ids(talk) == given_ids(first)


async def test_a_conversation_goes_on_in_another_run_of_the_program(
    library: Library, make_asker: MakeAsker, tmp_path: Path
) -> None:
    talk = Talk(library)
    first = await last_turn(talk.ask(make_asker(answering()), QUESTION, ALL))
    assert talk.conversation is not None
    model = answering()
    with Library.open(tmp_path / "library", embedder=None) as again:
        later = Talk(again, talk.conversation.conversation_id)
        assert later.conversation == talk.conversation
        second = await last_turn(later.ask(make_asker(model), "and how accurate?", ALL))
    assert second.basis is Basis.KEPT
    assert first.packed is not None
    assert model.requests[0].messages[: len(first.packed.prompt)] == first.packed.prompt


async def test_papers_can_be_forgotten_or_passed_over(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    asker = make_asker(answering())
    await all_of(talk.ask(asker, QUESTION, ALL))
    talk.forget_papers()
    assert talk.kept == ()
    kitchens = await last_turn(talk.ask(asker, "Which agents work in kitchens?", ALL))
    assert (kitchens.basis, given_ids(kitchens)[0]) == (Basis.SEARCH, "2601.00002")
    voices = await last_turn(talk.ask_afresh(asker, "Who clones voices?", ALL))
    assert (voices.basis, given_ids(voices)[0]) == (Basis.SEARCH, "2601.00003")
    assert kept_ids(talk) == given_ids(voices)


async def test_a_question_about_chosen_papers_is_answered_from_just_these(
    library: Library, make_asker: MakeAsker
) -> None:
    talk = Talk(library)
    turn = await last_turn(talk.ask_about(make_asker(answering()), QUESTION, three_papers()[1:]))
    assert given_ids(turn) == list(turn.chosen) == ["2601.00002", "2601.00003"]
    assert turn.basis is Basis.CHOSEN
    assert (await last_turn(talk.ask(make_asker(answering()), "And?", ALL))).basis is Basis.KEPT


async def test_papers_are_summarized_and_can_be_asked_about(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    asker = make_asker(answering())
    turn = await last_turn(talk.summarize(asker, three_papers()))
    assert (turn.kind, turn.basis, turn.state) == (TurnKind.SUMMARIZE, Basis.CHOSEN, TurnState.DONE)
    assert turn.question.startswith("Summarize FooNet: Pruning Heads; BarBench")
    assert given_ids(await last_turn(talk.ask(asker, "Which is newest?", ALL))) == given_ids(turn)


async def test_a_summary_of_many_papers_has_a_question_of_bearable_length(
    library: Library, make_asker: MakeAsker
) -> None:
    turn = await last_turn(Talk(library).summarize(make_asker(answering()), three_papers() * 5))
    assert turn.question.endswith("and 12 more")


async def test_closing_stops_the_model_and_keeps_what_came(library: Library, make_asker: MakeAsker) -> None:
    model = answering()
    talk = Talk(library)
    shown = await stopped_after(talk.ask(make_asker(model), QUESTION, ALL), sentences=1)

    turn = talk.turns[-1]
    assert model.closed_early
    assert (turn.state, turn.text, turn.failure) == (TurnState.STOPPED, shown, None)
    assert turn.answer is not None
    assert [sentence.text for sentence in turn.answer.sentences] == ["FooNet cuts memory by 37% [1]."]
    assert (turn.answer.incomplete, turn.answer.cited[0].number) == ("stopped", 1)
    assert reloaded(library, talk) == talk.turns


@pytest.mark.parametrize("seen", [TurnStarted, Retrieved, Packed])
async def test_stopping_before_any_text_leaves_a_turn_without_answer(
    library: Library, make_asker: MakeAsker, seen: type[TalkEvent]
) -> None:
    talk = Talk(library)
    async with aclosing(talk.ask(make_asker(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, seen):
                break
    turn = talk.turns[-1]
    assert (turn.state, turn.text, turn.answer) == (TurnState.STOPPED, "", None)
    assert talk.kept == ()
    assert reloaded(library, talk) == (turn,)
    assert (await last_turn(talk.ask(make_asker(answering()), QUESTION, ALL))).basis is Basis.SEARCH


async def test_stopping_when_the_answer_is_whole_leaves_it_done(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    async with aclosing(talk.ask(make_asker(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, Finished):
                break
    assert talk.turns[-1].state is TurnState.DONE
    assert reloaded(library, talk) == talk.turns


async def test_cancelling_while_the_model_is_silent_keeps_what_came(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    first_sentence = asyncio.Event()

    async def consume() -> None:
        async with aclosing(talk.ask(make_asker(StallingModel(lambda _: ANSWER)), QUESTION, ALL)) as events:
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


async def test_an_answer_that_is_stopped_can_be_continued(library: Library, make_asker: MakeAsker) -> None:
    model = answering()
    talk = Talk(library)
    shown = await stopped_after(talk.ask(make_asker(model), QUESTION, ALL), sentences=1)
    turn = await last_turn(talk.ask(make_asker(model), "go on", ALL))
    assert turn.basis is Basis.KEPT
    assert Message("assistant", shown) in model.requests[1].messages


async def test_a_crash_loses_no_more_than_was_written_since_the_last_save(
    library: Library, make_asker: MakeAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "_SAVE_SECONDS", 0.0)
    talk = Talk(library)
    abandoned = talk.ask(make_asker(answering()), QUESTION, ALL)
    shown = ""
    async for event in abandoned:
        if isinstance(event, SentenceFinished):
            break
        shown += event.text if isinstance(event, Delta) else ""
    assert talk.turns[-1].state is TurnState.WRITING

    with Library.open(tmp_path / "library", embedder=None) as after:
        assert talk.conversation is not None
        later = Talk(after, talk.conversation.conversation_id)
        turn = later.turns[-1]
        assert (turn.state, turn.text) == (TurnState.INTERRUPTED, shown)
        assert turn.answer is not None
        assert turn.answer.incomplete == "interrupted"
        assert given_ids(turn)[0] == "2601.00001"

        written = await last_turn(later.again(make_asker(answering()), ALL))
        assert (written.turn_id, written.state) == (turn.turn_id, TurnState.DONE)
        assert later.turns == load_conversation(after, talk.conversation.conversation_id).turns == (written,)
    await abandoned.aclose()


async def test_a_crash_right_after_the_question_keeps_the_question(
    library: Library, make_asker: MakeAsker, tmp_path: Path
) -> None:
    talk = Talk(library)
    abandoned = talk.ask(make_asker(answering()), QUESTION, ALL)
    assert isinstance(await anext(abandoned), TurnStarted)
    with Library.open(tmp_path / "library", embedder=None) as after:
        (turn,) = reloaded(after, talk)
        assert (turn.question, turn.state, turn.text) == (QUESTION, TurnState.INTERRUPTED, "")
    await abandoned.aclose()


async def test_saving_while_writing_is_rare(
    library: Library, make_asker: MakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []

    def counting(into: Library, turn: Turn) -> None:
        states.append(turn.state)
        keep_turn(into, turn)

    monkeypatch.setattr(talking, "keep_turn", counting)
    monkeypatch.setattr(talking, "_SAVE_SECONDS", 3600.0)
    await all_of(Talk(library).ask(make_asker(answering("word " * 500)), QUESTION, ALL))
    assert states == ["writing", "done"]


async def test_a_model_that_fails_leaves_a_failed_turn_and_raises(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    failing = ScriptedModel(lambda _: "", fails_with=ModelUnavailable("It is down.", "Start it."))
    with pytest.raises(ModelUnavailable):
        await all_of(talk.ask(make_asker(failing), QUESTION, ALL))
    turn = talk.turns[-1]
    assert (turn.state, turn.failure, turn.answer) == (TurnState.FAILED, "It is down.\nStart it.", None)
    assert reloaded(library, talk) == (turn,)
    assert talk.kept == ()

    written = await last_turn(talk.again(make_asker(answering()), ALL))
    assert (written.state, written.failure, len(talk.turns)) == (TurnState.DONE, None, 1)


async def test_nothing_found_is_kept_as_a_failure(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    with pytest.raises(NothingFound):
        await all_of(talk.ask(make_asker(answering()), QUESTION, Filters(min_upvotes=99)))
    assert talk.turns[-1].state is TurnState.FAILED
    assert "No paper" in (talk.turns[-1].failure or "")


async def test_a_mistake_of_the_program_leaves_no_turn_that_writes_for_ever(
    library: Library, make_asker: MakeAsker
) -> None:
    talk = Talk(library)
    with pytest.raises(ZeroDivisionError):
        await all_of(talk.ask(make_asker(ScriptedModel(lambda _: str(1 // 0))), QUESTION, ALL))
    assert talk.turns[-1].state is TurnState.FAILED
    assert reloaded(library, talk) == talk.turns


async def test_a_line_that_breaks_is_a_finished_turn_that_says_so(library: Library, make_asker: MakeAsker) -> None:
    broken = ScriptedModel(lambda _: ANSWER, fails_with=ModelInterrupted("The line went dead."))
    turn = await last_turn(Talk(library).ask(make_asker(broken), QUESTION, ALL))
    assert turn.state is TurnState.DONE
    assert turn.answer is not None
    assert turn.answer.incomplete == "The line went dead."


async def test_a_failure_keeps_the_papers_of_the_turn_before(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    first = await last_turn(talk.ask(make_asker(answering()), QUESTION, ALL))
    failing = ScriptedModel(lambda _: "", fails_with=ModelUnavailable("down"))
    with pytest.raises(ModelUnavailable):
        await all_of(talk.ask(make_asker(failing), "and?", ALL))
    assert kept_ids(talk) == given_ids(first)

    model = answering()
    written = await last_turn(talk.again(make_asker(model), ALL))
    assert written.basis is Basis.KEPT
    assert first.packed is not None
    assert model.requests[0].messages[: len(first.packed.prompt)] == first.packed.prompt


@pytest.mark.parametrize("kind", TurnKind)
async def test_a_turn_about_chosen_papers_is_written_again_from_them(
    library: Library, make_asker: MakeAsker, kind: TurnKind
) -> None:
    talk = Talk(library)
    asker, chosen = make_asker(answering()), three_papers()[1:]
    await all_of(
        talk.summarize(asker, chosen) if kind is TurnKind.SUMMARIZE else talk.ask_about(asker, QUESTION, chosen)
    )
    first = talk.turns[0]
    written = await last_turn(talk.again(make_asker(answering("Other words.")), ALL))
    assert (written.kind, given_ids(written), written.text) == (kind, given_ids(first), "Other words.")
    assert (written.turn_id, written.question) == (first.turn_id, first.question)


async def test_papers_that_got_another_id_are_written_about_again_as_they_were_given(
    library: Library, make_asker: MakeAsker
) -> None:
    unnamed = LibraryPaper(paper(None, "Known by Title", abstract="It says something."))
    talk = Talk(library)
    await all_of(talk.ask_about(make_asker(answering()), "What does it say?", [unnamed]))
    assert (await last_turn(talk.again(make_asker(answering()), ALL))).state is TurnState.DONE

    failing = ScriptedModel(lambda _: "", context_tokens=10)
    with pytest.raises(ModelError):
        await all_of(talk.ask_about(make_asker(failing), "And now?", [unnamed]))
    with pytest.raises(NothingFound, match="not in the library any more"):
        talk.again(make_asker(answering()), ALL)


async def test_there_must_be_something_to_write_again(library: Library, make_asker: MakeAsker) -> None:
    with pytest.raises(NothingFound):
        Talk(library).again(make_asker(answering()), ALL)


async def test_a_conversation_that_outgrows_the_context_goes_on_with_its_papers(
    library: Library, make_asker: MakeAsker
) -> None:
    talk = Talk(library)
    model = ScriptedModel(lambda _: ANSWER, context_tokens=560)
    for number in range(10):
        turn = await last_turn(talk.ask(make_asker(model), f"{QUESTION} ({number})", ALL))
        assert turn.state is TurnState.DONE
    lengths = [len(request.messages) for request in model.requests]
    assert max(lengths) > lengths[0]
    assert lengths.count(lengths[0]) > 1
    assert given_ids(talk.turns[-1]) == given_ids(talk.turns[0])


async def test_a_question_that_can_never_fit_is_an_error_in_a_conversation_too(
    library: Library, make_asker: MakeAsker
) -> None:
    talk = Talk(library)
    await all_of(talk.ask(make_asker(answering()), QUESTION, ALL))
    with pytest.raises(ModelError, match="do not fit"):
        await all_of(talk.ask(make_asker(answering()), "why " * 9000, ALL))


async def test_a_conversation_deleted_while_it_is_written_stays_deleted(
    library: Library, make_asker: MakeAsker
) -> None:
    talk = Talk(library)
    async with aclosing(talk.ask(make_asker(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, Packed):
                assert talk.conversation is not None
                delete_conversation(library, talk.conversation.conversation_id)
    assert library.conversations.found() == []
    with pytest.raises(NothingFound, match="not kept any more"):
        await all_of(talk.ask(make_asker(answering()), "still there?", ALL))


async def test_any_text_can_be_asked(library: Library, make_asker: MakeAsker) -> None:
    talk = Talk(library)
    odd = "what [/x] does\nFooNet \ud83d do? " + "wide 寬 " * 50
    await all_of(talk.ask(make_asker(answering("It \ud83d says so.")), odd, ALL))
    (turn,) = reloaded(library, talk)
    assert turn.question == odd.replace("\ud83d", "\ufffd")
    assert turn.answer is not None
    assert turn.text == turn.answer.text == "It \ufffd says so."
