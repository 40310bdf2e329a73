"""The languages that the program knows, read from its one data file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: how it is told, how its words are turned into English, what the program says in it.

    ``called`` are names of the language, in several languages. ``glossary`` maps words and phrases, case folded;
    ``endings`` may follow such a word, ``joints`` stand between the words of a compound.
    """

    code: str
    name: str
    called: frozenset[str]
    marks: frozenset[str]
    endings: tuple[str, ...]
    joints: tuple[str, ...]
    glossary: Mapping[str, str]
    phrases: Mapping[str, str]


@cache
def known_languages() -> Mapping[str, Language]:
    """All languages by their codes, English first."""
    tables = tomllib.loads(files("assistant.language").joinpath("languages.toml").read_text(encoding="utf-8"))
    return {
        code: Language(
            code,
            table["name"],
            frozenset(table["called"]),
            frozenset(table["marks"].split()),
            tuple(sorted(table["endings"], key=len, reverse=True)),
            tuple(table["joints"]),
            {words.casefold(): english for words, english in table.get("glossary", {}).items()},
            table["phrases"],
        )
        for code, table in tables.items()
    }


def say(phrase: str, language: str = ENGLISH, **values: str) -> str:
    """A fixed phrase in a language, its places filled; in English where the language is not known."""
    spoken = known_languages().get(language) or known_languages()[ENGLISH]
    return spoken.phrases[phrase].format_map(values)


def listed(things: list[str], language: str = ENGLISH, *, last: str = "and") -> str:
    """Things in a row as the language writes them: "a, b and c"; ``last`` is the phrase before the last one."""
    if language == "zh":
        return "、".join(things)
    return f"{', '.join(things[:-1])} {say(last, language)} {things[-1]}" if len(things) > 1 else "".join(things)
