from collections.abc import Callable

import pytest

from assistant.errors import ModelInterrupted
from assistant.models.chat_model import GenerationRequest, Message
from assistant.models.hosted.model import HostedModel
from tests.models.conftest import HostedOn, completion_of, events_of, text_of
from tests.support.openai_server import Answer, Script, ScriptedServer, Stream, chunk, event

ASKED = GenerationRequest((Message("system", "Be brief."), Message("user", "Why?")), max_output_tokens=50)
WORD = event(chunk({"content": "Because"}))
END = event(chunk({}, "stop"))
DONE = b"data: [DONE]\n\n"


@pytest.fixture
def proxied(hosted_on: HostedOn, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[HostedModel, ScriptedServer]]:
    """A hosted model that believes to talk to OpenAI: the scripted server stands in as the environment's proxy."""

    def make(script: Script, **settings: object) -> tuple[HostedModel, ScriptedServer]:
        model, server = hosted_on(script, base_url="http://api.openai.com/v1", api_key="sk-secret", **settings)
        monkeypatch.setenv("HTTP_PROXY", server.base_url)
        for name in ("NO_PROXY", "no_proxy", "http_proxy"):
            monkeypatch.delenv(name, raising=False)
        return model, server

    return make


async def test_a_reasoning_model_keeps_the_limit_on_what_is_seen(
    proxied: Callable[..., tuple[HostedModel, ScriptedServer]],
) -> None:
    model, server = proxied([Answer(*["word "] * 100)], model="gpt-5-mini")

    events = await events_of(model, GenerationRequest(ASKED.messages, max_output_tokens=10))

    assert 3 <= len(text_of(events).split()) <= 10
    assert completion_of(events).truncated
    body = server.requests[0].body
    assert server.requests[0].path == "http://api.openai.com/v1/chat/completions"
    assert body["reasoning_effort"] == "low"
    assert body["max_completion_tokens"] > 1000
    assert "temperature" not in body


async def test_an_ordinary_openai_model_gets_the_limit_itself(
    proxied: Callable[..., tuple[HostedModel, ScriptedServer]],
) -> None:
    model, server = proxied([Answer("Yes.")], model="gpt-4.1-mini")

    assert text_of(await events_of(model, ASKED)) == "Yes."
    assert server.requests[0].body["max_completion_tokens"] == 50
    assert server.requests[0].body["temperature"] == 0.0


async def test_closing_the_model_interrupts_what_it_writes(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Stream((WORD,), "hang")], timeout_seconds=30.0)
    events = model.stream(ASKED)
    await anext(events)

    await model.aclose()

    with pytest.raises(ModelInterrupted):
        await anext(events)
