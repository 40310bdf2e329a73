"""The cheap steps of the support check: what can be told of a claim and its sources without asking a model."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.answering.calibration import SUPPORTED, SURE_NO, SURE_YES, WITH_VECTORS, WITHOUT_VECTORS
from assistant.answering.citation_markers import neutralized
from assistant.answering.values import Check, Citation, CitationOrigin, DecisionStage, NumberedSource, Verdict
from assistant.answering.verification.claims import UNSURE, CheckedClaim, is_claim, split_label
from assistant.answering.verification.evidence import Evidence, EvidenceFinder
from assistant.answering.verification.features import (
    FactMeasures,
    Measures,
    ReadClaim,
    ReadSource,
    SourceSentence,
    absent_names,
    absent_quantities,
    fact_measures,
    read_claim,
    read_source,
    word_measures,
)
from assistant.answering.verification.reader import Verifier
from assistant.answering.verification.subjects import Part, Subjects, joined, part_without_evidence
from assistant.retrieval import SentenceEmbedder
from assistant.sentences import Sentence

NO_MATCH = "no matching sentence"
OPPOSITE = "the source says the opposite"
_NOT_IN_THE_SOURCE = "“{}” is not in the source"
_CLASH = 0.5
"""From this share of common words two opposite directions, or a denial, say the opposite."""
_SURE = 0.99
_ABBREVIATION_MISSING = 0.3
"""Greatest probability of a claim with an abbreviation that its sources do not have: a model must be quite sure."""
_SPOKEN_OF = 0.4
"""Least match with a sentence for a claim to be about its paper."""
_LONGEST_SHOWN = 60


class SupportChecker:
    """Attributes claims to a fixed set of sources and says whether these bear them out.

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
        self._sources = [read_source(source) for source in sources]
        self._titles = {source.number: source.paper.title for source in sources}
        self._by_number = {source.number: source for source in self._sources}
        self._verbatim: dict[str, list[tuple[int, Sentence]]] = {}
        for source in self._sources:
            for one in source.sentences:
                self._verbatim.setdefault(_flat(one.sentence.text), []).append((source.number, one.sentence))
        self._finder = EvidenceFinder(self._sources, embedder)
        self._subjects = Subjects(sources)

    def check(self, claim: str, marked: tuple[int, ...] = (), about: tuple[int, ...] = ()) -> CheckedClaim:
        """The citations a claim without markers is to carry, and its verdict.

        ``marked`` are the numbers that the model put; they are kept when they hold. ``about`` are the sources of the
        sentence before it.
        """
        if not is_claim(claim):
            return CheckedClaim(claim)
        _, stated = split_label(claim)
        return replace(self._check_statement(stated, marked, about), claim=claim)

    def _check_statement(self, claim: str, marked: tuple[int, ...], about: tuple[int, ...]) -> CheckedClaim:
        if quoted := self._quoted(claim, marked):
            return quoted
        parts = self._subjects.parts(claim, marked, about)
        if len(parts) > 1:
            return joined(claim, [self._check_part(part, marked, ()) for part in parts])
        (part,) = parts
        near = self._finder.near(read_claim(claim), [n for n in marked if n in part.about or not part.about])
        if len(near) > 1:
            return _best_supported([self._check_part(Part(claim, frozenset({n})), marked, ()) for n in near])
        return self._check_part(part, marked, about)

    def _check_part(self, part: Part, marked: tuple[int, ...], about: tuple[int, ...]) -> CheckedClaim:
        """A claim about one paper against the sentences that may support it: of that paper, or those that name it."""
        read = read_claim(part.text)

        def eligible(sentence: SourceSentence) -> bool:
            return (
                not part.about
                or sentence.number in part.about
                or any(self._subjects.names(number, sentence.sentence.text) for number in part.about)
            )

        evidence = self._finder.find(read, marked or about, eligible)
        if evidence is None:
            return replace(_unsupported(part.text, NO_MATCH, DecisionStage.WORDS, 1 - _SURE), about=part.about)
        return replace(self._checked(read, evidence, marked), about=part.about)

    def warm(self) -> None:
        """Embed the sentences of the sources now; the first `check` does it otherwise. Any thread may do it."""
        _ = self._finder.vectors

    def names(self, number: int, text: str) -> bool:
        """Whether a text names a source, as it is called before the colon of its title."""
        return self._subjects.names(number, text)

    def closest_sentence(self, claim: str, named: Collection[int] = ()) -> tuple[int, Sentence] | None:
        """The source sentence that matches a claim best, with its source's number.

        It stands in the paper that the claim is about: one whose name it has, else one that was ``named`` for it; else
        it must come near enough to be what the claim mentions. A sentence that mentions no source has none.
        """
        matches = sorted(self._finder.matches(read_claim(claim)), key=lambda found: -found.match)
        subject = frozenset[int]().union(*(part.about for part in self._subjects.parts(claim))) or frozenset(named)
        about = (m for m in matches if (m.sentence.number in subject if subject else m.match >= _SPOKEN_OF))
        best = next(about, None)
        return (best.sentence.number, best.sentence.sentence) if best else None

    def measures(self, claim: str) -> Measures | None:
        """What is measured of a claim and the evidence that is found for it; None when there is none."""
        read = read_claim(claim)
        evidence = self._finder.find(read, (), lambda _: True)
        return self._measured(read, evidence) if evidence else None

    def _quoted(self, claim: str, marked: Sequence[int]) -> CheckedClaim | None:
        """The claim as a quote where it is a whole sentence of an abstract, that of a marked source first."""
        places = sorted(self._verbatim.get(_flat(claim), ()), key=lambda place: place[0] not in marked)
        if not places:
            return None
        number, sentence = places[0]
        origin = CitationOrigin.MODEL if number in marked else CitationOrigin.ATTRIBUTED
        check = Check(Verdict.QUOTED, "", DecisionStage.FACTS, _SURE)
        return CheckedClaim(claim, (Citation(number, sentence, origin),), check)

    def _measured(self, claim: ReadClaim, evidence: Evidence) -> Measures:
        cited = self._cited(evidence)
        return Measures(
            fact_measures(claim, evidence.sentences, cited),
            word_measures(claim, evidence.sentences, cited, self._finder.weights),
            evidence.meaning,
        )

    def _checked(self, read: ReadClaim, evidence: Evidence, marked: Sequence[int]) -> CheckedClaim:
        cited, claim = self._cited(evidence), read.text
        citations = _citations(evidence, marked)
        measures = self._measured(read, evidence)
        probability = _probability(measures)
        rung = DecisionStage.WORDS if measures.meaning is None else DecisionStage.MEANING
        if self._verifier is not None:
            probability = self._verifier.probability(claim, self._shown(evidence), probability)
            rung = DecisionStage.READER
        if reason := _false_fact(read, cited):
            return _unsupported(claim, reason, DecisionStage.FACTS, min(probability, 1 - _SURE))
        nearest = _citations(self._finder.with_context(read, evidence), marked)
        if reason := _missing_abbreviation(read, cited):
            check = Check(Verdict.UNSUPPORTED, reason, DecisionStage.FACTS, min(probability, _ABBREVIATION_MISSING))
            return CheckedClaim(claim, nearest, check, undecided=True)
        if reason := self._missing_part(read, evidence, probability):
            return CheckedClaim(claim, citations, Check(Verdict.PARTLY, reason, rung, min(probability, SUPPORTED)))
        if probability <= SURE_NO:
            return _unsupported(claim, _why_not(measures.facts), rung, probability)
        if probability >= SURE_YES:
            return CheckedClaim(claim, citations, Check(Verdict.SUPPORTED, "", rung, probability))
        verdict, reason = Verdict.PARTLY, UNSURE
        if probability < SUPPORTED:
            verdict, reason = Verdict.UNSUPPORTED, _why_not(measures.facts)
        return CheckedClaim(claim, nearest, Check(verdict, reason, rung, probability), undecided=True)

    def reading(self, claim: str) -> tuple[tuple[str, ...], float]:
        """What a verifier is given for a claim: its evidence, one text a paper, and the probability without it."""
        read = read_claim(claim)
        evidence = self._finder.find(read, (), lambda _: True)
        return (self._shown(evidence), _probability(self._measured(read, evidence))) if evidence else ((), 0.0)

    def _shown(self, evidence: Evidence) -> tuple[str, ...]:
        """Of each paper its title, which says what "it" is, and the sentences of evidence in their order."""
        return tuple(
            f"{self._titles[number].rstrip('. ')}. "
            + " ".join(s.sentence.text for s in sorted(sentences, key=lambda s: s.sentence.start))
            for number, sentences in evidence.chosen.items()
        )

    def _cited(self, evidence: Evidence) -> list[ReadSource]:
        return [self._by_number[number] for number in evidence.chosen]

    def _missing_part(self, claim: ReadClaim, evidence: Evidence, probability: float) -> str:
        """What of a claim is not there although the rest is supported: a name, or a clause; empty for neither."""
        cited = self._cited(evidence)
        if probability >= SUPPORTED:
            for name in absent_names(claim, cited):
                return _NOT_IN_THE_SOURCE.format(name.written)
        title_words = frozenset[str]().union(*(source.title_words for source in cited))
        part = part_without_evidence(claim, evidence.sentences, title_words)
        if not part:
            return ""
        rest = self._measured(read_claim(claim.text.replace(part, "")), evidence)
        if _probability(rest) < SUPPORTED:
            return ""
        shown = part if len(part) <= _LONGEST_SHOWN else part[: _LONGEST_SHOWN - 1].rstrip() + "…"
        return f"part of it is not in the source: {shown}"


