"""Finding papers by what a reader remembers of their titles."""

import re
import sqlite3

from assistant.papers import normalized_title

_SHORTEST_CONTAINED = 12
_CLOSE_ENOUGH = 0.5


def ids_by_title(connection: sqlite3.Connection, text: str, limit: int) -> list[str]:
    """Ids of the papers whose title is the text, else has it in it (or stands in it), else is close to it.

    The best match is first; a name before the title's colon comes before other words of titles. A short text
    counts from the beginning of a word alone ("FACET" is not in "NullFace: Training-Free Localized Face
    Anonymization"). Close means a Dice coefficient of character trigrams of 0.5 and more.
    """
    wanted = normalized_title(text)
    if not wanted or limit < 1:
        return []
    found = _exact(connection, wanted) or _worded(connection, wanted, text)
    if not found and len(wanted) >= _SHORTEST_CONTAINED:
        found = _containing(connection, wanted)
    return (found or _close(connection, wanted))[:limit]


def _exact(connection: sqlite3.Connection, wanted: str) -> list[str]:
    rows = connection.execute("SELECT paper_id FROM titles WHERE normalized_title = ? ORDER BY rowid", (wanted,))
    return [paper_id for (paper_id,) in rows]


def _worded(connection: sqlite3.Connection, wanted: str, text: str) -> list[str]:
    """Titles with the text at the beginning of words: as the name before a colon, as whole words, the shortest."""
    words = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", text.casefold()))
    begun, whole = re.compile(rf"(?<!\w){words}"), re.compile(rf"(?<!\w){words}(?!\w)")
    rows = connection.execute(
        "SELECT papers.paper_id, title FROM papers WHERE instr(normalized_title, ?) ORDER BY length(title), rowid",
        (wanted,),
    )
    titles = {paper_id: title.casefold() for paper_id, title in rows if begun.search(title.casefold())}

    def order(paper_id: str) -> tuple[bool, bool]:
        title = titles[paper_id]
        return normalized_title(title.partition(":")[0]) != wanted, whole.search(title) is None

    return sorted(titles, key=order)


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
