"""Which papers a claim is about: what is said of one paper that paper has to say, and no second one helps it out.

The subject is the paper that a claim names, as it is called before the colon of its title; without a name, where the
claim points back ("It cuts …"), that of the sentence before. A claim about several papers falls into a part for each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answering.values import Check, Citation, NumberedSource, Verdict
from assistant.answering.verification.claims import CheckedClaim
from assistant.answering.verification.features import ReadClaim, SourceSentence
from assistant.retrieval import content_words
from assistant.retrieval.query import short_name
from assistant.sentences import leans_back

_JOINT = re.compile(r"(?:;|,?\s+(?:and|but|while|whereas|which|because|so that)\b|,\s)\s*")
_FEWEST_WORDS = 3
_LEAST_SHARE = 0.25


def part_without_evidence(claim: ReadClaim, evidence: Sequence[SourceSentence], title_words: frozenset[str]) -> str:
    """The first clause of a claim of several that shares almost nothing with the evidence; empty when none does."""
    clauses = clauses_of(claim.text)
    if len(clauses) < 2:  # a claim of one clause has no parts
        return ""
    known = title_words.union(*(sentence.words for sentence in evidence))
    for clause in clauses:
        words = frozenset(content_words(clause))
        if len(words & known) / len(words) < _LEAST_SHARE:
            return clause
    return ""


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


_LONGEST_NAME = 5  # words
_JOINED = re.compile(r"\W*(?:and|as well as|or|,)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a claim and the numbers of the sources one of which it is about; none when that is open."""

    text: str
    about: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Name:
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
        self._names = [_Name(frozenset(of), _pattern(name)) for name, of in numbers.items()]

    def parts(self, claim: str, marked: Sequence[int] = (), about: Sequence[int] = ()) -> list[Part]:
        """The claim in the parts that have a subject each; ``about`` are the sources of the sentence before it."""
        found = self._found(claim)
        if len(found) > 1 and (each := _of_each(claim, found)):
            return each
        clauses = clauses_of(claim)
        if len(clauses) > 1 and max(len(found), len(marked)) > 1:
            return self._by_clause(clauses)
        if found:
            return [Part(claim, frozenset[int]().union(*(name.numbers for name, _ in found)))]
        return [Part(claim, frozenset(about) if leans_back(claim) else frozenset())]

    def names(self, number: int, text: str) -> bool:
        """Whether a text names a source."""
        return any(number in name.numbers and name.pattern.search(text) for name in self._names)

    def _by_clause(self, clauses: Sequence[str]) -> list[Part]:
        """A clause that names no paper goes on about that of the one before."""
        parts: list[Part] = []
        for clause in clauses:
            found = self._found(clause)
            before = parts[-1].about if parts else frozenset[int]()
            parts.append(Part(clause, frozenset[int]().union(*(n.numbers for n, _ in found)) if found else before))
        return parts

    def _found(self, text: str) -> list[tuple[_Name, re.Match[str]]]:
        """The names in a text with their places, in order."""
        matches = ((name, name.pattern.search(text)) for name in self._names)
        return sorted(((name, match) for name, match in matches if match), key=lambda found: found[1].start())


def joined(claim: str, parts: Sequence[CheckedClaim]) -> CheckedClaim:
    """What became of the parts of a claim as one: it holds when all of them do."""
    checks = [part.check for part in parts if part.check is not None]
    if not checks:
        return CheckedClaim(claim)
    weakest = min(checks, key=lambda check: check.probability)
    verdicts = {check.verdict for check in checks}
    verdict = Verdict.SUPPORTED if all(v.holds for v in verdicts) else Verdict.PARTLY
    if verdicts == {Verdict.UNSUPPORTED}:
        verdict = Verdict.UNSUPPORTED
    reason = next((check.reason for check in checks if not check.verdict.holds), "")
    undecided = any(part.undecided for part in parts) and Verdict.UNSUPPORTED not in verdicts
    check = Check(verdict, reason, weakest.rung, weakest.probability)
    about = frozenset[int]().union(*(part.about for part in parts))
    return CheckedClaim(claim, _merged([c for part in parts for c in part.citations]), check, undecided, about)


def _merged(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """One citation a source, in order of their numbers, with all of its spans."""
    merged: dict[int, Citation] = {}
    for citation in sorted(citations, key=lambda citation: citation.number):
        first = merged.setdefault(citation.number, citation)
        spans = tuple(dict.fromkeys((*first.spans, *citation.spans)))
        merged[citation.number] = Citation(first.number, first.evidence, first.origin, spans[1:])
    return tuple(merged.values())


def _of_each(claim: str, found: Sequence[tuple[_Name, re.Match[str]]]) -> list[Part]:
    """What a claim says of papers that it joins ("Both FooNet and BarNet prune heads"), a part for each of them."""
    ends = [match.span() for _, match in found]
    if not all(_JOINED.fullmatch(claim[end:start]) for (_, end), (start, _) in pairwise(ends)):
        return []
    first, last = ends[0][0], ends[-1][1]
    return [Part(claim[:first] + match.group() + claim[last:], name.numbers) for name, match in found]


def _pattern(name: str) -> re.Pattern[str]:
    """A plain word with a capital ("Attention") is a name only as it is written."""
    flags = re.NOFLAG if name.isalpha() and name.istitle() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)", flags)
