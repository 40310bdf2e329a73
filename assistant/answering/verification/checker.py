"""The cheap steps of the support check: what can be told of a claim and its sources without asking a model."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answering.calibration import SUPPORTED, SURE_NO, SURE_YES, WITH_VECTORS, WITHOUT_VECTORS
from assistant.answering.citation_markers import neutralized
from assistant.answering.values import (
    Check,
    CheckedClaim,
    Citation,
    CitationOrigin,
    DecisionStage,
    NumberedSource,
    Verdict,
)
from assistant.answering.verification.claims import ClaimPart, Subjects, clauses_of, is_claim, split_label
from assistant.answering.verification.evidence import (
    Evidence,
    EvidenceFinder,
    FactMeasures,
    Measures,
    ReadSource,
    SourceSentence,
    absent_names,
    absent_quantities,
    read_source,
)
from assistant.answering.verification.facts import ReadClaim, read_claim
from assistant.retrieval import SentenceEmbedder, content_words
from assistant.sentences import Sentence

NO_MATCH = "no matching sentence"
OPPOSITE = "the source says the opposite"
UNSURE = "unsure: the source says something like it"
"""The reason of a claim that may hold and for which nothing vouches."""
_NOT_IN_THE_SOURCE = "“{}” is not in the source"
_CLASH = 0.5
"""From this share of common words two opposite directions, or a denial, say the opposite."""
_SURE = 0.99
_ABBREVIATION_MISSING = 0.3
"""Greatest probability of a claim with an abbreviation that its sources do not have: a model must be quite sure."""
_SPOKEN_OF = 0.4
"""Least match with a sentence for a claim to be about its paper."""
_LEAST_SHARE = 0.25
"""Least share of a clause's words that its evidence must have for the clause to rest on it."""
_LONGEST_SHOWN = 60


class Verifier(Protocol):
    """What tells how probable it is that a claim is supported."""

    def probability(self, claim: str, evidences: Sequence[str], cheap: float) -> float:
        """The probability that one of the evidences, each of one paper, supports the claim.

        ``cheap`` is the probability by what the cheap steps measure. From one half on the claim counts as supported.
        """
        ...


