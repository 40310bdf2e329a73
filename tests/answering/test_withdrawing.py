"""Text that turns out to be thought, after it was shown: nothing of it stays, anywhere."""

import json
from collections.abc import AsyncGenerator

import pytest

from assistant.answering.generation import AnswerContext, write_answer
from assistant.answering.generation_cache import CachedGenerator, CompletionSpec, remembering
from assistant.answering.prompts import load_prompt
from assistant.answering.values import Finished, SentenceFinished, SentenceRevised
from assistant.answering.verification.checker import SupportChecker
from assistant.answering.verification.revision import AnswerReviser, CheckMode, SentenceRepairer
from assistant.models.chat_model import (
    Completed,
    GenerationRequest,
    Message,
    ModelEvent,
    ModelKind,
    TextDelta,
    TextWithdrawn,
    Usage,
)
from tests.support.fake_models import ScriptedModel
from tests.support.paper_factory import sources

ASK = (Message("user", "How much memory does FooNet save?"),)
THOUGHT = "Source one cuts something. The user asks about memory, and FooNet"
ANSWER = "FooNet cuts memory by 37% on ImageNet."


class ThinksAloud(ScriptedModel):
    """Writes a thought first, and takes it back."""

    def __init__(self) -> None:
        super().__init__(lambda _: ANSWER, kind=ModelKind.HOSTED)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        self.requests.append(request)
        yield TextDelta(THOUGHT)
        yield TextWithdrawn()
        yield TextDelta(ANSWER)
        yield Completed(Usage(3, 5))


class Cache:
    """What was kept, by its key."""

    def __init__(self, cached: str | None = None) -> None:
        self.texts: dict[str, str] = {}
        self._kept = cached

    def generation(self, key: str) -> str | None:
        return self.texts.get(key, self._kept)

    def remember_generation(self, key: str, text: str, model: str) -> None:
        self.texts[key] = text


@pytest.mark.parametrize("mode", [None, CheckMode.REPAIR, CheckMode.STRICT])
async def test_an_answer_has_nothing_of_what_was_withdrawn(mode: CheckMode | None) -> None:
    model, numbered = ThinksAloud(), sources()
    reviser = AnswerReviser(mode, None, SentenceRepairer(model, None, load_prompt)) if mode else None
    writing = write_answer(
        model, GenerationRequest(ASK), AnswerContext("?", numbered), SupportChecker(numbered), reviser
    )

    events = [event async for event in writing]

    last = events[-1]
    assert isinstance(last, Finished)
    assert last.answer.text == f"{ANSWER[:-1]} [1]."
    assert len(last.answer.sentences) == 1
    assert last.answer.withheld == ()
    finished = [event for event in events if isinstance(event, SentenceFinished)]
    taken_back = [event.place for event in events if isinstance(event, SentenceRevised) and event.sentence is None]
    assert taken_back == list(range(len(finished) - 1))


async def test_a_short_text_is_what_stands_at_the_end() -> None:
    cache = Cache()

    written = await CachedGenerator(ThinksAloud(), cache).generate(CompletionSpec("toys", ASK, 40, sentences=1))

    assert written.text == ANSWER
    assert list(cache.texts.values()) == [ANSWER]


async def test_a_remembered_text_is_what_stands_at_the_end() -> None:
    cache, model = Cache(), ThinksAloud()
    remembered = remembering(model, cache)

    for _ in range(2):
        last = [event async for event in remembered.stream(GenerationRequest(ASK))][-2]
        assert last == TextDelta(ANSWER)

    assert len(model.requests) == 1


@pytest.mark.parametrize("kept", [f"<think>\n{THOUGHT}", f"{THOUGHT}.\n</think>\n\n{ANSWER}", f"{ANSWER}<|im_end|>"])
async def test_what_an_earlier_version_kept_with_thoughts_in_it_is_written_again(kept: str) -> None:
    model = ThinksAloud()
    generator = CachedGenerator(model, Cache(kept))

    assert await generator.expected(CompletionSpec("toys", ASK, 40)) != Usage()
    assert (await generator.generate(CompletionSpec("toys", ASK, 40))).text == ANSWER

    record = json.dumps({"text": kept, "truncated": False})
    events = [event async for event in remembering(model, Cache(record)).stream(GenerationRequest(ASK))]
    assert TextDelta(ANSWER) in events


@pytest.mark.parametrize("kind", [ModelKind.HOSTED, ModelKind.LOCAL])
async def test_a_repair_quotes_nothing_for_a_sentence_that_is_about_no_paper(kind: ModelKind) -> None:
    thoughts = "Okay, so the person wants a summary. But maybe 4500 is right?"
    model, numbered = ScriptedModel(lambda _: thoughts, kind=kind), sources()
    reviser = AnswerReviser(CheckMode.REPAIR, None, SentenceRepairer(model, None, load_prompt))
    writing = write_answer(
        model, GenerationRequest(ASK), AnswerContext("?", numbered), SupportChecker(numbered), reviser
    )

    last = [event async for event in writing][-1]

    assert isinstance(last, Finished)
    assert "“" not in last.answer.text
    assert all(sentence.mending is None for sentence in last.answer.sentences)
