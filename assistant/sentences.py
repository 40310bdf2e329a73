"""Sentences of an abstract, as exact spans of its text, and which of them cannot stand without the one before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BOUNDARY = re.compile(
    r"""[.!?]+["'”’)\]]*(?=\s+["'“‘(\[$\\]*[^\sa-z])|[.!?]+["'”’)\]]*\s*$|[。！？।]+["'”’)\]」』）]*"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Nos|Dr|Prof|St|ca|w\.r\.t|a\.k\.a|U\.S)|\b[A-Z])\.$"
)
_LIST_NUMBER = re.compile(r"\W*\d{1,3}\.")
_ENDS_A_SENTENCE_TOO = ("etc.", "al.")

_DOCUMENT = r"(?:paper|work|study|report|article|survey|review|thesis|position|technical)\b"
_POINTING = rf"(?:this(?! {_DOCUMENT})|these|those|such(?! as\b))\b"
_CONNECTIVE = (
    r"(?:accordingly|additionally|also|alternatively|besides|but|concretely|consequently|conversely"
    r"|for (?:example|instance)|furthermore|hence|here|however|in addition|(?:in|by) contrast|in particular"
    r"|in turn|instead|likewise|meanwhile|moreover|more (?:specifically|importantly)|namely|nevertheless"
    r"|nonetheless|on the other hand|otherwise|similarly|simultaneously|specifically|subsequently"
    r"|as (?:a result|such)|therefore|thus|to (?:that|this) end|yet)\b(?!-)"
    r"|(?:and|finally|first|further|last|next|or|second|so|then|third|together)(?:ly)?(?:,| (?:we|the)\b)"
)
_PRONOUN = r"(?:he|her|his|it|its|itself|she|them|their|theirs|they)\b"
_LEANING = re.compile(
    rf"(?:{_CONNECTIVE}|{_PRONOUN}|{_POINTING}|both\b(?!(?: \S+){{1,4}} and\b)"
    rf"|(?:the )?(?:former|latter|same|resulting)\b|(?:an)?other (?!than)|doing so\b|that (?:is|said)\b"
    rf"|(?:\w[\w-]*,? ){{1,4}}{_POINTING}"
    rf"|(?:by|for|from|in|on|to|using|we|with|without)(?: [\w-]+,?){{0,3}} {_PRONOUN}"
    rf"|[\w-]+ (?:therefore|thus)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that points back: a connective, a pronoun or a demonstrative before what it stands for."""


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


def leans_back(sentence: str) -> bool:
    """Whether a sentence points to one that is missing when it stands alone: "To extend these gains, …", "Second, …".

    Told by English function words at its beginning; "this paper" points to the paper itself.
    """
    return _LEANING.match(sentence.lstrip(" \"'“”‘’(*_-•")) is not None


def standing_passage(sentences: Sequence[Sentence], place: int, most_before: int = 2) -> tuple[Sentence, ...]:
    """The sentence at a place as it can be quoted: alone, or with those before it on which it leans.

    Empty when these are more than ``most_before``.
    """
    first = place
    while first and place - first < most_before and leans_back(sentences[first].text):
        first -= 1
    return () if first and leans_back(sentences[first].text) else tuple(sentences[first : place + 1])


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
