"""What the digest page does in the background, as messages: loading a period, finding kept texts, writing new ones."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import date

from textual.message import Message

from assistant.errors import AssistantError, NothingFound
from assistant.library import Library
from assistant.models import ModelKind
from assistant.reports.digest import (
    DigestEvent,
    DigestFinished,
    DigestPeriod,
    DigestPlan,
    KeptTexts,
    newest_day,
    period_named,
    recall,
)
from assistant.services import DigestOptions, DigestRun, resolve_request
from assistant.tui.digest.progress import Offer, cost_text
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.session import Session

_NOT_HERE = "Go to another day, or sync to fetch the newest papers."
_NOTHING_FITS = "Widen its words in the configuration, or go to another day or profile."


@dataclass
class PeriodLoaded(Message):
    """The papers of a period are here; ``days`` are all that have papers, with how many."""

    edition: DigestViewModel
    days: Mapping[date, int]


@dataclass
class PeriodEmpty(Message):
    """A period has no papers, or is none: ``period`` is None when ``label`` could not be read."""

    label: str
    period: DigestPeriod | None
    error: AssistantError
    days: Mapping[date, int]


@dataclass
class DigestGrew(Message):
    """Something of the digest is written, or was found in the cache."""

    edition: DigestViewModel
    event: DigestEvent


@dataclass
class KeptFound(Message):
    """What was written before is shown, and who would write the rest."""

    edition: DigestViewModel
    offer: Offer


@dataclass
class WritingFailed(Message):
    """No more comes for now, and why."""

    edition: DigestViewModel
    error: AssistantError


@dataclass
class StarsChanged(Message):
    """These papers of the edition (ids) have a star now, the others none."""

    edition: DigestViewModel
    starred: Collection[str]


async def load_period(session: Session, wanted: str | None, profile: str) -> PeriodLoaded | PeriodEmpty:
    """The papers of a period as the reader names it, in topics; None is the newest day. ``profile`` "" takes all."""
    days: Mapping[date, int] = {}
    period: DigestPeriod | None = None
    try:
        library = await session.library()
        today = session.clock().date()
        days = {day: papers for day, papers in (await asyncio.to_thread(library.days)).items() if day <= today}
        period = await asyncio.to_thread(_period, library, wanted, today)
        with suppress(AssistantError):  # what ails the indexes is said when the model is asked for
            await session.warm()
        request = resolve_request(session.config, DigestOptions(period, profile, new=False))
        run = DigestRun(session.container, request, session.clock())
        criteria = await run.criteria()
        plan = await run.plan(await run.select(criteria))
        missing = criteria.interests.missing if criteria.interests else ()
        return PeriodLoaded(await asyncio.to_thread(_edition, library, plan, missing), days)
    except NothingFound as error:
        listed = period is not None and any(period.first <= day <= period.last for day in days)
        return PeriodEmpty(
            wanted or "No papers", period, NothingFound(error.message, _NOTHING_FITS if listed else _NOT_HERE), days
        )
    except AssistantError as error:
        return PeriodEmpty(wanted or "No papers", period, error, days)


def _period(library: Library, wanted: str | None, today: date) -> DigestPeriod:
    return period_named(wanted, today) if wanted is not None else newest_day(library, today)


def _edition(library: Library, plan: DigestPlan, missing: Sequence[str]) -> DigestViewModel:
    ids = [source.paper.paper_id for source in plan.sources]
    known = library.shown.known(plan.profile or "").intersection(ids)
    return DigestViewModel(plan, _starred(library, ids), set(ids) - known if known else (), missing)


async def find_kept(session: Session, edition: DigestViewModel) -> AsyncGenerator[Message, None]:
    """What was written before; a model that only quotes needs nobody's leave and comes to the digest's end."""
    try:
        choice = session.choice
        model = await session.model()
        builder = session.container.digest_builder(KeptTexts(model))
        whole = False
        async with aclosing(recall(builder, edition.plan)) as events:
            async for event in events:
                whole = isinstance(event, DigestFinished)
                yield DigestGrew(edition, event)
        name = choice.model if choice.model == choice.kind else f"{choice.model} ({choice.kind})"
        priced = model.kind is ModelKind.HOSTED and not whole
        cost = cost_text(await builder.estimate(edition.plan)) if priced else ""
        yield KeptFound(edition, Offer(builder.writer, name, cost))
    except AssistantError as error:
        yield WritingFailed(edition, error)


async def write(session: Session, edition: DigestViewModel) -> AsyncGenerator[Message, None]:
    """The digest by the model; what was written before comes first. Closing stops it."""
    try:
        builder = session.container.digest_builder(await session.model())
        async with aclosing(builder.build(edition.plan)) as events:
            async for event in events:
                yield DigestGrew(edition, event)
    except AssistantError as error:
        yield WritingFailed(edition, error)


async def read_stars(session: Session, edition: DigestViewModel) -> StarsChanged:
    """Which papers of an edition have a star now."""
    library = await session.library()
    return StarsChanged(edition, await asyncio.to_thread(_starred, library, edition.paper_ids))


def _starred(library: Library, paper_ids: Sequence[str]) -> list[str]:
    return [row.paper_id for row in library.browsing.rows_of(list(paper_ids)) if row.starred]


async def change_stars(session: Session, edition: DigestViewModel, paper_ids: Sequence[str]) -> None:
    """Star papers, or take the star away when all of them have one."""
    starred = not edition.starred.issuperset(paper_ids)
    library = await session.library()
    await asyncio.to_thread(library.marks.set_starred, paper_ids, starred)
