"""Making a digest: one summary a paper, then each topic's sentences from the summaries of its leading papers.

With it come its price (estimated before, capped meanwhile) and reading a digest whose texts are all cached.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from assistant.answering import CachedGenerator, ModelInfo, NumberedSource, PaperSummarizer
from assistant.config import Price
from assistant.errors import ModelError, ModelUnavailable
from assistant.models import GenerationRequest, ModelEvent, ModelKind, Usage, WrappedModel
from assistant.reports.digest.topic_writer import TopicWriter
from assistant.reports.digest.values import (
    Digest,
    DigestEntry,
    DigestEvent,
    DigestFinished,
    DigestPlan,
    DigestStarted,
    EntryFinished,
    Topic,
    TopicFinished,
)

_HOSTED_AT_ONCE = 4


class CostCapReached(ModelError):
    """The digest would cost, or costs by now, more than the configuration allows."""


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """The most that is still to be written: texts, tokens, and US dollars where the model's price is known."""

    texts: int
    usage: Usage
    dollars: float | None

    @property
    def text(self) -> str:
        """The estimate in one line."""
        tokens = self.usage.prompt_tokens + self.usage.output_tokens
        cost = "no price is known for this model" if self.dollars is None else f"at most ${self.dollars:.4f}"
        return f"{self.texts} texts to write, about {tokens:,} tokens: {cost}"


@dataclass(frozen=True, slots=True)
class CostCap:
    """The price of a model and the most that one digest may cost; ``most_dollars`` 0 is no cap."""

    price: Price | None = None
    most_dollars: float = 0.0

    def dollars(self, usage: Usage) -> float | None:
        """The cost of tokens; None when no price is known."""
        if self.price is None:
            return None
        return self.price.of(usage.prompt_tokens, usage.cached_tokens, usage.output_tokens)

    def check(self, usage: Usage, message: Callable[[str, str], str]) -> None:
        """Raise `CostCapReached` when the tokens cost more than the cap; the message gets cost and cap as texts."""
        cost = self.dollars(usage)
        if self.most_dollars and cost is not None and cost > self.most_dollars:
            raise CostCapReached(
                message(f"${cost:.4f}", _dollars(self.most_dollars)),
                "Raise digest.max_cost_dollars (0 is no cap), take fewer papers (--top), or write with --model local.",
            )


def _dollars(amount: float) -> str:
    """An amount to the cent, or to what it has when it is less."""
    return f"${amount:.2f}" if amount >= 0.01 else f"${amount:g}"


class DigestBuilder:
    """Builds digests with one model; closing the iterator stops it, and what was written stays cached."""

    def __init__(
        self, generator: CachedGenerator, summarizer: PaperSummarizer, topics: TopicWriter, cap: CostCap | None = None
    ) -> None:
        self._generator = generator
        self._summarizer = summarizer
        self._topics = topics
        self._cap = cap or CostCap()

    @property
    def writer(self) -> ModelInfo:
        """Who writes."""
        return ModelInfo(self._generator.model.name, self._generator.model.kind)

    async def estimate(self, plan: DigestPlan) -> CostEstimate:
        """The most that is still to be written; what is kept costs nothing."""
        summaries = [await self._summarizer.expected(source) for source in plan.sources]
        to_write = [usage for usage in summaries if usage != Usage()]
        written = None if to_write else [await self.entry(plan, source) for source in plan.sources]
        topics = [
            await self._topics.expected(topic, written and [written[number - 1] for number in topic.numbers])
            for topic in plan.topics
        ]
        expected = [usage for usage in (*to_write, *topics) if usage != Usage()]
        total = sum(expected, Usage())
        return CostEstimate(len(expected), total, self._cap.dollars(total))

    async def build(self, plan: DigestPlan) -> AsyncGenerator[DigestEvent, None]:
        """Summarize the papers, then write the topics; the last event is `DigestFinished`.

        Raises `ModelError` when the model does not answer, and `CostCapReached` before anything is written when a
        hosted model may cost more than is allowed.
        """
        if self._generator.model.kind is ModelKind.HOSTED:
            expected = await self.estimate(plan)
            self._cap.check(expected.usage, lambda cost, cap: f"This digest may cost {cost}, more than {cap}.")
        yield DigestStarted(plan, self.writer)
        entries: list[DigestEntry] = []
        async with aclosing(self._entries(plan)) as finished:
            async for entry in finished:
                entries.append(entry)
                yield EntryFinished(entry, len(entries), len(plan.sources))
        async with aclosing(self.finish(plan, entries)) as events:
            async for event in events:
                yield event

    async def entry(self, plan: DigestPlan, source: NumberedSource) -> DigestEntry:
        """One paper of a digest. Raises `ModelError`."""
        self._check_spent()
        return DigestEntry(source, await self._summarizer.summarize(source), plan.why.get(source.number, ()))

    async def finish(
        self, plan: DigestPlan, entries: Sequence[DigestEntry]
    ) -> AsyncGenerator[TopicFinished | DigestFinished, None]:
        """Write the topics of entries, which may come in any order. Raises `ModelError`."""
        ordered = tuple(sorted(entries, key=lambda entry: entry.source.number))
        topics: list[Topic] = []
        for place, topic in enumerate(plan.topics):
            self._check_spent()
            written = await self._topics.write(topic, [ordered[number - 1] for number in topic.numbers])
            other_names = {other.name for other in (*topics, *plan.topics[place + 1 :])}
            topics.append(written if written.name not in other_names else replace(written, name=topic.name))
            yield TopicFinished(topics[-1], place, len(topics), len(plan.topics))
        yield DigestFinished(Digest(plan, tuple(topics), ordered, self.writer))

    def _check_spent(self) -> None:
        self._cap.check(self._generator.used, lambda cost, cap: f"{cost} are spent, more than {cap}; all is kept.")

    async def _entries(self, plan: DigestPlan) -> AsyncGenerator[DigestEntry, None]:
        """Summaries as they come; a hosted model writes several at once, a local one has one context."""
        at_once = _HOSTED_AT_ONCE if self._generator.model.kind is ModelKind.HOSTED else 1
        free = asyncio.Semaphore(at_once)

        async def in_turn(source: NumberedSource) -> DigestEntry:
            async with free:
                return await self.entry(plan, source)

        tasks = [asyncio.create_task(in_turn(source)) for source in plan.sources]
        try:
            for finished in asyncio.as_completed(tasks):
                yield await finished
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class NotKept(ModelUnavailable):
    """The text was not written before."""


class KeptTexts(WrappedModel):
    """A model in everything but that it writes nothing new: asking it raises `NotKept`.

    What the model wrote before is found under its fingerprint. Where the model is extractive nothing needs to be kept.
    """

    def stream(self, request: GenerationRequest) -> AsyncGenerator[ModelEvent, None]:
        """Raise `NotKept`."""
        del request
        raise NotKept("This was not written before.")


async def recall(builder: DigestBuilder, plan: DigestPlan) -> AsyncGenerator[DigestEvent, None]:
    """The part of a digest that is kept; the builder's model is a `KeptTexts`.

    The topics come when every paper is there; `DigestFinished` is sent only when nothing is missing.
    """
    entries = []
    for source in plan.sources:
        try:
            entry = await builder.entry(plan, source)
        except NotKept:
            continue
        entries.append(entry)
        yield EntryFinished(entry, len(entries), len(plan.sources))
    if len(entries) < len(plan.sources):
        return
    try:
        async with aclosing(builder.finish(plan, entries)) as events:
            async for event in events:
                yield event
    except NotKept:
        return
