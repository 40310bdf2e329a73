"""A survey written paper by paper, one sentence each: small models lose the thread of many papers in one prompt."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from assistant.answering.summaries import PaperSummarizer, quoted_sentences
from assistant.answering.survey.packing import Part
from assistant.models.chat_model import (
    Completed,
    Judge,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    Usage,
    WritingModel,
    WritingRequest,
)
from assistant.models.wrapping import WrappedModel

Parts = Mapping[tuple[Message, ...], tuple[Part, ...]]


class PaperwiseModel(WrappedModel):
    """Writes a request that has ``parts`` part by part, and any other one as it is.

    A part is its name and the first checked sentence of each of its papers' summaries, as a digest has them.
    ``parts`` is looked up by the whole prompt, and may be filled until the request comes.
    """

    def __init__(self, model: WritingModel, summarizer: PaperSummarizer, parts: Parts) -> None:
        super().__init__(model)
        self._summarizer = summarizer
        self._parts = parts

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        return f"{self._model.fingerprint}-paperwise"

    async def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; yields `TextDelta`, then one `Completed` over all papers. Raises `ModelError`."""
        parts = self._parts.get(request.messages)
        if parts is None:
            async with aclosing(self._model.stream(request)) as events:
                async for event in events:
                    yield event
            return
        before = self._summarizer.used
        for place, part in enumerate(parts):
            paragraph_break = "\n\n" if place else ""
            yield TextDelta(f"{paragraph_break}**{part.name}**\n")
            for source in part.sources:
                summary = await self._summarizer.summarize(source)
                own_words = summary.quoted or self.kind is ModelKind.EXTRACTIVE
                sentences = quoted_sentences(source, 1) if own_words else summary.sentences
                if sentences:
                    yield TextDelta(f"{' ' if source is not part.sources[0] else ''}{sentences[0].text}")
        used = self._summarizer.used
        yield Completed(Usage(used.prompt_tokens - before.prompt_tokens, used.output_tokens - before.output_tokens))


class JudgingPaperwiseModel(PaperwiseModel):
    """The same for a model that can be asked for judgements."""

    def __init__(self, model: WritingModel, judge: Judge, summarizer: PaperSummarizer, parts: Parts) -> None:
        super().__init__(model, summarizer, parts)
        self._judge = judge

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The model's own judgements."""
        return await self._judge.judge(judgements)
