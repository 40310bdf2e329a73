"""Short texts that a model writes once: the same prompt for the same model is read from the cache."""

import asyncio
import hashlib
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.prompts import Prompt
from assistant.errors import LibraryError
from assistant.models.base import ModelKind, TextDelta, WritingModel, WritingRequest
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
class Generated:
    """A text as the model wrote it, unchecked, and whether it came from the cache."""

    text: str
    cached: bool


class CachedGenerator:
    """Fills prompts with one model and keeps what it writes."""

    def __init__(self, model: WritingModel, cache: GenerationCache) -> None:
        self.model = model
        self._cache = cache

    @property
    def extractive(self) -> bool:
        """Whether there is no model that could fill a prompt; texts are then taken from the papers."""
        return self.model.kind is ModelKind.EXTRACTIVE

    async def generate(
        self, prompt: Prompt, *, max_output_tokens: int, sentences: int | None = None, **variables: str
    ) -> Generated:
        """The text for a filled prompt; generation stops after ``sentences`` whole sentences.

        Raises `ModelError`; a text that breaks off (`ModelInterrupted`) is not kept.
        """
        messages = prompt.render(**variables)
        parts = (
            prompt.name,
            self.model.fingerprint,
            str(sentences),
            str(max_output_tokens),
            *(message.content for message in messages),
        )
        key = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
        kept = await asyncio.to_thread(self._cache.generation, key)
        if kept is not None:
            return Generated(kept, cached=True)
        written = await self._write(WritingRequest(messages, max_output_tokens=max_output_tokens), sentences)
        if written:
            with suppress(LibraryError):  # a text that cannot be kept is still the answer
                await asyncio.to_thread(self._cache.remember_generation, key, written, self.model.name)
        return Generated(written, cached=False)

    def fitting(self, abstract: str, max_output_tokens: int) -> str:
        """As many sentences of an abstract as surely fit the model's context beside the rest of a prompt."""
        room = self.model.context_tokens - max_output_tokens - _PROMPT_TOKENS
        if len(abstract) <= room * _FEWEST_CHARACTERS_PER_TOKEN:
            return abstract
        sentences = split_sentences(abstract[: room * _FEWEST_CHARACTERS_PER_TOKEN])
        return " ".join(sentence.text for sentence in sentences[:-1] or sentences)

    async def _write(self, request: WritingRequest, sentences: int | None) -> str:
        text = ""
        async with aclosing(self.model.stream(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    text += printable(event.text)
                if sentences is not None and len(pieces := split_sentences(text)) > sentences:
                    return " ".join(piece.text for piece in pieces[:sentences])
        return text.strip()