def _best_supported(checked: Sequence[CheckedClaim]) -> CheckedClaim:
    """Of one claim checked against several sources the best; the others that it holds by as well are cited beside."""
    best = max(checked, key=lambda one: (one.check is not None and one.check.verdict.holds, _chance(one)))
    level = best.check.verdict if best.check else None
    cited = [c for one in checked if one is best or (one.check and one.check.verdict is level) for c in one.citations]
    return replace(best, citations=tuple(sorted(cited, key=lambda citation: citation.number)))


def _chance(checked: CheckedClaim) -> float:
    return checked.check.probability if checked.check else 0.0


def _why_not(facts: FactMeasures) -> str:
    opposed = facts.clash >= _CLASH or facts.denied >= _CLASH or facts.opposite > 0
    return OPPOSITE if opposed else NO_MATCH


def _probability(measures: Measures) -> float:
    model = WITH_VECTORS if measures.meaning is not None else WITHOUT_VECTORS
    return model.probability(measures.values)


def _false_fact(claim: ReadClaim, cited: Sequence[ReadSource]) -> str:
    """Why a claim cannot hold: a number or a coined name that its sources do not have; empty when there is none."""
    for quantity in absent_quantities(claim, cited):
        if not quantity.spelled:
            return f"the number {quantity.written} is not in the source"
    for name in absent_names(claim, cited):
        if name.coined and not name.abbreviated:
            return _NOT_IN_THE_SOURCE.format(name.written)
    return ""


def _missing_abbreviation(claim: ReadClaim, cited: Sequence[ReadSource]) -> str:
    """An abbreviation that its sources do not have; they may write it out, or call the same thing something else."""
    missing = next((name for name in absent_names(claim, cited) if name.abbreviated), None)
    return _NOT_IN_THE_SOURCE.format(missing.written) if missing else ""


def _unsupported(claim: str, reason: str, rung: DecisionStage, probability: float) -> CheckedClaim:
    return CheckedClaim(claim, (), Check(Verdict.UNSUPPORTED, reason, rung, probability))


def _citations(evidence: Evidence, marked: Sequence[int]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            number,
            sentences[0].sentence,
            CitationOrigin.MODEL if number in marked else CitationOrigin.ATTRIBUTED,
            tuple(sentence.sentence for sentence in sentences[1:]),
        )
        for number, sentences in evidence.chosen.items()
    )


def _flat(text: str) -> str:
    """Text for looking a quote up: without its quotation marks, breaks and case, brackets as quotes show them."""
    return re.sub(r"\s+", " ", neutralized(text)).strip(" \n.\"'“”„«»").casefold()
