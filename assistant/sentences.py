"""Sentences of an abstract, as exact spans of its text."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(
    r"""[.!?]+["'”’)\]]*(?=\s+["'“‘(\[$\\]*[^\sa-z])|[.!?]+["'”’)\]]*\s*$|[。！？।]+["'”’)\]」』）]*"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Nos|Dr|Prof|St|ca|w\.r\.t|a\.k\.a|U\.S)|\b[A-Z])\.$"
)
_LIST_NUMBER = re.compile(r"\W*\d{1,3}\.")
_ENDS_A_SENTENCE_TOO = ("etc.", "al.")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands: ``text == source[start:end]``, offsets in characters."""

    text: str
    start: int
    end: int


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Split running text into sentences, none of them empty; every one is an exact substring.

    Abbreviations of scientific prose ("e.g.", "et al.", "Fig. 2"), decimal numbers and the number of a list's entry do
    not end a sentence. Full stops of Chinese, Japanese and Hindi need no blank behind them.
    """
    sentences: list[Sentence] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if _is_abbreviation(text[start : boundary.end()], text[boundary.end() :]):
            continue
        _append(sentences, text, start, boundary.end())
        start = boundary.end()
    _append(sentences, text, start, len(text))
    return tuple(sentences)


def _is_abbreviation(before: str, after: str) -> bool:
    if _LIST_NUMBER.fullmatch(before.strip()):
        return bool(after.strip())
    matched = _ABBREVIATION.search(before)
    if matched is None:
        return False
    following = after.lstrip()
    if matched.group().endswith(_ENDS_A_SENTENCE_TOO):
        return not following[:1].isupper()
    return bool(following)


def _append(sentences: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        sentences.append(Sentence(stripped, first, first + len(stripped)))
