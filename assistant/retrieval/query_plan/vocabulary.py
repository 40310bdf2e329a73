"""The vocabulary of questions about the collection, one data file for every language, and questions as its tokens."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Any

from assistant.retrieval.query.boilerplate import REMOVED

_CJK_DATE = re.compile(r"(?P<year>20\d\d)\s?年(?:(?P<month>\d{1,2})\s?月(?:(?P<day>\d{1,2})\s?[日号])?)?")
_OTHER = re.compile(r"[^\s,;:?!()\[\]{}\"“”„«»。，？！、：；《》「」\x00]+")
_QUOTED = re.compile(
    r"[\"“„«《「](?P<text>[^\"“”„«»《》「」]{2,300})[\"”“»》」]|(?<!\w)'(?P<single>[^']{2,300})'(?!\w)"
)
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"\d{1,3}")
_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


class Word(StrEnum):
    """What a word or phrase of a question means to a plan."""

    PAPER = "paper"
    PAPERS = "papers"
    BY = "by"
    FROM = "from"
    FOR = "for"
    CODE = "code"
    PROJECT = "project"
    LINK = "link"
    WHO = "who"
    WROTE = "wrote"
    AUTHORS = "authors"
    ORGANIZATION = "organization"
    HOW_MANY = "how_many"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    MOST = "most"
    TOP = "top"
    NEWEST = "newest"
    OLDEST = "oldest"
    UPVOTED = "upvoted"
    COMMENTED = "commented"
    TRENDING = "trending"
    LIST = "list"
    WORD = "word"
    AND = "and"
    OR = "or"
    HAVE = "have"
    AUXILIARY = "auxiliary"
    WHEN = "when"
    NEW = "new"
    YES_NO = "yes_no"
    FILLER = "filler"


@dataclass(frozen=True)
class Vocabulary:
    """The phrases of one language beside the English ones, in lower case, and their meanings.

    ``dates`` turns its date phrases into English.
    """

    language: str
    phrases: Mapping[str, Word]
    dates: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the phrases."""
        return _alternatives(tuple(self.phrases))

    def is_spoken_in(self, text: str) -> bool:
        """Whether a text has a word of this language that is no English one."""
        if self.language == "en":
            return True
        english, lowered = vocabularies()[0].phrases, text.casefold()
        own = [phrase for phrase in self.phrases if phrase not in english and phrase in lowered]
        return bool(own) and any(
            len(match[0]) > 1 or not match[0].isascii() for match in _alternatives(tuple(own)).finditer(text)
        )

    def in_english(self, text: str) -> str:
        """The text with its date phrases in English; the rest stays."""
        lowered = text.casefold()
        if present := tuple(phrase for phrase in self.dates if phrase in lowered):
            text = _alternatives(present).sub(lambda match: self.dates[match[0].casefold()], text)
        return _CJK_DATE.sub(_iso, text)


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """Those of all languages, English first."""
    return tuple(_vocabulary(language) for language in sorted(_file(), key=lambda language: language != "en"))


def _vocabulary(language: str) -> Vocabulary:
    phrases = {**_phrases("en"), **_phrases(language)}
    return Vocabulary(language, phrases, _texts(language, "dates"))


@cache
def labels(language: str) -> Mapping[str, str]:
    """The words of an answer in a language; English where it has none."""
    return {**_texts("en", "labels"), **_texts(language, "labels")}


@cache
def _file() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = resources.files("assistant.retrieval.query_plan").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _texts(language: str, table: str) -> dict[str, str]:
    return dict(_file().get(language, {}).get(table, {}))


def _phrases(language: str) -> dict[str, Word]:
    table: Mapping[str, Sequence[str]] = _file()[language]["words"]
    return {phrase: Word(word) for word, phrases in table.items() for phrase in phrases}


def _alternatives(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One of the phrases, the longest, whole where it is written with letters that need blanks between words."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first)), re.IGNORECASE)


def _whole(phrase: str) -> str:
    before = r"(?<![^\W_])" if _needs_blanks(phrase[0]) else ""
    after = r"(?![^\W_]|-[^\W_])" if _needs_blanks(phrase[-1]) else ""
    return before + r"\s+".join(map(re.escape, phrase.split())) + after


def _needs_blanks(letter: str) -> bool:
    return letter.isalnum() and not "\u3400" <= letter <= "\u9fff"


def _iso(match: re.Match[str]) -> str:
    year, month, day = match["year"], match["month"], match["day"]
    if month is None:
        return f" in {year} "
    return f" {year}-{int(month):02}" + (f"-{int(day):02} " if day else " ")


_PART_OF_NAMES = frozenset({Word.FILLER, Word.AUXILIARY, Word.LIST, Word.HAVE})


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a question, from offset ``start`` to ``end``; ``word`` is None for what may belong to a name.

    A ``quoted`` one is a name as a whole; ``number`` is a number of papers.
    """

    start: int
    end: int
    text: str
    word: Word | None = None
    quoted: bool = False
    number: int | None = None

    @property
    def is_name(self) -> bool:
        """Whether it means nothing to a plan by itself."""
        return self.word is None and self.number is None


def tokens_of(text: str, vocabulary: Vocabulary) -> tuple[Token, ...]:
    """The tokens of a text, in which what became a filter is `REMOVED` and no token."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        token = _token_at(text, at, vocabulary)
        if token:
            tokens.append(token)
        at = token.end if token else at + 1
    return _capitalized_names(tokens)


def _token_at(text: str, at: int, vocabulary: Vocabulary) -> Token | None:
    if text[at].isspace() or text[at] == REMOVED:
        return None
    if quoted := _QUOTED.match(text, at):
        return Token(at, quoted.end(), quoted["text"] or quoted["single"], quoted=True)
    if match := vocabulary.pattern.match(text, at):
        phrase = " ".join(match[0].casefold().split())
        return Token(at, match.end(), match[0], vocabulary.phrases[phrase])
    other = _OTHER.match(text, at)
    if other is None:
        return None
    end = _end_of_other(text, at, other.end(), vocabulary)
    written = text[at:end].rstrip(".")
    number = int(written) if _NUMBER.fullmatch(written) else _NUMBER_WORDS.get(written.lower())
    return Token(at, at + max(len(written), 1), written, number=number) if written else None


def _end_of_other(text: str, start: int, end: int, vocabulary: Vocabulary) -> int:
    """Where a word ends that is none of the vocabulary: before "'s", and where ideographs begin or mean something."""
    ideographs = _IDEOGRAPHS.match(text, start)
    if ideographs is None:
        possessive = re.search(r"['’]s?$", text[start:end])
        first_ideograph = _IDEOGRAPHS.search(text, start, end)
        ends = [end, *([start + possessive.start()] if possessive else [])]
        return min([*ends, *([first_ideograph.start()] if first_ideograph else [])])
    vocabulary_start = next(
        (at for at in range(start + 1, ideographs.end()) if vocabulary.pattern.match(text, at)), None
    )
    return vocabulary_start or ideographs.end()


def _capitalized_names(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Short words that are spelled as parts of a name beside another one are such: "An Yang", "Do Kim", "Yang You"."""
    adjusted = list(tokens)
    for place, token in enumerate(tokens):
        beside = [other for other in tokens[max(place - 1, 0) : place + 2] if other is not token]
        capitalized = token.text[:1].isupper() and token.text.isalpha()
        named = any(other.is_name and other.text[:1].isupper() for other in beside)
        if token.word in _PART_OF_NAMES and place and capitalized and named:
            adjusted[place] = replace(token, word=None)
    return tuple(adjusted)
