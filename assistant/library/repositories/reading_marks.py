"""What the reader does with papers: read, starred, noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.library.repositories.merging import storable_text
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import instant_text, json_list


@dataclass(frozen=True, slots=True)
class PaperMarks:
    """The marks of one paper: when it was read (UTC; None while unread), whether it is starred, and its note."""

    read_at: datetime | None = None
    starred: bool = False
    note: str = ""


class Marks:
    """The marks of all papers; they outlive syncs and rebuilds and follow a paper that gets its arXiv id.

    Ids that the library does not know are passed over. No writer lock is needed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, paper_id: str) -> PaperMarks:
        """The marks of a paper; the empty ones when it has none."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT read_at, starred, note FROM marks WHERE paper_id = ?", (paper_id,)
            ).fetchone()
        if row is None:
            return PaperMarks()
        read_at, starred, note = row
        return PaperMarks(datetime.fromisoformat(read_at) if read_at else None, bool(starred), note)

    def set_read(self, paper_ids: Sequence[str], is_read: bool) -> None:
        """Mark papers as read now, or as unread; papers that were read before keep their time."""
        read_at = instant_text(datetime.now(UTC)) if is_read else None
        self._set("read_at", read_at, "coalesce(read_at, excluded.read_at)" if is_read else "NULL", paper_ids)

    def set_starred(self, paper_ids: Sequence[str], starred: bool) -> None:
        """Star papers, or take the star away."""
        self._set("starred", int(starred), "excluded.starred", paper_ids)

    def set_note(self, paper_id: str, note: str) -> None:
        """Keep a note on a paper; an empty one removes it."""
        stored_note = storable_text(note) if note.strip() else ""
        self._set("note", stored_note, "excluded.note", [paper_id])

    def _set(self, column: str, value: str | int | None, update: str, paper_ids: Sequence[str]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT INTO marks (paper_id, {column})"  # noqa: S608 (fixed names)
                " SELECT paper_id, ?1 FROM papers WHERE paper_id IN (SELECT value FROM json_each(?2))"
                f" ON CONFLICT (paper_id) DO UPDATE SET {column} = {update}",
                (value, json_list(paper_ids)),
            )
