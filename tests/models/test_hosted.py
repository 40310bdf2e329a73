import asyncio
import json
import time
from contextlib import aclosing

import pytest

from assistant.errors import ModelInterrupted, ModelMissing, ModelUnavailable
from assistant.models.chat_model import Completed, GenerationRequest, Message, TextDelta, Usage
from assistant.models.hosted.model import HostedModel
from assistant.models.hosted.server import HostedModelSettings
from tests.models.conftest import HostedOn, completion_of, events_of, text_of
from tests.support.openai_server import Answer, Behaviour, Silence, Status, Stream, chunk, event

ASKED = GenerationRequest((Message("system", "Be brief."), Message("user", "Why?")), max_output_tokens=50)
WORD = event(chunk({"content": "Because"}))
END = event(chunk({}, "stop"))
DONE = b"data: [DONE]\n\n"


async def test_text_comes_in_pieces_and_the_usage_at_the_end(hosted_on: HostedOn) -> None:
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}
    model, server = hosted_on([Answer("Be", "cau", "se.", usage=usage)])

    events = await events_of(model, ASKED)

    assert events == [TextDelta("Be"), TextDelta("cau"), TextDelta("se."), Completed(Usage(12, 3, 8))]
    assert server.requests[0].path == "/v1/chat/completions"
    assert server.requests[0].body == {
        "model": "scripted",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
        "max_tokens": 50,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_a_seed_is_sent_where_the_text_is_drawn(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Answer("Yes.")])

    await events_of(model, GenerationRequest(ASKED.messages, temperature=0.7, seed=4))

    assert (server.requests[0].body["temperature"], server.requests[0].body["seed"]) == (0.7, 4)


async def test_the_output_limit_shows_as_truncated(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Answer("Because", finish="length")])

    assert completion_of(await events_of(model, ASKED)).truncated


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("usage left out", (WORD, END, DONE)),
        (
            "usage in a chunk without choices first",
            (event({**chunk(), "usage": {"prompt_tokens": 1}}), WORD, END, DONE),
        ),
        ("no [DONE]", (WORD, END)),
        ("no finish reason", (WORD, DONE)),
        ("no blank line behind [DONE]", (WORD, DONE.strip())),
        ("choices null", (event({**chunk(), "choices": None}), WORD, END, DONE)),
        ("delta null", (event({**chunk(), "choices": [{"index": 0, "delta": None}]}), WORD, END, DONE)),
        ("content null", (event(chunk({"content": None})), WORD, END, DONE)),
        ("content no text", (event(chunk({"content": 7})), WORD, END, DONE)),
        ("usage no numbers", (WORD, END, event({**chunk(), "usage": {"prompt_tokens": "many"}}), DONE)),
        ("a chunk that is a number", (b"data: 42\n\n", WORD, END, DONE)),
        ("comments and blank lines", (b": ping\n\n\n\n", WORD, b": ping\n\n", END, DONE)),
        ("carriage returns", (WORD.replace(b"\n", b"\r\n"), END, DONE)),
        ("one byte at a time", tuple(bytes([byte]) for byte in WORD + END + DONE)),
    ],
)
async def test_what_servers_leave_out_or_add_does_no_harm(
    hosted_on: HostedOn, name: str, pieces: tuple[bytes, ...]
) -> None:
    model, _ = hosted_on([Stream(pieces)])

    events = await events_of(model, ASKED)

    assert text_of(events) == "Because"
    assert isinstance(events[-1], Completed)


async def test_half_a_surrogate_pair_never_reaches_the_reader(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Stream((event(chunk({"content": "a\ud83d b"})), END, DONE))])

    text = text_of(await events_of(model, ASKED))

    assert text == "a\ufffd b"
    assert text.encode()


HTML = "<html><title>Sign in</title><body>Company proxy</body></html>"


