"""Requests to one server beside each other, and one by one once it has ended one for another."""

import asyncio
from threading import Barrier
from typing import Any

import pytest

from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.errors import ModelCrowdedOut
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.hosted.request import RequestQueue
from tests.models.conftest import HostedOn, events_of, text_of
from tests.support.fake_models import MemoryCache
from tests.support.openai_server import Answer, Behaviour, Stream, chunk, event

DONE = b"data: [DONE]\n\n"
HALF = event(chunk({"content": "Half of "}))


def asked(word: str) -> GenerationRequest:
    return GenerationRequest((Message("user", word),), max_output_tokens=50)


class Cutting:
    """Cuts the first of two requests that are there at once: ``cut`` is what it sends for it."""

    def __init__(self, *cut: bytes) -> None:
        self.seen: list[str] = []
        self._cut = cut
        self._both = Barrier(2)

    def __call__(self, request: Any) -> Behaviour:
        word = request.body["messages"][-1]["content"]
        again = word in self.seen
        self.seen.append(word)
        if not again:
            self._both.wait()
        if again or word != "one":
            return Answer(f"All of {word}.")
        return Stream((*self._cut, DONE))


async def test_a_text_that_was_cut_before_its_first_word_is_asked_for_again(hosted_on: HostedOn) -> None:
    model, server = hosted_on(Cutting())

    first, two = await asyncio.gather(events_of(model, asked("one")), events_of(model, asked("two")))

    assert (text_of(first), text_of(two)) == ("All of one.", "All of two.")
    assert len(server.requests) == 3


async def test_a_text_that_was_cut_in_the_middle_is_an_error_of_its_own(hosted_on: HostedOn) -> None:
    model, _ = hosted_on(Cutting(HALF))

    first, two = await asyncio.gather(
        events_of(model, asked("one")), events_of(model, asked("two")), return_exceptions=True
    )

    assert isinstance(first, ModelCrowdedOut)
    assert not isinstance(two, BaseException)
    assert text_of(two) == "All of two."


async def test_short_texts_are_written_again_whole_and_only_whole_ones_are_kept(hosted_on: HostedOn) -> None:
    model, _ = hosted_on(Cutting(HALF))
    cache = MemoryCache()
    generator = CachedGenerator(model, cache)
    texts = [CompletionSpec(word, (Message("user", word),), 50) for word in ("one", "two")]

    written = await asyncio.gather(*map(generator.generate, texts))

    assert [text.text for text in written] == ["All of one.", "All of two."]
    assert sorted(cache.texts.values()) == ["All of one.", "All of two."]


async def test_one_by_one_a_request_waits_until_no_other_runs() -> None:
    queue = RequestQueue()
    running: list[int] = []
    most = 0

    async def request(number: int) -> bool:
        nonlocal most
        async with queue.slot() as slot:
            running.append(number)
            most = max(most, len(running))
            await asyncio.sleep(0)
            running.remove(number)
        return slot.crowded

    assert all(await asyncio.gather(*map(request, range(5))))
    assert most == 5
    most = 0
    queue.one_by_one()
    assert not any(await asyncio.gather(*map(request, range(5))))
    assert most == 1


async def test_a_request_that_is_cancelled_while_it_waits_or_runs_frees_its_slot() -> None:
    queue = RequestQueue()
    queue.one_by_one()
    entered = asyncio.Event()

    async def hold() -> None:
        async with queue.slot():
            entered.set()
            await asyncio.Event().wait()

    running = asyncio.create_task(hold())
    await entered.wait()
    waiting = asyncio.create_task(hold())
    await asyncio.sleep(0)
    for task in (waiting, running):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async with queue.slot() as slot:
        assert not slot.crowded
