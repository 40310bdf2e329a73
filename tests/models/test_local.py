import asyncio
import ctypes
import gc
import time
from contextlib import aclosing, closing
from pathlib import Path
from threading import Timer

import pytest

from assistant.errors import ModelError, ModelInterrupted, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Message, TextDelta
from assistant.models.llama.bindings import StopFlag, Stopped, load_library
from assistant.models.llama.model import LocalModel
from assistant.models.llama.runtime import LlamaRuntime, RuntimeSettings
from tests.models.conftest import completion_of, events_of, text_of

ENDLESS = "root ::= [a-z ] root"
FRUITS = (Message("system", "You are brief."), Message("user", "Name three fruits."))
ABSTRACT = "We study sparse attention in long-context language models and gain 12.4% on LongBench. " * 8


def long_prompt(question: str) -> tuple[Message, ...]:
    return Message("system", "Answer from the papers."), Message("user", f"{ABSTRACT}\n\n{question}")


async def test_the_same_request_gives_the_same_text(local_model: LocalModel) -> None:
    request = GenerationRequest(FRUITS, max_output_tokens=30)

    first, second = await events_of(local_model, request), await events_of(local_model, request)

    assert text_of(first) == text_of(second)
    assert len(text_of(first)) > 10


async def test_a_seed_decides_what_is_drawn(local_model: LocalModel) -> None:
    texts = [
        text_of(
            await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=20, temperature=1.5, seed=seed))
        )
        for seed in (1, 1, 2)
    ]

    assert texts[0] == texts[1] != texts[2]


async def test_the_output_limit_is_kept_and_said(local_model: LocalModel) -> None:
    events = await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=3))

    done = completion_of(events)
    assert done.truncated
    assert done.usage.output_tokens == 3


async def test_a_model_that_ends_by_itself_is_not_truncated(local_model: LocalModel) -> None:
    events = await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=200))

    assert not completion_of(events).truncated
    assert completion_of(events).usage.output_tokens < 200


async def test_a_grammar_holds_the_text(local_model: LocalModel) -> None:
    grammar = 'root ::= ("red" | "green") " [" [1-3] "]."'

    for temperature in (0.0, 1.0):
        request = GenerationRequest(FRUITS, max_output_tokens=20, temperature=temperature, grammar=grammar)
        events = await events_of(local_model, request)
        assert text_of(events) in {f"{colour} [{number}]." for colour in ("red", "green") for number in (1, 2, 3)}
        assert not completion_of(events).truncated


async def test_a_grammar_that_allows_nothing_more_ends_the_text(local_model: LocalModel) -> None:
    events = await events_of(
        local_model, GenerationRequest(FRUITS, max_output_tokens=20, grammar='root ::= "a" [^\\x00-\\U0010FFFF]')
    )

    assert text_of(events) in {"", "a"}


async def test_an_unreadable_grammar_is_an_error(local_model: LocalModel) -> None:
    with pytest.raises(ModelUnavailable, match="grammar"):
        await events_of(local_model, GenerationRequest(FRUITS, grammar="root ::= ((("))


async def test_the_shared_prefix_is_not_read_again(local_model: LocalModel) -> None:
    first, other = [
        completion_of(await events_of(local_model, GenerationRequest(long_prompt(question), max_output_tokens=1))).usage
        for question in ("What is gained?", "Which benchmark?")
    ]

    assert first.cached_tokens == 0
    assert other.prompt_tokens - other.cached_tokens < 100


async def test_an_answer_in_the_history_is_not_read_again(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=512, batch_tokens=8)) as model:
        events = await events_of(model, GenerationRequest(FRUITS, max_output_tokens=60))
        follow_up = (*FRUITS, Message("assistant", text_of(events)), Message("user", "And two more?"))
        done = completion_of(await events_of(model, GenerationRequest(follow_up, max_output_tokens=1)))
        before = await model.count_tokens(FRUITS)

    assert done.usage.cached_tokens >= before + 8


