"""The library as tables: who wrote what, which titles begin with a name, who published most.

Papers give names as text, so two persons of the same name are one here, and one person who writes the name in two
ways beyond case, accents, hyphens, order and middle initials is two.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection as Ids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock

from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import json_list
from assistant.papers import normalized_title
from assistant.text import nearest_names

_SPELLED_OUT = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d"})
_COMBINING = re.compile("[\u0300-\u036f]+")
_BETWEEN_WORDS = re.compile(r"(?:(?!\n)[\W\d_])+")
_CLOSE = 0.75
_FIRST_LETTERS = 3

_MOST_TITLES = 50


@dataclass(frozen=True, slots=True)
class Person:
    """An author under the spelling that most papers have, with all of them and the papers."""

    name: str
    spellings: tuple[str, ...]
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorMatch:
    """The persons that a name may mean, those of most papers first.

    ``exact`` when the name was written whole; else it had initials, or was a family or a given name alone.
    """

    persons: tuple[Person, ...]
    exact: bool


class AuthorIndex:
    """The authors of a library; ``authors`` are the names by paper id.

    Names are searched in one folded text, a line each: folding 43,000 names one by one takes four times as long.
    """

    def __init__(self, authors: Mapping[str, Sequence[str]]) -> None:
        self._papers: dict[str, list[str]] = {}
        for paper_id, names in authors.items():
            for name in names:
                self._papers.setdefault(name, []).append(paper_id)
        self._names = list(self._papers)
        self._text = _folded("\n".join(self._names))
        self._lines = self._text.split("\n")
        self._squashed = "\n".join(map("".join, map(str.split, self._lines)))

    def find(self, name: str) -> AuthorMatch | None:
        """Whom a name means, in whatever order and spelling; None for nobody here."""
        words = name_words(name)
        if not words:
            return None
        if len(words) == 1:
            return self._alone(words[0])
        orders = (words, (*words[1:], words[0]), (words[-1], *words[:-1]))
        likely = self._with_word(max(words, key=len)) | set(chain.from_iterable(map(self._written_together, orders)))
        by_key: dict[str, list[int]] = {}
        for place in likely:
            by_key.setdefault(_key(self._lines[place].split()), []).append(place)
        for order in orders:
            if places := by_key.get(_key(order)):
                return AuthorMatch(self._persons(places), exact=True)
        places = self._with_initials(words) or self._with_initials(orders[1])
        return AuthorMatch(self._persons(places), exact=False) if places else None

    def nearest(self, name: str, limit: int = 3) -> tuple[str, ...]:
        """Names like one that nobody has, for "did you mean"; those that share its last word first."""
        words = name_words(name)
        if not words:
            return ()
        family = [place for place in self._with_word(words[-1]) if self._lines[place].split()[-1] == words[-1]]
        begun = self._matching(rf"\b{re.escape(words[-1][:_FIRST_LETTERS])}")
        lines = {self._lines[place]: self._names[place] for place in begun}
        near = [lines[line] for line in nearest_names(" ".join(words), lines, limit, _CLOSE)]
        sharing = [person.name for person in self._persons(family)]
        return tuple(dict.fromkeys([*near, *sharing]))[:limit]

    def knows_words(self, name: str) -> bool:
        """Whether every word of a text is part of some author's name."""
        words = name_words(name)
        return bool(words) and all(re.search(rf"\b{word}\b", self._text) for word in words)

    def complete(self, text: str, limit: int) -> list[Person]:
        """Persons for a name that is being typed: every word of it begins a word of the name; most papers first."""
        words = name_words(text)
        if not words:
            return []
        places = set.intersection(*(self._matching(rf"\b{word}") for word in words))
        return list(self._persons(places)[:limit])

    def of_papers(self, paper_ids: Iterable[str]) -> list[tuple[str, int]]:
        """The authors of these papers, by spelling, with how many of them each has, most first."""
        allowed = frozenset(paper_ids)
        counts = Counter({name: len(allowed.intersection(papers)) for name, papers in self._papers.items()})
        return [(name, count) for name, count in counts.most_common() if count]

    def _alone(self, word: str) -> AuthorMatch | None:
        """Persons of a family name, else of a given one; of a team that is called so alone ("Qwen")."""
        places = self._with_word(word)
        last = [place for place in places if self._lines[place].split()[-1] == word]
        persons = self._persons(last or places)
        return AuthorMatch(persons, exact=name_words(persons[0].name) == (word,)) if persons else None

    def _with_initials(self, words: Sequence[str]) -> list[int]:
        """Persons of the family name whose given names begin as it is written: "K. He", "Y LeCun"."""
        *given, family = words
        if len(family) < 2 or not any(len(word) == 1 for word in given):
            return []
        places = []
        for place in self._with_word(family):
            name_parts = self._lines[place].split()
            begun = zip(given, name_parts, strict=False)
            initials = all(own.startswith(part) if len(part) == 1 else own == part for part, own in begun)
            if name_parts[-1] == family and len(name_parts) > len(given) and initials:
                places.append(place)
        return places

    def _with_word(self, word: str) -> set[int]:
        return self._matching(rf"\b{re.escape(word)}\b")

    def _written_together(self, words: Sequence[str]) -> list[int]:
        """Names of the same letters, however they are parted: "Junyan Zhu", "Jun-Yan Zhu"."""
        pattern = re.compile(rf"^{re.escape(''.join(words))}$", re.MULTILINE)
        return [self._squashed.count("\n", 0, match.start()) for match in pattern.finditer(self._squashed)]

    def _matching(self, pattern: str) -> set[int]:
        """The places of the names in which a pattern is found."""
        places: set[int] = set()
        place = counted = 0
        for match in re.finditer(pattern, self._text):
            place += self._text.count("\n", counted, match.start())
            counted = match.start()
            places.add(place)
        return places

    def _persons(self, places: Iterable[int]) -> tuple[Person, ...]:
        """The persons of these names, spellings of one joined, those of most papers first."""
        groups: dict[str, list[str]] = {}
        for place in sorted(places):
            groups.setdefault(_key(self._lines[place].split()), []).append(self._names[place])
        persons = [
            Person(
                max(names, key=lambda name: len(self._papers[name])),
                tuple(names),
                tuple(dict.fromkeys(chain.from_iterable(self._papers[name] for name in names))),
            )
            for names in groups.values()
        ]
        return tuple(sorted(persons, key=lambda person: (-len(person.paper_ids), person.name)))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, hyphens and dots: "Jun-Yan Zhu" is jun, yan, zhu."""
    return tuple(_folded(name.replace("\n", " ")).split())


def _key(words: Sequence[str]) -> str:
    """What is equal for spellings of one name: its letters, middle initials left out."""
    middle = [word for word in words[1:-1] if len(word) > 1]
    return "".join((words[0], *middle, words[-1])) if len(words) > 1 else "".join(words)


def _folded(text: str) -> str:
    if not text.isascii():
        text = _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold().translate(_SPELLED_OUT)))
    return _BETWEEN_WORDS.sub(" ", text.lower())


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
            paper_counts = connection.execute(
                "SELECT organization, count(*) FROM papers WHERE organization IS NOT NULL GROUP BY organization"
            ).fetchall()
        begun = [(name, papers) for name, papers in paper_counts if _begins(parts, name_words(name))]
        writers = [*((person.name, len(person.paper_ids)) for person in self.authors().complete(text, limit)), *begun]
        return sorted(writers, key=lambda writer: (-writer[1], writer[0]))[:limit]

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
