"""The upvotes that a question asks for: "with at least 50 upvotes"."""

import re
from dataclasses import dataclass

from assistant.retrieval.query.boilerplate import PAPERS

_WORDS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000}
_NUMBER = rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?P<kilo>k)?|(?:an? |one )?(?P<word>{'|'.join(_WORDS)}))"
_MORE = r"(?P<more>(?:more|greater|higher) than|over|above|exceeding|>(?!=))"
_LEAST = r"(?:at least|(?:a )?min(?:imum)?(?: of)?|no (?:fewer|less) than|not (?:fewer|less) than|>=|≥|from)"
_COUNT = r"(?P<unit>up-?votes?|votes?|likes?|thumbs[ -]ups?)"
_LEAD = r"(?:(?:that|which) )?(?:(?:with|have|has|having|got|gets?|received|and|of) )*"
_PATTERNS = tuple(
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
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match and (match["unit"].lower().startswith("up") or _PAPERS.search(text)):
            return UpvoteWords(match.start(), match.end(), _number(match) + bool(match.groupdict().get("more")))
    return None


def _number(match: re.Match[str]) -> int:
    if match["word"]:
        return _WORDS[match["word"].lower()]
    return int(match["digits"].replace(",", "")) * (1000 if match["kilo"] else 1)
