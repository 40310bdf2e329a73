"""Finding what was written before: the same cache, and no model is asked."""

from assistant.answering.context_packing import numbered_sources
from assistant.library.records import StoredPaper
from assistant.models.extractive import ExtractiveModel
from assistant.reports.digest.builder import KeptTexts, recall
from assistant.reports.digest.values import DigestEvent, DigestFinished, EntryFinished, TopicFinished
from tests.reports.digest.test_digest import builder, digest_of, honest, plan_of
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.paper_factory import three_papers


async def recalled(
    model: ScriptedModel | ExtractiveModel, cache: MemoryCache, papers: list[StoredPaper]
) -> list[DigestEvent]:
    digest_builder = builder(KeptTexts(model), cache)
    return [event async for event in recall(digest_builder, plan_of(papers))]


async def test_nothing_is_found_and_nothing_asked_before_anything_is_written() -> None:
    model = ScriptedModel(honest)
    assert await recalled(model, MemoryCache(), three_papers()) == []
    assert not model.requests


async def test_a_written_digest_is_found_whole() -> None:
    model, cache = ScriptedModel(honest), MemoryCache()
    digest = await digest_of(builder(model, cache), three_papers())
    requests_before = len(model.requests)
    last = (await recalled(model, cache, three_papers()))[-1]

    assert isinstance(last, DigestFinished)
    assert last.digest.topics == digest.topics
    assert "3 from the cache" in last.digest.coverage
    assert len(model.requests) == requests_before


async def test_of_a_digest_that_was_stopped_its_papers_are_found() -> None:
    model, cache = ScriptedModel(honest), MemoryCache()
    await builder(model, cache).entry(plan_of(three_papers()), numbered_sources(three_papers())[1])
    events = await recalled(model, cache, three_papers())

    assert [type(event) for event in events] == [EntryFinished]
    assert isinstance(events[0], EntryFinished)
    assert events[0].entry.source.number == 2


async def test_a_topic_that_is_missing_ends_it() -> None:
    model, cache = ScriptedModel(honest), MemoryCache()
    for entry in (await digest_of(builder(model), three_papers())).entries:
        await builder(model, cache).entry(plan_of(three_papers()), entry.source)
    events = await recalled(model, cache, three_papers())

    assert [type(event) for event in events] == [EntryFinished] * 3


async def test_a_model_that_only_quotes_has_everything() -> None:
    events = await recalled(ExtractiveModel(), MemoryCache(), three_papers())

    assert isinstance(events[-1], DigestFinished)
    assert any(isinstance(event, TopicFinished) for event in events)


async def test_prompts_are_cut_by_the_same_model() -> None:
    model = ScriptedModel(honest, context_tokens=2000)
    cached_only = KeptTexts(model)

    assert (cached_only.name, cached_only.kind, cached_only.fingerprint) == (model.name, model.kind, model.fingerprint)
    assert cached_only.context_tokens == 2000
    assert await cached_only.count_tokens(()) == 0
    await cached_only.aclose()
