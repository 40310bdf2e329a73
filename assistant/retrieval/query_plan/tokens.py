"""A question about the collection as tokens: words that mean something to a plan, and others, which make names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.retrieval.query.boilerplate import REMOVED
from assistant.retrieval.query_plan.vocabulary import Vocabulary, Word

_OTHER = re.compile(r"[^\s,;:?!()\[\]{}\"“”„«»。，？！、：；《》「」\x00]+")
_QUOTED = re.compile(
    r"[\"“„«《「](?P<text>[^\"“”„«»《》「」]{2,300})[\"”“»》」]|(?<!\w)'(?P<single>[^']{2,300})'(?!\w)"
)
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"\d{1,3}")
_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
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
    found: list[Token] = []
    at = 0
    while at < len(text):
        token = _token_at(text, at, vocabulary)
        if token:
            found.append(token)
        at = token.end if token else at + 1
    return _capitalized_names(found)


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
    known = next((at for at in range(start + 1, ideographs.end()) if vocabulary.pattern.match(text, at)), None)
    return known or ideographs.end()


def _capitalized_names(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Short words that are spelled as parts of a name beside another one are such: "An Yang", "Do Kim", "Yang You"."""
    found = list(tokens)
    for place, token in enumerate(tokens):
        beside = [other for other in tokens[max(place - 1, 0) : place + 2] if other is not token]
        capitalized = token.text[:1].isupper() and token.text.isalpha()
        named = any(other.is_name and other.text[:1].isupper() for other in beside)
        if token.word in _PART_OF_NAMES and place and capitalized and named:
            found[place] = replace(token, word=None)
    return tuple(found)
