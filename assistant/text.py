"""Small things about names and words that every package needs."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from assistant.papers import clean_text

_QUOTED_LENGTH = 120
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&])")
_LIST_START = re.compile(r"^(\s*\d*)([-+]|(?<=\d)[.)])(?=\s)")


def nearest(name: str, known_names: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known name that a misspelt one most probably means, whatever the case; None when none is like it.

    ``cutoff`` (0..1) is how like it must be, as `difflib` counts: 0.4 for short names among few, 0.8 where a name
    may well be meant as it stands.
    """
    return next(iter(nearest_names(name, known_names, 1, cutoff)), None)


def nearest_names(name: str, known_names: Iterable[str], limit: int, cutoff: float = 0.5) -> tuple[str, ...]:
    """The known names, up to ``limit``, that a misspelt one may mean, most like it first; see `nearest`."""
    by_folded = {known_name.casefold(): known_name for known_name in known_names}
    return tuple(by_folded[folded] for folded in get_close_matches(name.casefold(), by_folded, limit, cutoff))


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form, for nouns whose plural takes an "s": "1 paper", "1,200 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def quoted(text: str) -> str:
    """Feed text as part of a message: cleaned, shortened, in quotation marks."""
    cleaned = clean_text(text[: 4 * _QUOTED_LENGTH])
    excerpt = cleaned if len(cleaned) <= _QUOTED_LENGTH else cleaned[: _QUOTED_LENGTH - 1].rstrip() + "…"
    return f"“{excerpt}”"


def escaped(text: str) -> str:
    """Text in which no sign is Markdown's or HTML's, not even at its beginning."""
    return _LIST_START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))
