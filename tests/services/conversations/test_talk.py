"""An open conversation: answered, continued, about chosen papers, written again."""

from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.conversation import ContextSource, TurnEnded, TurnKind, TurnStarted, TurnState
from assistant.answering.values import Delta, Finished, Packed, Retrieved
from assistant.answering.verdict_text import interpretation
from assistant.errors import ModelError, NothingFound
from assistant.library.library import Library
from assistant.library.records import StoredPaper
from assistant.models.chat_model import GenerationRequest, Message, ModelKind
from assistant.models.extractive import ExtractiveModel
from assistant.services.chat_session import ChatSession
from assistant.services.conversations import delete_conversation, keep_turn
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
)
from tests.support.fake_models import ScriptedModel
from tests.support.library_factory import paper
from tests.support.paper_factory import three_papers


async def test_the_first_question_begins_a_conversation_that_is_kept(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    events = await all_of(talk.ask(make_answerer(answering()), QUESTION, ALL))

    started, ended = events[0], events[-1]
    assert isinstance(started, TurnStarted)
    assert isinstance(ended, TurnEnded)
    assert [type(event) for event in events[1:3]] == [Retrieved, Packed]
    assert isinstance(events[-2], Finished)
    assert (started.question, started.turn_id) == (QUESTION, ended.turn.turn_id)
    turn = ended.turn
    assert (turn.state, turn.kind, turn.basis, turn.failure) == (
        TurnState.DONE,
        TurnKind.ASK,
        ContextSource.SEARCH,
        None,
    )
    assert turn.answer is not None
    assert turn.text == turn.answer.text == "".join(event.text for event in events if isinstance(event, Delta))
    assert turn.seconds is not None
    assert talk.turns == reloaded(library, talk) == (turn,)
    assert talk.conversation is not None
    assert talk.conversation.title == QUESTION


async def test_nothing_is_kept_before_the_first_question(library: Library) -> None:
    talk = ChatSession(library)
    talk.forget_papers()
    assert (talk.conversation, talk.turns, talk.kept) == (None, (), ())
    assert library.conversations.found() == []


async def test_a_further_question_keeps_papers_and_the_beginning_of_the_prompt(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    model = answering()
    talk = ChatSession(library)
    first = await last_turn(talk.ask(make_answerer(model), QUESTION, ALL))
    second = await last_turn(talk.ask(make_answerer(model), "and how accurate is it?", ALL))

    assert first.packed is not None
    said = (*first.packed.prompt, Message("assistant", first.text))
    assert model.requests[1].messages[: len(said)] == said
    assert second.basis is ContextSource.KEPT
    assert given_ids(second) == given_ids(first)
    assert kept_ids(talk) == given_ids(first)


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        (f"<think>\nThe user wants a figure.\n</think>\n\n{ANSWER}", ANSWER),
        (f"The user wants a figure.\n</think>\n\n{ANSWER}", ANSWER),
        (
            f"<|channel|>analysis<|message|>We need it.<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
            ANSWER,
        ),
        ("<think>\nThe user wants", "…"),
        (ANSWER, ANSWER),
    ],
)
async def test_thoughts_that_an_earlier_version_kept_are_not_read_again(
    library: Library, make_answerer: MakeAnswerer, kept: str, read: str
) -> None:
    model = answering()
    talk = ChatSession(library)
    turn = await last_turn(talk.ask(make_answerer(model), QUESTION, ALL))
    keep_turn(library, replace(turn, text=kept))
    assert talk.conversation is not None

    reopened = ChatSession(library, talk.conversation.conversation_id)
    await last_turn(reopened.ask(make_answerer(model), "And how accurate is it?", ALL))

    earlier = [message.content for message in model.requests[-1].messages if message.role == "assistant"]
    assert earlier == [read]


async def test_a_conversation_goes_on_in_another_run_of_the_program(
    library: Library, make_answerer: MakeAnswerer, tmp_path: Path
) -> None:
    talk = ChatSession(library)
    first = await last_turn(talk.ask(make_answerer(answering()), QUESTION, ALL))
    assert talk.conversation is not None
    model = answering()
    with Library.open(tmp_path / "library", embedder=None) as again:
        later = ChatSession(again, talk.conversation.conversation_id)
        assert later.conversation == talk.conversation
        second = await last_turn(later.ask(make_answerer(model), "and how accurate?", ALL))
    assert second.basis is ContextSource.KEPT
    assert first.packed is not None
    assert model.requests[0].messages[: len(first.packed.prompt)] == first.packed.prompt


