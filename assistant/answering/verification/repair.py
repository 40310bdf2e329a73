"""Mending a sentence that failed its check: written again from its evidence, or that evidence quoted."""

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing

from assistant.answering.citation_markers import allowed_references, clean_markers, neutralized, with_markers
from assistant.answering.prompts import Prompt
from assistant.answering.values import (
    AnswerSentence,
    Check,
    Citation,
    CitationOrigin,
    DecisionStage,
    NumberedSource,
    Repair,
    Verdict,
)
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.claims import CheckedClaim
from assistant.answering.verification.review import ModelVerifier
from assistant.errors import ModelError
from assistant.models import ChatModel, GenerationRequest, Message, ModelKind, TextDelta, TextWithdrawn
from assistant.papers import printable
from assistant.retrieval import content_words
from assistant.sentences import Sentence, leans_back, split_sentences, standing_passage

_LONGEST_TOKENS = 80
_SAME = 0.85
"""From this share of the shorter one's words two sentences say the same."""
_MENTIONS_TEXT = re.compile(
    r"\b(?:abstract|article|authors?|claim|evidence|paper|passage|sentence|source|statement|text)s?\b", re.IGNORECASE
)


class SentenceRepairer:
    """Mends sentences with one model; where it writes nothing that holds, and for one that only quotes, by quotes.

    ``verifier`` is asked about what it wrote, where it can support a claim.
    """

    def __init__(self, model: ChatModel, verifier: ModelVerifier | None, prompts: Callable[[str], Prompt]) -> None:
        self._model = model
        self._verifier = verifier if verifier is not None and verifier.vouches else None
        self._prompts = prompts

    async def mended(
        self,
        standing: AnswerSentence,
        failed: CheckedClaim,
        others: Sequence[AnswerSentence],
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        said: Sequence[Message],
    ) -> AnswerSentence | None:
        """What is to stand in place of a sentence whose claim failed; None when the ``others`` say it already.

        One that is partly supported stays when it cannot be written better. ``said`` is the
        conversation up to the answer: a local model need not read it again.
        """
        found = _evidence(standing, failed, checker)
        if found is None:
            return standing
        number, spans = found
        source = next(source for source in sources if source.number == number)
        rewritten = await self._rewritten(failed.claim, source, spans, sources, checker, said)
        if rewritten is not None:
            return None if _is_said(rewritten.text, others) else rewritten
        if failed.check is not None and failed.check.verdict is Verdict.PARTLY:
            return standing
        passage = _quotable(source, spans, _quoted_spans(others))
        if not passage or all(_is_said(sentence.text, others) for sentence in passage):
            return None
        return quotation(source, passage, failed.claim)

    async def _rewritten(
        self,
        claim: str,
        source: NumberedSource,
        spans: Sequence[Sentence],
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        said: Sequence[Message],
    ) -> AnswerSentence | None:
        """The claim as its evidence has it, when it keeps its subject and the check says that it holds."""
        if self._model.kind is ModelKind.EXTRACTIVE:
            return None
        evidence = " ".join(span.text for span in sorted(spans, key=lambda span: span.start))
        prompt = self._prompts("repair").render(
            title=neutralized(source.paper.title), evidence=neutralized(evidence), claim=claim
        )
        before = said if self._model.kind is ModelKind.LOCAL else ()
        try:
            written = await self._first_sentence(
                GenerationRequest((*before, *prompt), max_output_tokens=_LONGEST_TOKENS)
            )
            text = clean_markers(written, allowed_references(sources)).text.strip()
            if not _keeps_subject(text, claim, source, checker) or _mentions_text(text, evidence):
                return None
            checked = checker.check(text, (source.number,))
            if self._verifier is not None:
                (checked,) = await self._verifier.verified([checked], sources)
        except ModelError:
            return None
        if {citation.number for citation in checked.citations} != {source.number}:
            return None
        return _as_sentence(checked, source, claim)

    async def _first_sentence(self, request: GenerationRequest) -> str:
        text = ""
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(piece):
                        text += printable(piece)
                    case TextWithdrawn():
                        text = ""
                if self._model.kind is ModelKind.LOCAL and len(split_sentences(text)) > 1:
                    break
        return next((sentence.text for sentence in split_sentences(text)), "")


