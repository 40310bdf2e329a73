"""Models of servers that think: the room they get, what is remembered, and what comes instead of an answer."""

from collections.abc import Callable
from contextlib import aclosing

import pytest

from assistant.errors import ModelInterrupted, ModelUnavailable
from assistant.models.chat_model import GenerationRequest, Judgement, Message, TextDelta, TextWithdrawn, Usage
from assistant.models.hosted.response import VisibleTokens
from assistant.models.tokens import EstimatedTokens
from tests.models.conftest import HostedOn, completion_of, events_of, text_of
from tests.support.openai_server import Answer, Behaviour, SeenRequest, Status, Stream, chunk, event

ASKED = GenerationRequest((Message("system", "Be brief."), Message("user", "Why?")), max_output_tokens=50)
DONE = b"data: [DONE]\n\n"
STOP = event(chunk({}, "stop"))
ANSWER = "ToyNet folds 1,200 toys a day [1]."
FULL = event({**chunk(), "usage": {"prompt_tokens": 7, "completion_tokens": 90}})
LENGTH = event(chunk({}, "length"))

ONLY_THOUGHT = {
    "reasoning_content": Stream((event(chunk({"reasoning_content": "Hm."})), LENGTH, FULL, DONE)),
    "reasoning": Stream((event(chunk({"reasoning": "Hm."})), LENGTH, FULL, DONE)),
    "thinking": Stream((event(chunk({"thinking": "Hm."})), LENGTH, FULL, DONE)),
    "unseen": Stream((LENGTH, FULL, DONE)),
    "counted": Stream(
        (
            STOP,
            event(
                {**chunk(), "usage": {"completion_tokens": 90, "completion_tokens_details": {"reasoning_tokens": 90}}}
            ),
            DONE,
        )
    ),
    "in the text": Stream((event(chunk({"content": "<think>\nHm, the toys."})), LENGTH, FULL, DONE)),
    "in a part": Stream(
        (event(chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]})), LENGTH, DONE)
    ),
    "as it sounds": Stream((event(chunk({"content": "Okay, so the user wants toys. Let me"})), LENGTH, FULL, DONE)),
}


def with_room(first: Behaviour, then: Behaviour) -> Callable[[SeenRequest], Behaviour]:
    """The second behaviour where the limit leaves room to think."""
    return lambda request: then if request.body["max_tokens"] > 1000 else first


@pytest.mark.parametrize("first", ONLY_THOUGHT.values(), ids=ONLY_THOUGHT.keys())
async def test_a_reply_that_only_thought_is_asked_for_again_with_room(hosted_on: HostedOn, first: Stream) -> None:
    model, server = hosted_on(with_room(first, Answer(ANSWER)))

    events = await events_of(model, ASKED)

    assert text_of(events) == ANSWER
    assert not completion_of(events).truncated
    assert [request.body["max_tokens"] > 1000 for request in server.requests] == [False, True]


async def test_both_replies_are_paid_for(hosted_on: HostedOn) -> None:
    model, _ = hosted_on(with_room(ONLY_THOUGHT["reasoning"], Answer(ANSWER)))

    assert completion_of(await events_of(model, ASKED)).usage == Usage(14, 92)


async def test_a_model_that_thinks_gets_room_from_then_on(hosted_on: HostedOn) -> None:
    model, server = hosted_on(
        [Stream((event(chunk({"reasoning": "Hm."})), event(chunk({"content": "So."})), STOP, DONE))]
    )

    assert model.hidden_output_tokens == 0
    await events_of(model, ASKED)
    assert model.hidden_output_tokens > 1000
    await events_of(model, ASKED)

    assert server.requests[1].body["max_tokens"] == 50 + model.hidden_output_tokens


