"""Short texts that a model writes once: the same prompt for the same model is read from the cache."""

import asyncio
import hashlib
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.prompts import Prompt
from assistant.errors import LibraryError, ModelCrowdedOut, ModelInterrupted
from assistant.models import (
    ChatModel,
    Completed,
    GenerationRequest,
    Message,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    ThinkingModel,
    Usage,
    is_answer,
)
from assistant.papers import printable
from assistant.sentences import split_sentences

_PROMPT_TOKENS = 400
_FEWEST_CHARACTERS_PER_TOKEN = 2


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
                        case Completed(told) if told != Usage():  # some servers tell none
                            usage = told
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
