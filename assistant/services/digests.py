"""One digest from its request to what is remembered of it: the steps that front ends share."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from assistant.concurrency import in_thread
from assistant.config import Config, Profile, profile_named
from assistant.errors import (
    AssistantError,
    DeliveredInPart,
    FeedError,
    LibraryLocked,
    NothingFound,
    NothingNew,
    UsageError,
)
from assistant.library import Library, SyncEvent
from assistant.models import ChatModel, ModelKind
from assistant.periods import Period, parse_period
from assistant.reports.digest import (
    CostEstimate,
    DigestEvent,
    DigestPlan,
    KeptTexts,
    Order,
    PeriodPapers,
    SelectionCriteria,
    first_missed_day,
    interests_of,
    new_papers,
    newest_day,
    nothing_new,
    period_papers,
    recall,
    remember,
)
from assistant.services.container import AppContainer
from assistant.services.sync import (
    RefreshNote,
    days_to_refresh,
    refresh_library,
    show_sample_instead,
)


@dataclass(frozen=True, slots=True)
class DigestOptions:
    """What a reader asks for; None leaves it to the configuration.

    ``period`` None is the newest day, or with ``new`` everything since last time. ``profile`` "" is no profile.
    """

    period: Period | None = None
    profile: str | None = None
    new: bool | None = None
    order: Order | None = None
    top: int | None = None


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """Options with everything filled in; ``order`` None is that of the profile's scores."""

    period: Period | None
    profile: Profile | None
    new: bool
    order: Order | None
    top: int
    catch_up_days: int

    @property
    def profile_name(self) -> str:
        """The name of the profile; empty without one."""
        return self.profile.name if self.profile else ""


@dataclass(frozen=True, slots=True)
class SampleShown:
    """The library has no papers and none can be fetched: the sample is read from now on."""


