"""Finds the papers that a question names, and where; also those that its ranking does not have."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from assistant.library import LexicalPaperIndex, StoredPaper, words
from assistant.papers import Paper, normalized_title
from assistant.retrieval.paper_mentions import (
    FEW_PAPERS,
    RARE_PAPERS,
    MentionCandidate,
    MentionMatch,
    Use,
    folded,
    named_papers,
    naming,
    possible_names,
    use_of,
)

_SHORTEST_WITHIN = 12
_SHORTEST_PIECE = 20
_CLOSE = 0.8
_SHARE_OF_LENGTH = 0.5  # shorter texts cannot be close, repeated trigrams allowed for
_QUOTED = re.compile(r"(?<!\w)[\"'“‘«](?P<quoted>[^\"“”«»]{3,300}?)[\"'”’»](?!\w)")
_CLAUSE = re.compile(r"[:;?!]\s|,\s|\s[–—-]\s|\s(?:vs\.?|versus)\s")

_TITLE_CANDIDATES = 20
"""Leading hits whose titles are held against the query: every title of 11,028 finds its paper among them."""
_LOOKED_AT = 50
_KEPT_OF_A_NAME = 10
_MOST_SEARCHES = 6
_LONGEST_SEARCHED = 4  # words
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_TITLE = 2  # words
_QUOTES = "\"'“”‘’«»"


def title_likeness(text: str, title: str) -> float:
    """How surely the text names the title, 0..1; 0 when it does not.

    1 for the title itself, punctuation and case aside; a little less for its name before the colon, and for a
    title of 12 letters and more that stands in the text; else the Dice coefficient of character trigrams from 0.8 on.
    """
    key, title_key = _normalized(text), _normalized(title)
    if not key or not title_key:
        return 0.0
    if key == title_key:
        return 1.0
    name, colon, _ = title.partition(":")
    if colon and key == normalized_title(name):
        return 0.95
    if len(title_key) >= _SHORTEST_WITHIN and title_key in key:
        return 0.9
    shorter, longer = sorted((len(key), len(title_key)))
    if shorter < _SHARE_OF_LENGTH * longer:
        return 0.0
    likeness = _dice(_trigrams(key), _trigrams(title_key))
    return likeness if likeness >= _CLOSE else 0.0


def title_pieces(text: str) -> tuple[str, ...]:
    """The text and its parts that may be a title of their own: between quotation marks, and clauses."""
    quoted = [match.group("quoted") for match in _QUOTED.finditer(text)]
    clauses = [part.strip() for part in _CLAUSE.split(text) if len(part.strip()) >= _SHORTEST_PIECE]
    return tuple(dict.fromkeys([text, *quoted, *clauses]))


@lru_cache(maxsize=2048)
def _normalized(text: str) -> str:
    return normalized_title(text)


@lru_cache(maxsize=256)
def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[start : start + 3] for start in range(max(1, len(text) - 2)))


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))


class NamedLibrary(Protocol):
    """What finding names needs of the library."""

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids; unknown ids are left out."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...


class NamedPapers:
    """The papers named in one question; ``allowed`` leaves other papers out."""

    def __init__(self, library: NamedLibrary, allowed: frozenset[str] | None) -> None:
        self._library = library
        self._allowed = allowed
        self._frequencies: dict[str, int] = {}

    def find(self, text: str, ranked: Sequence[Paper]) -> list[str]:
        """Ids of the papers that the text names, by title first; ``ranked`` are those found for it, best first."""
        self._frequencies, _ = self._library.lexical_index().document_frequencies(text)
        names = [name for name in possible_names(text) if name.spelled or self._rarest(name) < FEW_PAPERS]
        further = self._searched(names, {paper.paper_id for paper in ranked}) if names else []
        titled = _titled(text, [*ranked[:_TITLE_CANDIDATES], *further])
        return list(dict.fromkeys([*titled, *named_papers(names, [*ranked, *further], self._use)]))

    def _searched(self, names: Sequence[MentionCandidate], known_ids: set[str]) -> list[Paper]:
        """Papers that come up for the names alone."""
        searched = [name for name in names if len(words(name.text)) <= _LONGEST_SEARCHED]
        searched.sort(key=lambda name: (not name.coined, not name.capitalized, self._rarest(name)))
        paper_ids: dict[str, None] = {}
        for name in searched[:_MOST_SEARCHES]:
            paper_ids |= dict.fromkeys(self._search(name, _KEPT_OF_A_NAME))
        return [
            stored.paper
            for stored in self._library.get([paper_id for paper_id in paper_ids if paper_id not in known_ids])
        ]

    def _search(self, name: MentionCandidate, limit: int) -> list[str]:
        return list(self._library.lexical_index().search(name.text, limit, self._allowed))

    def _rarest(self, name: MentionCandidate) -> int:
        """How many papers have the rarest word of the name: at most so many have the name as it is spelled here."""
        return min((self._frequencies.get(word, 0) for word in words(name.text)), default=0)

    def _use(self, name: MentionCandidate) -> Use:
        rarest, alone = self._rarest(name), len(words(name.text)) == 1
        if name.spelled and (rarest < RARE_PAPERS or (alone and name.coined)):
            return Use(rarest, 0)  # no text needs to be read
        return use_of(name, [stored.paper for stored in self._library.get(self._search(name, _LOOKED_AT))])


def _titled(text: str, papers: Sequence[Paper]) -> list[str]:
    """The papers that the text, or a part of it, names by title, the likest first."""
    pieces = title_pieces(text)
    likeness = {paper.paper_id: max(title_likeness(piece, paper.title) for piece in pieces) for paper in papers}
    named = [paper_id for paper_id, likely in likeness.items() if likely > 0]
    return sorted(named, key=lambda paper_id: -likeness[paper_id])


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a question, from offset ``start`` to ``end``, and the papers that they name (by place, from 0)."""

    start: int
    end: int
    papers: tuple[int, ...]


