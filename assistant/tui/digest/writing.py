"""What the digest page does in the background, as messages: loading a period, finding kept texts, writing new ones."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date

from textual.message import Message

from assistant.answering.answer import Writer
from assistant.digest.digest import DigestEvent, DigestPeriod
from assistant.digest.kept import KeptTexts, recall
from assistant.digest.selection import Order, newest_day, papers_of_period, period_named
from assistant.errors import AssistantError, NothingFound
from assistant.library.library import Library
from assistant.library.values import LibraryPaper
from assistant.tui.digest.edition import Edition
from assistant.tui.session import Session

_NOT_HERE = "Go to another day, or sync to fetch the newest papers."


@dataclass
class PeriodLoaded(Message):
    """The papers of a period are here; ``days`` are all that have papers, with how many."""

    edition: Edition
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

    edition: Edition
    event: DigestEvent


@dataclass
class KeptFound(Message):
    """What was written before is shown; ``offer`` names the model that would write the rest."""

    edition: Edition
    writer: Writer
    offer: str


@dataclass
class WritingFailed(Message):
    """No more comes for now, and why."""

    edition: Edition
    error: AssistantError


@dataclass
class StarsChanged(Message):
    """These papers of the edition (ids) have a star now, the others none."""

    edition: Edition
    starred: Collection[str]


async def load_period(session: Session, wanted: str | None) -> PeriodLoaded | PeriodEmpty:
    """The papers of a period as the reader names it; None is the newest day."""
    days: Mapping[date, int] = {}
    period: DigestPeriod | None = None
    try:
        library = await session.library()
        today = session.clock().date()
        days = {day: papers for day, papers in (await asyncio.to_thread(library.days)).items() if day <= today}
        period = await asyncio.to_thread(_period, library, wanted, today)
        return PeriodLoaded(await asyncio.to_thread(_edition, session, library, period), days)
    except NothingFound as error:
        return PeriodEmpty(wanted or "No papers", period, NothingFound(error.message, _NOT_HERE), days)
    except AssistantError as error:
        return PeriodEmpty(wanted or "No papers", period, error, days)


def _period(library: Library, wanted: str | None, today: date) -> DigestPeriod:
    return period_named(wanted, today) if wanted is not None else newest_day(library, today)


def _edition(session: Session, library: Library, period: DigestPeriod) -> Edition:
    settings = session.config.digest
    chosen = papers_of_period(library, period, Order(settings.by), settings.top, session.clock())
    return Edition(chosen, _starred(library, chosen.papers))


async def find_kept(session: Session, edition: Edition) -> AsyncGenerator[Message, None]:
    """What was written before; a model that only quotes needs nobody's leave and comes to the digest's end."""
    try:
        choice = session.choice
        model = await session.model()
        builder = session.workspace.digest_builder(KeptTexts(model))
        async with aclosing(recall(builder, edition.period, edition.papers, edition.listed)) as events:
            async for event in events:
                yield DigestGrew(edition, event)
        offer = choice.model if choice.model == choice.kind else f"{choice.model} ({choice.kind})"
        yield KeptFound(edition, Writer(model.name, model.kind), offer)
    except AssistantError as error:
        yield WritingFailed(edition, error)


async def write(session: Session, edition: Edition) -> AsyncGenerator[Message, None]:
    """The digest by the model; what was written before comes first. Closing stops it."""
    try:
        builder = session.workspace.digest_builder(await session.model())
        async with aclosing(builder.build(edition.period, edition.papers, edition.listed)) as events:
            async for event in events:
                yield DigestGrew(edition, event)
    except AssistantError as error:
        yield WritingFailed(edition, error)


async def read_stars(session: Session, edition: Edition) -> StarsChanged:
    """Which papers of an edition have a star now."""
    library = await session.library()
    return StarsChanged(edition, await asyncio.to_thread(_starred, library, edition.papers))


def _starred(library: Library, papers: Sequence[LibraryPaper]) -> list[str]:
    rows = library.browsing.rows_of([paper.paper.paper_id for paper in papers])
    return [row.paper_id for row in rows if row.starred]


async def change_stars(session: Session, edition: Edition, paper_ids: Sequence[str]) -> None:
    """Star papers, or take the star away when all of them have one."""
    starred = not edition.starred.issuperset(paper_ids)
    library = await session.library()
    await asyncio.to_thread(library.marks.set_starred, paper_ids, starred)
