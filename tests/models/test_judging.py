"""Judgements: a model's probabilities for a few words, from local files and from servers that tell more or less."""

import asyncio
import math
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import pytest

from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.errors import ModelError, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Judge, Judgement, Message
from assistant.models.extractive import ExtractiveModel
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.models.llama.model import LocalModel
from tests.models.conftest import HostedOn, completion_of, events_of
from tests.support.fake_models import MemoryCache
from tests.support.openai_server import Answer, Status, Stream, chunk, event

SKY = (Message("system", "Answer yes or no."), Message("user", "Is the sky blue? Answer with one word."))
CONVERSATION = (Message("user", "Tell me about the sky over the sea in summer, in whole sentences. " * 8),)


def token_chunk(alternatives: Mapping[str, float], chosen: str) -> bytes:
    """A chunk with one token and the probabilities of what might have stood there."""
    content = [
        {
            "token": chosen,
            "logprob": math.log(alternatives.get(chosen, 0.01)),
            "top_logprobs": [{"token": token, "logprob": math.log(p)} for token, p in alternatives.items()],
        }
    ]
    data = chunk({"content": chosen})
    data["choices"][0]["logprobs"] = {"content": content}
    return event(data)


def streamed(*pieces: bytes) -> Stream:
    return Stream((*pieces, event(chunk({}, "stop")), b"data: [DONE]\n\n"))


async def test_a_local_model_tells_how_probable_each_word_is(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        first, again = await model.judge([Judgement(SKY), Judgement(SKY)])
        (three,) = await model.judge([Judgement(SKY, ("yes", "partly", "no"))])

    assert first == again
    assert first is not None
    assert three is not None
    assert sum(first) == pytest.approx(1)
    assert len(three) == 3
    assert all(0 < p < 1 for p in (*first, *three))
    assert three[0] / three[2] == pytest.approx(first[0] / first[1], rel=1e-3)


async def test_a_judgement_leaves_what_was_read_of_a_conversation(small_gguf: Path) -> None:
    request = GenerationRequest(CONVERSATION, max_output_tokens=2)
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        await events_of(model, request)
        await model.judge([Judgement(SKY)])
        after = completion_of(await events_of(model, request))

    assert after.usage.cached_tokens >= after.usage.prompt_tokens - 64


async def test_a_judgement_that_continues_shares_its_beginning_with_the_request(small_gguf: Path) -> None:
    question = Message("user", CONVERSATION[0].content + "\n\nIs it told? Answer yes or no.")
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        continued = await model.judge([Judgement((question,), continues=True)])
        beside = await model.judge([Judgement((question,))])
        after = completion_of(await events_of(model, GenerationRequest(CONVERSATION, max_output_tokens=2)))

    assert continued == beside
    assert after.usage.cached_tokens >= after.usage.prompt_tokens - 64


async def test_a_judgement_longer_than_its_context_is_an_error(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1)) as model:
        with pytest.raises(ModelError, match="tokens"):
            await model.judge([Judgement((Message("user", "word " * 5000),))])


async def test_cancelling_a_judgement_frees_the_model(small_gguf: Path) -> None:
    async with aclosing(LocalModel(small_gguf, threads=1)) as model:
        long = Judgement((Message("user", "The sky over the sea. " * 300),))
        task = asyncio.create_task(model.judge([long] * 20))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert len(await model.judge([Judgement(SKY)])) == 1


async def test_probabilities_of_a_server_are_those_of_the_first_word_that_is_a_choice(hosted_on: HostedOn) -> None:
    blank = token_chunk({"\n": 0.9, "<think>": 0.1}, "\n")
    word = token_chunk({"Yes": 0.5, " yes": 0.1, "No": 0.2, "Maybe": 0.2}, "Yes")
    model, server = hosted_on([streamed(blank, word)])

    (judgement,) = await model.judge([Judgement(SKY)])

    assert judgement == pytest.approx((0.75, 0.25))
    assert server.requests[0].body["logprobs"] is True
    assert server.requests[0].body["top_logprobs"] == 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes.", (0.95, 0.05)), ("**no**", (0.05, 0.95)), ("\n“Yes”, it is", (0.95, 0.05)), ("(no)", (0.05, 0.95))],
)
async def test_the_word_itself_counts_where_a_server_tells_no_probabilities(
    hosted_on: HostedOn, text: str, expected: tuple[float, float]
) -> None:
    model, _ = hosted_on([Answer(text)])

    (judgement,) = await model.judge([Judgement(SKY)])

    assert judgement == pytest.approx(expected)


@pytest.mark.parametrize(
    "texts",
    [
        ("It depends",),
        ("<think>",),
        ("<think>", "\n", "Yes", ", the"),
        ("<|channel|>analysis",),
        ("[THINK]no",),
        ("Not",),
        ("Yesterday",),
        ("No's",),
        ("", "   "),
        (),
    ],
)
async def test_an_answer_that_is_none_of_the_choices_is_no_judgement(
    hosted_on: HostedOn, texts: tuple[str, ...]
) -> None:
    model, _ = hosted_on([Answer(*texts)])

    assert await model.judge([Judgement(SKY)]) == [None]


