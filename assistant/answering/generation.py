"""Short texts that a model writes once: the same prompt for the same model is read from the cache."""

import hashlib
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.prompts import Prompt
from assistant.models.base import ModelKind, TextDelta, WritingModel, WritingRequest
from assistant.sentences import split_sentences


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
        parts = (prompt.name, self.model.fingerprint, str(sentences), *(message.content for message in messages))
        key = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
        kept = self._cache.generation(key)
        if kept is not None:
            return Generated(kept, cached=True)
        written = await self._write(WritingRequest(messages, max_output_tokens=max_output_tokens), sentences)
        self._cache.remember_generation(key, written, self.model.name)
        return Generated(written, cached=False)

    async def _write(self, request: WritingRequest, sentences: int | None) -> str:
        text = ""
        async with aclosing(self.model.stream(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    text += event.text
                if sentences is not None and len(pieces := split_sentences(text)) > sentences:
                    return " ".join(piece.text for piece in pieces[:sentences])
        return text.strip()