async def test_a_model_that_only_thinks_with_room_too_is_told_with_a_remedy(hosted_on: HostedOn) -> None:
    model, server = hosted_on([ONLY_THOUGHT["in the text"]])

    with pytest.raises(ModelUnavailable, match="on thinking") as raised:
        await events_of(model, ASKED)

    assert raised.value.remedy is not None
    assert "answers.max_output_tokens" in raised.value.remedy
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "thought",
    [{"content": "<think>hm</think>"}, {"reasoning_content": "Hm."}, {"content": "<think>\nHm, the toys."}],
)
async def test_a_model_that_ends_by_itself_after_its_thought_is_not_asked_again(
    hosted_on: HostedOn, thought: dict[str, object]
) -> None:
    model, server = hosted_on([Stream((event(chunk(thought)), STOP, DONE))])

    with pytest.raises(ModelUnavailable, match="thought and then wrote no answer") as raised:
        await events_of(model, ASKED)

    assert "limit" not in raised.value.message
    assert raised.value.remedy
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "text",
    ["The user study in [1] shows that toys fold. They", "Let me list them: ToyNet [1], ToyHand", "Got it. 7 [1]."],
)
async def test_an_answer_that_reaches_its_limit_is_given_and_asked_for_once(hosted_on: HostedOn, text: str) -> None:
    model, server = hosted_on([Answer(text, finish="length")])

    events = await events_of(model, ASKED)

    assert text_of(events) == text
    assert completion_of(events).truncated
    assert len(server.requests) == 1


async def test_the_limit_on_what_is_seen_counts_the_whole_text(hosted_on: HostedOn) -> None:
    thought = event(chunk({"reasoning_content": "Hm."}))
    words = tuple(event(chunk({"content": "toy "})) for _ in range(40))
    model, _ = hosted_on(
        [Stream((thought, event(chunk({"content": "So."})), STOP, DONE)), Stream((*words, STOP, DONE))]
    )

    await events_of(model, ASKED)
    events = await events_of(model, GenerationRequest(ASKED.messages, max_output_tokens=50))

    assert len(text_of(events).split()) == 40
    assert not completion_of(events).truncated


def test_an_estimate_of_a_long_text_is_that_of_the_whole() -> None:
    visible = VisibleTokens(EstimatedTokens(), 4000)
    text, reached = "", []
    for _ in range(2400):
        text += "toys fold "
        reached.append(visible.reached(text))

    assert reached.index(True) in range(1450, 1550)  # 15,000 bytes of three a token, the margin included


async def test_a_text_that_turns_out_to_be_thought_is_withdrawn(hosted_on: HostedOn) -> None:
    pieces = ("Source one has toys. ", "It is fast.\n", "</think>\n\n", ANSWER)
    stream = Stream((*(event(chunk({"content": piece})) for piece in pieces), STOP, DONE))
    model, _ = hosted_on([stream])

    first, second = await events_of(model, ASKED), await events_of(model, ASKED)

    assert [type(event) for event in first[:3]] == [TextDelta, TextDelta, TextWithdrawn]
    assert text_of(first[3:]) == ANSWER
    assert text_of(second) == ANSWER  # known by now: it is held back until the end of the thought
    assert TextWithdrawn() not in second


async def test_template_words_end_the_answer_and_the_reading(hosted_on: HostedOn) -> None:
    stream = Stream(
        (event(chunk({"content": f"{ANSWER}<|im_end|>\n<|im_start|>user\n"})), event(chunk({"content": "x"}))), "hang"
    )
    model, server = hosted_on([stream])

    events = await events_of(model, ASKED)

    assert text_of(events) == ANSWER
    assert not completion_of(events).truncated
    assert server.disconnected.wait(5)


@pytest.mark.parametrize("failure", [event({"error": "out of toys"}), b"event: error\ndata: out of toys\n\n"])
async def test_held_back_text_is_given_before_a_failure(hosted_on: HostedOn, failure: bytes) -> None:
    model, _ = hosted_on([Stream((event(chunk({"content": "First, toys fold. A <b"})), failure))])

    async with aclosing(model.stream(ASKED)) as events:
        assert await anext(events) == TextDelta("First, toys fold. A <b")
        with pytest.raises(ModelInterrupted, match="out of toys"):
            await anext(events)


