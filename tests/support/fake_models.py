"""Models that write what a test says, at once or when they are let, and a cache that ends with the test."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    Usage,
)


class ScriptedModel:
    """Writes what a function of the request says, word by word, and keeps the requests."""

    name = "scripted"
    fingerprint = "scripted-1"

    def __init__(
        self,
        write: Callable[[GenerationRequest], str],
        *,
        kind: ModelKind = ModelKind.LOCAL,
        context_tokens: int = 4096,
        fails_with: Exception | None = None,
        truncated: bool = False,
    ) -> None:
        self.kind = kind
        self.context_tokens = context_tokens
        self.requests: list[GenerationRequest] = []
        self.closed_early = False
        self._write = write
        self._fails_with = fails_with
        self._truncated = truncated

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message.content) // 4 + 4 for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self.requests.append(request)
        try:
            for word in self._write(request).split(" "):
                yield TextDelta(word + " ")
            if self._fails_with:
                raise self._fails_with
            yield Completed(Usage(10, 5), truncated=self._truncated)
        except GeneratorExit:
            self.closed_early = True
            raise

    async def aclose(self) -> None:
        pass


class ScriptedJudge(ScriptedModel):
    """A scripted model that is asked for judgements too; ``judge_by`` gives the probability of the first choice."""

    def __init__(
        self,
        write: Callable[[GenerationRequest], str],
        judge_by: Callable[[Judgement], float],
        *,
        kind: ModelKind = ModelKind.LOCAL,
    ) -> None:
        super().__init__(write, kind=kind)
        self.judgements: list[Judgement] = []
        self._judge_by = judge_by

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        self.judgements.extend(judgements)
        probabilities: list[tuple[float, ...] | None] = []
        for judgement in judgements:
            first = self._judge_by(judgement)
            others = len(judgement.choices) - 1
            probabilities.append((first, *[(1 - first) / others] * others))
        return probabilities


class MemoryCache:
    """A generation cache that ends with the test."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def generation(self, key: str) -> str | None:
        return self.texts.get(key)

    def remember_generation(self, key: str, text: str, model: str) -> None:
        self.texts[key] = text


class StallingModel(ScriptedModel):
    """Writes its text and then nothing more, for ever."""

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        async with aclosing(super().stream(request)) as events:
            async for event in events:
                yield event
                await asyncio.sleep(0)
        await asyncio.Event().wait()


class HeldModel(ScriptedModel):
    """Writes ``at_first`` texts and then waits for ``go_on``."""

    def __init__(self, write: Callable[[GenerationRequest], str], *, at_first: int) -> None:
        super().__init__(write)
        self.go_on = asyncio.Event()
        self._left = at_first

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self._left -= 1
        if self._left < 0:
            await self.go_on.wait()
        async for event in super().stream(request):
            yield event


class HeldQuotingModel:
    """Writes the first quote, cited, as soon as ``begin`` is set, and the others when ``go_on`` is."""

    name = "held"
    fingerprint = "held-1"
    kind = ModelKind.LOCAL
    context_tokens = 4096

    def __init__(self, *, begins: bool = True) -> None:
        self.begin, self.go_on = asyncio.Event(), asyncio.Event()
        if begins:
            self.begin.set()
        self.asked = 0
        self.closed_early = False

    async def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message.content) // 4 + 4 for message in messages)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self.asked += 1
        try:
            for position, quote in enumerate(request.quotes):
                await (self.go_on if position else self.begin).wait()
                yield TextDelta(f"{quote.text} [{quote.number}]\n\n")
                yield TextDelta("- So it is. ")
            yield Completed(Usage(100, 50))
        except (GeneratorExit, asyncio.CancelledError):
            self.closed_early = True
            raise

    async def aclose(self) -> None:
        pass
