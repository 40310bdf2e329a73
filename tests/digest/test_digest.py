"""Digests: every paper once, every sentence with evidence, nothing generated twice."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.generation import CachedGenerator
from assistant.answering.packing import numbered_sources
from assistant.answering.prompts import load_prompt
from assistant.answering.summaries import PaperSummarizer
from assistant.digest.build import DigestBuilder
from assistant.digest.digest import Digest, DigestFinished, DigestPeriod, EntryFinished
from assistant.digest.markdown import digest_markdown
from assistant.digest.overview import OverviewWriter, related_groups
from assistant.digest.selection import Order, choose_papers, period_of
from assistant.errors import ModelInterrupted, ModelUnavailable, UsageError
from assistant.feeds.calendar import parse_day
from assistant.library.values import LibraryPaper
from assistant.models.base import ModelEvent, ModelKind, WritingModel, WritingRequest
from assistant.models.extractive import ExtractiveModel
from tests.checked_answers import PARTLY_SOUND, SOUND, WRONG
from tests.writers import MemoryCache, ScriptedModel, paper, three_papers

DAY = DigestPeriod(date(2026, 1, 5), date(2026, 1, 5), "2026-01-05")


def builder(model: WritingModel, cache: MemoryCache | None = None) -> DigestBuilder:
    generator = CachedGenerator(model, cache or MemoryCache())
    return DigestBuilder(
        model, PaperSummarizer(generator, load_prompt("paper")), OverviewWriter(generator, load_prompt("overview"))
    )


async def digest_of(made: DigestBuilder, papers: list[LibraryPaper]) -> Digest:
    last = [event async for event in made.build(DAY, papers, len(papers))][-1]
    assert isinstance(last, DigestFinished)
    return last.digest


def honest(request: WritingRequest) -> str:
    """The first two sentences of what stands in the prompt behind the title."""
    prompt = request.messages[-1].content
    if "Abstract: " in prompt:
        return ". ".join(prompt.split("Abstract: ")[1].split(". ")[:3])
    return prompt.splitlines()[0].split(": ", 1)[1]


@pytest.mark.parametrize("kind", [ModelKind.LOCAL, ModelKind.HOSTED])
async def test_every_paper_stands_once_with_sentences_of_its_abstract(kind: ModelKind) -> None:
    digest = await digest_of(builder(ScriptedModel(honest, kind=kind)), three_papers())

    assert [entry.source.number for entry in digest.entries] == [1, 2, 3]
    for entry in digest.entries:
        assert len(entry.summary.sentences) == 2
        assert all(c.number == entry.source.number for s in entry.summary.sentences for c in s.citations)
        assert not entry.summary.quoted
    assert len(digest.overview) == 3
    assert all(sentence.citations for sentence in digest.overview)
    assert digest.coverage == "3 of 3 papers; summaries by scripted"


async def test_generation_stops_after_the_second_sentence() -> None:
    model = ScriptedModel(lambda _: "FooNet prunes heads. It cuts memory by 37%. A third one. A fourth one.")
    digest = await digest_of(builder(model), [paper()])

    assert model.closed_early
    assert digest.entries[0].summary.text == "FooNet prunes heads [1]. It cuts memory by 37% [1]."


async def test_the_second_digest_asks_no_model() -> None:
    model, cache = ScriptedModel(honest), MemoryCache()
    first = await digest_of(builder(model, cache), three_papers())
    asked = len(model.requests)
    second = await digest_of(builder(model, cache), three_papers())

    assert len(model.requests) == asked
    assert [s.text for s in second.overview] == [s.text for s in first.overview]
    assert "3 from the cache" in second.coverage


async def test_what_a_model_invents_is_replaced_by_quotes_and_said() -> None:
    digest = await digest_of(builder(ScriptedModel(lambda _: "Everything about dragons in Iceland.")), three_papers())

    assert "FooNet prunes attention heads during training [1]." in digest.entries[0].summary.text
    assert "3 quoted" in digest.coverage
    assert digest.overview[0].citations[0].number == 1


async def test_a_first_sentence_without_evidence_is_replaced_by_the_abstracts_own() -> None:
    model = ScriptedModel(lambda _: "A dragon sleeps in Iceland. Accuracy stays at 81.2%. More.")
    digest = await digest_of(builder(model), [paper()])

    assert [s.text for s in digest.entries[0].summary.sentences] == [
        "FooNet prunes attention heads during training [1].",
        "Accuracy stays at 81.2% [1].",
    ]
    assert "1 quoted" in digest.coverage


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
        async def stream(self, request: WritingRequest) -> AsyncGenerator[ModelEvent, None]:
            if "BarBench" in request.messages[-1].content:
                await asyncio.Event().wait()
            async for event in super().stream(request):
                yield event

    cache = MemoryCache()
    async with aclosing(builder(StuckOnTheSecond(honest), cache).build(DAY, three_papers(), 3)) as events:
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
    made = await digest_of(builder(ScriptedModel(honest)), three_papers())
    entry, *others = made.entries
    doubted = replace(entry, summary=replace(entry.summary, sentences=(SOUND, PARTLY_SOUND)))
    text = digest_markdown(replace(made, overview=(SOUND, WRONG), entries=(doubted, *others)))
    assert re.search(r"It cuts memory by 37%\. \[\S+ Its FID is 2\.78\. \[\S+ ✗\n", text)
    assert re.search(r"It was tried on ImageNet-21k\. \[\S+ \\~\n", text)
    assert "✓" not in text


async def test_a_day_of_one_paper_and_of_none() -> None:
    one = await digest_of(builder(ExtractiveModel()), [paper()])
    none = await digest_of(builder(ExtractiveModel()), [])

    assert [s.text for s in one.overview] == [s.text for s in one.entries[0].summary.sentences]
    assert none.overview == ()


async def test_papers_that_share_words_share_a_sentence_of_the_overview() -> None:
    papers = [
        paper("2601.00001", "Pruning heads", "Pruning attention heads of transformers."),
        paper("2601.00002", "Voices", "Cloning a voice from audio."),
        paper("2601.00003", "Heads again", "Attention heads of transformers again."),
        paper("2601.00004", "Kitchens", "Robots in kitchens."),
        paper("2601.00005", "Speech", "A voice and its audio."),
    ]
    digest = await digest_of(builder(ExtractiveModel()), papers)

    numbers = [[e.source.number for e in group] for group in related_groups(digest.entries, 3)]
    assert numbers == [[1, 3], [2, 5], [4]]


def test_periods_are_read_strictly() -> None:
    today = date(2026, 8, 21)

    assert period_of("2026-08-20", None, None, today) == DigestPeriod(
        date(2026, 8, 20), date(2026, 8, 20), "2026-08-20"
    )
    assert period_of(None, "2026-w34", None, today) == DigestPeriod(date(2026, 8, 17), today, "2026-W34")
    assert period_of(None, None, "2026-07", today) == DigestPeriod(date(2026, 7, 1), date(2026, 7, 31), "2026-07")
    assert period_of(None, None, None, today) is None
    with pytest.raises(UsageError, match="is not a day"):
        parse_day("yesterday")


def test_orders() -> None:
    some = [
        LibraryPaper(paper(title="B").paper, upvotes=None, comments=3),
        LibraryPaper(paper(title="a").paper, upvotes=7, comments=None),
        LibraryPaper(paper(title="C").paper, upvotes=9, comments=1),
    ]

    def titles(order: Order, top: int = 0) -> str:
        return "".join(p.paper.title for p in choose_papers(some, order, top))

    assert titles(Order.UPVOTES) == "CaB"
    assert titles(Order.COMMENTS) == "BCa"
    assert titles(Order.TITLE) == "aBC"
    assert titles(Order.LISTING, top=2) == "Ba"
    assert len(numbered_sources(some)) == 3
