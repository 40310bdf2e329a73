"""Judgements: a model's probabilities for a few words, from local files and from servers that tell more or less."""

import asyncio
import math
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ModelError, ModelUnavailable
from assistant.models.base import Judge, Judgement, Message, WritingRequest
from assistant.models.extractive import ExtractiveModel
from assistant.models.hosted import HostedModel
from assistant.models.hosted_server import HostedModelSettings
from assistant.models.local import LocalModel
from tests.models.conftest import HostedOn, completion_of, events_of
from tests.models.scripted_server import Answer, Status, Stream, chunk, event

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
        one, again = await model.judge([Judgement(SKY), Judgement(SKY)])
        (three,) = await model.judge([Judgement(SKY, ("yes", "partly", "no"))])

    assert one == again
    assert sum(one) == pytest.approx(1)
    assert len(three) == 3
    assert all(0 < p < 1 for p in (*one, *three))
    assert three[0] / three[2] == pytest.approx(one[0] / one[1], rel=1e-3)


async def test_a_judgement_leaves_what_was_read_of_a_conversation(small_gguf: Path) -> None:
    request = WritingRequest(CONVERSATION, max_output_tokens=2)
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        await events_of(model, request)
        await model.judge([Judgement(SKY)])
        after = completion_of(await events_of(model, request))

    assert after.usage.cached_tokens >= after.usage.prompt_tokens - 64


async def test_a_judgement_that_continues_shares_its_beginning_with_the_request(small_gguf: Path) -> None:
    asked = Message("user", CONVERSATION[0].content + "\n\nIs it told? Answer yes or no.")
    async with aclosing(LocalModel(small_gguf, threads=1, context_tokens=1024)) as model:
        continued = await model.judge([Judgement((asked,), continues=True)])
        beside = await model.judge([Judgement((asked,))])
        after = completion_of(await events_of(model, WritingRequest(CONVERSATION, max_output_tokens=2)))

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

    ((yes, no),) = await model.judge([Judgement(SKY)])

    assert (yes, no) == pytest.approx((0.75, 0.25))
    assert server.requests[0].body["logprobs"] is True
    assert server.requests[0].body["top_logprobs"] == 20


@pytest.mark.parametrize(
    ("text", "expected"), [("Yes.", (0.95, 0.05)), ("**no**", (0.05, 0.95)), ("It depends", (0.5, 0.5))]
)
async def test_the_word_itself_counts_where_a_server_tells_no_probabilities(
    hosted_on: HostedOn, text: str, expected: tuple[float, float]
) -> None:
    model, _ = hosted_on([Answer(text)])

    ((yes, no),) = await model.judge([Judgement(SKY)])

    assert (yes, no) == pytest.approx(expected)


async def test_a_server_that_refuses_probabilities_is_asked_without(hosted_on: HostedOn) -> None:
    def behave(request: Any) -> Status | Answer:
        for name in ("top_logprobs", "logprobs"):
            if name in request.body:
                return Status(400, {"error": {"message": f"unknown parameter {name}", "param": name}})
        return Answer("no")

    model, server = hosted_on(behave)

    assert await model.judge([Judgement(SKY)]) == [pytest.approx((0.05, 0.95))]
    assert len(server.requests) == 3


async def test_a_failing_server_raises_a_model_error(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Status(401, {"error": {"message": "bad key"}})])

    with pytest.raises(ModelUnavailable):
        await model.judge([Judgement(SKY)] * 3)


async def test_llama_cpps_own_server_tells_probabilities(llama_server: str) -> None:
    async with aclosing(
        HostedModel(HostedModelSettings(base_url=llama_server, model="small", context_tokens=1024))
    ) as model:
        ((yes, no),) = await model.judge([Judgement(SKY)])

    assert yes + no == pytest.approx(1)


def test_a_model_that_only_quotes_is_no_judge() -> None:
    assert not isinstance(ExtractiveModel(), Judge)
