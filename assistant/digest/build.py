"""Making a digest: one summary a paper, then an overview drawn from the summaries of the leading papers."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from assistant.answering.answer import Source, Writer
from assistant.answering.packing import numbered_sources
from assistant.answering.summaries import PaperSummarizer
from assistant.digest.digest import (
    Digest,
    DigestEntry,
    DigestEvent,
    DigestFinished,
    DigestPeriod,
    DigestStarted,
    EntryFinished,
    OverviewGrew,
)
from assistant.digest.overview import OverviewWriter
from assistant.library.values import LibraryPaper
from assistant.models.base import ModelKind, WritingModel

_HOSTED_AT_ONCE = 4


class DigestBuilder:
    """Builds digests with one model; closing the iterator stops it, and what was summarized stays cached."""

    def __init__(self, model: WritingModel, summarizer: PaperSummarizer, overview: OverviewWriter) -> None:
        self._model = model
        self._summarizer = summarizer
        self._overview = overview

    async def build(
        self, period: DigestPeriod, papers: Sequence[LibraryPaper], listed: int
    ) -> AsyncGenerator[DigestEvent, None]:
        """Summarize ``papers`` in their order, then write the overview; the last event is `DigestFinished`.

        Raises `ModelError` when the model does not answer.
        """
        writer = Writer(self._model.name, self._model.kind)
        yield DigestStarted(period, len(papers), listed, writer)
        entries: list[DigestEntry] = []
        async with aclosing(self._entries(numbered_sources(papers))) as finished:
            async for entry in finished:
                entries.append(entry)
                yield EntryFinished(entry, len(entries), len(papers))
        async with aclosing(self.finish(period, entries, listed)) as events:
            async for event in events:
                yield event

    async def entry(self, source: Source) -> DigestEntry:
        """One paper of a digest. Raises `ModelError`."""
        return DigestEntry(source, await self._summarizer.summarize(source))

    async def finish(
        self, period: DigestPeriod, entries: Sequence[DigestEntry], listed: int
    ) -> AsyncGenerator[OverviewGrew | DigestFinished, None]:
        """Write the overview of entries, which may come in any order. Raises `ModelError`."""
        ordered = sorted(entries, key=lambda entry: entry.source.number)
        overview = []
        async with aclosing(self._overview.write(ordered)) as grown:
            async for event in grown:
                overview.append(event.sentence)
                yield event
        writer = Writer(self._model.name, self._model.kind)
        yield DigestFinished(Digest(period, tuple(overview), tuple(ordered), listed, writer))

    async def _entries(self, sources: Sequence[Source]) -> AsyncGenerator[DigestEntry, None]:
        """Summaries as they come; a hosted model writes several at once, a local one has one context."""
        at_once = _HOSTED_AT_ONCE if self._model.kind is ModelKind.HOSTED else 1
        free = asyncio.Semaphore(at_once)

        async def in_turn(source: Source) -> DigestEntry:
            async with free:
                return await self.entry(source)

        tasks = [asyncio.create_task(in_turn(source)) for source in sources]
        try:
            for finished in asyncio.as_completed(tasks):
                yield await finished
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