class SupportChecker:
    """Attributes claims to a fixed set of sources and says whether these support them.

    A claim that is surely unsupported carries no citation; one that is undecided carries its nearest sentences, which
    is what a model's judgement is asked about. Without ``embedder`` words alone tell what matches. A ``verifier`` reads
    the claim together with its evidence.
    """

    def __init__(
        self,
        sources: Sequence[NumberedSource],
        embedder: SentenceEmbedder | None = None,
        verifier: Verifier | None = None,
    ) -> None:
        self._verifier = verifier
        self._subjects = Subjects(sources)
        read_sources = [read_source(source, self._subjects) for source in sources]
        self._titles = {source.number: source.paper.title for source in sources}
        self._verbatim: dict[str, list[tuple[int, Sentence]]] = {}
        for source in read_sources:
            for stated in source.sentences:
                self._verbatim.setdefault(_flat(stated.sentence.text), []).append((source.number, stated.sentence))
        self._finder = EvidenceFinder(read_sources, embedder)

    def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
        """The citations a claim without markers is to carry, and its verdict.

        ``marked`` are the numbers that the model put; they are kept when they hold. ``about`` are the sources of the
        sentence before it.
        """
        if not is_claim(claim):
            return CheckedClaim(claim)
        _, stated = split_label(claim)
        parts = self._subjects.parts(stated, marked, about)
        checked = self._quoted(stated, marked) or self._check_parts(stated, parts, marked, about)
        return replace(checked, claim=claim)

    def _check_parts(
        self, claim: str, parts: Sequence[ClaimPart], marked: tuple[int, ...], about: tuple[int, ...]
    ) -> CheckedClaim:
        if len(parts) > 1:
            return _joined(claim, [self._check_part(part, marked, ()) for part in parts])
        (part,) = parts
        candidates = [number for number in marked if number in part.about or not part.about]
        near = self._finder.near(read_claim(claim), candidates) if len(candidates) > 1 else []
        if len(near) > 1:
            return _best_supported([self._check_part(ClaimPart(claim, frozenset({n})), marked, ()) for n in near])
        return self._check_part(part, marked, about)

    def _check_part(self, part: ClaimPart, marked: tuple[int, ...], about: tuple[int, ...]) -> CheckedClaim:
        """A claim about one paper against the sentences that may support it: of that paper, or those that name it."""
        claim = read_claim(part.text)
        evidence = self._finder.find(claim, marked or about, part.about)
        if evidence is None:
            return replace(_unsupported(part.text, NO_MATCH, DecisionStage.WORDS, 1 - _SURE), about=part.about)
        return replace(self._checked(claim, evidence, marked), about=part.about)

    def warm(self) -> None:
        """Embed the sentences of the sources now; the first `check` does it otherwise. Any thread may do it."""
        _ = self._finder.vectors

    def names(self, number: int, text: str) -> bool:
        """Whether a text names a source, as it is called before the colon of its title."""
        return number in self._subjects.named_in(text)

    def closest_sentence(self, claim: str, named: Collection[int] = ()) -> tuple[int, Sentence] | None:
        """The source sentence that matches a claim best, with its source's number.

        It stands in the paper that the claim is about: one whose name it has, else one that was ``named`` for it; else
        it must come near enough to be what the claim mentions. A sentence that mentions no source has none.
        """
        matches = sorted(self._finder.matches(read_claim(claim)), key=lambda match: -match.match)
        subject = frozenset[int]().union(*(part.about for part in self._subjects.parts(claim))) or frozenset(named)
        about = (m for m in matches if (m.sentence.number in subject if subject else m.match >= _SPOKEN_OF))
        best = next(about, None)
        return (best.sentence.number, best.sentence.sentence) if best else None

    def measures(self, claim: str) -> Measures | None:
        """What is measured of a claim and the evidence that is found for it; None when there is none."""
        evidence = self._finder.find(read_claim(claim))
        return evidence.measures if evidence else None

    def _quoted(self, claim: str, marked: Sequence[int]) -> CheckedClaim | None:
        """The claim as a quote where it is a whole sentence of an abstract, that of a marked source first."""
        places = sorted(self._verbatim.get(_flat(claim), ()), key=lambda place: place[0] not in marked)
        if not places:
            return None
        number, sentence = places[0]
        origin = CitationOrigin.MODEL if number in marked else CitationOrigin.ATTRIBUTED
        check = Check(Verdict.QUOTED, "", DecisionStage.FACTS, _SURE)
        return CheckedClaim(claim, (Citation(number, sentence, origin),), check)

    def _checked(self, claim: ReadClaim, evidence: Evidence, marked: Sequence[int]) -> CheckedClaim:
        probability = _probability(evidence.measures)
        rung = DecisionStage.WORDS if evidence.measures.meaning is None else DecisionStage.MEANING
        if self._verifier is not None:
            probability = self._verifier.probability(claim.text, (self._evidence_text(evidence),), probability)
            rung = DecisionStage.READER
        if reason := _false_fact(claim, evidence.source):
            return _unsupported(claim.text, reason, DecisionStage.FACTS, min(probability, 1 - _SURE))
        nearest = _citations(evidence.nearest, marked)
        if reason := _missing_abbreviation(claim, evidence.source):
            check = Check(Verdict.UNSUPPORTED, reason, DecisionStage.FACTS, min(probability, _ABBREVIATION_MISSING))
            return CheckedClaim(claim.text, nearest, check, undecided=True)
        citations = _citations(evidence.sentences, marked)
        if reason := self._missing_part(claim, evidence, probability):
            check = Check(Verdict.PARTLY, reason, rung, min(probability, SUPPORTED))
            return CheckedClaim(claim.text, citations, check)
        if probability <= SURE_NO:
            return _unsupported(claim.text, _why_not(evidence.measures.facts), rung, probability)
        if probability >= SURE_YES:
            return CheckedClaim(claim.text, citations, Check(Verdict.SUPPORTED, "", rung, probability))
        verdict, reason = Verdict.PARTLY, UNSURE
        if probability < SUPPORTED:
            verdict, reason = Verdict.UNSUPPORTED, _why_not(evidence.measures.facts)
        return CheckedClaim(claim.text, nearest, Check(verdict, reason, rung, probability), undecided=True)

    def reading(self, claim: str) -> tuple[tuple[str, ...], float]:
        """What a verifier is given for a claim: its evidence, one text a paper, and the probability without it."""
        evidence = self._finder.find(read_claim(claim))
        return ((self._evidence_text(evidence),), _probability(evidence.measures)) if evidence else ((), 0.0)

    def _evidence_text(self, evidence: Evidence) -> str:
        """The title of the paper, which says what "it" is, and the sentences of evidence in their order."""
        ordered = sorted(evidence.sentences, key=lambda s: s.sentence.start)
        title = self._titles[evidence.source.number].rstrip(". ")
        return f"{title}. " + " ".join(s.sentence.text for s in ordered)

    def _missing_part(self, claim: ReadClaim, evidence: Evidence, probability: float) -> str:
        """What of a claim is not there although the rest is supported: a name, or a clause; empty for neither."""
        if probability >= SUPPORTED:
            for name in absent_names(claim, [evidence.source]):
                return _NOT_IN_THE_SOURCE.format(name.written)
        clause = _clause_without_evidence(claim, evidence)
        if not clause:
            return ""
        rest = read_claim(claim.text.replace(clause, ""))
        measures = self._finder.measures(rest, evidence.source, evidence.sentences, evidence.measures.meaning)
        if _probability(measures) < SUPPORTED:
            return ""
        excerpt = clause if len(clause) <= _LONGEST_SHOWN else clause[: _LONGEST_SHOWN - 1].rstrip() + "…"
        return f"part of it is not in the source: {excerpt}"


