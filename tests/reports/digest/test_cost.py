"""What a digest by a hosted model may cost: told before, and never more than the cap."""

from collections.abc import AsyncGenerator

import pytest

from assistant.answering.context_packing import numbered_sources
from assistant.answering.generation_cache import CachedGenerator, CompletionSpec
from assistant.answering.prompts import load_prompt
from assistant.config.user_tables import Price
from assistant.library.records import StoredPaper
from assistant.models.chat_model import Completed, GenerationRequest, ModelEvent, ModelKind, TextDelta, Usage
from assistant.reports.digest.builder import CostCap, CostCapReached
from assistant.reports.digest.values import DigestPlan, Topic
from tests.reports.digest.test_digest import DAY, builder, digest_of, honest, plan_of
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.paper_factory import paper, three_papers

DEAR = Price(input=1000.0, output=1000.0)


def hosted() -> ScriptedModel:
    return ScriptedModel(honest, kind=ModelKind.HOSTED)


async def test_the_estimate_counts_what_is_not_written_yet() -> None:
    cache, plan = MemoryCache(), plan_of(three_papers())
    before = await builder(hosted(), cache, CostCap(DEAR)).estimate(plan)
    _ = [event async for event in builder(hosted(), cache).build(plan)]
    after = await builder(hosted(), cache, CostCap(DEAR)).estimate(plan)

    assert before.texts == 4
    assert before.dollars is not None
    assert before.dollars > 0.1
    assert "4 texts to write" in before.text
    assert (after.texts, after.dollars) == (0, 0.0)


async def test_more_than_the_cap_is_refused_before_anything_is_written() -> None:
    model = hosted()
    with pytest.raises(CostCapReached, match=r"more than \$0\.01") as raised:
        await digest_of(builder(model, cap=CostCap(DEAR, 0.01)), three_papers())

    assert not model.requests
    assert "max_cost_dollars" in (raised.value.remedy or "")


async def test_a_cap_of_less_than_a_cent_is_not_called_nothing() -> None:
    with pytest.raises(CostCapReached, match=r"more than \$0\.0001\."):
        await digest_of(builder(hosted(), cap=CostCap(DEAR, 0.0001)), three_papers())


async def test_a_model_that_takes_more_than_was_expected_is_stopped_and_all_is_kept() -> None:
    class Thinking(ScriptedModel):
        async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
            yield TextDelta("FooNet prunes attention heads during training.")
            yield Completed(Usage(10, 5_000))

    cache = MemoryCache()
    with pytest.raises(CostCapReached, match="all is kept"):
        await digest_of(builder(Thinking(honest, kind=ModelKind.HOSTED), cache, CostCap(DEAR, 6.0)), many_papers(12))
    assert cache.texts


async def test_the_cap_holds_for_topics_too() -> None:
    class Thinking(ScriptedModel):
        async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
            async for event in super().stream(request):
                is_summary = "Abstract: " in request.messages[-1].content
                yield event if isinstance(event, TextDelta) or is_summary else Completed(Usage(10, 5_000))

    model = Thinking(honest, kind=ModelKind.HOSTED)
    capped, papers = builder(model, cap=CostCap(DEAR, 9.0)), many_papers(6)
    topics = tuple(Topic(f"Heads {first}", (first, first + 1)) for first in (1, 3, 5))
    with pytest.raises(CostCapReached, match="all is kept"):
        async for _ in capped.build(DigestPlan(DAY, numbered_sources(papers), topics, len(papers))):
            pass
    assert len(model.requests) == 6 + 2  # the first topic's sentence and its name


async def test_without_a_price_or_a_cap_nothing_is_refused() -> None:
    assert await digest_of(builder(hosted(), cap=CostCap(None, 0.01)), three_papers())
    assert await digest_of(builder(hosted(), cap=CostCap(DEAR, 0.0)), three_papers())


async def test_tokens_are_counted_also_where_the_writing_was_cut_short() -> None:
    generator = CachedGenerator(ScriptedModel(lambda _: "One is here. Two is here. Three is here."), MemoryCache())
    text = CompletionSpec.of(
        load_prompt("paper"), max_output_tokens=50, sentences=2, title="A", abstract="B", result=""
    )

    assert (await generator.generate(text)).text == "One is here. Two is here."
    assert generator.used.prompt_tokens > 20
    assert generator.used.output_tokens > 5


def many_papers(count: int) -> list[StoredPaper]:
    return [paper(f"2601.{number:05}", f"Foo{number}Net: Pruning Heads") for number in range(count)]


async def test_a_thinking_model_is_expected_to_think_and_read_to_its_end() -> None:
    class Thinking(ScriptedModel):
        hidden_output_tokens = 1000

    text = CompletionSpec.of(
        load_prompt("paper"), max_output_tokens=50, sentences=1, title="A", abstract="B", result=""
    )
    model = Thinking(lambda _: "One is here. Two is here. Three is here.", kind=ModelKind.HOSTED)
    generator = CachedGenerator(model, MemoryCache())

    assert (await generator.expected(text)).output_tokens == 1050
    everything = await builder(model, cap=CostCap(DEAR)).estimate(plan_of(three_papers()))
    assert everything.usage.output_tokens > 1000 * (3 + 2), "three summaries, and a topic's sentences and name"
    assert (await generator.generate(text)).text == "One is here."
    assert not model.closed_early
    assert generator.used == Usage(10, 5), "what the model tells at its end, thoughts included"


async def test_of_a_digest_that_broke_off_the_topics_are_still_estimated() -> None:
    cache, plan = MemoryCache(), plan_of(three_papers())
    capped = builder(hosted(), cache, CostCap(DEAR))
    for source in plan.sources:
        await capped.entry(plan, source)
    estimate = await builder(hosted(), cache, CostCap(DEAR)).estimate(plan)

    assert estimate.texts == 1
    assert estimate.usage.prompt_tokens > 50