@pytest.mark.parametrize(
    ("behaviour", "error", "says"),
    [
        (
            Status(401, {"error": {"message": "Incorrect API key sk-se***"}}),
            ModelUnavailable,
            "refuses the key in MY_KEY",
        ),
        (Status(403, {"error": {"message": "no access"}}), ModelUnavailable, "(403)"),
        (Status(404, {"error": {"message": "The model does not exist"}}), ModelMissing, "has no model scripted"),
        (Status(404, {"error": "model not found"}), ModelMissing, "has no model scripted"),
        (Status(404, HTML), ModelUnavailable, "no OpenAI-compatible API"),
        (Status(404, {"detail": "Not Found"}), ModelUnavailable, "no OpenAI-compatible API"),
        (Status(405), ModelUnavailable, "no OpenAI-compatible API"),
        (
            Status(400, {"error": {"message": "maximum context length is 4096"}}),
            ModelUnavailable,
            "maximum context length",
        ),
        (Status(402, {"error": {"message": "out of credit"}}), ModelUnavailable, "out of credit"),
        (
            Status(429, {"error": {"message": "slow down"}}),
            ModelUnavailable,
            "takes no more requests for now (429): slow",
        ),
        (Status(500, HTML), ModelUnavailable, "failed (500)."),
        (
            Status(503, {"error": {"message": "loading\x1b[31m model"}}),
            ModelUnavailable,
            "failed (503): loading model.",
        ),
        (Status(418, {"error": {"message": 7}}), ModelUnavailable, "refuses the request (418)."),
        (Status(200, HTML), ModelUnavailable, "it sent text/html without an answer"),
        (Status(200, {"choices": []}), ModelUnavailable, "it sent application/json without an answer"),
        (Stream(()), ModelUnavailable, "without an answer"),
        (Stream((DONE,)), ModelUnavailable, "without an answer"),
        (Stream((b"data: {oops\n\n",)), ModelUnavailable, "damaged"),
        (Stream((b"data: \xff\xfe\n\n",)), ModelUnavailable, "damaged"),
        (Stream((event({"error": {"message": "out of memory"}}),)), ModelUnavailable, "failed: out of memory"),
        (Stream((), "cut"), ModelUnavailable, "cannot be reached"),
        (Stream((event(chunk({}, "content_filter")), DONE)), ModelUnavailable, "content filter"),
        (Stream((event(chunk({}, "length")), DONE)), ModelUnavailable, "before the first word"),
    ],
)
async def test_a_failure_before_any_text_says_what_and_what_to_do(
    hosted_on: HostedOn, behaviour: Behaviour, error: type[Exception], says: str
) -> None:
    model, _ = hosted_on([behaviour], api_key="sk-secret", key_name="MY_KEY")

    with pytest.raises(error) as raised:
        await events_of(model, ASKED)

    assert isinstance(raised.value, (ModelUnavailable, ModelMissing))
    assert type(raised.value) is error
    assert says in raised.value.message
    assert raised.value.remedy
    assert "sk-se" not in raised.value.message + raised.value.remedy


@pytest.mark.parametrize(
    "stream",
    [
        Stream((WORD,)),
        Stream((WORD,), "cut"),
        Stream((WORD, b"data: {oops\n\n")),
        Stream((WORD, event({"error": {"message": "out of memory"}}))),
        Stream((WORD, event(chunk({}, "content_filter")), DONE)),
    ],
)
async def test_a_failure_after_text_keeps_the_text_and_says_interrupted(hosted_on: HostedOn, stream: Stream) -> None:
    model, server = hosted_on([stream], max_retries=3)

    async with aclosing(model.stream(ASKED)) as events:
        assert await anext(events) == TextDelta("Because")
        with pytest.raises(ModelInterrupted, match="The answer broke off"):
            await anext(events)

    assert len(server.requests) == 1


async def test_the_key_is_blotted_out_of_a_servers_words(hosted_on: HostedOn) -> None:
    words = "quota of sk-secret is used up " + "x" * 400
    model, _ = hosted_on([Status(429, {"error": {"message": words}})], api_key="sk-secret")

    with pytest.raises(ModelUnavailable) as raised:
        await events_of(model, ASKED)

    assert "quota of *** is used up" in raised.value.message
    assert len(raised.value.message) < 300


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refused_key_is_told_in_the_servers_words_without_it(hosted_on: HostedOn, status: int) -> None:
    words = "Incorrect API key provided: sk-toyto*********6789 (ends with 6789). Find yours at toys.example"
    model, _ = hosted_on([Status(status, [{"error": {"message": words}}])], api_key="sk-toytoy-456789")  # type: ignore[arg-type]  # a list, as Google sends

    with pytest.raises(ModelUnavailable, match="refuses the key in OPENAI_API_KEY") as raised:
        await events_of(model, ASKED)

    assert "Find yours at toys.example" in raised.value.message
    assert "6789" not in raised.value.message
    assert "toyto" not in raised.value.message


async def test_a_server_without_key_that_wants_one_says_so(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Status(401, {"error": {"message": "no key"}})], key_name="MY_KEY")

    with pytest.raises(ModelUnavailable, match="wants a key"):
        await events_of(model, ASKED)


@pytest.mark.parametrize("stream", [Stream((WORD,), "hang"), Stream((WORD,), "ping")])
async def test_a_stream_that_hangs_is_interrupted_after_the_timeout(hosted_on: HostedOn, stream: Stream) -> None:
    model, server = hosted_on([stream], timeout_seconds=0.2)

    with pytest.raises(ModelInterrupted, match=r"sent nothing for 0\.2 seconds"):
        await events_of(model, ASKED)

    assert server.disconnected.wait(5)


async def test_a_server_that_never_answers_is_unavailable_after_the_timeout(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Silence()], timeout_seconds=0.2)

    with pytest.raises(ModelUnavailable, match=r"sent nothing for 0\.2 seconds"):
        await events_of(model, ASKED)


async def test_nobody_listening_is_unavailable(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Answer()])
    server.__exit__(None, None, None)

    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        await events_of(model, ASKED)


