"""What the model tests share."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from assistant.models.chat_model import ChatModel, Completed, GenerationRequest, ModelEvent, TextDelta
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from assistant.models.llama.model import LocalModel
from tests.support.openai_server import Script, ScriptedServer

HostedOn = Callable[..., tuple[HostedModel, ScriptedServer]]


@pytest.fixture
async def hosted_on() -> AsyncIterator[HostedOn]:
    """Makes a hosted model and the scripted server it talks to; both are closed afterwards."""
    async with AsyncExitStack() as stack:

        def make(script: Script, **settings: object) -> tuple[HostedModel, ScriptedServer]:
            server = stack.enter_context(ScriptedServer(script))
            defaults = {"base_url": server.base_url, "model": "scripted", "timeout_seconds": 5.0, "max_retries": 0}
            model = HostedModel(HostedModelSettings(**{**defaults, **settings}))  # type: ignore[arg-type]  # by name
            stack.push_async_callback(model.aclose)
            return model, server

        yield make


@pytest.fixture
async def local_model(small_gguf: Path) -> AsyncIterator[LocalModel]:
    """The small GGUF with one thread; nothing of it is loaded yet."""
    model = LocalModel(small_gguf, threads=1, context_tokens=2048)
    yield model
    await model.aclose()


async def events_of(model: ChatModel, request: GenerationRequest) -> list[ModelEvent]:
    """All events of one request."""
    return [event async for event in model.stream(request)]


def text_of(events: list[ModelEvent]) -> str:
    """The text that the events bring."""
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def completion_of(events: list[ModelEvent]) -> Completed:
    """The last event, which completes the answer."""
    last = events[-1]
    assert isinstance(last, Completed)
    return last