def test_what_is_held_from_other_prompts_changes_not_one_digit(small_gguf: Path) -> None:
    prompt_messages = long_prompt("What is gained?")
    others = [(prompt_messages[0], Message("user", f"{ABSTRACT[:length]} Why?")) for length in (100, 300)]
    answers = []
    for earlier in ([], others, [prompt_messages]):
        with closing(LlamaRuntime(small_gguf, "small", RuntimeSettings(1024, 1, 64))) as runtime:
            for messages in (*earlier, prompt_messages):
                reused = runtime.read(runtime.prompt_tokens(messages), StopFlag())
            answers.append(logits(runtime))
        assert (reused > 0) is bool(earlier)

    assert answers[0] == answers[1] == answers[2]


def logits(runtime: LlamaRuntime) -> bytes:
    """The model's numbers for the next token, all their digits."""
    size = runtime._tokenizer().size
    assert runtime._writing is not None
    return ctypes.string_at(load_library().api.llama_get_logits_ith(runtime._writing.pointer, -1), 4 * size)


async def test_usage_and_count_agree(local_model: LocalModel) -> None:
    counted = await local_model.count_tokens(FRUITS)
    done = completion_of(await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=1)))

    assert done.usage.prompt_tokens == counted
    assert await local_model.count_tokens([]) == 0


async def test_a_prompt_longer_than_the_context_is_refused_whole(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=128)) as model:
        with pytest.raises(ModelError, match=r"has \d+ tokens; .* holds 128") as raised:
            await events_of(model, GenerationRequest(long_prompt("Why?")))

    assert raised.value.remedy


async def test_an_answer_ends_where_the_context_does(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=64)) as model:
        room = 64 - await model.count_tokens(FRUITS)
        request = GenerationRequest(FRUITS, max_output_tokens=500, grammar=ENDLESS)
        done = completion_of(await events_of(model, request))

    assert done.truncated
    assert done.usage.output_tokens == room > 0


async def test_a_request_without_prompt_is_an_error(local_model: LocalModel) -> None:
    with pytest.raises(ModelError, match="no prompt"):
        await events_of(local_model, GenerationRequest(()))


async def test_the_context_is_the_files_own_when_that_is_smaller(small_gguf: Path) -> None:
    model = LocalModel(small_gguf, context_tokens=100_000)

    assert model.context_tokens == 8192
    assert model.name == small_gguf.stem
    assert LocalModel(small_gguf, name="small").name == "small"
    assert model.fingerprint == LocalModel(small_gguf).fingerprint
    assert small_gguf.name in model.fingerprint
    await model.aclose()


async def seconds_until_idle(model: LocalModel) -> float:
    """How long the worker still computes: it counts only when it is free."""
    started = time.monotonic()
    await model.count_tokens(FRUITS)
    return time.monotonic() - started


async def test_a_stop_while_the_model_is_loaded_stops_the_loading(small_gguf: Path) -> None:
    runtime = LlamaRuntime(small_gguf, "small", RuntimeSettings(256, 1, 256))
    stop = StopFlag()
    tokens = runtime.prompt_tokens(FRUITS)
    stop.set()

    with pytest.raises(Stopped):
        runtime.read(tokens, stop)

    assert runtime.read(tokens, StopFlag()) == 0
    runtime.close()


async def test_closing_while_it_writes_stops_the_computation(local_model: LocalModel) -> None:
    async with aclosing(
        local_model.stream(GenerationRequest(FRUITS, max_output_tokens=1500, grammar=ENDLESS))
    ) as events:
        assert isinstance(await anext(events), TextDelta)

    assert await seconds_until_idle(local_model) < 1


async def test_cancelling_while_it_reads_the_prompt_stops_the_computation(local_model: LocalModel) -> None:
    await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=1))
    prompt = (Message("user", ABSTRACT * 8),)
    task = asyncio.create_task(events_of(local_model, GenerationRequest(prompt)))
    await asyncio.sleep(0.3)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await seconds_until_idle(local_model) < 1
    assert local_model._runtime._writing is not None
    assert len(local_model._runtime._writing.tokens) < await local_model.count_tokens(prompt)


