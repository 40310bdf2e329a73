"""A model that writes a request once: the next time its text is read from the cache, and no time is spent."""

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress

from assistant.answering.generation_cache import GenerationCache
from assistant.errors import LibraryError
from assistant.models import (
    ChatModel,
    Completed,
    GenerationRequest,
    Judge,
    Judgement,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    Usage,
    WrappedModel,
    is_answer,
)

_JUDGEMENT = "judgement reported"
"""Begins the keys of judgements. (Under "judged" earlier versions kept even chances where none had been reported.)"""

Beside = Callable[[GenerationRequest], Sequence[Message]]


def remembering(model: ChatModel, cache: GenerationCache, beside: Beside | None = None) -> ChatModel:
    """The model with a memory, and with its judgement where it has one.

    ``beside`` gives messages that a request's text depends on and that do not stand in the request. A model that only
    quotes needs no memory.
    """
    if model.kind is ModelKind.EXTRACTIVE:
        return model
    if isinstance(model, Judge):
        return _RememberingJudge(model, model, cache, beside)
    return CachingModel(model, cache, beside)


class CachingModel(WrappedModel):
    """Keeps texts that came whole, or up to the output limit; one that broke off or was stopped is written again."""

    def __init__(self, model: ChatModel, cache: GenerationCache, beside: Beside | None = None) -> None:
        super().__init__(model)
        self._cache = cache
        self._beside = beside

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Write, or give in one piece what was written before; yields `TextDelta`, then one `Completed`."""
        key = self._key(request)
        cached = _decoded(await asyncio.to_thread(self._cache.generation, key))
        if cached is not None:
            text, truncated = cached
            yield TextDelta(text)
            yield Completed(Usage(), truncated)
            return
        written = ""
        async with aclosing(self._model.stream(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        written += text
                    case TextWithdrawn():
                        written = ""
                    case Completed(truncated=truncated) if written:
                        await self._keep(key, json.dumps({"text": written, "truncated": truncated}))
                yield event

    def _key(self, request: GenerationRequest) -> str:
        messages = (*request.messages, *(self._beside(request) if self._beside else ()))
        limits = (request.max_output_tokens, request.temperature, request.seed, request.grammar)
        return self._hashed(("written", *map(str, limits)), messages)

    def _hashed(self, parts: Sequence[str], messages: Sequence[Message]) -> str:
        everything = (self.fingerprint, *parts, *(f"{message.role}\x01{message.content}" for message in messages))
        return hashlib.sha256("\x00".join(everything).encode("utf-8", "surrogatepass")).hexdigest()

    async def _keep(self, key: str, text: str) -> None:
        with suppress(LibraryError):  # what cannot be kept is still the answer
            await asyncio.to_thread(self._cache.remember_generation, key, text, self.name)


class _RememberingJudge(CachingModel):
    """The same for a model that can be asked for judgements; these are kept too."""

    def __init__(self, model: ChatModel, judge: Judge, cache: GenerationCache, beside: Beside | None) -> None:
        super().__init__(model, cache, beside)
        self._judge = judge

    async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
        """The model's own judgements; it is asked for those alone that it has not given before."""
        keys = [self._hashed((_JUDGEMENT, *judgement.choices), judgement.messages) for judgement in judgements]
        texts = [await asyncio.to_thread(self._cache.generation, key) for key in keys]
        cached = [
            _probabilities(text, len(judgement.choices)) for text, judgement in zip(texts, judgements, strict=True)
        ]
        missing = [
            judgement for judgement, probabilities in zip(judgements, cached, strict=True) if probabilities is None
        ]
        new_answers = iter(await self._judge.judge(missing) if missing else [])
        whole = [next(new_answers) if probabilities is None else probabilities for probabilities in cached]
        for key, probabilities, answer in zip(keys, cached, whole, strict=True):
            if probabilities is None and answer is not None:
                await self._keep(key, json.dumps(answer))
        return whole


def _decoded(stored: str | None) -> tuple[str, bool] | None:
    """The text and whether it reached the limit; None for what is no such record, or has thoughts in it."""
    if stored is None:
        return None
    try:
        record = json.loads(stored)
    except ValueError:
        return None
    match record:
        case {"text": str(text), "truncated": bool(truncated)} if text and is_answer(text):
            return text, truncated
        case _:
            return None


def _probabilities(text: str | None, choices: int) -> tuple[float, ...] | None:
    """A judgement that was kept; None for what is none on so many choices."""
    try:
        values = json.loads(text or "null")
    except ValueError:
        return None
    if not isinstance(values, list) or len(values) != choices or not all(isinstance(value, float) for value in values):
        return None
    return tuple(values)
