"""A survey written paragraph by paragraph: small models lose the thread of many groups in one prompt."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from assistant.answering.survey.packing import Part
from assistant.models.base import (
    Completed,
    Judge,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    Usage,
    WritingModel,
    WritingRequest,
)
from assistant.models.wrapping import WrappedModel
from assistant.sentences import split_sentences

_MOST_SENTENCES = 3
_FEWEST_TOKENS = 96

Parts = Mapping[tuple[Message, ...], tuple[Part, ...]]


class GroupwiseModel(WrappedModel):
    """Writes a request that has ``parts`` part by part, under their names, and any other one as it is.

    ``parts`` is looked up by the whole prompt, and may be filled until the request comes. The groups cost together
    about as many tokens to read as the whole, and the first paragraph comes after the first of them.
    """

    def __init__(self, model: WritingModel, parts: Parts) -> None:
        super().__init__(model)
        self._parts = parts

    @property
    def fingerprint(self) -> str:
        """What its texts depend on."""
        return f"{self._model.fingerprint}-groupwise"

    async def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write; yields `TextDelta`, then one `Completed` over all parts."""
        parts = self._parts.get(request.messages)
        if parts is None:
            async with aclosing(self._model.stream(request)) as events:
                async for event in events:
                    yield event
            return
        usage, truncated, given = Usage(), False, ""
        each = max(request.max_output_tokens // len(parts), _FEWEST_TOKENS)
        for place, part in enumerate(parts):
            paragraph_break = "\n\n" if place else ""
            given += f"{paragraph_break}**{part.name}**\n"
            paragraph = ""
            yield TextDelta(f"{paragraph_break}**{part.name}**\n")
            asked = replace(request, messages=part.messages, quotes=part.quotes, max_output_tokens=each)
            async with aclosing(self._paragraph(asked)) as events:
                async for event in events:
                    match event:
                        case TextDelta(text):
                            paragraph += text
                            yield event
                        case TextWithdrawn():
                            paragraph = ""
                            yield event
                            yield TextDelta(given)
                        case Completed(used, cut):
                            usage, truncated = usage + used, truncated or cut
            given += paragraph
        yield Completed(usage, truncated)

    async def _paragraph(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
        """One paragraph on one line, ended when a sentence too many begins.

        A server's model is read to its end: only then is it sure that what came first was no thought.
        """
        written, whole = "", False
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(text) if not whole:
                        piece = text.replace("\n", " ") if written else text.lstrip().replace("\n", " ")
                        sentences = split_sentences(written + piece)
                        if len(sentences) > _MOST_SENTENCES:
                            kept = (written + piece)[len(written) : sentences[_MOST_SENTENCES - 1].end]
                            if kept:
                                yield TextDelta(kept)
                            if self._model.kind is ModelKind.LOCAL:
                                return
                            whole = True
                        elif piece:
                            written += piece
                            yield TextDelta(piece)
                    case TextWithdrawn():
                        written, whole = "", False
                        yield event
                    case Completed(usage, truncated):
                        yield Completed(usage, truncated and not whole)


class JudgingGroupwiseModel(GroupwiseModel):
    """The same for a model that can be asked for judgements."""

    def __init__(self, model: WritingModel, judge: Judge, parts: Parts) -> None:
        super().__init__(model, parts)
        self._judge = judge

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The model's own judgements."""
        return await self._judge.judge(judgements)
