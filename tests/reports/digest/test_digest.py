"""Digests: every paper once, every sentence with evidence, nothing generated twice."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.context_packing import numbered_sources
from assistant.answering.generation_cache import CachedGenerator
from assistant.answering.prompts import load_prompt
from assistant.answering.summaries import PaperSummarizer
from assistant.answering.values import Verdict
from assistant.errors import ModelInterrupted, ModelUnavailable, UsageError
from assistant.export.markdown.digest import digest_markdown
from assistant.library.records import StoredPaper
from assistant.models.chat_model import (
    ChatModel,
    GenerationRequest,
    ModelEvent,
    ModelKind,
)
from assistant.models.extractive import ExtractiveModel
from assistant.periods import Period, PeriodKind, parse_day
from assistant.reports.digest.builder import CostCap, DigestBuilder
from assistant.reports.digest.selection import Order, choose_papers, period_of
from assistant.reports.digest.topic_writer import TopicWriter, related_pairs, shared_name
from assistant.reports.digest.values import (
    Digest,
    DigestFinished,
    DigestPlan,
    EntryFinished,
    Topic,
    TopicFinished,
)
from tests.support.checked_answers import PARTLY_SOUND, SOUND, WRONG
from tests.support.fake_models import MemoryCache, ScriptedModel
from tests.support.paper_factory import paper, three_papers

DAY = Period(date(2026, 1, 5), date(2026, 1, 5), PeriodKind.DAY)


def builder(model: ChatModel, cache: MemoryCache | None = None, cap: CostCap | None = None) -> DigestBuilder:
    generator = CachedGenerator(model, cache or MemoryCache())
    return DigestBuilder(
        generator,
        PaperSummarizer(generator, load_prompt("paper")),
        TopicWriter(generator, load_prompt("topic"), load_prompt("topic_name")),
        cap,
    )


def plan_of(papers: Sequence[StoredPaper], *, one_topic: bool = True) -> DigestPlan:
    """All papers in one topic, or in the rest."""
    numbers = tuple(range(1, len(papers) + 1))
    topics = (Topic("Heads", numbers, is_rest=not one_topic),) if papers else ()
    return DigestPlan(DAY, numbered_sources(papers), topics, len(papers))


async def digest_of(digest_builder: DigestBuilder, papers: Sequence[StoredPaper]) -> Digest:
    last = [event async for event in digest_builder.build(plan_of(papers))][-1]
    assert isinstance(last, DigestFinished)
    return last.digest


def honest(request: GenerationRequest) -> str:
    """The first two sentences of what stands in the prompt behind the title; of a topic the first note."""
    prompt = request.messages[-1].content
    if "Abstract: " in prompt:
        return ". ".join(prompt.split("Abstract: ")[1].split(". ")[:3])
    return prompt.splitlines()[0].split(": ", 1)[-1]


@pytest.mark.parametrize("kind", [ModelKind.LOCAL, ModelKind.HOSTED])
async def test_every_paper_stands_once_with_sentences_of_its_abstract(kind: ModelKind) -> None:
    digest = await digest_of(builder(ScriptedModel(honest, kind=kind)), three_papers())

    assert [entry.source.number for entry in digest.entries] == [1, 2, 3]
    for entry in digest.entries:
        assert len(entry.summary.sentences) == 2
        assert all(c.number == entry.source.number for s in entry.summary.sentences for c in s.citations)
        assert not entry.summary.quoted
    assert [topic.numbers for topic in digest.topics] == [(1, 2, 3)]
    assert digest.topics[0].sentences
    assert all(sentence.citations for sentence in digest.topics[0].sentences)
    assert digest.coverage == "3 of 3 papers; summaries by scripted"


async def test_generation_stops_after_the_second_sentence() -> None:
    model = ScriptedModel(lambda _: "FooNet prunes heads. It cuts memory by 37%. A third one. A fourth one.")
    digest = await digest_of(builder(model), [paper()])

    assert model.closed_early
    assert digest.entries[0].summary.text == "FooNet prunes heads [1]. It cuts memory by 37% [1]."


async def test_the_second_digest_asks_no_model() -> None:
    model, cache = ScriptedModel(honest), MemoryCache()
    first = await digest_of(builder(model, cache), three_papers())
    requests_before = len(model.requests)
    second = await digest_of(builder(model, cache), three_papers())

    assert len(model.requests) == requests_before
    assert second.topics == first.topics
    assert "3 from the cache" in second.coverage


async def test_what_a_model_invents_is_replaced_by_quotes_and_said() -> None:
    digest = await digest_of(builder(ScriptedModel(lambda _: "Everything about dragons in Iceland.")), three_papers())

    assert "FooNet prunes attention heads during training [1]." in digest.entries[0].summary.text
    assert "3 quoted" in digest.coverage
    assert "dragons" not in " ".join(sentence.text for sentence in digest.topics[0].sentences)


async def test_a_first_sentence_without_evidence_is_replaced_by_the_abstracts_own() -> None:
    model = ScriptedModel(lambda _: "A dragon sleeps in Iceland. Accuracy stays at 81.2%. More.")
    digest = await digest_of(builder(model), [paper()])

    assert [s.text for s in digest.entries[0].summary.sentences] == [
        "FooNet prunes attention heads during training [1].",
        "Accuracy stays at 81.2% [1].",
    ]
    assert "1 quoted" in digest.coverage


async def test_a_summary_that_tells_no_result_gets_the_abstracts_own() -> None:
    model = ScriptedModel(lambda _: "FooNet prunes attention heads during training. It prunes heads. More.")
    digest = await digest_of(builder(model), [paper()])

    summary = digest.entries[0].summary
    assert summary.sentences[0].text == "FooNet prunes attention heads during training [1]."
    assert summary.sentences[1].text == "It cuts memory by 37% on ImageNet [1]."
    assert summary.sentences[1].verdict is Verdict.QUOTED
    assert len(summary.sentences) == 2
    assert not summary.quoted, "the model's own text has its evidence"


async def test_the_prompt_of_a_summary_names_the_result() -> None:
    model = ScriptedModel(honest)
    await digest_of(builder(model), [paper(), paper("2601.00007", "Soup", "A recipe for soup with onions.")])

    prompts = [request.messages[-1].content for request in model.requests if "Abstract" in request.messages[-1].content]
    assert ["Main result: It cuts memory by 37% on ImageNet." in prompt for prompt in prompts] == [True, False]


async def test_a_model_that_breaks_off_costs_no_paper() -> None:
    cache = MemoryCache()
    model = ScriptedModel(lambda _: "FooNet", fails_with=ModelInterrupted("connection lost"))
    digest = await digest_of(builder(model, cache), three_papers())

    assert len(digest.entries) == 3
    assert not cache.texts


async def test_a_model_that_does_not_answer_ends_the_digest() -> None:
    model = ScriptedModel(lambda _: "", kind=ModelKind.HOSTED, fails_with=ModelUnavailable("down"))

    with pytest.raises(ModelUnavailable):
        await digest_of(builder(model), three_papers())


async def test_stopping_keeps_what_was_summarized() -> None:
    class StuckOnTheSecond(ScriptedModel):
        async def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
            if "BarBench" in request.messages[-1].content:
                await asyncio.Event().wait()
            async for event in super().stream(request):
                yield event

    cache = MemoryCache()
    async with aclosing(builder(StuckOnTheSecond(honest), cache).build(plan_of(three_papers()))) as events:
        async for event in events:
            if isinstance(event, EntryFinished):
                break

    assert len(cache.texts) == 1
    assert len(asyncio.all_tasks()) == 1


async def test_without_a_model_summaries_are_quotes() -> None:
    digest = await digest_of(builder(ExtractiveModel()), three_papers())

    assert digest.writer.kind is ModelKind.EXTRACTIVE
    assert digest.entries[1].summary.sentences[0].citations[0].evidence is not None


async def test_markdown_marks_the_sentences_that_are_not_supported_and_no_other() -> None:
    digest = await digest_of(builder(ScriptedModel(honest)), three_papers())
    entry, *others = digest.entries
    doubted = replace(entry, summary=replace(entry.summary, sentences=(SOUND, PARTLY_SOUND)))
    text = digest_markdown(
        replace(digest, topics=(Topic("Heads", (1, 2, 3), (SOUND, WRONG)),), entries=(doubted, *others))
    )
    assert re.search(r"It cuts memory by 37%\. Its FID is 2\.78\. \[\S+ ✗\n", text)
    assert re.search(r"It was tried on ImageNet-21k\. \[\S+ \\~\n", text)
    assert "✓" not in text


async def test_a_day_of_one_paper_and_of_none() -> None:
    single = await digest_of(builder(ExtractiveModel()), [paper()])
    none = await digest_of(builder(ExtractiveModel()), [])

    assert single.entries[0].summary.sentences
    assert not none.entries
    assert not none.topics


async def test_the_rest_has_no_sentences_of_its_own() -> None:
    model = ScriptedModel(honest)
    events = [event async for event in builder(model).build(plan_of(three_papers(), one_topic=False))]

    assert [event.topic.sentences for event in events if isinstance(event, TopicFinished)] == [()]
    assert len(model.requests) == 3


async def test_a_sentence_of_a_topic_cites_both_of_its_papers() -> None:
    joined = "FooNet prunes attention heads during training, while BarBench tests agents on kitchen robots."
    model = ScriptedModel(lambda request: joined if "join two" in request.messages[0].content else honest(request))
    digest = await digest_of(builder(model), three_papers()[:2])

    (sentence,) = digest.topics[0].sentences
    assert {citation.number for citation in sentence.citations} == {1, 2}
    assert digest.evidence[0] == (1, "FooNet prunes attention heads during training.")


async def test_of_a_joined_sentence_each_half_must_hold_by_itself() -> None:
    joined = "FooNet prunes attention heads during training, while BarBench prunes kitchen robots during training."
    model = ScriptedModel(lambda request: joined if "join two" in request.messages[0].content else honest(request))
    digest = await digest_of(builder(model), three_papers()[:2])
    assert "while" not in " ".join(sentence.text for sentence in digest.topics[0].sentences)


async def test_a_title_is_no_summary() -> None:
    digest = await digest_of(
        builder(ScriptedModel(lambda _: "FooNet: Pruning Heads. It cuts memory by 37%. End.")), [paper()]
    )
    assert [s.text for s in digest.entries[0].summary.sentences] == [
        "FooNet prunes attention heads during training [1].",
        "It cuts memory by 37% [1].",
    ]


async def test_a_name_is_the_models_when_its_papers_speak_so() -> None:
    def named(name: str) -> ScriptedModel:
        return ScriptedModel(lambda request: name if "groups" in request.messages[0].content else honest(request))

    alike = [paper(), paper("2601.00009", "BarNet: More Heads")]
    assert (await digest_of(builder(named('**"Attention heads"**')), alike)).topics[0].name == "Attention heads"
    assert (await digest_of(builder(named("Deep Learning in Iceland")), alike)).topics[0].name == "Heads"


@pytest.mark.parametrize(
    "name", ["", "\n", "of the", "pruning attention heads during training of all heads", "dragons"]
)
def test_what_is_no_name_is_not_taken(name: str) -> None:
    assert shared_name(name, [paper().paper.text] * 2) is None


async def test_two_topics_never_bear_one_name() -> None:
    model = ScriptedModel(lambda request: "Attention" if "groups" in request.messages[0].content else honest(request))
    papers = [paper(f"2601.0000{number}") for number in range(4)]
    plan = replace(plan_of(papers), topics=(Topic("Heads", (1, 2)), Topic("Memory", (3, 4))))
    last = [event async for event in builder(model).build(plan)][-1]

    assert isinstance(last, DigestFinished)
    assert [topic.name for topic in last.digest.topics] == ["Attention", "Memory"]


async def test_papers_that_share_words_share_a_sentence() -> None:
    papers = [
        paper("2601.00001", "Pruning heads", "Pruning attention heads of transformers."),
        paper("2601.00002", "Voices", "Cloning a voice from audio."),
        paper("2601.00003", "Heads again", "Attention heads of transformers again."),
        paper("2601.00004", "Kitchens", "Robots in kitchens."),
        paper("2601.00005", "Speech", "A voice and its audio."),
    ]
    digest = await digest_of(builder(ExtractiveModel()), papers)

    numbers = [[e.source.number for e in group] for group in related_pairs(digest.entries, 3)]
    assert numbers == [[1, 3], [2, 5], [4]]


@pytest.mark.parametrize(
    ("further", "is_quoted"),
    [
        ("Attention heads of transformers cost time.", True),
        ("We call this waste a failure of attention heads.", False),
        ("The code of the attention heads is at https://example.org/heads.", False),
    ],
)
async def test_a_sentence_that_leans_or_links_is_not_quoted_for_a_topic(further: str, is_quoted: bool) -> None:
    abstract = f"We propose FooNet, which prunes heads. {further} Experiments show that FooNet improves accuracy by 3%."
    papers = [
        paper("2601.00001", "FooNet: pruning heads", abstract),
        paper("2601.00002", "Heads again", "Attention heads of transformers again."),
    ]
    (topic,) = (await digest_of(builder(ExtractiveModel()), papers)).topics
    assert [further[:-1] in sentence.text for sentence in topic.sentences] == [True] * is_quoted


async def test_why_a_paper_is_shown_stays_with_it() -> None:
    plan = replace(plan_of(three_papers()), why={2: ("from NVIDIA",)})
    entries = [e.entry async for e in builder(ExtractiveModel()).build(plan) if isinstance(e, EntryFinished)]
    assert [entry.why for entry in entries] == [(), ("from NVIDIA",), ()]


def test_periods_are_read_strictly() -> None:
    today = date(2026, 8, 21)

    assert period_of("2026-08-20", None, None, today) == Period(date(2026, 8, 20), date(2026, 8, 20), PeriodKind.DAY)
    assert period_of(None, "2026-w34", None, today) == Period(date(2026, 8, 17), today, PeriodKind.WEEK)
    assert period_of(None, None, "2026-07", today) == Period(date(2026, 7, 1), date(2026, 7, 31), PeriodKind.MONTH)
    assert period_of(None, None, None, today) is None
    with pytest.raises(UsageError, match="is not a day"):
        parse_day("yesterday")


def test_orders() -> None:
    some = [
        StoredPaper(paper(title="B").paper, upvotes=None, comments=3),
        StoredPaper(paper(title="a").paper, upvotes=7, comments=None),
        StoredPaper(paper(title="C").paper, upvotes=9, comments=1),
    ]

    def titles(order: Order, top: int = 0) -> str:
        return "".join(p.paper.title for p in choose_papers(some, order, top))

    assert titles(Order.UPVOTES) == "CaB"
    assert titles(Order.COMMENTS) == "BCa"
    assert titles(Order.TITLE) == "aBC"
    assert titles(Order.LISTING, top=2) == "Ba"
    assert len(numbered_sources(some)) == 3


async def test_an_abstract_in_another_language_is_quoted_as_it_stands() -> None:
    chinese = paper(
        "2601.00077", "VideoFlow", "我们提出了一种新的视频模型VideoFlow。它在三个基准上提高了12.5%。代码已公开。"
    )
    model = ScriptedModel(lambda _: "VideoFlow is a video model. It improves on three benchmarks by 12.5%.")
    (entry,) = (await digest_of(builder(model), [chinese])).entries

    for sentence in entry.summary.sentences:
        assert all(c.evidence and c.evidence.text in chinese.paper.abstract for c in sentence.citations)
