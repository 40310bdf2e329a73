"""What a model writes once: the same prompt for the same model is read from the cache.

`CachedGenerator` writes short texts, `CachingModel` is a whole `ChatModel` whose answers and judgements are cached.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.prompts import Prompt
from assistant.errors import LibraryError, ModelCrowdedOut, ModelInterrupted
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
    ThinkingModel,
    Usage,
    WrappedModel,
    is_answer,
)
from assistant.papers import printable
from assistant.sentences import split_sentences

_PROMPT_TOKENS = 400
_FEWEST_CHARACTERS_PER_TOKEN = 2
_JUDGEMENT = "judgement reported"
"""Begins the keys of judgements. (Under "judged" earlier versions kept even chances where none had been reported.)"""
Beside = Callable[[GenerationRequest], Sequence[Message]]


class GenerationCache(Protocol):
    """Where texts that a model wrote are kept, by a key that names everything they depend on."""

    def generation(self, key: str) -> str | None:
        """The text kept under the key."""
        ...

    def remember_generation(self, key: str, text: str, model: str) -> None:
        """Keep a text; ``model`` says who wrote it."""
        ...


@dataclass(frozen=True, slots=True)
class CompletionSpec:
    """A short text to be written: the filled prompt, and where it ends, after tokens or after whole ``sentences``."""

    name: str
    messages: tuple[Message, ...]
    max_output_tokens: int
    sentences: int | None = None

    @classmethod
    def of(
        cls, prompt: Prompt, *, max_output_tokens: int, sentences: int | None = None, **variables: str
    ) -> "CompletionSpec":
        """Fill a prompt."""
        return cls(prompt.name, prompt.render(**variables), max_output_tokens, sentences)

    def key(self, fingerprint: str) -> str:
        """What names the text by a model of that fingerprint."""
        parts = (
            self.name,
            fingerprint,
            str(self.sentences),
            str(self.max_output_tokens),
            *(message.content for message in self.messages),
        )
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Completion:
    """A text as the model wrote it, unchecked, and whether it came from the cache."""

    text: str
    cached: bool


class CachedGenerator:
    """Writes short texts with one model and keeps them; ``used`` are the tokens that it took so far."""

    def __init__(self, model: ChatModel, cache: GenerationCache) -> None:
        self.model = model
        self.used = Usage()
        self._cache = cache

    @property
    def extractive(self) -> bool:
        """Whether the model only quotes, so that callers take sentences of the papers themselves."""
        return self.model.kind is ModelKind.EXTRACTIVE

    async def generate(self, spec: CompletionSpec) -> Completion:
        """The kept text, or a new one; one that gave way to another request is asked for once more.

        Raises `ModelError`; a text that breaks off (`ModelInterrupted`) is not kept.
        """
        key = spec.key(self.model.fingerprint)
        cached = await asyncio.to_thread(self._cache.generation, key)
        if cached is not None and is_answer(cached):
            return Completion(cached, cached=True)
        try:
            written = await self._write(spec)
        except ModelCrowdedOut:
            written = await self._write(spec)
        if written:
            with suppress(LibraryError):  # a text that cannot be kept is still the answer
                await asyncio.to_thread(self._cache.remember_generation, key, written, self.model.name)
        return Completion(written, cached=False)

    async def expected(self, spec: CompletionSpec) -> Usage:
        """The most tokens that a text may take; none when it is kept."""
        cached = await asyncio.to_thread(self._cache.generation, spec.key(self.model.fingerprint))
        if cached is not None and is_answer(cached):
            return Usage()
        prompt_tokens = await self.model.count_tokens(spec.messages)
        return Usage(prompt_tokens, spec.max_output_tokens + self.hidden_tokens)

    def fitting(self, abstract: str, max_output_tokens: int) -> str:
        """As many sentences of an abstract as surely fit the model's context beside the rest of a prompt."""
        room = self.model.context_tokens - max_output_tokens - _PROMPT_TOKENS
        if len(abstract) <= room * _FEWEST_CHARACTERS_PER_TOKEN:
            return abstract
        sentences = split_sentences(abstract[: room * _FEWEST_CHARACTERS_PER_TOKEN])
        return " ".join(sentence.text for sentence in sentences[:-1] or sentences)

    async def _write(self, spec: CompletionSpec) -> str:
        text, usage = "", None
        request = GenerationRequest(spec.messages, max_output_tokens=spec.max_output_tokens)
        try:
            async with aclosing(self.model.stream(request)) as events:
                async for event in events:
                    match event:
                        case TextDelta(piece):
                            text += printable(piece)
                        case TextWithdrawn():
                            text = ""
                        case Completed(reported) if reported != Usage():  # some servers tell none
                            usage = reported
                    if self._ends_early and _first_sentences(text, spec.sentences) is not None:
                        break
        except ModelInterrupted:
            await self._count(spec, text)
            raise
        text = _first_sentences(text, spec.sentences) or text
        await self._count(spec, text, usage)
        return text.strip()

    @property
    def _ends_early(self) -> bool:
        """Whether sentences that come first are surely answer: a server's model may turn out to think aloud."""
        return self.model.kind is ModelKind.LOCAL and not self.hidden_tokens

    @property
    def hidden_tokens(self) -> int:
        """Tokens that a thinking model may write unseen; only at its end does it tell how many these were."""
        return self.model.hidden_output_tokens if isinstance(self.model, ThinkingModel) else 0

    async def _count(self, spec: CompletionSpec, text: str, reported: Usage | None = None) -> None:
        """Add what a text took; several may be written at once, so the sum is read behind the last ``await``."""
        usage = reported or await self._counted(spec, text)
        self.used += usage

    async def _counted(self, spec: CompletionSpec, text: str) -> Usage:
        """The tokens of a text for which the model told none: it was ended before, or the server does not."""
        written = (Message("assistant", text),) if text else ()
        prompt_tokens = await self.model.count_tokens(spec.messages)
        text_tokens = await self.model.count_tokens((*spec.messages, *written)) - prompt_tokens
        return Usage(prompt_tokens, text_tokens + self.hidden_tokens)


def _first_sentences(text: str, limit: int | None) -> str | None:
    """The first sentences of a text that has more; None as long as it has not."""
    if limit is None or len(pieces := split_sentences(text)) <= limit:
        return None
    return " ".join(piece.text for piece in pieces[:limit])


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
