"""The languages that the program knows, from its one data file: which a question is in, and its words in English.

Questions are turned into English word by word, for search alone: the order of the words stays. Names, numbers and
English words stay as they are; words of a script that the search does not know are left out.
"""

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

_LETTERS = re.compile(r"[^\W\d_]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_NAME = re.compile(r"\d|[^\W\d_][A-Z]|[A-Za-z0-9][-_.][A-Za-z0-9]")
_LONGEST_PHRASE = 4  # words
_SHORTEST_STEM = 3
_SHORTEST_PART = 3


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


def in_english(text: str, language: str) -> str:
    """The question in English words, as far as the glossary of its language goes."""
    entry = known_languages().get(language)
    if entry is None or language == ENGLISH:
        return text
    glossed = _HAN_RUN.sub(lambda run: f" {_glossed_run(run.group(), entry)} ", text)
    if language != "zh":
        glossed = _glossed_words(glossed, entry)
    return " ".join(glossed.split())


def _glossed_run(run: str, language: Language) -> str:
    """Characters without spaces between words, the longest known word at each place; unknown ones are left out."""
    words: list[str] = []
    at = 0
    while at < len(run):
        length = next(
            (size for size in range(min(8, len(run) - at), 0, -1) if run[at : at + size] in language.glossary), 0
        )
        if length:
            words.append(language.glossary[run[at : at + length]])
        at += length or 1
    return " ".join(words)


def _glossed_words(text: str, language: Language) -> str:
    tokens = text.split()
    english: list[str] = []
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            bare, behind = _bare(" ".join(tokens[at : at + size]))
            if (gloss := language.glossary.get(bare.casefold())) is not None:
                english.append(gloss + behind)
                break
        else:
            size = 1
            english.append(_glossed_word(tokens[at], language))
        at += size
    return " ".join(english)


def _glossed_word(token: str, language: Language) -> str:
    """A word by its stem, by its parts, or by its elision ("l'image"); a name is never taken apart."""
    bare, behind = _bare(token)
    if _NAME.search(bare) or not _LETTERS.search(bare):
        return token
    elided = re.match(r"(\w{1,2}['’])(.+)", bare)
    if elided and elided[1].casefold() in language.glossary:
        return language.glossary[elided[1].casefold()] + _glossed_word(elided[2] + behind, language)
    gloss = _by_stem(bare.casefold(), language) or _by_parts(bare.casefold(), language)
    return token if gloss is None else gloss + behind


def _by_stem(word: str, language: Language) -> str | None:
    if (whole := language.glossary.get(word)) is not None:
        return whole
    stems = (word.removesuffix(ending) for ending in language.endings if word.endswith(ending))
    return next((language.glossary[s] for s in stems if len(s) >= _SHORTEST_STEM and s in language.glossary), None)


def _by_parts(word: str, language: Language) -> str | None:
    """A compound of known words: "Trainingsdaten" is "training data"."""
    if not language.joints:
        return None
    for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        first = language.glossary.get(word[:end])
        for joint in language.joints if first else ():
            rest = word[end:].removeprefix(joint) if word[end:].startswith(joint) else ""
            if len(rest) >= _SHORTEST_PART and (second := _by_stem(rest, language) or _by_parts(rest, language)):
                return f"{first} {second}"
    return None


def _bare(token: str) -> tuple[str, str]:
    """A token without the signs around it, and those behind it."""
    stripped = token.lstrip("\"'«„“(¿")
    bare = stripped.rstrip('"»“”)?!.,:;…')
    return bare, stripped[len(bare) :]
