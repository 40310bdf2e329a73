"""The library as tables: who wrote what, which titles begin with a name, who published most."""

import json
from collections import Counter
from collections.abc import Collection as Ids
from collections.abc import Sequence
from threading import Lock

from assistant.library.author_index import AuthorIndex, name_words
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import json_list
from assistant.papers import normalized_title

_MOST_TITLES = 50


def _begins(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every part begins one of the words."""
    return all(any(word.startswith(part) for word in words) for part in parts)


class Collection:
    """Reads the tables of papers for questions about the collection; nothing is searched by meaning."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._indexing = Lock()
        self._index: AuthorIndex | None = None
        self._state: object = None

    def authors(self) -> AuthorIndex:
        """The authors by name; read once (half a second for 11,000 papers) as long as no paper comes or changes."""
        with self._indexing, self._database.reading() as connection:
            state = connection.execute("SELECT count(*), max(rowid), total(length(authors)) FROM papers").fetchone()
            if self._index is None or state != self._state:
                rows = connection.execute("SELECT paper_id, authors FROM papers ORDER BY rowid")
                self._index = AuthorIndex({paper_id: json.loads(names) for paper_id, names in rows})
                self._state = state
            return self._index

    def complete(self, text: str, limit: int) -> list[tuple[str, int]]:
        """Authors and organizations for a name that is being typed, with their numbers of papers, most first."""
        parts = name_words(text)
        if not parts:
            return []
        with self._database.reading() as connection:
            known = connection.execute(
                "SELECT organization, count(*) FROM papers WHERE organization IS NOT NULL GROUP BY organization"
            ).fetchall()
        begun = [(name, papers) for name, papers in known if _begins(parts, name_words(name))]
        found = [*((person.name, len(person.paper_ids)) for person in self.authors().complete(text, limit)), *begun]
        return sorted(found, key=lambda writer: (-writer[1], writer[0]))[:limit]

    def ids_with_title(self, name: str) -> list[str]:
        """Ids of papers whose title begins with a name or has it inside, those that begin with it first."""
        key = normalized_title(name)
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT paper_id FROM papers INDEXED BY papers_by_title WHERE instr(normalized_title, ?1)"
                " ORDER BY instr(normalized_title, ?1), length(normalized_title), paper_id LIMIT ?2",
                (key, _MOST_TITLES),
            ).fetchall()
        return [paper_id for (paper_id,) in rows]

    def organizations_of(self, paper_ids: Ids[str]) -> list[tuple[str, int]]:
        """The organizations of these papers with how many of them each has, most first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT organization FROM papers WHERE organization IS NOT NULL"
                " AND paper_id IN (SELECT value FROM json_each(?)) ORDER BY organization",
                (json_list(tuple(paper_ids)),),
            ).fetchall()
        return Counter(name for (name,) in rows).most_common()
