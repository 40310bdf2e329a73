"""The open table ``[profiles]``: what a reader cares about, by the name of the profile."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from assistant.errors import ConfigError, UsageError
from assistant.papers import clean_text, parse_paper_id
from assistant.text import nearest

_NAME = re.compile(r"\w[\w-]{0,39}")
_FORM = 'Write a table such as [profiles.robotics] with words = ["robot manipulation"].'


def _value(default: object, meaning: str) -> Any:
    """A field with the meaning that the example file gives it."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one reader, or one team, wants to see of the papers; a profile that asks for nothing takes all of them.

    ``papers`` are ids. ``interest``, ``upvotes`` and ``newness`` weigh the three parts of a paper's score.
    """

    name: str
    words: tuple[str, ...] = _value((), "Words and phrases; a paper that has one as whole words is shown.")
    papers: tuple[str, ...] = _value((), "Ids or links of papers; what is like one of them is shown.")
    organizations: tuple[str, ...] = _value((), "Organizations whose papers are shown.")
    authors: tuple[str, ...] = _value((), "Authors whose papers are shown; initials and accents do not matter.")
    exclude: tuple[str, ...] = _value((), "Words, organizations or authors whose papers are never shown.")
    starred: bool = _value(False, "Take starred papers as examples, beside those in `papers`.")
    interest: float = _value(1.0, "Weight of how well a paper fits.")
    upvotes: float = _value(0.3, "Weight of its upvotes among the papers at hand.")
    newness: float = _value(0.2, "Weight of how new it is, in days.")
    trending: int = _value(0, "Papers of most upvotes of each day that are shown although they do not fit.")
    top: int = _value(0, "Papers in the digest; 0 takes what `digest.top` says.")

    @property
    def chooses(self) -> bool:
        """Whether a paper has to fit to be shown; a profile of excludes and weights alone takes all others."""
        return bool(self.words or self.papers or self.organizations or self.authors or self.starred)


def profile_values() -> dict[str, tuple[object, str]]:
    """Default and meaning of everything that a profile may say, by key."""
    return {member.name: (member.default, member.metadata["meaning"]) for member in fields(Profile) if member.metadata}


def profile_named(profiles: Mapping[str, Profile], name: str) -> Profile:
    """The profile of that name. Raises `UsageError`, which names the nearest one."""
    if name in profiles:
        return profiles[name]
    if not profiles:
        raise UsageError(f"There is no profile {name!r}: the configuration has none.", _FORM)
    near = nearest(name, profiles, 0.4)
    existing = "The configuration has: " + ", ".join(profiles) + "."
    raise UsageError(f"There is no profile {name!r}.", f"Did you mean {near}?" if near else existing)


def read_profiles(table: object, place: str) -> dict[str, Profile]:
    """The table ``[profiles]``. Raises `ConfigError` with the place, the key and the nearest valid name."""
    if not isinstance(table, dict):
        raise ConfigError(f"profiles in {place} must be a table.", _FORM)
    return {name: _profile(name, value, place) for name, value in table.items()}


def _profile(name: str, table: object, place: str) -> Profile:
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"profiles.{name} in {place} is no name for a profile.", "Use up to 40 letters, digits, - and _."
        )
    if not isinstance(table, dict):
        raise ConfigError(f"profiles.{name} in {place} must be a table, not {table!r}.", _FORM)
    value_names = profile_values()
    for key in table:
        if key not in value_names:
            near = nearest(key, value_names, 0.4)
            hint = f"Did you mean {near}?" if near else "A profile may have: " + ", ".join(value_names) + "."
            raise ConfigError(f"Unknown key profiles.{name}.{key} in {place}.", hint)
    values = {key: _checked(key, value, f"profiles.{name}.{key} in {place}") for key, value in table.items()}
    return Profile(name=name, **values)


def _checked(key: str, value: object, where: str) -> Any:
    default, meaning = profile_values()[key]
    match default:
        case tuple():
            return _texts(key, value, where, meaning)
        case bool():
            if not isinstance(value, bool):
                raise ConfigError(f"{where} must be true or false, not {value!r}.", meaning)
            return value
        case int():
            if type(value) is not int or value < 0:
                raise ConfigError(f"{where} must be a whole number, at least 0, not {value!r}.", meaning)
            return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ConfigError(f"{where} must be a number, at least 0, not {value!r}.", meaning)
    return float(value)


def _texts(key: str, value: object, where: str, meaning: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConfigError(f"{where} must be a list of texts, not {value!r}.", meaning)
    for text in value:
        if not isinstance(text, str) or not clean_text(text):
            raise ConfigError(f"{where} must be a list of texts; {text!r} is none.", meaning)
    if key == "papers":
        return tuple(dict.fromkeys(_paper_id(text, where) for text in value))
    return tuple(dict.fromkeys(map(clean_text, value)))


def _paper_id(text: str, where: str) -> str:
    paper_id = parse_paper_id(text)
    if paper_id is None:
        raise ConfigError(f"{where} has {text!r}, which is no paper id or link.", "Give arXiv ids such as 2608.19880.")
    return paper_id
