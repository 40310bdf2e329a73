"""Finding papers by what a reader remembers of their titles."""

import sqlite3

from assistant.papers import normalized_title

_SHORTEST_CONTAINED = 12
_CLOSE_ENOUGH = 0.5


def ids_by_title(connection: sqlite3.Connection, text: str, limit: int) -> list[str]:
    """Ids of the papers whose title is the text, else contains it (or stands in it), else is close to it.

    The best match is first. Close means a Dice coefficient of character trigrams of 0.5 and more.
    """
    wanted = normalized_title(text)
    if not wanted or limit < 1:
        return []
    return (_exact(connection, wanted) or _containing(connection, wanted) or _close(connection, wanted))[:limit]


def _exact(connection: sqlite3.Connection, wanted: str) -> list[str]:
    rows = connection.execute("SELECT paper_id FROM titles WHERE normalized_title = ? ORDER BY rowid", (wanted,))
    return [paper_id for (paper_id,) in rows]


def _containing(connection: sqlite3.Connection, wanted: str) -> list[str]:
    """Titles that hold the text, the shortest first; then those that stand whole in it, the longest first."""
    rows = connection.execute(
        "SELECT paper_id FROM titles WHERE instr(normalized_title, ?1)"
        " OR (length(normalized_title) >= ?2 AND instr(?1, normalized_title))"
        " ORDER BY abs(length(normalized_title) - length(?1)), rowid",
        (wanted, _SHORTEST_CONTAINED),
    )
    return list(dict.fromkeys(paper_id for (paper_id,) in rows))


def _close(connection: sqlite3.Connection, wanted: str) -> list[str]:
    trigrams = _trigrams(wanted)
    closeness: dict[str, float] = {}
    for title, paper_id in connection.execute("SELECT normalized_title, paper_id FROM titles ORDER BY rowid"):
        others = _trigrams(title)
        shared = 2 * len(trigrams & others) / (len(trigrams) + len(others))
        closeness[paper_id] = max(shared, closeness.get(paper_id, 0.0))
    near = [paper_id for paper_id, shared in closeness.items() if shared >= _CLOSE_ENOUGH]
    return sorted(near, key=lambda paper_id: -closeness[paper_id])


def _trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(max(1, len(text) - 2))}
