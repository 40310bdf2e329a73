"""Whether a text names a paper by its title, and which paper a name means."""

import re
from functools import lru_cache

from assistant.errors import NothingFound
from assistant.library.library import Library
from assistant.library.records import LibraryPaper
from assistant.papers import clean_text, normalized_title, parse_paper_id

_SHORTEST_WITHIN = 12
_SHORTEST_PIECE = 20
_CLOSE = 0.8
_SHARE_OF_LENGTH = 0.5  # shorter texts cannot be close, repeated trigrams allowed for
_QUOTED = re.compile(r"(?<!\w)[\"'“‘«](?P<quoted>[^\"“”«»]{3,300}?)[\"'”’»](?!\w)")
_CLAUSE = re.compile(r"[:;?!]\s|,\s|\s[–—-]\s|\s(?:vs\.?|versus)\s")


def paper_named(library: Library, name: str) -> LibraryPaper | None:
    """The paper that an id, a link or a title means; of several that a title may mean the likest."""
    paper_id = parse_paper_id(name)
    found = library.get([paper_id]) if paper_id else library.find_by_title(clean_text(name), limit=1)
    return found[0] if found else None


def required_paper(library: Library, name: str) -> LibraryPaper:
    """`paper_named`; raises `NothingFound`, which says how to get the paper, when there is none."""
    paper = paper_named(library, name)
    if paper is None:
        paper_id = parse_paper_id(name)
        remedy = f"run `assistant sync --arxiv {paper_id}`" if paper_id else "`assistant search` finds papers by topic"
        raise NothingFound(f"No paper {clean_text(name)!r} in the library.", remedy)
    return paper


def title_likeness(text: str, title: str) -> float:
    """How surely the text names the title, 0..1; 0 when it does not.

    1 for the title itself, punctuation and case aside; a little less for its name before the colon, and for a
    title of 12 letters and more that stands in the text; else the Dice coefficient of character trigrams from 0.8 on.
    """
    asked, known = _normalized(text), _normalized(title)
    if not asked or not known:
        return 0.0
    if asked == known:
        return 1.0
    name, colon, _ = title.partition(":")
    if colon and asked == normalized_title(name):
        return 0.95
    if len(known) >= _SHORTEST_WITHIN and known in asked:
        return 0.9
    shorter, longer = sorted((len(asked), len(known)))
    if shorter < _SHARE_OF_LENGTH * longer:
        return 0.0
    likeness = _dice(_trigrams(asked), _trigrams(known))
    return likeness if likeness >= _CLOSE else 0.0


def title_pieces(text: str) -> tuple[str, ...]:
    """The text and its parts that may be a title of their own: between quotation marks, and clauses."""
    quoted = [found.group("quoted") for found in _QUOTED.finditer(text)]
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
