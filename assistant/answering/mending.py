"""Mending a sentence that failed its check: written again from its evidence, or that evidence quoted."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.answering.answer import AnswerSentence, CitationOrigin, Mending, Source, Verdict
from assistant.answering.markers import allowed_in, clean_markers, neutralized, with_markers
from assistant.answering.prompts import Prompt
from assistant.answering.summaries import quoted_sentence
from assistant.answering.support.checked import CheckedClaim
from assistant.answering.support.checker import SupportChecker
from assistant.answering.support.judging import judged
from assistant.errors import ModelError
from assistant.models.base import Judge, Message, ModelKind, TextDelta, TextWithdrawn, WritingModel, WritingRequest
from assistant.papers import printable
from assistant.sentences import Sentence, split_sentences

_LONGEST_TOKENS = 80


class Mender:
    """Mends sentences with one model; where it writes nothing that holds, and for one that only quotes, by quotes."""

    def __init__(self, model: WritingModel, judge: Judge | None, prompts: Callable[[str], Prompt]) -> None:
        self._model = model
        self._judge = judge
        self._prompts = prompts

    async def mended(
        self,
        standing: AnswerSentence,
        failed: CheckedClaim,
        others: Sequence[AnswerSentence],
        sources: Sequence[Source],
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
            return None if _told(rewritten, others) else rewritten
        if failed.check is not None and failed.check.verdict is Verdict.PARTLY:
            return standing
        if any(spans[0] in citation.spans for other in others for citation in other.citations):
            return None
        return quotation(source, spans[0], failed.claim)

    async def _rewritten(
        self,
        claim: str,
        source: Source,
        spans: Sequence[Sentence],
        sources: Sequence[Source],
        checker: SupportChecker,
        said: Sequence[Message],
    ) -> AnswerSentence | None:
        """The claim as its evidence has it, when the check says that it holds."""
        if self._model.kind is ModelKind.EXTRACTIVE:
            return None
        prompt = self._prompts("repair").render(
            title=neutralized(source.paper.paper.title),
            evidence=neutralized(" ".join(span.text for span in sorted(spans, key=lambda span: span.start))),
            claim=claim,
        )
        before = said if self._model.kind is ModelKind.LOCAL else ()
        try:
            written = await self._first_sentence(WritingRequest((*before, *prompt), max_output_tokens=_LONGEST_TOKENS))
            text = clean_markers(written, allowed_in(sources)).text.strip()
            checked = checker.check(text, (source.number,))
            if checked.undecided and self._judge is not None:
                (checked,) = await judged([checked], sources, self._judge, self._prompts("judge_support"))
        except ModelError:
            return None
        if checked.check is None or checked.check.verdict is not Verdict.SUPPORTED:
            return None
        marked = with_markers(text, [citation.number for citation in checked.citations])
        return AnswerSentence(marked, checked.citations, (), checked.check, Mending.REWRITTEN, claim)

    async def _first_sentence(self, request: WritingRequest) -> str:
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


def quotation(source: Source, sentence: Sentence, original: str | None = None) -> AnswerSentence:
    """A sentence of the abstract in quotation marks, in place of what a model wrote or should have written."""
    text = f"“{neutralized(sentence.text)}” [{source.number}]"
    return replace(quoted_sentence(source, sentence), text=text, mending=Mending.QUOTED, original=original)


def _evidence(
    standing: AnswerSentence, failed: CheckedClaim, checker: SupportChecker
) -> tuple[int, tuple[Sentence, ...]] | None:
    """The source that a claim is about, and its sentences that come nearest; None when it is about none of them."""
    named = {*standing.refuted, *(c.number for c in failed.citations if c.origin is CitationOrigin.MODEL)}
    closest = checker.closest_sentence(failed.claim, named)
    if closest is None:
        return None
    spans = next((c.spans for c in failed.citations if c.number == closest[0] and c.spans), (closest[1],))
    return closest[0], spans


def _told(sentence: AnswerSentence, others: Sequence[AnswerSentence]) -> bool:
    return any(sentence.text.casefold() == other.text.casefold() for other in others)
