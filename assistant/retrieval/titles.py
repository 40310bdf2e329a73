"""Whether a text names a paper by its title, and which paper a name means."""

import re

from assistant.library.library import Library
from assistant.library.values import LibraryPaper
from assistant.papers import clean_text, normalized_title, parse_paper_id

_SHORTEST_WITHIN = 12
_CLOSE = 0.8
_COINED = re.compile(r"\d|\w[A-Z]")
_WORD = re.compile(r"\w+(?:[.-]\w+)*")


def paper_named(library: Library, name: str) -> LibraryPaper | None:
    """The paper that an id, a link or a title means; of several that a title may mean the likest."""
    paper_id = parse_paper_id(name)
    found = library.get([paper_id]) if paper_id else library.find_by_title(clean_text(name), limit=1)
    return found[0] if found else None


def title_likeness(text: str, title: str) -> float:
    """How surely the text names the title, 0..1; 0 when it does not.

    1 for the title itself, punctuation and case aside; a little less for its name before the colon, and for a
    title of 12 letters and more that stands in the text; else the Dice coefficient of character trigrams from 0.8 on.
    """
    asked, known = normalized_title(text), normalized_title(title)
    if not asked or not known:
        return 0.0
    if asked == known:
        return 1.0
    name, colon, _ = title.partition(":")
    if colon and asked == normalized_title(name):
        return 0.95
    if len(known) >= _SHORTEST_WITHIN and known in asked:
        return 0.9
    likeness = _dice(_trigrams(asked), _trigrams(known))
    return likeness if likeness >= _CLOSE else 0.0


def has_name(text: str, title: str) -> bool:
    """Whether the coined name that a title puts before its colon ("MegaHan97K: …") stands in the text.

    Coined are names with a digit or a capital inside a word; a plain word ("Attention: …") names too little.
    """
    name, colon, _ = title.partition(":")
    return bool(colon) and bool(_COINED.search(name)) and _spaced_words(name) in _spaced_words(text)


def _spaced_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(max(1, len(text) - 2))}


def _dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))
