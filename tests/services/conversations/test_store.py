"""Conversations in the library: listed, searched, renamed, deleted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.answering.conversation import ContextSource, Conversation, TurnKind, TurnState
from assistant.errors import NothingFound
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.services.chat_session import ChatSession
from assistant.services.conversations import (
    begin_turn,
    delete_conversation,
    keep_turn,
    list_conversations,
    load_conversation,
    new_turn,
    rename_conversation,
    restart_turn,
    title_of,
)
from tests.services.conversations.conftest import MakeAnswerer
from tests.support.fake_models import ScriptedModel


def asked(library: Library, conversation: Conversation | None, question: str) -> Conversation:
    return begin_turn(library, conversation, new_turn(TurnKind.ASK, ContextSource.SEARCH, question))


def kept(library: Library, *questions: str) -> Conversation:
    first, *others = questions
    conversation = asked(library, None, first)
    for question in others:
        conversation = asked(library, conversation, question)
    return conversation


def titles(library: Library, search: str = "") -> list[str]:
    return [row.title for row in list_conversations(library, search)]


def test_the_latest_conversation_comes_first_with_its_size_and_times(library: Library) -> None:
    before = datetime.now(UTC)
    first = kept(library, "one")
    kept(library, "two", "three")
    asked(library, first, "more")

    rows = list_conversations(library)
    assert [(row.title, row.turns) for row in rows] == [("one", 2), ("two", 2)]
    assert before <= rows[0].created_at <= rows[0].updated_at <= datetime.now(UTC)


async def test_search_looks_in_titles_questions_and_answers(library: Library, make_answerer: MakeAnswerer) -> None:
    talk = ChatSession(library)
    answerer = make_answerer(ScriptedModel(lambda _: "FooNet cuts memory by 37% [1]."))
    async for _ in talk.ask(answerer, "What about pruning?", Filters()):
        pass
    kept(library, "Straße & 100%_percent", "Grüße?")

    pruning, street = "What about pruning?", "Straße & 100%_percent"
    assert titles(library, "memory 37%") == [pruning]
    assert titles(library, "PRUNING foonet") == [pruning]
    assert titles(library, "STRASSE grüsse") == [street]
    assert titles(library, "%_") == [street]
    assert titles(library, "memory grüße") == []
    assert titles(library, "  ") == [street, pruning]


def test_a_conversation_is_renamed_to_one_line(library: Library) -> None:
    conversation_id = kept(library, "one").conversation_id
    rename_conversation(library, conversation_id, " [/x] new\nname \ud83d ")
    assert titles(library) == ["[/x] new name \ufffd"]
    assert load_conversation(library, conversation_id).title == "[/x] new name \ufffd"
    rename_conversation(library, conversation_id, " ")
    assert titles(library) == ["Conversation"]


def test_a_deleted_conversation_is_gone_with_its_turns(library: Library) -> None:
    gone, stays = kept(library, "one"), kept(library, "two")
    delete_conversation(library, gone.conversation_id)
    delete_conversation(library, gone.conversation_id)
    assert titles(library) == ["two"]
    assert library.conversations.turns(gone.conversation_id) == []
    assert len(load_conversation(library, stays.conversation_id).turns) == 1
    assert kept(library, "three").conversation_id not in {gone.conversation_id, stays.conversation_id}


def test_a_conversation_that_is_not_there_is_a_clear_error(library: Library) -> None:
    with pytest.raises(NothingFound, match="not kept any more"):
        load_conversation(library, 7)
    with pytest.raises(NothingFound, match="not kept any more"):
        rename_conversation(library, 7, "x")
    with pytest.raises(NothingFound, match="not kept any more"):
        ChatSession(library, 7)
    with pytest.raises(NothingFound, match="not kept any more"):
        asked(library, Conversation(7, "x"), "q")


def test_a_turn_that_was_deleted_is_not_written_again(library: Library) -> None:
    conversation = kept(library, "one")
    delete_conversation(library, conversation.conversation_id)
    with pytest.raises(NothingFound, match="not kept any more"):
        restart_turn(library, conversation.turns[-1])


def test_the_list_tells_how_the_last_turn_stands(library: Library) -> None:
    first, second = kept(library, "one", "two").turns
    keep_turn(library, replace(first, state=TurnState.FAILED))
    assert [row.last_state for row in list_conversations(library)] == ["writing"]
    keep_turn(library, replace(second, state=TurnState.DONE))
    assert [row.last_state for row in list_conversations(library)] == ["done"]


def test_writing_to_a_turn_that_was_deleted_does_nothing(library: Library) -> None:
    conversation = kept(library, "one")
    (turn,) = conversation.turns
    assert turn.state is TurnState.WRITING
    delete_conversation(library, conversation.conversation_id)
    keep_turn(library, turn)
    assert list_conversations(library) == []


def test_conversations_outlive_a_rebuild(library: Library) -> None:
    conversation = kept(library, "one", "two")
    library.rebuild()
    assert [turn.question for turn in load_conversation(library, conversation.conversation_id).turns] == ["one", "two"]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Short?", "Short?"),
        ("two\n  lines", "two lines"),
        (" \n", "Conversation"),
        ("word " * 30, "word word word word word word word word word word word word…"),
        ("x" * 100, "x" * 60 + "…"),
        ("a" * 60, "a" * 60),
        (f"{'a' * 55}, and more words", "a" * 55 + ", and…"),
        (f"{'a' * 57}, and more words", "a" * 57 + "…"),
    ],
)
def test_titles_are_cut_at_a_word(question: str, title: str) -> None:
    assert title_of(question) == title
