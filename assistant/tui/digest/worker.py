"""What the digest page does in the background, as messages: loading a period, cached texts, writing, stars."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.message import Message

from assistant.answering import ModelInfo
from assistant.errors import AssistantError, NothingFound
from assistant.periods import Period
from assistant.reports.digest import (
    DigestEvent,
    DigestFinished,
    DigestPlan,
)
from assistant.services import DigestOptions, DigestRun, digest_period, resolve_request
from assistant.tui.digest.progress import Offer, cost_text
from assistant.tui.digest.view_model import DigestViewModel
from assistant.tui.session import Session

if TYPE_CHECKING:
    from assistant.library import Library

_NOT_HERE = "Go to another day, or sync to fetch the newest papers."
_NOTHING_FITS = "Widen its words in the configuration, or go to another day or profile."


@dataclass
class PeriodLoaded(Message):
    """The papers of a period are here; ``days`` are all that have papers, with how many."""

    view_model: DigestViewModel
    days: Mapping[date, int]


@dataclass
class PeriodEmpty(Message):
    """A period has no papers, or is none: ``period`` is None when ``label`` could not be read."""

    label: str
    period: Period | None
    error: AssistantError
    days: Mapping[date, int]


@dataclass
class DigestGrew(Message):
    """Something of the digest is written, or was found in the cache."""

    view_model: DigestViewModel
    event: DigestEvent


@dataclass
class CachedShown(Message):
    """What was written before is shown, and who would write the rest."""

    view_model: DigestViewModel
    offer: Offer


@dataclass
class WritingFailed(Message):
    """No more comes for now, and why."""

    view_model: DigestViewModel
    error: AssistantError


@dataclass
class StarsChanged(Message):
    """These papers of the digest (ids) have a star now, the others none."""

    view_model: DigestViewModel
    starred: Collection[str]


async def load_period(session: Session, label: str | None, profile: str) -> PeriodLoaded | PeriodEmpty:
    """The papers of a period as the reader names it, in topics; None is the newest day. ``profile`` "" takes all."""
    days: Mapping[date, int] = {}
    period: Period | None = None
    try:
        library = await session.library()
        today = session.clock().date()
        days = {day: papers for day, papers in (await asyncio.to_thread(library.days)).items() if day <= today}
        period = await asyncio.to_thread(digest_period, library, label, today)
        with suppress(AssistantError):  # what ails the indexes is reported when the model is asked for
            await session.warm()
        run = _digest_run(session, period, profile)
        criteria = await run.criteria()
        plan = await run.plan(await run.select(criteria))
        missing = criteria.interests.missing if criteria.interests else ()
        return PeriodLoaded(await asyncio.to_thread(_view_model_of, library, plan, missing), days)
    except NothingFound as error:
        listed = period is not None and any(period.first <= day <= period.last for day in days)
        return PeriodEmpty(
            label or "No papers", period, NothingFound(error.message, _NOTHING_FITS if listed else _NOT_HERE), days
        )
    except AssistantError as error:
        return PeriodEmpty(label or "No papers", period, error, days)


def _view_model_of(library: "Library", plan: DigestPlan, missing: Sequence[str]) -> DigestViewModel:
    ids = [source.paper.paper_id for source in plan.sources]
    seen = library.digest_history.known(plan.profile or "").intersection(ids)
    return DigestViewModel(plan, _starred(library, ids), set(ids) - seen if seen else (), missing)


def _digest_run(session: Session, period: Period, profile: str) -> DigestRun:
    """The steps of the digest of a period; ``profile`` "" takes all papers. Raises `UsageError`."""
    request = resolve_request(session.config, DigestOptions(period, profile, new=False))
    return DigestRun(session.container, request, session.clock())


async def cached_digest(session: Session, view_model: DigestViewModel) -> AsyncGenerator[Message, None]:
    """What was written before; a model that only quotes needs nobody's leave and comes to the digest's end."""
    plan = view_model.plan
    try:
        choice = session.choice
        model = await session.model()
        run = _digest_run(session, plan.period, plan.profile or "")
        whole = False
        async with aclosing(run.cached(plan, model)) as events:
            async for event in events:
                whole = isinstance(event, DigestFinished)
                yield DigestGrew(view_model, event)
        name = choice.model if choice.model == choice.kind else f"{choice.model} ({choice.kind})"
        estimate = None if whole else await run.estimate(plan, model)
        offer = Offer(ModelInfo(model.name, model.kind), name, cost_text(estimate) if estimate else "")
        yield CachedShown(view_model, offer)
    except AssistantError as error:
        yield WritingFailed(view_model, error)


async def write_digest(session: Session, view_model: DigestViewModel) -> AsyncGenerator[Message, None]:
    """The digest by the model; what was written before comes first. Closing stops it."""
    plan = view_model.plan
    try:
        run = _digest_run(session, plan.period, plan.profile or "")
        async with aclosing(run.write(plan, await session.model())) as events:
            async for event in events:
                yield DigestGrew(view_model, event)
    except AssistantError as error:
        yield WritingFailed(view_model, error)


async def read_stars(session: Session, view_model: DigestViewModel) -> StarsChanged:
    """Which papers of a digest have a star now."""
    library = await session.library()
    return StarsChanged(view_model, await asyncio.to_thread(_starred, library, view_model.paper_ids))


def _starred(library: "Library", paper_ids: Sequence[str]) -> list[str]:
    return [row.paper_id for row in library.browsing.rows_of(list(paper_ids)) if row.starred]


async def change_stars(session: Session, view_model: DigestViewModel, paper_ids: Sequence[str]) -> None:
    """Star papers, or take the star away when all of them have one."""
    starred = not view_model.starred.issuperset(paper_ids)
    library = await session.library()
    await asyncio.to_thread(library.marks.set_starred, paper_ids, starred)