@pytest.mark.parametrize(
    "failure", [Status(429, headers={"retry-after-ms": "300"}), Status(503, headers={"retry-after-ms": "300"})]
)
async def test_a_refusal_is_retried_after_the_time_the_server_names(hosted_on: HostedOn, failure: Status) -> None:
    model, server = hosted_on([failure, Answer("Yes.")], max_retries=1)

    assert text_of(await events_of(model, ASKED)) == "Yes."
    first, second = server.requests
    assert second.seconds - first.seconds >= 0.3


async def test_retries_end(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Status(503, headers={"retry-after-ms": "1"})], max_retries=2)

    with pytest.raises(ModelUnavailable, match="503"):
        await events_of(model, ASKED)

    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("param", "words"),
    [("temperature", "Unsupported value"), (None, "Unsupported value: 'temperature' does not support 0.0")],
)
async def test_a_refused_temperature_is_left_out_now_and_later(
    hosted_on: HostedOn, param: str | None, words: str
) -> None:
    model, server = hosted_on([Status(400, {"error": {"message": words, "param": param}}), Answer("Yes.")])

    assert text_of(await events_of(model, ASKED)) == "Yes."
    assert text_of(await events_of(model, ASKED)) == "Yes."
    assert ["temperature" in request.body for request in server.requests] == [True, False, False]


async def test_a_schema_is_asked_for_and_left_out_where_the_server_knows_none(hosted_on: HostedOn) -> None:
    words = "'response_format.type' : value is not one of the allowed values ['json_object']"
    model, server = hosted_on([Status(400, {"error": {"message": words}}), Answer("{}")])
    shaped = GenerationRequest(ASKED.messages, json_schema='{"type": "object"}')

    assert text_of(await events_of(model, shaped)) == "{}"
    assert server.requests[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
    }
    assert "response_format" not in server.requests[1].body


async def test_a_refused_name_of_the_limit_is_replaced_by_the_other(hosted_on: HostedOn) -> None:
    words = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    model, server = hosted_on([Status(400, {"error": {"message": words, "param": "max_tokens"}}), Answer("Yes.")])

    assert text_of(await events_of(model, ASKED)) == "Yes."
    assert server.requests[1].body["max_completion_tokens"] == 50
    assert "max_tokens" not in server.requests[1].body


async def test_a_server_that_refuses_everything_is_not_asked_for_ever(hosted_on: HostedOn) -> None:
    words = "unknown: temperature stream_options max_tokens max_completion_tokens"
    model, server = hosted_on([Status(422, {"error": {"message": words}})])

    with pytest.raises(ModelUnavailable, match="refuses the request"):
        await events_of(model, ASKED)

    assert len(server.requests) == 5


async def test_closing_the_iterator_closes_the_connection_at_once(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Stream((WORD,), "hang")], timeout_seconds=30.0)

    async with aclosing(model.stream(ASKED)) as events:
        assert await anext(events) == TextDelta("Because")
        started = time.monotonic()

    assert await asyncio.to_thread(server.disconnected.wait, 5)
    assert time.monotonic() - started < 1


async def test_cancelling_while_the_server_is_silent_closes_the_connection(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Silence()], timeout_seconds=30.0)
    task = asyncio.create_task(events_of(model, ASKED))
    assert await asyncio.to_thread(server.asked.wait, 5)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 5)


async def test_only_necessary_headers_leave_the_machine(hosted_on: HostedOn, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(variable, "from-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: from-the-environment\nAuthorization: Bearer wrong")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    model, server = hosted_on([Answer("Yes.")])

    await events_of(model, ASKED)

    headers = server.requests[0].headers
    assert set(headers) <= {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "user-agent",
    }
    assert headers["authorization"] == "Bearer none"
    assert headers["user-agent"].startswith("daily-papers-assistant/")
    assert "from-the-environment" not in json.dumps(dict(headers))


async def test_the_key_is_sent_and_shown_nowhere(hosted_on: HostedOn) -> None:
    model, server = hosted_on([Answer("Yes.")], api_key=" sk-secret\n")

    await events_of(model, ASKED)

    assert server.requests[0].headers["authorization"] == "Bearer sk-secret"
    representation = repr(HostedModelSettings(base_url=server.base_url, model="m", api_key="sk-secret"))
    assert "sk-secret" not in representation + model.fingerprint + repr(model)


async def test_two_questions_at_once_share_one_client(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Answer("Yes.", delay_seconds=0.05)])

    answers = await asyncio.gather(events_of(model, ASKED), events_of(model, ASKED))

    assert [text_of(answer) for answer in answers] == ["Yes.", "Yes."]


async def test_messages_are_counted_with_their_frames(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Answer("Yes.")])

    assert await model.count_tokens([]) == 3
    assert await model.count_tokens([Message("user", "a" * 30)]) == 3 + 4 + 10


async def test_a_model_never_used_is_closed_without_ado() -> None:
    await HostedModel(HostedModelSettings(base_url="http://localhost:1/v1", model="m")).aclose()