def quotation(source: NumberedSource, passage: Sequence[Sentence], original: str | None = None) -> AnswerSentence:
    """Neighbouring sentences of the abstract in quotation marks, in place of what a model wrote or should have."""
    words = source.paper.abstract[passage[0].start : passage[-1].end]
    citation = Citation(source.number, passage[-1], CitationOrigin.ATTRIBUTED, tuple(passage[:-1]))
    return AnswerSentence(
        f"“{neutralized(words)}” [{source.number}]",
        (citation,),
        check=Check(Verdict.QUOTED, "", DecisionStage.FACTS, 1.0),
        mending=Repair.QUOTED,
        original=original,
    )


def _as_sentence(rewritten: CheckedClaim, source: NumberedSource, original: str) -> AnswerSentence | None:
    """What was written again as a sentence of the answer; None when it does not hold either."""
    if rewritten.check is None or not rewritten.check.verdict.holds:
        return None
    if rewritten.check.verdict is Verdict.QUOTED:
        return quotation(source, rewritten.citations[0].spans, original)
    text = with_markers(rewritten.claim, [source.number])
    return AnswerSentence(text, rewritten.citations, (), rewritten.check, Repair.REWRITTEN, original)


def _evidence(
    standing: AnswerSentence, failed: CheckedClaim, checker: SupportChecker
) -> tuple[int, tuple[Sentence, ...]] | None:
    """The paper that a claim is about, and its sentences that come nearest; None when it is about none of them."""
    named = {*standing.refuted, *(c.number for c in failed.citations if c.origin is CitationOrigin.MODEL)}
    closest = checker.closest_sentence(failed.claim, failed.about or named)
    if closest is None:
        return None
    spans = next((c.spans for c in failed.citations if c.number == closest[0] and c.spans), (closest[1],))
    return closest[0], spans


def _keeps_subject(text: str, claim: str, source: NumberedSource, checker: SupportChecker) -> bool:
    """Whether a text names the paper where the claim does, and points back to nothing where the claim does not."""
    keeps_name = checker.names(source.number, text) or not checker.names(source.number, claim)
    return bool(text) and keeps_name and (leans_back(claim) or not leans_back(text))


def _mentions_text(text: str, evidence: str) -> bool:
    """Whether a text is about a text ("the source says …"), by words that its evidence does not have."""
    said = {word.casefold() for word in _MENTIONS_TEXT.findall(text)}
    return bool(said - {word.casefold() for word in _MENTIONS_TEXT.findall(evidence)})


def _quotable(source: NumberedSource, spans: Sequence[Sentence], shown: Collection[Sentence]) -> tuple[Sentence, ...]:
    """The first of the sentences that can be quoted, with those that it leans on unless they are shown before it."""
    sentences = split_sentences(source.paper.abstract)
    for span in spans:
        place = sentences.index(span)
        if place and sentences[place - 1] in shown:
            return (span,)
        if passage := standing_passage(sentences, place):
            return passage
    return ()


def _quoted_spans(others: Sequence[AnswerSentence]) -> set[Sentence]:
    quoted = (other for other in others if other.verdict is Verdict.QUOTED)
    return {span for other in quoted for citation in other.citations for span in citation.spans}


def _is_said(text: str, others: Sequence[AnswerSentence]) -> bool:
    """Whether one of the others says the same, by most of the shorter one's words."""
    words = frozenset(content_words(_unmarked(text)))
    for other in others:
        further = frozenset(content_words(_unmarked(other.text)))
        shorter = min(len(words), len(further))
        figures = {word for word in words if word[0].isdigit()}
        if shorter and len(words & further) >= _SAME * shorter and figures <= further:
            return True
    return False


def _unmarked(text: str) -> str:
    return re.sub(r"\[\d+\]", "", text)
