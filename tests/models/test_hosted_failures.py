"""Failures as servers tell them in other forms than OpenAI's: what the reader sees, and how often is asked."""

from contextlib import aclosing
from typing import Any

import pytest

from assistant.errors import ModelInterrupted, ModelUnavailable
from assistant.models.chat_model import Completed, GenerationRequest, Message, TextDelta
from tests.models.conftest import HostedOn, events_of, text_of
from tests.support.openai_server import Answer, Status, Stream, chunk, event

ASKED = GenerationRequest((Message("system", "Be brief."), Message("user", "Why?")), max_output_tokens=50)
WORD = event(chunk({"content": "Because"}))
END = event(chunk({}, "stop"))
DONE = b"data: [DONE]\n\n"


async def failure_of(hosted_on: HostedOn, behaviour: Status | Stream) -> ModelUnavailable:
    model, _ = hosted_on([behaviour], api_key="sk-toy-1")
    with pytest.raises(ModelUnavailable) as raised:
        await events_of(model, ASKED)
    return raised.value


@pytest.mark.parametrize(
    ("status", "words", "requests"),
    [
        (429, "You exceeded your current quota", 1),
        (401, "Maximum number of keys of this token exceeded", 1),
        (403, "at most 3 tokens", 1),
        (503, "too many requests in queue", 1),
        (503, "The system is overloaded, please resend your message later", 1),
        (502, "maximum context length of 1024 tokens", 1),
        (400, "Our system could not process this message", 1),
        (400, "temperature must be less than or equal to 1", 2),
    ],
)
async def test_a_refusal_that_is_not_about_size_is_not_sent_again(
    hosted_on: HostedOn, status: int, words: str, requests: int
) -> None:
    model, server = hosted_on([Status(status, {"error": {"message": words}})])
    model._traits.thinks = True

    with pytest.raises(ModelUnavailable):
        await events_of(model, ASKED)

    assert len(server.requests) == requests


async def test_a_chat_template_that_refuses_the_system_role_with_500_is_understood(hosted_on: HostedOn) -> None:
    refusal = Status(500, {"error": {"code": 500, "message": "Jinja Exception: System role not supported"}})
    model, server = hosted_on([refusal, Answer("Because.")])

    assert text_of(await events_of(model, ASKED)) == "Because."
    assert [message["role"] for message in server.requests[1].body["messages"]] == ["user"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"message": {"error": "deep text"}}, "failed: deep text"),
        ({"status_code": 500, "error_msg": "no memory"}, "failed (500): no memory"),
        ({"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, "failed: login fail"),
        ({"choices": None, "base_resp": {"status_msg": "login fail"}}, "failed: login fail"),
        ({"err": "no toys"}, "failed: no toys"),
        ({"errorMessage": "no toys"}, "failed: no toys"),
        ({"outcome": ["no toys"]}, "without an answer: no toys"),
        ("service is starting", "failed: service is starting"),
        ("Service: starting\nplease wait", "failed: Service: starting please wait"),
        ('"service is starting"', "failed: service is starting"),
    ],
)
async def test_a_body_with_status_200_that_is_no_answer_has_its_words_told(
    hosted_on: HostedOn, body: dict[str, Any] | str, says: str
) -> None:
    error = await failure_of(hosted_on, Status(200, body, {"content-type": "text/plain"}))

    assert says in error.message
    assert error.remedy


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        (b"data: overloaded now\n\n", "failed: overloaded now"),
        (b"data: 503 overloaded\n\n", "failed: 503 overloaded"),
        (event({"message": {"error": "oom"}}), "failed: oom"),
        (event({"err_msg": "oom"}), "failed: oom"),
        (b"event: error\ndata: oom\n\n", "failed: oom"),
        (b'data: {"choices": [{"delta"\n\n', "damaged"),
        (b"data: " + b"[" * 20_000 + b"\n\n", "damaged"),
        (b"data: " + b"[" * 900 + b"]" * 900 + b"\n\n", "damaged"),
        (b"[" * 3_000 + b"]" * 3_000, "damaged"),
    ],
)
async def test_a_failure_in_a_stream_has_its_words_told_before_and_after_text(
    hosted_on: HostedOn, piece: bytes, says: str
) -> None:
    assert says in (await failure_of(hosted_on, Stream((piece, DONE)))).message
    if not piece.startswith((b"data", b"event")):
        return

    model, _ = hosted_on([Stream((WORD, piece, DONE))])
    async with aclosing(model.stream(ASKED)) as events:
        assert await anext(events) == TextDelta("Because")
        with pytest.raises(ModelInterrupted, match=f"The answer broke off.*{says}"):
            await anext(events)