class DigestRun:
    """One digest: its steps, in the order of the methods; a front end takes those that it has a use for.

    A ``rehearsal`` writes what it would deliver, and nothing is remembered of it.
    """

    def __init__(
        self, container: AppContainer, request: DigestRequest, now: datetime, *, rehearsal: bool = False
    ) -> None:
        self.request = request
        self._container = container
        self._now = now
        self._rehearsal = rehearsal
        self._refresh_failure: AssistantError | None = None

    def exclusively(self) -> AbstractContextManager[None]:
        """Keep another run that delivers to the profile out. Raises `LibraryLocked`."""
        return self._container.library.digest_history.delivering(self.request.profile_name)

    @property
    def asks_feed(self) -> bool:
        """Whether `refresh` asks the feed, which takes time."""
        return not self._container.shows_sample and not self._container.config.offline

    async def refresh(self) -> AsyncGenerator[SyncEvent | RefreshNote | SampleShown, None]:
        """Fetch the newest papers, or show the sample where there are none; a `RefreshNote` says what hindered it."""
        container, request = self._container, self.request
        if container.shows_sample:
            return
        if self.asks_feed:
            days = await in_thread(self._days_to_refresh)
            async with aclosing(refresh_library(container, days, self._now)) as events:
                async for event in events:
                    if isinstance(event, RefreshNote):
                        self._refresh_failure = self._refresh_failure or event.error
                    yield event
        # Nobody is to get the sample for news.
        sample = partial(show_sample_instead, container, self._refresh_failure, request.period)
        if not request.new and await in_thread(sample):
            yield SampleShown()

    async def criteria(self) -> SelectionCriteria:
        """How the papers are selected; its interests say which examples are missing."""
        return await in_thread(self._criteria)

    async def select(self, criteria: SelectionCriteria) -> PeriodPapers:
        """The papers.

        Raises `NothingFound`, as `NothingNew` where no paper is new, which is remembered; or what hindered the
        refresh: then nobody knows what is new.
        """
        try:
            papers = await in_thread(partial(self._select, criteria))
        except NothingFound as nothing:
            raise self._reason(nothing) from nothing
        if not papers.papers:
            reason = self._reason(nothing_new(papers))
            if isinstance(reason, NothingNew) and not self._rehearsal:
                await in_thread(partial(remember, self._container.library, papers, self._now))
            raise reason
        return papers

    async def plan(self, papers: PeriodPapers) -> DigestPlan:
        """The papers by topic."""
        planner = await asyncio.to_thread(self._container.digest_planner)
        return await planner.plan(papers)

    def cached(self, plan: DigestPlan, model: ChatModel) -> AsyncGenerator[DigestEvent, None]:
        """The part of the digest that the model wrote before; it is not asked, so nothing is spent.

        `DigestFinished` ends it when nothing is missing; of an extractive model nothing ever is.
        """
        return recall(self._container.digest_builder(KeptTexts(model)), plan)

    async def estimate(self, plan: DigestPlan, model: ChatModel) -> CostEstimate | None:
        """The most that a hosted model, unasked, is still to write; None for others and where all is written."""
        if model.kind is not ModelKind.HOSTED:
            return None
        estimate = await self._container.digest_builder(KeptTexts(model)).estimate(plan)
        return estimate if estimate.texts else None

    def write(self, plan: DigestPlan, model: ChatModel) -> AsyncGenerator[DigestEvent, None]:
        """Write the digest; `DigestFinished` ends it. Raises `ModelError`, also for more than it may cost."""
        return self._container.digest_builder(model).build(plan)

    async def deliver(self, papers: PeriodPapers, send: Callable[[], None]) -> None:
        """Deliver by ``send``, which may block, and remember: nothing comes between a mail and the memory of it.

        A mail that some receivers refused has reached the others, who are not to get it again.
        """
        await in_thread(partial(self._deliver, papers, send))

    def _days_to_refresh(self) -> tuple[date, ...]:
        """The days that the feed is asked for, newest first; with ``new`` also days that were missed."""
        library, request, today = self._container.library, self.request, self._now.date()
        missed = first_missed_day(library, request.profile_name, today, request.catch_up_days) if request.new else None
        minutes = self._container.config.feeds.refresh_minutes
        return days_to_refresh(library, request.period, self._now, minutes, missed)

    def _criteria(self) -> SelectionCriteria:
        request = self.request
        if request.profile is None:
            return SelectionCriteria(request.order, request.top)
        until = request.period.last if request.period else self._now.date()
        interests = interests_of(self._container.library, request.profile, until)
        return SelectionCriteria(request.order, request.top, interests, self._container.vectors.of)

    def _select(self, criteria: SelectionCriteria) -> PeriodPapers:
        """The papers; ``new`` may find none, see `nothing_new`. Raises `NothingFound`."""
        library, request, today = self._container.library, self.request, self._now.date()
        if request.new:
            return new_papers(library, criteria, today, request.catch_up_days)
        return period_papers(library, request.period or newest_day(library, today), criteria, self._now)

    def _deliver(self, papers: PeriodPapers, send: Callable[[], None]) -> None:
        try:
            send()
        except DeliveredInPart:
            remember(self._container.library, papers, self._now)
            raise
        if not self._rehearsal:
            remember(self._container.library, papers, self._now)

    def _reason(self, nothing: NothingFound) -> AssistantError:
        """Why there is no digest: after a refresh that failed nobody knows what is new."""
        failure = self._refresh_failure
        if failure is None or not self.request.new:
            return nothing
        if isinstance(failure, LibraryLocked):
            return failure
        return FeedError(f"{nothing.message} But the feed could not be read: {failure.message}", failure.remedy)


def resolve_request(config: Config, options: DigestOptions) -> DigestRequest:
    """The options, filled in from the configuration. Raises `UsageError` for a profile that there is not."""
    settings = config.digest
    if options.new and options.period:
        raise UsageError(
            f"What is new has no period of its own: --new and {options.period.label} do not go together.",
            "Leave one of them away.",
        )
    name = settings.profile if options.profile is None else options.profile
    profile = profile_named(config.profiles, name) if name else None
    return DigestRequest(
        options.period,
        profile,
        (settings.new if options.new is None else options.new) and options.period is None,
        options.order or (None if profile else Order(settings.by)),
        options.top or (profile.top if profile else 0) or settings.top,
        settings.catch_up_days,
    )


def digest_period(library: Library, label: str | None, today: date) -> Period:
    """The period that a reader names, or the newest day. Blocking. Raises `UsageError` and `NothingFound`."""
    return parse_period(label, today) if label is not None else newest_day(library, today)
