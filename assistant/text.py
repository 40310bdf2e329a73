"""Small things about names and words that every package needs."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known name that a misspelt one most probably means, whatever the case; None when none is like it.

    ``cutoff`` (0..1) is how like it must be, as `difflib` counts: 0.4 for short names among few, 0.8 where a name
    may well be meant as it stands.
    """
    by_folded = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form, for nouns whose plural takes an "s": "1 paper", "1,200 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
