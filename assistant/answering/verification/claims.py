"""How a sentence of an answer reads as claims: whether it claims something, and of which papers it claims what.

Only sentences that claim something are compared with the papers. What is said of one paper that paper has to say, and
no second one helps it out. The subject is the paper that a claim names, as it is called before the colon of its title;
without a name, where the claim points back ("It cuts …"), that of the sentence before. A claim about several papers
falls into a part for each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.answering.values import NumberedSource
from assistant.answering.verification.lexicon import GENERIC_WORDS, LABEL_WORDS
from assistant.library import words
from assistant.retrieval import content_words
from assistant.retrieval.query import short_name
from assistant.sentences import leans_back

_OPENING = re.compile(
    r"^(?:(?:in summary|to sum up|to summarize|overall|in conclusion|in short|yes|no|sure|certainly|of course"
    r"|summary|overview|conclusion|sources|references)\b[\s*_]*(?:[,.:!]+\s*|$))+",
    re.IGNORECASE,
)
_OFFER = re.compile(r"^(?:let me|i hope)\b[^.]*[.:!]?$", re.IGNORECASE)
_HEADING = re.compile(r"^(?:#{1,6}\s.*|\*\*[^*]+\*\*:?|__[^_]+__:?)$")
_QUESTION = re.compile(r"\?[\"'”’)\]]*$")
_LIST_SIGN = re.compile(r"^(?:[-*+•]|\d{1,2}[.)])\s+")
_LABEL = re.compile(
    r"^(?:(?:[-*+•]|\d{1,2}[.)])\s+)?(?P<bold>\*\*|__)(?P<words>[^*_\n\d]{1,40})(?::(?P=bold)|(?P=bold):)\s+(?=\S)"
)
_CITED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_FIGURE = re.compile(r"\d")
_JOINT = re.compile(r"(?:;|,?\s+(?:and|but|while|whereas|which|because|so that)\b|,\s)\s*")
_JOINED = re.compile(r"\W*(?:and|as well as|or|,)\W*", re.IGNORECASE)
_FEWEST_WORDS = 3
_LONGEST_NAME = 5
"""Words of the longest name before the colon of a title."""


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A part of a claim and the numbers of the sources one of which it is about; none when that is open."""

    text: str
    about: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _SourceName:
    numbers: frozenset[int]
    pattern: re.Pattern[str]


class Subjects:
    """The names of a fixed set of sources."""

    def __init__(self, sources: Sequence[NumberedSource]) -> None:
        numbers: dict[str, set[int]] = {}
        for source in sources:
            title = source.paper.title
            name = short_name(title)
            if name != title.strip() and len(name.split()) <= _LONGEST_NAME:
                numbers.setdefault(name, set()).add(source.number)
        self._names = [_SourceName(frozenset(of), _pattern(name)) for name, of in numbers.items()]

    def parts(self, claim: str, marked: Sequence[int] = (), about: Sequence[int] = ()) -> list[ClaimPart]:
        """The claim in the parts that have a subject each; ``about`` are the sources of the sentence before it."""
        named = self._names_in(claim)
        if len(named) > 1 and (each := _of_each(claim, named)):
            return each
        clauses = clauses_of(claim)
        if len(clauses) > 1 and max(len(named), len(marked)) > 1:
            return self._by_clause(clauses)
        if named:
            return [ClaimPart(claim, self.named_in(claim))]
        return [ClaimPart(claim, frozenset(about) if leans_back(claim) else frozenset())]

    def named_in(self, text: str) -> frozenset[int]:
        """The sources that a text names."""
        return frozenset[int]().union(*(name.numbers for name, _ in self._names_in(text)))

    def _by_clause(self, clauses: Sequence[str]) -> list[ClaimPart]:
        """A clause that names no paper goes on about that of the one before."""
        parts: list[ClaimPart] = []
        for clause in clauses:
            before = parts[-1].about if parts else frozenset[int]()
            parts.append(ClaimPart(clause, self.named_in(clause) or before))
        return parts

    def _names_in(self, text: str) -> list[tuple[_SourceName, re.Match[str]]]:
        """The names in a text with their places, in order."""
        matches = ((name, name.pattern.search(text)) for name in self._names)
        return sorted(((name, match) for name, match in matches if match), key=lambda name_match: name_match[1].start())


@cache
def generic_words() -> frozenset[str]:
    """Words, in the form of `words`, that are said of any paper and any question."""
    return frozenset(words(" ".join(GENERIC_WORDS)))


@cache
def _label_words() -> frozenset[str]:
    return generic_words().union(words(LABEL_WORDS))


def is_heading(line: str) -> bool:
    """Whether a line is a heading in Markdown."""
    return _HEADING.match(_LIST_SIGN.sub("", line.strip())) is not None


def plain_claim(sentence: str) -> str:
    """A sentence without list sign, label, emphasis and opening words ("In summary, …")."""
    _, stated = split_label(sentence.strip())
    return _OPENING.sub("", _LIST_SIGN.sub("", stated).strip("*_ `"))


def split_label(sentence: str) -> tuple[str, str]:
    """The bold label of a part of an answer ("**Main result:** "), which states nothing, and what follows it.

    A label with any other word, or with a figure, belongs to what is stated.
    """
    label = _LABEL.match(sentence)
    if label is None or not _label_words().issuperset(words(label["words"])):
        return "", sentence
    return label[0], sentence[label.end() :]


def is_claim(sentence: str) -> bool:
    """Whether a sentence states a fact; "Several papers look into this:", headings and questions do not.

    In doubt it does: a fact that passes for a connecting sentence would go unchecked.
    """
    plain = plain_claim(sentence)
    if not re.search(r"\w", plain) or is_heading(sentence) or _QUESTION.search(plain):
        return False
    letter_words = re.findall(r"[^\W\d_][\w'’-]*", plain)
    if plain.endswith(":") and not _FIGURE.search(_CITED.sub("", plain)):
        return False
    if _OFFER.match(plain):
        return False
    return any(word.casefold() not in GENERIC_WORDS for word in letter_words) or bool(_FIGURE.search(plain))


def clauses_of(text: str) -> list[str]:
    """The clauses of a sentence; pieces of fewer than three content words stay with the one before."""
    clauses: list[str] = []
    start = 0
    joints = [*((match.start(), match.end()) for match in _JOINT.finditer(text)), (len(text), len(text))]
    for end, following in joints:
        piece = text[start:end]
        rest = text[following:]
        enough = len(set(content_words(piece))) >= _FEWEST_WORDS
        rest_enough = not rest or len(set(content_words(rest))) >= _FEWEST_WORDS
        if (enough and rest_enough) or end == len(text):
            clauses.append(piece.strip(" .,;"))
            start = following
    if clauses and len(set(content_words(clauses[-1]))) < _FEWEST_WORDS:
        clauses.pop()
    return clauses


def _of_each(claim: str, named: Sequence[tuple[_SourceName, re.Match[str]]]) -> list[ClaimPart]:
    """What a claim says of papers that it joins ("Both FooNet and BarNet prune heads"), a part for each of them."""
    ends = [match.span() for _, match in named]
    if not all(_JOINED.fullmatch(claim[end:start]) for (_, end), (start, _) in pairwise(ends)):
        return []
    first, last = ends[0][0], ends[-1][1]
    return [ClaimPart(claim[:first] + match.group() + claim[last:], name.numbers) for name, match in named]


def _pattern(name: str) -> re.Pattern[str]:
    """A plain word with a capital ("Attention") is a name only as it is written."""
    flags = re.NOFLAG if name.isalpha() and name.istitle() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)", flags)
