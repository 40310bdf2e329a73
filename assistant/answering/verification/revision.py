"""What happens to sentences after they are written: judged by the model, repaired, quoted or withheld."""

import re
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answering.citation_markers import allowed_references, clean_markers, neutralized, with_markers
from assistant.answering.citation_stream import Draft
from assistant.answering.prompts import Prompt
from assistant.answering.values import (
    AnswerSentence,
    Check,
    CheckedClaim,
    Citation,
    CitationOrigin,
    DecisionStage,
    NumberedSource,
    Repair,
    SentenceRevised,
    Verdict,
)
from assistant.answering.verification.checker import SupportChecker
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


class CheckMode(StrEnum):
    """What becomes of sentences that fail: they are marked, repaired, or not shown at all."""

    MARK = "mark"
    REPAIR = "repair"
    STRICT = "strict"


@dataclass(slots=True)
class DraftSlot:
    """One place of an answer: its first draft, how its claim stands, and its sentence now, None when withheld."""

    draft: Draft
    checked: CheckedClaim
    sentence: AnswerSentence | None


class AnswerDraft:
    """The sentences of one answer on their way from the draft to what stays."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.places = [DraftSlot(draft, draft.checked, None if draft.withdrawn else draft.sentence) for draft in drafts]
        self.withheld: list[AnswerSentence] = []

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """What stands now, in order."""
        return tuple(place.sentence for place in self.places if place.sentence is not None)

    @property
    def text(self) -> str:
        """What stands now as one text, with the white space that stood between the sentences."""
        return "".join(p.draft.separator + p.sentence.text for p in self.places if p.sentence is not None).lstrip()

    def repairable(self) -> list[int]:
        """The places whose sentences fail; one that may hold, as nothing could decide, stays."""
        places = [(number, self.places[number]) for number in self.failing()]
        return [
            number
            for number, place in places
            if not (place.checked.undecided and place.sentence and place.sentence.verdict is Verdict.PARTLY)
        ]

    def failing(self) -> list[int]:
        """The places whose sentences claim something and are not supported for sure."""
        return [
            number
            for number, place in enumerate(self.places)
            if place.sentence is not None and place.sentence.verdict is not None and not place.sentence.verdict.holds
        ]

    def put(self, number: int, sentence: AnswerSentence | None) -> SentenceRevised:
        """Put a sentence in a place; None withholds the one that stands there."""
        before = self.places[number].sentence
        if sentence is None and before is not None:
            self.withheld.append(before)
        self.places[number].sentence = sentence
        return SentenceRevised(number, sentence)


class SentenceRepairer:
    """Repairs sentences with one model; where it writes nothing that holds, and for one that only quotes, by quotes.

    ``verifier`` is asked about what it wrote, where it can support a claim.
    """

    def __init__(self, model: ChatModel, verifier: ModelVerifier | None, prompts: Callable[[str], Prompt]) -> None:
        self._model = model
        self._verifier = verifier if verifier is not None and verifier.vouches else None
        self._prompts = prompts

    async def repaired(
        self,
        standing: AnswerSentence,
        failed: CheckedClaim,
        others: Sequence[AnswerSentence],
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        conversation: Sequence[Message],
    ) -> AnswerSentence | None:
        """What is to stand in place of a sentence whose claim failed; None when the ``others`` say it already.

        One that is partly supported stays when it cannot be written better. ``conversation``
        ends with the answer: a local model need not read it again.
        """
        evidence = _evidence(standing, failed, checker)
        if evidence is None:
            return standing
        number, spans = evidence
        source = next(source for source in sources if source.number == number)
        rewritten = await self._rewritten(failed.claim, source, spans, sources, checker, conversation)
        if rewritten is not None:
            return None if _is_repeated(rewritten.text, others) else rewritten
        if failed.check is not None and failed.check.verdict is Verdict.PARTLY:
            return standing
        passage = _quotable(source, spans, _quoted_spans(others))
        if not passage or all(_is_repeated(sentence.text, others) for sentence in passage):
            return None
        return quotation(source, passage, failed.claim)

    async def _rewritten(
        self,
        claim: str,
        source: NumberedSource,
        spans: Sequence[Sentence],
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        conversation: Sequence[Message],
    ) -> AnswerSentence | None:
        """The claim as its evidence has it, when it keeps its subject and the check says that it holds."""
        if self._model.kind is ModelKind.EXTRACTIVE:
            return None
        evidence = " ".join(span.text for span in sorted(spans, key=lambda span: span.start))
        prompt = self._prompts("repair").render(
            title=neutralized(source.paper.title), evidence=neutralized(evidence), claim=claim
        )
        before = conversation if self._model.kind is ModelKind.LOCAL else ()
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


class AnswerReviser:
    """Revises drafts with the model that wrote them; one that fails leaves them as the cheap check has them.

    ``verifier`` is None where no judgement is wanted or to be had; ``repairer`` where none is to be written again.
    """

    def __init__(self, mode: CheckMode, verifier: ModelVerifier | None, repairer: SentenceRepairer | None) -> None:
        self._mode = mode
        self._verifier = verifier
        self._repairer = repairer

    async def revise(
        self,
        revision: AnswerDraft,
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        written_from: Sequence[Message],
        *,
        model_answers: bool = True,
    ) -> AsyncGenerator[SentenceRevised, None]:
        """Change the revision and yield each change; when the model does not answer any more, only what needs none.

        ``written_from`` is the prompt of the answer.
        """
        if model_answers and self._verifier is not None:
            async with aclosing(self._verified(revision, sources, self._verifier)) as changes:
                async for change in changes:
                    yield change
        match self._mode:
            case CheckMode.MARK:
                return
            case CheckMode.STRICT:
                for number in revision.failing():
                    yield revision.put(number, None)
            case CheckMode.REPAIR if model_answers and self._repairer is not None:
                conversation = (*written_from, Message("assistant", revision.text))
                async with aclosing(
                    self._repaired(revision, sources, checker, conversation, self._repairer)
                ) as changes:
                    async for change in changes:
                        yield change
            case CheckMode.REPAIR:
                return

    async def _repaired(
        self,
        revision: AnswerDraft,
        sources: Sequence[NumberedSource],
        checker: SupportChecker,
        conversation: Sequence[Message],
        repairer: SentenceRepairer,
    ) -> AsyncGenerator[SentenceRevised, None]:
        for number in revision.repairable():
            place = revision.places[number]
            standing = place.sentence
            if standing is None:
                continue
            others = [p.sentence for p in revision.places if p is not place and p.sentence is not None]
            repaired = await repairer.repaired(standing, place.checked, others, sources, checker, conversation)
            if repaired != standing:
                yield revision.put(number, repaired)

    async def _verified(
        self, revision: AnswerDraft, sources: Sequence[NumberedSource], verifier: ModelVerifier
    ) -> AsyncGenerator[SentenceRevised, None]:
        try:
            verified = await verifier.verified([place.checked for place in revision.places], sources)
        except ModelError:
            return
        for number, claim in enumerate(verified):
            place = revision.places[number]
            place.checked = claim
            if place.sentence is not None and claim.check != place.sentence.check:
                yield revision.put(number, _rejudged(place.sentence, claim))


def _rejudged(sentence: AnswerSentence, claim: CheckedClaim) -> AnswerSentence:
    """The sentence with the model's verdict; one that its sources do not support cites them no longer."""
    if claim.check is None or claim.check.verdict is not Verdict.UNSUPPORTED:
        return replace(sentence, check=claim.check)
    cited = tuple(citation.number for citation in sentence.citations)
    refuted = tuple(dict.fromkeys((*sentence.refuted, *cited)))
    return replace(sentence, text=claim.claim, citations=(), refuted=refuted, check=claim.check)


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
    mentions = {word.casefold() for word in _MENTIONS_TEXT.findall(text)}
    return bool(mentions - {word.casefold() for word in _MENTIONS_TEXT.findall(evidence)})


def _quotable(source: NumberedSource, spans: Sequence[Sentence], quoted: Collection[Sentence]) -> tuple[Sentence, ...]:
    """The first of the sentences that can be quoted, with those that it leans on unless they are quoted before it."""
    sentences = split_sentences(source.paper.abstract)
    for span in spans:
        place = sentences.index(span)
        if place and sentences[place - 1] in quoted:
            return (span,)
        if passage := standing_passage(sentences, place):
            return passage
    return ()


def _quoted_spans(others: Sequence[AnswerSentence]) -> set[Sentence]:
    quoted = (other for other in others if other.verdict is Verdict.QUOTED)
    return {span for other in quoted for citation in other.citations for span in citation.spans}


def _is_repeated(text: str, others: Sequence[AnswerSentence]) -> bool:
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
