"""The assistant for Python programs: ``from assistant import Assistant``."""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, Unpack

from assistant import telemetry
from assistant.answering import (
    DEFAULT_ASPECTS,
    Answer,
    AnswerEvent,
    Comparison,
    ComparisonFinished,
    Finished,
)
from assistant.config import SettingValue
from assistant.errors import UsageError
from assistant.library import READER_FILTERS, Day, FilterOptions, Filters, StoredPaper, SyncFinished, parse_filters
from assistant.models import ChatModel
from assistant.papers import clean_text
from assistant.periods import FIRST_DAY, parse_period
from assistant.reports.digest import Digest, DigestEvent, DigestFinished
from assistant.retrieval import SearchResult
from assistant.services.configuration import load_configuration
from assistant.services.container import AppContainer
from assistant.services.digests import DigestOptions, DigestRun, resolve_request
from assistant.services.papers import require_paper, search_papers
from assistant.services.setup import require_searchable

Event = TypeVar("Event")
Last = TypeVar("Last")


class Assistant:
    """The papers of a library, and what can be asked of them; an asynchronous context manager.

    Everything returned is a frozen value of the program. What goes wrong is an `assistant.errors.AssistantError` with a
    message and, in ``remedy``, what to do about it. Only `sync_feed` and a hosted model use the network.
    (A program that imports onnxruntime of its own imports this package first, or sets ``ORT_DISABLE_TELEMETRY=1``.)

    Calls may run at the same time; a local model writes one answer after the other.
    """

    def __init__(
        self,
        *,
        library: str | Path | None = None,
        model: str | None = None,
        offline: bool | None = None,
        config: str | Path | None = None,
        settings: Mapping[str, SettingValue] | None = None,
        container: AppContainer | None = None,
    ) -> None:
        """Read the configuration as the command does; what is given here holds in its place.

        Args:
            library: Folder of the library; made when it is not there.
            model: Who writes: "auto", "hosted", "local", "extractive", an asset's name, a GGUF path or a hosted
                model's name.
            offline: Open no socket at all.
            config: A configuration file to read instead of the usual one.
            settings: Any further setting by its dotted key, such as ``{"local.threads": 2}``.
            container: A container that was built already, in place of all this; it is closed with the assistant.

        Raises:
            ConfigError: A setting is unknown or wrong.
        """
        telemetry.warn_if_started()
        self._opening = asyncio.Lock()
        if container is not None:
            self._container = container
            return
        named = {"paths.library": None if library is None else str(library), "model": model, "offline": offline}
        overrides = {key: value for key, value in named.items() if value is not None}
        loaded = load_configuration(Path(config) if config else None, {**(settings or {}), **overrides})
        self._container = AppContainer(loaded, os.environ)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the library and the models that were used."""
        await self._container.aclose()

    @property
    def container(self) -> AppContainer:
        """The parts of the program, for what has no method here."""
        return self._container

    async def sync_files(self, *files: str | Path) -> SyncFinished:
        """Bring papers in from files: saved pages, answers of the feed's API, exports; a folder is read whole.

        Returns:
            What came in (``report``: new, updated and unchanged ids, rejections with their places) and ``index``.

        Raises:
            InputError: A file is missing or of an unknown kind.
            LibraryLocked: Another process is writing.
        """
        from assistant.services.sync import sync_files

        await self._open()
        names = [str(file) for file in files]
        async with aclosing(sync_files(self._container, names, datetime.now(UTC))) as events:
            return await _last(events, SyncFinished)

    async def sync_feed(self, since: Day, until: Day | None = None) -> SyncFinished:
        """Bring papers in from the feed, day by day, ``until`` today; days whose counts have settled are passed over.

        Raises:
            UsageError: A day is none, or the first one is after the last one.
            FeedError: The feed cannot be reached, or the assistant is offline.
            LibraryLocked: Another process is writing.
        """
        from assistant.services.sync import days_of_feed, sync_feed_days

        await self._open()
        now = datetime.now(UTC)
        period = parse_filters({"since": since, "until": until or now.date()})
        days = days_of_feed(period.since or FIRST_DAY, period.until or now.date(), now.date())
        async with aclosing(sync_feed_days(self._container, days, now)) as events:
            return await _last(events, SyncFinished)

    async def search(
        self,
        query: str,
        *,
        limit: int = 10,
        **filters: Unpack[FilterOptions],
    ) -> tuple[SearchResult, ...]:
        """The papers that fit the query best, each with the sentence of its abstract that fits; empty when none does.

        Args:
            query: In words.
            limit: How many papers at most.
            filters: ``since`` and ``until`` (days, both included), ``organizations``, ``min_upvotes``, and ``only``
                these papers, by id or link: see `READER_FILTERS`.

        Raises:
            UsageError: The query is empty, or a day or an id is none.
            NothingFound: The library has no papers yet.
        """
        words, limit = _worded(query, "query"), _counted(limit, "limit")
        parsed = _filters(filters)
        await self._searchable()
        return await search_papers(self._container, words, parsed, limit)

    async def read(self, paper: str) -> StoredPaper:
        """The paper that an arXiv id, a link or a title means, with its abstract.

        Raises:
            NothingFound: The library has no such paper.
        """
        await self._open()
        return await asyncio.to_thread(require_paper, self._container.library, paper)

    async def ask(
        self,
        question: str,
        *,
        papers: int | None = None,
        **filters: Unpack[FilterOptions],
    ) -> Answer:
        """Answer a question from the papers; every sentence is held against the paper that it cites.

        When the papers do not tell, the answer has a ``refusal``, which names those that come closest. Days,
        organizations and upvotes that the question names narrow the search beside the filters given.

        Args:
            question: In words.
            papers: How many papers the model is given.
            filters: As for `search`.

        Raises:
            UsageError: The question is empty, or a day or an id is none.
            NothingFound: No paper fits the filters, or the library has none.
            ModelError: The model is missing or fails.
        """
        parsed = _filters(filters)
        async with aclosing(self.stream(question, filters=parsed, papers=papers)) as events:
            return (await _last(events, Finished)).answer

    async def stream(
        self, question: str, *, filters: Filters | None = None, papers: int | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """`ask` as it happens: what was found, the text as it is written, each sentence with its verdict.

        The last event is `Finished`. Close the generator (``contextlib.aclosing``) to stop the model at once.
        """
        words, papers = _worded(question, "question"), papers if papers is None else _counted(papers, "papers")
        await self._searchable()
        answerer = self._container.answerer(await self._model())
        async with aclosing(answerer.ask(words, filters or Filters(), papers)) as events:
            async for event in events:
                yield event

    async def summarize(self, *papers: str) -> Answer:
        """Summarize papers together, each named by its id, its link or its title.

        Raises:
            UsageError: No paper is named.
            NothingFound: The library has no such paper.
            ModelError: The model is missing or fails.
        """
        stored = await self._named(papers, at_least=1)
        answerer = self._container.answerer(await self._model())
        async with aclosing(answerer.summarize(stored)) as events:
            return (await _last(events, Finished)).answer

    async def compare(self, papers: Sequence[str], *, aspects: Sequence[str] = DEFAULT_ASPECTS) -> Comparison:
        """Papers side by side: one row an aspect, every cell with its evidence, or empty.

        Raises:
            UsageError: Less than two papers are named, or no aspect.
            NothingFound: The library has no such paper.
            ModelError: The model is missing or fails.
        """
        if not aspects:
            raise UsageError("There is no aspect to compare.", 'Name some, such as aspects=["method", "results"].')
        stored = await self._named(papers, at_least=2)
        from assistant.services.reports import compare_papers

        comparing = compare_papers(self._container, await self._model(), stored, aspects)
        async with aclosing(comparing) as events:
            return (await _last(events, ComparisonFinished)).comparison

    async def digest(self, period: str | None = None, *, profile: str | None = None, top: int | None = None) -> Digest:
        """The digest of a day, a week or a month of the library, by topic.

        Args:
            period: 2026-08-21, 2026-W34 or 2026-08; without it the newest day that has papers.
            profile: A profile of the configuration, whose papers say why they are shown; without it that of
                ``digest.profile``, and "" for none.
            top: Only the first so many papers.

        Raises:
            UsageError: The period or the profile is none.
            NothingFound: The period has no papers.
            ModelError: The model is missing or fails.
        """
        async with aclosing(self.stream_digest(period, profile=profile, top=top)) as events:
            return (await _last(events, DigestFinished)).digest

    async def stream_digest(
        self, period: str | None = None, *, profile: str | None = None, top: int | None = None
    ) -> AsyncGenerator[DigestEvent, None]:
        """`digest` as it is made: the plan, summaries and topics as they are written, `DigestFinished` at the end."""
        await self._open()
        now = datetime.now(UTC)
        days = parse_period(period, now.date()) if period else None
        options = DigestOptions(days, profile, new=False, top=top if top is None else _counted(top, "top"))
        run = DigestRun(self._container, resolve_request(self._container.config, options), now)
        plan = await run.plan(await run.select(await run.criteria()))
        async with aclosing(run.write(plan, await self._model())) as events:
            async for event in events:
                yield event

    async def _open(self) -> None:
        """Open the library, once; it blocks while an older one is brought forward."""
        async with self._opening:
            await asyncio.to_thread(lambda: self._container.library)

    async def _searchable(self) -> None:
        await self._open()
        await asyncio.to_thread(require_searchable, self._container)

    async def _model(self) -> ChatModel:
        return await asyncio.to_thread(self._container.model)

    async def _named(self, names: Sequence[str], at_least: int) -> list[StoredPaper]:
        """The papers that the names mean, in order, each once."""
        papers = {paper.paper_id: paper for paper in [await self.read(name) for name in names]}
        if len(papers) < at_least:
            fewest = "one paper" if at_least == 1 else f"{at_least} different papers"
            raise UsageError(f"This needs {fewest} or more.", "Name papers by id, link or title.")
        return list(papers.values())


def _worded(text: str, what: str) -> str:
    """The text in one line, safe to print; raises `UsageError` when nothing is left of it."""
    cleaned = clean_text(text)
    if not cleaned:
        raise UsageError(f"The {what} is empty.", "Say in words what to look for.")
    return cleaned


def _counted(number: int, what: str) -> int:
    if number < 1:
        raise UsageError(f"{what} is {number}.", "Give 1 or more.")
    return number


async def _last(events: AsyncGenerator[Event, None], kind: type[Last]) -> Last:
    """The event of this kind, with which a stream ends."""
    last: Last | None = None
    async for event in events:
        if isinstance(event, kind):
            last = event
    assert last is not None  # noqa: S101  # the last event of every stream
    return last


def _filters(options: FilterOptions) -> Filters:
    """The filters that keyword arguments mean. Raises `TypeError` for one that there is not, as Python does."""
    unknown = options.keys() - {each.name for each in READER_FILTERS}
    if unknown:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    return parse_filters(options)
