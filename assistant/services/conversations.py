"""Conversations in the library: read, listed, renamed, deleted, kept while they are written; their values as JSON."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from assistant.answering import Answer, ContextSource, Conversation, Packed, Turn, TurnKind, TurnState
from assistant.library import ConversationRow, Library, NewTurn, TurnProgress, TurnRow, storable_text

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """The prompt with its sources, and the answer."""

    packed: Packed | None = None
    answer: Answer | None = None


def encoded(record: TurnRecord) -> str | None:
    """The record as JSON text; None for an empty one. Lone surrogates, which JSON cannot hold, become U+FFFD."""
    if record == TurnRecord():
        return None
    plain = _adapter().dump_python(record, mode="json")
    return storable_text(json.dumps(plain, ensure_ascii=False))


def decoded(text: str | None) -> TurnRecord:
    """The record of a JSON text; an empty one when the text is not such a record: the turn's own text still stands."""
    if text is None:
        return TurnRecord()
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(text)
    except ValidationError:
        return TurnRecord()


@cache
def _adapter() -> "TypeAdapter[TurnRecord]":
    from pydantic import TypeAdapter

    return TypeAdapter(TurnRecord)


_LONGEST_TITLE = 60
_UNTITLED = "Conversation"


def load_conversation(library: Library, conversation_id: int) -> Conversation:
    """A conversation with its turns; one that was being written when the program ended is INTERRUPTED.

    Raises `NothingFound` when there is none of that id. The first call of a process imports pydantic.
    """
    row = library.conversations.get(conversation_id)
    turns = tuple(_turn(stored) for stored in library.conversations.turns(conversation_id))
    return Conversation(conversation_id, row.title, turns)


def list_conversations(library: Library, search: str = "") -> list[ConversationRow]:
    """The conversations in whose title, questions or answers every word of ``search`` stands; the latest first."""
    return library.conversations.found(search)


def rename_conversation(library: Library, conversation_id: int, title: str) -> None:
    """Give a conversation another title, as one line; raises `NothingFound` when there is none of that id."""
    library.conversations.rename(conversation_id, " ".join(title.split()) or _UNTITLED)


def delete_conversation(library: Library, conversation_id: int) -> None:
    """Delete a conversation; nothing happens when it is gone already."""
    library.conversations.delete(conversation_id)


def begin_turn(library: Library, conversation: Conversation | None, new_turn: NewTurn) -> Conversation:
    """Keep a question before its answer is written: the conversation with it as its last turn, which is WRITING.

    Without a conversation one begins that is called after the question. Raises `NothingFound` when the conversation
    was deleted.
    """
    if conversation is None:
        title = title_of(new_turn.question)
        conversation_id, turn_id = library.conversations.begin(title, new_turn)
        conversation = Conversation(conversation_id, title)
    else:
        turn_id = library.conversations.add_turn(conversation.conversation_id, new_turn)
    turn = _turn(TurnRow(turn_id, new_turn, TurnProgress(new_turn.state, "")), TurnState.WRITING)
    return replace(conversation, turns=(*conversation.turns, turn))


def new_turn(kind: TurnKind, basis: ContextSource, question: str, paper_ids: tuple[str, ...] = ()) -> NewTurn:
    """A question as it is asked now."""
    return NewTurn(kind, basis, paper_ids, storable_text(question), TurnState.WRITING, datetime.now(UTC))


def restart_turn(library: Library, turn: Turn) -> Turn:
    """Take a turn back to its question; raises `NothingFound` when its conversation was deleted."""
    started_at = datetime.now(UTC)
    library.conversations.restart_turn(turn.turn_id, TurnState.WRITING, started_at)
    return replace(
        turn,
        state=TurnState.WRITING,
        text="",
        answer=None,
        packed=None,
        failure=None,
        started_at=started_at,
        seconds=None,
    )


def keep_turn(library: Library, turn: Turn) -> None:
    """Keep a turn as it is now."""
    record = encoded(TurnRecord(turn.packed, turn.answer))
    library.conversations.write_turn(
        turn.turn_id, TurnProgress(turn.state, turn.text, record, turn.failure, turn.seconds)
    )


def title_of(question: str) -> str:
    """A title made of a question: one line of at most some 60 characters, cut at a word."""
    line = " ".join(storable_text(question).split())
    if len(line) <= _LONGEST_TITLE:
        return line or _UNTITLED
    cut = line[: _LONGEST_TITLE + 1].rpartition(" ")[0] or line[:_LONGEST_TITLE]
    return cut.rstrip(" ,;:.–-") + "…"


def _turn(row: TurnRow, unfinished: TurnState = TurnState.INTERRUPTED) -> Turn:
    """The turn of a row; ``unfinished`` is what a turn counts as whose end was never kept."""
    record = decoded(row.progress.record)
    state = TurnState(row.progress.state)
    return Turn(
        turn_id=row.turn_id,
        kind=TurnKind(row.new_turn.kind),
        question=row.new_turn.question,
        state=unfinished if state is TurnState.WRITING else state,
        text=row.progress.text,
        answer=record.answer,
        packed=record.packed,
        failure=row.progress.failure,
        started_at=row.new_turn.started_at,
        seconds=row.progress.seconds,
        basis=ContextSource(row.new_turn.basis),
        chosen=row.new_turn.chosen,
    )