def _joined(claim: str, parts: Sequence[CheckedClaim]) -> CheckedClaim:
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


def _best_supported(checked: Sequence[CheckedClaim]) -> CheckedClaim:
    """Of one claim checked against several sources the best; the others that it holds by as well are cited beside."""
    best = max(checked, key=lambda claim: (claim.check is not None and claim.check.verdict.holds, _chance(claim)))
    verdict = best.check.verdict if best.check else None
    equal = [claim for claim in checked if claim is best or (claim.check and claim.check.verdict is verdict)]
    citations = sorted((c for claim in equal for c in claim.citations), key=lambda citation: citation.number)
    return replace(best, citations=tuple(citations))


def _clause_without_evidence(claim: ReadClaim, evidence: Evidence) -> str:
    """The first clause of a claim of several that shares almost nothing with the evidence; empty when none does."""
    clauses = clauses_of(claim.text)
    if len(clauses) < 2:  # a claim of one clause has no parts
        return ""
    source_words = evidence.source.title_words.union(*(sentence.words for sentence in evidence.sentences))
    for clause in clauses:
        words = frozenset(content_words(clause))
        if len(words & source_words) / len(words) < _LEAST_SHARE:
            return clause
    return ""


def _chance(checked: CheckedClaim) -> float:
    return checked.check.probability if checked.check else 0.0


def _why_not(facts: FactMeasures) -> str:
    opposed = facts.clash >= _CLASH or facts.denied >= _CLASH or facts.opposite > 0
    return OPPOSITE if opposed else NO_MATCH


def _probability(measures: Measures) -> float:
    model = WITH_VECTORS if measures.meaning is not None else WITHOUT_VECTORS
    return model.probability(measures.values)


def _false_fact(claim: ReadClaim, source: ReadSource) -> str:
    """Why a claim cannot hold: a number or a coined name that its source does not have; empty when there is none."""
    for quantity in absent_quantities(claim, [source]):
        if not quantity.spelled:
            return f"the number {quantity.written} is not in the source"
    for name in absent_names(claim, [source]):
        if name.coined and not name.abbreviated:
            return _NOT_IN_THE_SOURCE.format(name.written)
    return ""


def _missing_abbreviation(claim: ReadClaim, source: ReadSource) -> str:
    """An abbreviation that its source does not have; it may write it out, or call the same thing something else."""
    missing = next((name for name in absent_names(claim, [source]) if name.abbreviated), None)
    return _NOT_IN_THE_SOURCE.format(missing.written) if missing else ""


def _unsupported(claim: str, reason: str, rung: DecisionStage, probability: float) -> CheckedClaim:
    return CheckedClaim(claim, (), Check(Verdict.UNSUPPORTED, reason, rung, probability))


def _citations(evidence: Sequence[SourceSentence], marked: Sequence[int]) -> tuple[Citation]:
    """The citation of the one source that the evidence stands in, the best sentence first."""
    best, *further = evidence
    origin = CitationOrigin.MODEL if best.number in marked else CitationOrigin.ATTRIBUTED
    return (Citation(best.number, best.sentence, origin, tuple(sentence.sentence for sentence in further)),)


def _flat(text: str) -> str:
    """Text for looking a quote up: without its quotation marks, breaks and case, brackets as quotes show them."""
    return re.sub(r"\s+", " ", neutralized(text)).strip(" \n.\"'“”„«»").casefold()
