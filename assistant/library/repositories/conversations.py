"""Conversations as plain rows: what a turn's record holds is known to `assistant.conversations` alone."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.errors import NothingFound
from assistant.library.repositories.merging import storable_text
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import instant_text, json_list

_TURNS = "turn_id, kind, basis, chosen, question, state, text, record, failure, started_at, seconds"
_SUMMARIES = (
    "SELECT conversation_id, title, created_at, updated_at,"
    " (SELECT count(*) FROM turns WHERE turns.conversation_id = conversations.conversation_id),"
    " (SELECT state FROM turns WHERE turns.conversation_id = conversations.conversation_id"
    " ORDER BY turn_id DESC LIMIT 1) FROM conversations"
)
_NEWEST_FIRST = "ORDER BY updated_at DESC, conversation_id DESC"


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation of the list; times in UTC. ``turns`` is their number, ``last_state`` how the last one stands."""

    conversation_id: int
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int
    last_state: str | None


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A question as it is asked: ``chosen`` are ids of the papers that the reader picked for it."""

    kind: str
    basis: str
    chosen: tuple[str, ...]
    question: str
    state: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class TurnProgress:
    """What has become of a turn so far; ``record`` is JSON text."""

    state: str
    text: str
    record: str | None = None
    failure: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn as it is stored."""

    turn_id: int
    new_turn: NewTurn
    progress: TurnProgress


class ConversationRepository:
    """Keeps conversations; every method is one transaction, and no writer lock is needed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, title: str, turn: NewTurn) -> tuple[int, int]:
        """Make a conversation of one turn; returns the ids of both."""
        now = instant_text(turn.started_at)
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, ?, ?)",
                (storable_text(title), now, now),
            )
            conversation_id = cursor.lastrowid or 0
            return conversation_id, _insert_turn(connection, conversation_id, turn)

    def add_turn(self, conversation_id: int, turn: NewTurn) -> int:
        """Put a turn at the end of a conversation; returns its id. Raises `NothingFound` for a deleted one."""
        with self._database.transaction() as connection:
            touched = connection.execute(
                "UPDATE conversations SET updated_at = ? WHERE conversation_id = ?",
                (instant_text(turn.started_at), conversation_id),
            )
            if not touched.rowcount:
                raise _missing()
            return _insert_turn(connection, conversation_id, turn)

    def restart_turn(self, turn_id: int, state: str, started_at: datetime) -> None:
        """Take a turn back to its question: what was written is gone. Raises `NothingFound` for a deleted one."""
        with self._database.transaction() as connection:
            restarted = connection.execute(
                "UPDATE turns SET state = ?, text = '', record = NULL, failure = NULL, seconds = NULL, started_at = ?"
                " WHERE turn_id = ?",
                (state, instant_text(started_at), turn_id),
            )
            if not restarted.rowcount:
                raise _missing()

    def write_turn(self, turn_id: int, progress: TurnProgress) -> None:
        """Keep what a turn has come to; nothing happens when its conversation was deleted meanwhile."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE turns SET state = ?, text = ?, record = ?, failure = ?, seconds = ? WHERE turn_id = ?",
                (
                    progress.state,
                    storable_text(progress.text),
                    None if progress.record is None else storable_text(progress.record),
                    None if progress.failure is None else storable_text(progress.failure),
                    progress.seconds,
                    turn_id,
                ),
            )
            connection.execute(
                "UPDATE conversations SET updated_at = ?"
                " WHERE conversation_id = (SELECT conversation_id FROM turns WHERE turn_id = ?)",
                (instant_text(datetime.now(UTC)), turn_id),
            )

    def get(self, conversation_id: int) -> ConversationRow:
        """One conversation; raises `NothingFound` when there is none of that id."""
        with self._database.reading() as connection:
            row = connection.execute(f"{_SUMMARIES} WHERE conversation_id = ?", (conversation_id,)).fetchone()
        if row is None:
            raise _missing()
        return _summary(row)

    def turns(self, conversation_id: int) -> list[TurnRow]:
        """The turns of a conversation, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_TURNS} FROM turns WHERE conversation_id = ? ORDER BY turn_id",  # noqa: S608 (fixed names)
                (conversation_id,),
            ).fetchall()
        return [_turn(row) for row in rows]

    def found(self, search: str = "") -> list[ConversationRow]:
        """The conversations in which every word of ``search`` stands, in any case; the latest first.

        Looked through are the title, the questions and the answers.
        """
        words = search.casefold().split()
        with self._database.reading() as connection:
            rows = [_summary(row) for row in connection.execute(f"{_SUMMARIES} {_NEWEST_FIRST}")]
            texts: dict[int, str] = {}
            if words:
                texts = dict(
                    connection.execute(
                        "SELECT conversation_id, group_concat(question || char(10) || text, char(10)) FROM turns"
                        " GROUP BY conversation_id"
                    ).fetchall()
                )
        folded = {row: f"{row.title}\n{texts.get(row.conversation_id, '')}".casefold() for row in rows}
        return [row for row, text in folded.items() if all(word in text for word in words)]

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title; raises `NothingFound` when there is none of that id."""
        with self._database.transaction() as connection:
            renamed = connection.execute(
                "UPDATE conversations SET title = ? WHERE conversation_id = ?", (storable_text(title), conversation_id)
            )
            if not renamed.rowcount:
                raise _missing()

    def delete(self, conversation_id: int) -> None:
        """Delete a conversation with its turns; nothing happens when it is gone already."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM conversations WHERE conversation_id = ?", (conversation_id,))


def _insert_turn(connection: sqlite3.Connection, conversation_id: int, turn: NewTurn) -> int:
    added = connection.execute(
        "INSERT INTO turns (conversation_id, kind, basis, chosen, question, state, text, started_at)"
        " VALUES (?, ?, ?, ?, ?, ?, '', ?)",
        (
            conversation_id,
            turn.kind,
            turn.basis,
            json_list(turn.chosen),
            storable_text(turn.question),
            turn.state,
            instant_text(turn.started_at),
        ),
    )
    return added.lastrowid or 0


def _missing() -> NothingFound:
    return NothingFound("This conversation is not kept any more.", "Start a new one.")


def _summary(row: tuple[Any, ...]) -> ConversationRow:
    conversation_id, title, created_at, updated_at, turns, last_state = row
    created, updated = datetime.fromisoformat(created_at), datetime.fromisoformat(updated_at)
    return ConversationRow(conversation_id, title, created, updated, turns, last_state)


def _turn(row: tuple[Any, ...]) -> TurnRow:
    turn_id, kind, basis, paper_ids, question, state, text, record, failure, started_at, seconds = row
    new_turn = NewTurn(kind, basis, tuple(json.loads(paper_ids)), question, state, datetime.fromisoformat(started_at))
    return TurnRow(turn_id, new_turn, TurnProgress(state, text, record, failure, seconds))