def test_a_stop_comes_through_in_the_middle_of_a_batch(small_gguf: Path) -> None:
    with closing(LlamaRuntime(small_gguf, "small", RuntimeSettings(1024, 1, 1024))) as runtime:
        tokens = runtime.prompt_tokens([Message("user", ABSTRACT * 2)])
        runtime.read(tokens[:1], StopFlag())
        started = time.monotonic()
        runtime.read(tokens, StopFlag())
        seconds = time.monotonic() - started

        stop = StopFlag()
        Timer(0.1 * seconds, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Stopped):
            runtime.read(tokens[::-1], stop)

    assert time.monotonic() - started < 0.6 * seconds


async def test_after_a_stop_in_the_prompt_the_model_writes_as_if_fresh(small_gguf: Path) -> None:
    request = GenerationRequest(long_prompt("What is gained?"), max_output_tokens=24)
    texts = []
    for stopped_before in (False, True):
        model = LocalModel(small_gguf, threads=1, context_tokens=1024)
        if stopped_before:
            for patience in (0.05, 0.6):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(events_of(model, request), patience)
        texts.append(text_of(await events_of(model, request)))
        await model.aclose()

    assert texts[0] == texts[1] != ""


async def test_a_request_that_waits_its_turn_can_be_cancelled(local_model: LocalModel) -> None:
    async with aclosing(local_model.stream(GenerationRequest(FRUITS, max_output_tokens=400))) as events:
        await anext(events)
        waiting = asyncio.create_task(events_of(local_model, GenerationRequest(FRUITS)))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert await seconds_until_idle(local_model) < 1


async def test_two_requests_at_once_are_written_one_after_the_other(local_model: LocalModel) -> None:
    request = GenerationRequest(FRUITS, max_output_tokens=10)

    first, other = await asyncio.gather(events_of(local_model, request), events_of(local_model, request))

    assert text_of(first) == text_of(other)


async def test_closing_the_model_interrupts_what_it_writes(local_model: LocalModel) -> None:
    events = local_model.stream(GenerationRequest(FRUITS, max_output_tokens=1500, grammar=ENDLESS))
    await anext(events)

    await local_model.aclose()
    await local_model.aclose()

    with pytest.raises(ModelInterrupted, match="was closed"):
        async for _ in events:
            pass


def test_a_loop_that_closed_under_the_stream_stops_the_computation(small_gguf: Path) -> None:
    model = LocalModel(small_gguf, threads=1, context_tokens=2048)
    abandoned = model.stream(GenerationRequest(FRUITS, max_output_tokens=1500, grammar=ENDLESS))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(anext(abandoned))
    loop.close()

    started = time.monotonic()
    asyncio.run(model.aclose())

    assert time.monotonic() - started < 2
    del abandoned
    gc.collect()


THINKS = (
    r'root ::= "<think>Okay, the user wants fruits. Which of them are there, and which one of all of them should '
    r'stand first?\n</think>\n\nApples." '
)
ONLY_THINKS = r'root ::= "<think>Okay, the user wants " [a-z ]+ '


async def test_a_local_models_thoughts_are_neither_shown_nor_counted(local_model: LocalModel) -> None:
    events = await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=20, grammar=THINKS))

    assert text_of(events) == "Apples."
    assert not completion_of(events).truncated
    assert completion_of(events).usage.output_tokens > 25


async def test_a_local_model_that_only_thinks_says_so(small_gguf: Path) -> None:
    model = LocalModel(small_gguf, threads=1, context_tokens=96)

    with pytest.raises(ModelUnavailable, match="spent its output limit on thinking") as raised:
        await events_of(model, GenerationRequest(FRUITS, max_output_tokens=12, grammar=ONLY_THINKS))

    assert raised.value.remedy
    await model.aclose()


async def test_a_local_model_that_ends_after_its_thought_wrote_nothing(local_model: LocalModel) -> None:
    grammar = 'root ::= "<think>Okay, fruits.</think>"'

    events = await events_of(local_model, GenerationRequest(FRUITS, max_output_tokens=40, grammar=grammar))

    assert text_of(events) == ""
    assert not completion_of(events).truncated  # the writer quotes the papers instead