@pytest.mark.parametrize(
    "pieces",
    [
        (WORD, END, event({"title": "done"}), DONE),
        (WORD, END, event({"message": {"msg": "bye"}}), DONE),
        (b'event: ping\ndata: {"type": "ping", "message": "hi"}\n\n', WORD, END, DONE),
        (b"event: ping\ndata: hi\n\n", WORD, END, DONE),
        (event({"type": "heartbeat", "message": "hi"}), WORD, END, DONE),
        (event({"usage": {"prompt_tokens": 1}, "message": "hi"}), WORD, END, DONE),
        (event({"base_resp": {"status_code": 0, "status_msg": "success"}}), WORD, END, DONE),
    ],
)
async def test_words_beside_an_answer_are_no_failure(hosted_on: HostedOn, pieces: tuple[bytes, ...]) -> None:
    model, _ = hosted_on([Stream(pieces)])

    events = await events_of(model, ASKED)

    assert text_of(events) == "Because"
    assert isinstance(events[-1], Completed)


@pytest.mark.parametrize("piece", [b": ping\n\n", b"retry: 3000\n\n", b"event: ping\ndata:\n\n"])
async def test_comments_alone_are_no_words(hosted_on: HostedOn, piece: bytes) -> None:
    assert (await failure_of(hosted_on, Stream((piece,)))).message.endswith("without an answer.")


@pytest.mark.parametrize("body", ["", "<html>Access denied by the firewall</html>", {"error": None}])
async def test_a_403_without_words_blames_nothing(hosted_on: HostedOn, body: dict[str, Any] | str) -> None:
    error = await failure_of(hosted_on, Status(403, body))

    assert "refuses the request (403)." in error.message
    assert "key" not in f"{error.message} {error.remedy}"
    assert "what the server says" not in str(error.remedy)


@pytest.mark.parametrize(
    ("behaviour", "says", "remedy"),
    [
        (Status(403, '{"error":"quota exceeded"}'), "refuses the request (403): quota exceeded", "quota and billing"),
        (Status(405, {"detail": "Method Not Allowed"}), "no OpenAI-compatible API", "/v1"),
        (Status(405, "nothing to POST to"), "(405): nothing to POST to", "/v1"),
        (Status(404, "The requested URL /chat/completions was not found"), "no OpenAI-compatible API", "/v1"),
        (Status(400, {"error": "location: body.messages"}), "(400): location: body.messages", "what the server says"),
        (
            Status(400, {"error": "User location is not supported for API use."}),
            "(400): User",
            "where this machine",
        ),
        (
            Status(403, {"error": "It is only available in some countries"}),
            "(403): It is",
            "where this machine",
        ),
        (Status(401, {"error": {"code": "insufficient_quota", "message": "no"}}), "refuses the request (401)", "quota"),
        (Status(401, {"error": {"code": "ip_not_authorized", "message": "no"}}), "refuses the request", "this machine"),
        (Status(401, {"error": "Your balance is used up"}), "refuses the request (401)", "quota"),
        (Status(401, {"error": "Invalid API key, see your billing page"}), "refuses the key", "valid key"),
        (Status(401, {"error": "no"}), "refuses the key", "valid key"),
    ],
)
async def test_a_refusal_names_what_helps(hosted_on: HostedOn, behaviour: Status, says: str, remedy: str) -> None:
    error = await failure_of(hosted_on, behaviour)

    assert says in error.message
    assert remedy in str(error.remedy)
