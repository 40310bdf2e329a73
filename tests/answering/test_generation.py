"""What short texts take is counted whole: a cap on the cost of a hosted model rests on it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.errors import ModelInterrupted
from assistant.models.chat_model import Completed, GenerationRequest, Message, ModelEvent, ModelKind, TextDelta, Usage
from tests.support.fake_models import MemoryCache, ScriptedModel


def text(about: str) -> CompletionSpec:
    return CompletionSpec("paper", (Message("user", about),), 50, sentences=1)


async def test_texts_that_are_written_at_once_are_all_counted() -> None:
    class Unhurried(ScriptedModel):
        async def count_tokens(self, messages: Sequence[Message]) -> int:
            await asyncio.sleep(0)
            return 10 * len(messages)

    generator = CachedGenerator(Unhurried(lambda _: "One is here. Two is here."), MemoryCache())
    await asyncio.gather(*(generator.generate(text(f"paper {number}")) for number in range(4)))

    assert generator.used == Usage(4 * 10, 4 * 10)


async def test_tokens_are_counted_where_a_server_tells_none() -> None:
    class Silent(ScriptedModel):
        async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
            yield TextDelta("One is here.")
            yield Completed(Usage())

    generator = CachedGenerator(Silent(lambda _: "", kind=ModelKind.HOSTED), MemoryCache())
    await generator.generate(text("a paper"))

    assert generator.used.prompt_tokens > 0
    assert generator.used.output_tokens > 0


async def test_a_text_that_breaks_off_is_counted_and_not_kept() -> None:
    cache = MemoryCache()
    generator = CachedGenerator(ScriptedModel(lambda _: "One is", fails_with=ModelInterrupted("gone")), cache)
    with pytest.raises(ModelInterrupted):
        await generator.generate(text("a paper"))

    assert not cache.texts
    assert generator.used.output_tokens > 0