async def test_papers_can_be_forgotten_or_passed_over(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    answerer = make_answerer(answering())
    await all_of(talk.ask(answerer, QUESTION, ALL))
    talk.forget_papers()
    assert talk.kept == ()
    kitchens = await last_turn(talk.ask(answerer, "Which agents work in kitchens?", ALL))
    assert (kitchens.basis, given_ids(kitchens)[0]) == (ContextSource.SEARCH, "2601.00002")
    voices = await last_turn(talk.ask_afresh(answerer, "Who clones voices?", ALL))
    assert (voices.basis, given_ids(voices)[0]) == (ContextSource.SEARCH, "2601.00003")
    assert kept_ids(talk) == given_ids(voices)


async def test_a_question_about_chosen_papers_is_answered_from_just_these(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    turn = await last_turn(talk.ask_about(make_answerer(answering()), QUESTION, three_papers()[1:]))
    assert given_ids(turn) == list(turn.chosen) == ["2601.00002", "2601.00003"]
    assert turn.basis is ContextSource.CHOSEN
    assert (await last_turn(talk.ask(make_answerer(answering()), "And?", ALL))).basis is ContextSource.KEPT


async def test_papers_are_summarized_and_can_be_asked_about(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    answerer = make_answerer(answering())
    turn = await last_turn(talk.summarize(answerer, three_papers()))
    assert (turn.kind, turn.basis, turn.state) == (TurnKind.SUMMARIZE, ContextSource.CHOSEN, TurnState.DONE)
    assert turn.question.startswith("Summarize FooNet: Pruning Heads; BarBench")
    assert given_ids(await last_turn(talk.ask(answerer, "Which is newest?", ALL))) == given_ids(turn)


async def test_a_summary_of_many_papers_has_a_question_of_bearable_length(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    turn = await last_turn(ChatSession(library).summarize(make_answerer(answering()), three_papers() * 5))
    assert turn.question.endswith("and 12 more")


@pytest.mark.parametrize("kind", TurnKind)
async def test_a_turn_about_chosen_papers_is_written_again_from_them(
    library: Library, make_answerer: MakeAnswerer, kind: TurnKind
) -> None:
    talk = ChatSession(library)
    answerer, chosen = make_answerer(answering()), three_papers()[1:]
    await all_of(
        talk.summarize(answerer, chosen) if kind is TurnKind.SUMMARIZE else talk.ask_about(answerer, QUESTION, chosen)
    )
    first = talk.turns[0]
    written = await last_turn(talk.again(make_answerer(answering("Other words.")), ALL))
    assert (written.kind, given_ids(written), written.text) == (kind, given_ids(first), "Other words.")
    assert (written.turn_id, written.question) == (first.turn_id, first.question)


async def test_papers_that_got_another_id_are_written_about_again_as_they_were_given(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    unnamed = StoredPaper(paper(None, "Known by Title", abstract="It says something."))
    talk = ChatSession(library)
    await all_of(talk.ask_about(make_answerer(answering()), "What does it say?", [unnamed]))
    assert (await last_turn(talk.again(make_answerer(answering()), ALL))).state is TurnState.DONE

    failing = ScriptedModel(lambda _: "", context_tokens=10)
    with pytest.raises(ModelError):
        await all_of(talk.ask_about(make_answerer(failing), "And now?", [unnamed]))
    with pytest.raises(NothingFound, match="not in the library any more"):
        talk.again(make_answerer(answering()), ALL)


async def test_there_must_be_something_to_write_again(library: Library, make_answerer: MakeAnswerer) -> None:
    with pytest.raises(NothingFound):
        ChatSession(library).again(make_answerer(answering()), ALL)


async def test_a_conversation_that_outgrows_the_context_goes_on_with_its_papers(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    model = ScriptedModel(lambda _: ANSWER, context_tokens=560)
    for number in range(10):
        turn = await last_turn(talk.ask(make_answerer(model), f"{QUESTION} ({number})", ALL))
        assert turn.state is TurnState.DONE
    lengths = [len(request.messages) for request in model.requests]
    assert max(lengths) > lengths[0]
    assert lengths.count(lengths[0]) > 1
    assert given_ids(talk.turns[-1]) == given_ids(talk.turns[0])


async def test_a_question_that_can_never_fit_is_an_error_in_a_conversation_too(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    await all_of(talk.ask(make_answerer(answering()), QUESTION, ALL))
    with pytest.raises(ModelError, match="do not fit"):
        await all_of(talk.ask(make_answerer(answering()), "why " * 9000, ALL))


async def test_a_conversation_deleted_while_it_is_written_stays_deleted(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk = ChatSession(library)
    async with aclosing(talk.ask(make_answerer(answering()), QUESTION, ALL)) as events:
        async for event in events:
            if isinstance(event, Packed):
                assert talk.conversation is not None
                delete_conversation(library, talk.conversation.conversation_id)
    assert library.conversations.found() == []
    with pytest.raises(NothingFound, match="not kept any more"):
        await all_of(talk.ask(make_answerer(answering()), "still there?", ALL))


async def test_any_text_can_be_asked(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    odd = "what [/x] does\nFooNet \ud83d do? " + "wide 寬 " * 50
    await all_of(talk.ask(make_answerer(answering("It \ud83d says so.")), odd, ALL))
    (turn,) = reloaded(library, talk)
    assert turn.question == odd.replace("\ud83d", "\ufffd")
    assert turn.answer is not None
    assert turn.text == turn.answer.text == "It \ufffd says so."


async def test_a_further_question_is_asked_as_the_model_made_it_standalone(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    def write(request: GenerationRequest) -> str:
        further = "Write this further question again" in request.messages[-1].content
        return "What is the accuracy of FooNet?" if further else ANSWER

    model, talk = ScriptedModel(write, kind=ModelKind.HOSTED), ChatSession(library)
    await all_of(talk.ask(make_answerer(model), QUESTION, ALL))
    turn = await last_turn(talk.ask(make_answerer(model), "and how accurate is it?", ALL))

    assert turn.question == "and how accurate is it?"
    assert turn.answer is not None
    assert turn.answer.understood is not None
    assert turn.answer.understood.standalone == "What is the accuracy of FooNet?"
    assert interpretation(turn.answer.understood) == ["understood as: What is the accuracy of FooNet?"]
    assert "Question: What is the accuracy of FooNet?" in model.requests[-1].messages[-1].content
    assert turn.answer.usage.output_tokens == 5 + 5
    assert reloaded(library, talk)[-1] == turn


async def test_without_a_model_the_rules_tell_what_was_understood(
    library: Library, make_answerer: MakeAnswerer
) -> None:
    talk, answerer = ChatSession(library), make_answerer(ExtractiveModel())
    await all_of(talk.ask(answerer, QUESTION, ALL))
    turn = await last_turn(talk.ask(answerer, "and how accurate is it?", ALL))

    assert turn.answer is not None
    assert turn.answer.understood is not None
    assert turn.answer.understood.standalone == "and how accurate is FooNet?"
