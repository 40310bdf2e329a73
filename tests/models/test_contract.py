"""What every writing model keeps, whoever writes: run over all of them, the real things included."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from assistant.models.chat_model import ChatModel, Completed, GenerationRequest, Message, ModelKind, Quote, TextDelta
from assistant.models.extractive import ExtractiveModel
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.models.llama.model import LocalModel
from tests.models.conftest import HostedOn, completion_of, events_of, text_of
from tests.support.openai_server import Answer, SeenRequest

MESSAGES = (Message("system", "You answer in whole sentences."), Message("user", "What is a language model?"))
QUOTES = (Quote(1, "A language model predicts text."), Quote(2, "It is trained on much of it."))
REQUEST = GenerationRequest(MESSAGES, quotes=QUOTES, max_output_tokens=40)


def fifty_words(request: SeenRequest) -> Answer:
    limit = request.body["max_tokens"]
    return Answer(*[f"word{number} " for number in range(min(50, limit))], finish="length" if limit < 50 else "stop")


@pytest.fixture(params=["extractive", "local", "hosted, scripted", "hosted, llama.cpp"])
async def model(request: pytest.FixtureRequest, hosted_on: HostedOn) -> AsyncIterator[ChatModel]:
    match request.param:
        case "extractive":
            model: ChatModel = ExtractiveModel()
        case "local":
            model = LocalModel(request.getfixturevalue("small_gguf"), threads=1, context_tokens=1024)
        case "hosted, scripted":
            model, _ = hosted_on(fifty_words)
        case _:
            address = request.getfixturevalue("llama_server")
            model = HostedModel(HostedModelSettings(base_url=address, model="small", context_tokens=1024))
    yield model
    await model.aclose()


async def test_text_comes_in_pieces_and_one_completion_ends_it(model: ChatModel) -> None:
    events = await events_of(model, REQUEST)

    assert len(events) > 1
    assert all(isinstance(event, TextDelta) and event.text for event in events[:-1])
    assert isinstance(events[-1], Completed)


async def test_the_output_limit_is_kept(model: ChatModel) -> None:
    events = await events_of(model, GenerationRequest(MESSAGES, quotes=QUOTES, max_output_tokens=14))

    # What only quotes leaves out whole sentences: what stands is not cut.
    assert completion_of(events).truncated is (model.kind is not ModelKind.EXTRACTIVE)
    assert 0 < len(text_of(events)) < 14 * 12


async def test_the_same_request_gives_the_same_text(model: ChatModel) -> None:
    first = text_of(await events_of(model, REQUEST))

    assert text_of(await events_of(model, REQUEST)) == first != ""


async def test_a_closed_stream_leaves_the_model_usable(model: ChatModel) -> None:
    async with aclosing(model.stream(REQUEST)) as events:
        assert isinstance(await anext(events), TextDelta)

    assert text_of(await events_of(model, REQUEST))


async def test_a_stream_closed_before_it_began_does_nothing(model: ChatModel) -> None:
    await model.stream(REQUEST).aclose()

    assert text_of(await events_of(model, REQUEST))


async def test_longer_messages_take_more_tokens(model: ChatModel) -> None:
    short = await model.count_tokens(MESSAGES)
    longer = await model.count_tokens((*MESSAGES, Message("assistant", "It is a model of language, that is all.")))

    assert 0 < short < longer < model.context_tokens


async def test_it_says_who_it_is(model: ChatModel) -> None:
    assert model.kind in ModelKind
    assert model.name
    assert str(model.kind) in model.fingerprint


async def test_closing_twice_is_fine(model: ChatModel) -> None:
    await events_of(model, REQUEST)

    await model.aclose()
    await model.aclose()
