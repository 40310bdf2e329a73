"""A model with a memory: a text is written once, and only what came whole is kept."""

import hashlib
from collections.abc import Sequence

import pytest

from assistant.answering.generation_cache import Beside, remembering
from assistant.errors import LibraryLocked, ModelInterrupted
from assistant.models.chat_model import (
    ChatModel,
    Completed,
    GenerationRequest,
    Judge,
    Judgement,
    Message,
    TextDelta,
)
from assistant.models.extractive import ExtractiveModel
from tests.support.fake_models import MemoryCache, ScriptedJudge, ScriptedModel

REQUEST = GenerationRequest((Message("user", "Say it."),))


async def written(model: ChatModel, request: GenerationRequest = REQUEST) -> tuple[str, bool]:
    text, truncated = "", False
    async for event in model.stream(request):
        match event:
            case TextDelta(piece):
                text += piece
            case Completed(truncated=truncated):
                pass
    return text.strip(), truncated


async def test_a_text_is_written_once_for_the_same_request() -> None:
    model, cache = ScriptedModel(lambda _: "It is said.", truncated=True), MemoryCache()

    assert await written(remembering(model, cache)) == ("It is said.", True)
    assert await written(remembering(model, cache)) == ("It is said.", True)
    assert len(model.requests) == 1


def _always(messages: Sequence[Message]) -> Beside:
    return lambda _: messages


@pytest.mark.parametrize(
    "other",
    [
        GenerationRequest((Message("user", "Say more."),)),
        GenerationRequest((Message("system", "Say it."),)),
        GenerationRequest(REQUEST.messages, seed=1),
        GenerationRequest(REQUEST.messages, temperature=1.0),
        GenerationRequest(REQUEST.messages, max_output_tokens=7),
        GenerationRequest(REQUEST.messages, grammar='root ::= "x"'),
    ],
)
async def test_another_request_is_written_anew(other: GenerationRequest) -> None:
    model = ScriptedModel(lambda _: "It is said.")
    remembered = remembering(model, MemoryCache())

    await written(remembered)
    await written(remembered, other)

    assert len(model.requests) == 2


async def test_what_a_text_depends_on_beside_the_request_counts() -> None:
    model, cache = ScriptedModel(lambda _: "It is said."), MemoryCache()

    for word in ("one", "two"):
        beside = [Message("user", word)]
        await written(remembering(model, cache, _always(beside)))

    assert len(model.requests) == 2


async def test_a_text_that_breaks_off_is_stopped_or_empty_is_not_kept() -> None:
    cache = MemoryCache()
    with pytest.raises(ModelInterrupted):
        await written(remembering(ScriptedModel(lambda _: "It is", fails_with=ModelInterrupted("cut")), cache))
    stream = remembering(ScriptedModel(lambda _: "It is said."), cache).stream(REQUEST)
    await anext(stream)
    await stream.aclose()

    assert cache.texts == {}


async def test_a_cache_that_cannot_be_written_or_read_costs_no_text() -> None:
    class Locked(MemoryCache):
        def remember_generation(self, key: str, text: str, model: str) -> None:
            raise LibraryLocked("another process writes")

    assert (await written(remembering(ScriptedModel(lambda _: "It is said."), Locked())))[0] == "It is said."

    damaged = MemoryCache()
    model = ScriptedModel(lambda _: "It is said.")
    await written(remembering(model, damaged))
    for broken in ("no JSON", "[]", '{"text": ""}', '{"text": 1, "truncated": false}'):
        damaged.texts = dict.fromkeys(damaged.texts, broken)
        assert (await written(remembering(model, damaged)))[0] == "It is said."


async def test_judgements_are_kept_and_only_new_ones_asked_for() -> None:
    model, cache = ScriptedJudge(lambda _: "", lambda _: 0.75), MemoryCache()
    judging = remembering(model, cache)
    first, other = Judgement(REQUEST.messages), Judgement((Message("user", "Is it?"),), ("a", "b", "c"))

    assert isinstance(judging, Judge)
    assert await judging.judge([first]) == [(0.75, 0.25)]
    assert await judging.judge([other, first]) == [(0.75, 0.125, 0.125), (0.75, 0.25)]
    assert model.judgements == [first, other]

    cache.texts = dict.fromkeys(cache.texts, "[1.0]")
    assert await judging.judge([first]) == [(0.75, 0.25)]
    cache.texts = dict.fromkeys(cache.texts, "no JSON")
    assert await judging.judge([first]) == [(0.75, 0.25)]
    assert not isinstance(remembering(ScriptedModel(lambda _: ""), MemoryCache()), Judge)


async def test_a_judgement_that_was_not_reported_is_not_kept() -> None:
    class Silent(ScriptedJudge):
        async def judge(self, judgements: Sequence[Judgement]) -> list[tuple[float, ...] | None]:
            reported = await super().judge(judgements)
            return [None if "Is it?" in judgement.messages[0].content else answer
                    for judgement, answer in zip(judgements, reported, strict=True)]  # fmt: skip

    model, cache = Silent(lambda _: "", lambda _: 0.75), MemoryCache()
    judging = remembering(model, cache)
    reported, silent = Judgement(REQUEST.messages), Judgement((Message("user", "Is it?"),))

    assert isinstance(judging, Judge)
    assert await judging.judge([silent, reported]) == [None, (0.75, 0.25)]
    assert list(cache.texts.values()) == ["[0.75, 0.25]"]
    assert await judging.judge([reported, silent, reported]) == [(0.75, 0.25), None, (0.75, 0.25)]
    assert model.judgements == [silent, reported, silent]


async def test_judgements_that_earlier_versions_kept_are_not_used() -> None:
    model, cache = ScriptedJudge(lambda _: "", lambda _: 0.75), MemoryCache()
    judgement = Judgement(REQUEST.messages)
    former = "\x00".join(
        (model.fingerprint, "judged", *judgement.choices, *(f"{m.role}\x01{m.content}" for m in judgement.messages))
    )
    cache.texts[hashlib.sha256(former.encode()).hexdigest()] = "[0.5, 0.5]"
    judging = remembering(model, cache)

    assert isinstance(judging, Judge)
    assert await judging.judge([judgement]) == [(0.75, 0.25)]


def test_a_model_that_only_quotes_needs_no_memory() -> None:
    model = ExtractiveModel()

    assert remembering(model, MemoryCache()) is model


async def test_it_is_the_model_in_everything_else() -> None:
    model = ScriptedModel(lambda _: "")
    remembered = remembering(model, MemoryCache())

    assert (remembered.name, remembered.kind, remembered.context_tokens) == (model.name, model.kind, 4096)
    assert await remembered.count_tokens(REQUEST.messages) == await model.count_tokens(REQUEST.messages)
    await remembered.aclose()