def mentions(question: str, papers: Sequence[Paper]) -> tuple[Mention, ...]:
    """Where the question names the papers: by title, by the name before its colon, by a name that they introduce.

    The longest words stand for a paper; several papers that come to a name alike share the place. In the order of the
    question.
    """
    matches_by_span: dict[tuple[int, int], dict[int, MentionMatch]] = {}
    for place, paper in enumerate(papers):
        titled = dict.fromkeys(_title_spans(question, paper.title), MentionMatch.TITLE)
        for span, how in {**_name_spans(question, paper), **titled}.items():
            matches_by_span.setdefault(span, {})[place] = how
    longest = [span for span in matches_by_span if not any(_within(span, other) for other in matches_by_span)]
    return tuple(Mention(*span, _best(matches_by_span[span])) for span in sorted(longest))


def _best(by_place: Mapping[int, MentionMatch]) -> tuple[int, ...]:
    """The papers that come to a name in the strongest way: "FooNet" is the one of that title, not "FooNet-v2"."""
    strongest = max(map(_strength, by_place.values()))
    return tuple(sorted(place for place, how in by_place.items() if _strength(how) == strongest))


def _strength(how: MentionMatch) -> int:
    return min(how, MentionMatch.BEFORE_COLON)


def beside_names(question: str, named: Sequence[Mention], instead: Callable[[Mention], str]) -> str:
    """The question with other words in the place of its names, and of the quotation marks around them."""
    for mention in sorted(named, key=lambda mention: -mention.start):
        before, behind = question[: mention.start].rstrip(_QUOTES), question[mention.end :].lstrip(_QUOTES)
        question = f"{before}{instead(mention)}{behind}"
    return " ".join(question.split())


def _name_spans(question: str, paper: Paper) -> dict[tuple[int, int], MentionMatch]:
    if len(folded(question)) != len(question):
        return {}  # offsets of a folded text are those of its characters alone
    matches_by_span = {(name.start, name.end): naming(name, paper) for name in possible_names(question)}
    return {span: how for span, how in matches_by_span.items() if how is not None}


def _title_spans(question: str, title: str) -> list[tuple[int, int]]:
    """Where the words of the title, or of its part before the colon, stand one after the other; else a close title."""
    tokens = [(match.group().casefold(), match.span()) for match in _WORD.finditer(question)]
    spans = []
    for name in (title, title.partition(":")[0]):
        words = [word.casefold() for word in _WORD.findall(name)]
        if len(words) >= _SHORTEST_TITLE:
            spans += [
                (tokens[at][1][0], tokens[at + len(words) - 1][1][1])
                for at in range(len(tokens) - len(words) + 1)
                if [word for word, _ in tokens[at : at + len(words)]] == words
            ]
    return spans or _piece_spans(question, title)


def _piece_spans(question: str, title: str) -> list[tuple[int, int]]:
    """A piece of the question that is the title but for a letter or a word."""
    pieces = [piece for piece in title_pieces(question) if title_likeness(piece, title) > 0]
    return [(question.index(piece), question.index(piece) + len(piece)) for piece in pieces[-1:] if piece in question]


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]