@pytest.mark.parametrize(
    "failure",
    [
        {"error": "out of toys"},
        {"error": {"message": "out of toys"}},
        {"object": "error", "message": "out of toys", "code": 500},
        {"detail": "out of toys"},
        {"message": "out of toys", "code": "server_error"},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "error", "error": {"message": "out of toys"}}]},
    ],
)
async def test_a_failure_within_a_stream_has_its_words(hosted_on: HostedOn, failure: dict[str, object]) -> None:
    word = event(chunk({"content": "Toys"}))
    model, _ = hosted_on([Stream((event(failure), DONE)), Stream((word, event(failure), DONE))])

    with pytest.raises(ModelUnavailable, match="out of toys"):
        await events_of(model, ASKED)
    with pytest.raises(ModelInterrupted, match="out of toys"):
        await events_of(model, ASKED)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}),
        (422, {"object": "error", "message": "stream_options is unknown"}),
        (404, [{"error": {"message": "Unknown name stream_options"}}]),
        (500, {"error": "unexpected keyword argument 'stream_options'"}),
        (200, {"error": {"message": "unknown field stream_options", "code": 400}}),
    ],
)
async def test_a_refused_parameter_is_left_out_whatever_says_so(
    hosted_on: HostedOn, status: int, body: dict[str, object]
) -> None:
    model, server = hosted_on(
        lambda request: Status(status, body) if "stream_options" in request.body else Answer(ANSWER)
    )

    assert text_of(await events_of(model, ASKED)) == ANSWER
    assert text_of(await events_of(model, ASKED)) == ANSWER
    assert ["stream_options" in request.body for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    "words", ["Account suspended, ask support", "Access from your VPN is blocked", "No toys for you"]
)
async def test_a_403_that_is_not_about_the_key_does_not_blame_it(hosted_on: HostedOn, words: str) -> None:
    model, _ = hosted_on([Status(403, {"error": {"message": words}})], api_key="sk-toy-1")

    with pytest.raises(ModelUnavailable) as raised:
        await events_of(model, ASKED)

    assert words in raised.value.message
    assert "key" not in f"{raised.value.message} {raised.value.remedy}"


@pytest.mark.parametrize(
    "words",
    [
        "'max_tokens' or 'max_completion_tokens' is too large: 4146. The maximum is 4096 tokens",
        "max_tokens must be less than or equal to 2048",
    ],
)
async def test_a_small_context_gets_less_room_and_never_no_limit(hosted_on: HostedOn, words: str) -> None:
    def behave(request: SeenRequest) -> Behaviour:
        limit = request.body["max_tokens"]
        if limit > 2048:
            return Status(400, {"error": {"message": words}})
        return ONLY_THOUGHT["reasoning"] if limit < 1000 else Answer(ANSWER)

    model, server = hosted_on(behave)

    assert text_of(await events_of(model, ASKED)) == ANSWER
    assert [request.body["max_tokens"] for request in server.requests] == [50, 4146, 1074]


async def test_blanks_up_to_the_limit_are_no_thoughts(hosted_on: HostedOn) -> None:
    model, _ = hosted_on([Answer("\n", "\n", finish="length")])

    with pytest.raises(ModelUnavailable, match="empty answer"):
        await events_of(model, ASKED)
    assert model.hidden_output_tokens == 0


async def test_a_judgement_behind_a_thought_is_read(hosted_on: HostedOn) -> None:
    thought = Answer("<think>", "Hm", finish="length")
    model, server = hosted_on(with_room(thought, Answer("<think>It holds, no doubt.</think>\n\n", "Yes")))

    (judged,) = await model.judge([Judgement((Message("user", "Does it hold?"),))])

    assert judged is not None
    assert judged[0] > 0.9
    assert len(server.requests) == 2
