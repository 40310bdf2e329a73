"""Small things about names and words that every package needs."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known name that a misspelt one most probably means, whatever the case; None when none is like it.

    ``cutoff`` (0..1) is how like it must be, as `difflib` counts: 0.4 for short names among few, 0.8 where a name
    may well be meant as it stands.
    """
    return next(iter(nearest_names(name, known, 1, cutoff)), None)


def nearest_names(name: str, known: Iterable[str], limit: int, cutoff: float = 0.5) -> tuple[str, ...]:
    """The known names, up to ``limit``, that a misspelt one may mean, most like it first; see `nearest`."""
    by_folded = {one.casefold(): one for one in known}
    return tuple(by_folded[folded] for folded in get_close_matches(name.casefold(), by_folded, limit, cutoff))


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right form, for nouns whose plural takes an "s": "1 paper", "1,200 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
