"""What a question asks of papers beside their subject: the upvotes ("with at least 50 upvotes"), the newest first."""

import re
from dataclasses import dataclass

from assistant.retrieval.query.boilerplate import PAPERS, REMOVED, REQUEST, SUPERLATIVE, THERE

_WORDS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000}
_NUMBER = rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?P<kilo>k)?|(?:an? |one )?(?P<word>{'|'.join(_WORDS)}))"
_MORE = r"(?P<more>(?:more|greater|higher) than|over|above|exceeding|>(?!=))"
_LEAST = r"(?:at least|(?:a )?min(?:imum)?(?: of)?|no (?:fewer|less) than|not (?:fewer|less) than|>=|≥|from)"
_COUNT = r"(?P<unit>up-?votes?|votes?|likes?|thumbs[ -]ups?)"
_LEAD = r"(?:(?:that|which) )?(?:(?:with|have|has|having|got|gets?|received|and|of) )*"
_UPVOTE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_LEAD}(?:{_MORE}|(?<!\w){_LEAST}) ?{_NUMBER} {_COUNT}\b",
        rf"(?:{_MORE}|{_LEAST}) ?{_NUMBER} {_COUNT}\b",
        rf"\b{_LEAD}{_NUMBER}(?:\+| ?\+| or more| and more| and up| plus) {_COUNT}\b",
        rf"\b{_LEAD}{_NUMBER} {_COUNT} (?:or|and) (?:more|above|up|over)\b",
        rf"\b{_LEAD}(?:min(?:imum)? )?{_COUNT} ?(?:(?:is |are )?(?:{_MORE}|{_LEAST})) ?{_NUMBER}(?!\w)",
        rf"\b(?P<unit>upvoted) (?:{_MORE}|{_LEAST}) ?{_NUMBER} times\b",
    )
)
_PAPERS = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UpvoteWords:
    """Words of a text, from offset ``start`` to ``end``, and the fewest upvotes that they ask for."""

    start: int
    end: int
    least: int


def find_upvotes(text: str) -> UpvoteWords | None:
    """The first words that ask for upvotes; votes and likes count where papers are spoken of."""
    for pattern in _UPVOTE_PATTERNS:
        match = pattern.search(text)
        if match and (match["unit"].lower().startswith("up") or _PAPERS.search(text)):
            return UpvoteWords(match.start(), match.end(), _number(match) + bool(match.groupdict().get("more")))
    return None


def _number(match: re.Match[str]) -> int:
    if match["word"]:
        return _WORDS[match["word"].lower()]
    return int(match["digits"].replace(",", "")) * (1000 if match["kilo"] else 1)


# What is latest within a model or a text, and no paper.
_OTHERS = (
    r"(?! ?(?:and|blocks?|checkpoints?|frames?|hidden|iterations?|layers?|messages?|observations?|positions?|releases?"
    r"|states?|steps?|tokens?|turns?|values?|versions?)\b)"
)
_WORDS_BETWEEN = r"(?: (?!(?:in|of|on|for|with|to|from|by|that|as|is|are)\b)[\w-]+){0,5}?"
_NEWEST_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^[\s{REMOVED}]*(?:{REQUEST} )?(?:{THERE} )?(?:the )?(?P<words>{SUPERLATIVE})\b{_OTHERS}",
        rf"\b(?P<words>{SUPERLATIVE})\b{_OTHERS}{_WORDS_BETWEEN} {PAPERS}\b",
        rf"(?P<words>,? ?\b{SUPERLATIVE}(?: ones| papers)? first)\b",
        r"(?P<words>,? ?\b(?:sort(?:ed)?|order(?:ed)?) by (?:date|recency))\b",
        rf"(?P<words>[,;] (?:the )?{SUPERLATIVE}(?: ones)?)(?=[\s?.!]*$)",
        r"^(?:so )?(?P<words>what(?:['’]?s| is) new)(?= (?:in|on|with|about|for|from|since)\b|[\s?.!]*$)",
        r"\b(?P<words>anything new)\b",
    )
)


def find_newest(text: str) -> tuple[int, int] | None:
    """Where the words stand that ask for the newest first; None when there are none."""
    for pattern in _NEWEST_PATTERNS:
        if match := pattern.search(text):
            return match.span("words")
    return None
