"""The parts of a claim: clauses that may be borne out on their own."""

import re
from collections.abc import Sequence

from assistant.answering.verification.features import ReadClaim, SourceSentence
from assistant.retrieval.term_weights import content_words

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
