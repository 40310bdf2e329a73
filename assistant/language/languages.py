"""The languages that the program knows, read from its one data file, and which of them a question is in or asks for."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ENGLISH = "en"
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_FEWEST_HAN = 2
_SHARED = 0.5
"""What a word counts that English has too ("die", "was")."""


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


def language_of(text: str) -> str:
    """The code of the language, such as ``de``; ``en`` where no other one is sure.

    Chinese is told by its script, whatever English names stand in it; the others by function words, of which there
    must be more than English ones.
    """
    if len(_HAN.findall(text)) >= _FEWEST_HAN and not _KANA_OR_HANGUL.search(text):
        return "zh"
    words = [word.casefold() for word in _WORD.findall(text)]
    english = known_languages()[ENGLISH].marks
    counts = {
        code: sum((_SHARED if word in english else 1.0) for word in words if word in language.marks)
        for code, language in known_languages().items()
        if language.marks and code != ENGLISH
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= 1 and counts[best] > sum(word in english for word in words) * _SHARED else ENGLISH


def wanted_language(text: str) -> str | None:
    """The language that an answer is asked for in: ``de`` for "what about in German", "auf Deutsch bitte"."""
    match = _asking_for_language().search(text)
    if not match:
        return None
    name = next(group for group in match.groups() if group).casefold()
    return next(code for code, language in known_languages().items() if name in language.called)


def without_language(text: str) -> str:
    """The text without the words that `wanted_language` reads."""
    return _asking_for_language().sub(" ", text)


@cache
def _asking_for_language() -> re.Pattern[str]:
    names = [re.escape(name) for language in known_languages().values() for name in language.called]
    latin = "|".join(name for name in names if name[0].isascii())
    other = "|".join(name for name in names if not name[0].isascii())
    return re.compile(rf"\b(?:in|auf|en) ({latin})\b(?=\W*$|\W*(?:please|bitte|svp)\W*$)|用({other})", re.IGNORECASE)
