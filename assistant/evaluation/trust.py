"""What an answer's citations are worth, counted sentence by sentence; and what it names that nobody gave it.

Fabricated names are looked for in the finished text alone, by rules that know nothing of how it was cleaned.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from assistant.answering import (
    MARKER,
    Answer,
    AnswerSentence,
    Citation,
    NumberedSource,
    Repair,
    Verdict,
    marker_numbers,
    neutralized,
)
from assistant.evaluation.measures import share, without_markers
from assistant.papers import parse_paper_id

_MARKER = re.compile(MARKER, re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s)>\]\"'”’]+", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<![\w.])\d{4}\.\d{4,5}(?=v\d|\b)(?!\.\d)")  # an invented id need not be a possible one
_IN_QUOTATION_MARKS = re.compile(r"^[^“]*“(.*)”[^”]*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TrustCounts:
    """Counts over the sentences of one answer or of many.

    A claim is a sentence that was checked: one that states something. ``citations`` are those of claims, and
    ``supporting`` those among them with a sentence of evidence behind a claim that holds, in other words or quoted;
    ``partly_supporting`` the same for partly. ``spans`` are evidence sentences, ``exact_spans`` those that stand in the
    abstract where their offsets say. ``tried`` are false names that were taken out before the reader saw them.
    """

    sentences: int = 0
    claims: int = 0
    supported: int = 0
    partly: int = 0
    unsupported: int = 0
    claims_with_support: int = 0
    citations: int = 0
    supporting: int = 0
    partly_supporting: int = 0
    spans: int = 0
    exact_spans: int = 0
    quoted: int = 0
    exact_quoted: int = 0
    rewritten: int = 0
    withheld: int = 0
    fabricated: int = 0
    tried: int = 0

    @property
    def precision(self) -> float | None:
        """Citation precision: the share of citations whose evidence supports their sentence."""
        return share(self.supporting, self.citations)

    @property
    def partly_share(self) -> float | None:
        """The share of citations whose evidence supports their sentence in part."""
        return share(self.partly_supporting, self.citations)

    @property
    def recall(self) -> float | None:
        """Citation recall: the share of claims with a supporting citation."""
        return share(self.claims_with_support, self.claims)

    @property
    def quote_exactness(self) -> float | None:
        """The share of evidence sentences and of quoted sentences that are exact substrings."""
        return share(self.exact_spans + self.exact_quoted, self.spans + self.quoted)


def total(answers: Iterable[TrustCounts]) -> TrustCounts:
    """The counts of many answers together."""
    every = list(answers)
    return TrustCounts(
        **{counted.name: sum(getattr(counts, counted.name) for counts in every) for counted in fields(TrustCounts)}
    )


def trust_counts(answer: Answer) -> TrustCounts:
    """Count over one answer."""
    sources = {source.number: source for source in answer.sources}
    claims = [sentence for sentence in answer.sentences if sentence.check]
    cited = [(claim, citation) for claim in claims for citation in claim.citations]
    spans = [(citation.number, span) for s in answer.sentences for citation in s.citations for span in citation.spans]
    quoted = [s for s in answer.sentences if s.mending is Repair.QUOTED or s.verdict is Verdict.QUOTED]
    verdicts = [claim.verdict for claim in claims]
    return TrustCounts(
        sentences=len(answer.sentences),
        claims=len(claims),
        supported=verdicts.count(Verdict.SUPPORTED),
        partly=verdicts.count(Verdict.PARTLY),
        unsupported=verdicts.count(Verdict.UNSUPPORTED),
        claims_with_support=sum(map(_is_supported, claims)),
        citations=len(cited),
        supporting=sum(_supports(claim, citation) for claim, citation in cited),
        partly_supporting=sum(
            claim.verdict is Verdict.PARTLY and citation.evidence is not None for claim, citation in cited
        ),
        spans=len(spans),
        exact_spans=sum(
            number in sources and sources[number].paper.abstract[span.start : span.end] == span.text
            for number, span in spans
        ),
        quoted=len(quoted),
        exact_quoted=sum(is_exact_quote(sentence, answer.sources) for sentence in quoted),
        rewritten=sum(sentence.mending is Repair.REWRITTEN for sentence in answer.sentences),
        withheld=len(answer.withheld),
        fabricated=len(fabricated_names(answer)),
        tried=len(answer.stripped),
    )  # fmt: skip


def _is_supported(claim: AnswerSentence) -> bool:
    return any(_supports(claim, citation) for citation in claim.citations)


def _supports(claim: AnswerSentence, citation: Citation) -> bool:
    """Whether the citation has evidence, and the claim holds."""
    return claim.verdict is not None and claim.verdict.holds and citation.evidence is not None


def is_exact_quote(sentence: AnswerSentence, sources: Sequence[NumberedSource]) -> bool:
    """Whether a sentence, its markers and quotation marks aside, stands in the abstract of a source it cites.

    Bracketed numbers of an abstract count as they are shown, in round brackets.
    """
    text = without_markers(sentence.text).strip()
    inside = _IN_QUOTATION_MARKS.match(text)
    words = (inside.group(1) if inside else text).strip()
    numbers = {citation.number for citation in sentence.citations}
    abstracts = [source.paper.abstract for source in sources if source.number in numbers]
    return bool(words) and any(
        form in version
        for abstract in abstracts
        for version in (abstract, neutralized(abstract))
        for form in (text, words)
    )


def fabricated_names(answer: Answer) -> tuple[str, ...]:
    """What the text of an answer names that is neither among its sources nor in their words nor in the question."""
    allowed_text = " ".join((answer.question, *(source.paper.text for source in answer.sources)))
    numbers = {source.number for source in answer.sources}
    ids = {source.paper.paper_id for source in answer.sources}
    fabricated = [*_false_markers(answer, numbers, allowed_text), *_false_links(answer.text, ids, allowed_text)]
    text = _LINK.sub(" ", answer.text)
    fabricated += [
        reference for reference in _REFERENCE.findall(text) if reference not in ids and reference not in allowed_text
    ]
    return tuple(dict.fromkeys(fabricated))


def _false_markers(answer: Answer, numbers: set[int], allowed_text: str) -> Iterator[str]:
    for marker in _MARKER.findall(answer.text):
        named = marker_numbers(marker)
        an_interval = len(named) > 1 and marker in allowed_text
        if not an_interval:
            yield from (f"[{number}]" for number in named if number not in numbers)
    cited = [citation.number for sentence in answer.sentences for citation in sentence.citations]
    close = [paper.number for paper in answer.refusal.closest] if answer.refusal else []
    yield from (f"[{number}]" for number in (*cited, *close) if number not in numbers)


def _false_links(text: str, ids: set[str], allowed_text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        address = link.rstrip(".,;:!?*_`")
        if address not in allowed_text and parse_paper_id(address) not in ids:
            yield address