@pytest.mark.parametrize(
    "pieces",
    [
        [token_chunk({"<think>": 0.99, "yes": 0.004, "no": 0.001}, "<think>")],
        [token_chunk({"<think>": 0.99}, "<think>"), token_chunk({"No": 0.9, "Yes": 0.1}, "No")],
        [token_chunk({"analysis": 0.99, "yes": 0.004, "no": 0.001}, "analysis")],
        [token_chunk({"<|channel|>": 1.0}, "<|channel|>"), token_chunk({"analysis": 0.9, "no": 0.1}, "analysis")],
    ],
)
async def test_a_choice_that_was_only_possible_or_comes_within_thoughts_is_no_judgement(
    hosted_on: HostedOn, pieces: list[bytes]
) -> None:
    model, _ = hosted_on([streamed(*pieces)])

    assert await model.judge([Judgement(SKY)]) == [None]


async def test_choices_that_were_possible_count_although_another_word_was_drawn(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([streamed(token_chunk({"Yes": 0.1, "No": 0.3, "Maybe": 0.6}, "Maybe"))])

    assert await model.judge([Judgement(SKY)]) == [pytest.approx((0.25, 0.75))]


def numbered(count: int) -> list[Judgement]:
    return [Judgement((Message("user", f"Is {number} even? yes or no"),)) for number in range(count)]


class InterruptingServer:
    """Ends three of the first four requests, which it has at once, as llama-cpp-python's own server does."""

    def __init__(self, ending: bytes) -> None:
        self._ending = ending
        self._together = Barrier(4)
        self._seen = 0
        self._lock = Lock()

    def __call__(self, request: Any) -> Answer | Stream:
        with self._lock:
            self._seen += 1
            is_among_first = self._seen <= 4
        if not is_among_first or self._together.wait() == 0:
            return Answer("yes")
        return Stream((event(chunk({"role": "assistant", "content": ""})), self._ending))


@pytest.mark.parametrize("ending", [b"data: [DONE]\n\n", b"", b": ping\n\n"])
async def test_what_a_server_cut_off_is_asked_again_one_by_one(hosted_on: HostedOn, ending: bytes) -> None:
    model, server = hosted_on(InterruptingServer(ending))

    answers = await model.judge(numbered(8))

    assert answers == [pytest.approx((0.95, 0.05))] * 8
    assert len(server.requests) == 11
    again = [request.body["messages"][0]["content"] for request in server.requests[8:]]
    assert again == [request.messages[0].content for request in numbered(4) if request.messages[0].content in again]


async def test_a_server_that_always_cuts_gives_no_judgement_and_no_error(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Stream((b"data: [DONE]\n\n",))])

    assert await model.judge(numbered(3)) == [None] * 3
    assert len(server.requests) == 6


async def test_eight_judgements_of_llama_cpps_own_server_are_all_reported(llama_server: str) -> None:
    settings = HostedModelSettings(base_url=llama_server, model="small", context_tokens=1024)
    async with aclosing(HostedModel(settings)) as model:
        together = await model.judge(numbered(8))
        alone = [(await model.judge([judgement]))[0] for judgement in numbered(2)]

    assert None not in together
    assert together[:2] == [pytest.approx(probabilities, abs=1e-3) for probabilities in alone]


async def test_texts_that_llama_cpps_own_server_cut_off_are_known_as_such(llama_server: str) -> None:
    settings = HostedModelSettings(base_url=llama_server, model="small", context_tokens=1024)
    async with aclosing(HostedModel(settings)) as model:
        generator = CachedGenerator(model, MemoryCache())
        texts = [CompletionSpec(f"text {n}", (Message("user", f"Tell of {n} cats."),), 12) for n in range(3)]
        together = await asyncio.gather(*map(generator.generate, texts))
        alone = [await CachedGenerator(model, MemoryCache()).generate(text) for text in texts]

    assert [event.text for event in together] == [event.text for event in alone]


async def test_a_server_that_refuses_probabilities_is_asked_without(hosted_on: HostedOn) -> None:
    def behave(request: Any) -> Status | Answer:
        for name in ("top_logprobs", "logprobs"):
            if name in request.body:
                return Status(400, {"error": {"message": f"unknown parameter {name}", "param": name}})
        return Answer("no")

    model, server = hosted_on(behave)

    assert await model.judge([Judgement(SKY)]) == [pytest.approx((0.05, 0.95))]
    assert len(server.requests) == 3


async def test_of_judgements_beside_each_other_one_that_is_left_open_changes_no_other(hosted_on: HostedOn) -> None:
    def behave(request: Any) -> Answer:
        return Answer("<think>" if "Is 1 even" in request.body["messages"][0]["content"] else "no")

    model, _ = hosted_on(behave)

    assert await model.judge(numbered(3)) == [pytest.approx((0.05, 0.95)), None, pytest.approx((0.05, 0.95))]


async def test_a_failing_server_raises_a_model_error(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Status(401, {"error": {"message": "bad key"}})])

    with pytest.raises(ModelUnavailable):
        await model.judge([Judgement(SKY)] * 3)


async def test_llama_cpps_own_server_tells_probabilities(llama_server: str) -> None:
    async with aclosing(
        HostedModel(HostedModelSettings(base_url=llama_server, model="small", context_tokens=1024))
    ) as model:
        (judgement,) = await model.judge([Judgement(SKY)])

    assert judgement is not None
    assert sum(judgement) == pytest.approx(1)


def test_a_model_that_only_quotes_is_no_judge() -> None:
    assert not isinstance(ExtractiveModel(), Judge)
