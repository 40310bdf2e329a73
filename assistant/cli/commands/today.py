"""`assistant today`: the digest of the newest day, of another period, or of what is new since last time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from assistant.cli import console
from assistant.cli.digest_output import Deliveries, deliver, require_deliverable
from assistant.cli.options import Invocation, common_options, invocation, model_option, sample_option
from assistant.concurrency import in_thread
from assistant.errors import AssistantError, DeliveredInPart, FeedError, LibraryLocked, NothingFound, NothingNew
from assistant.library import SyncEvent
from assistant.models import ChatModel, ModelKind
from assistant.reports.digest import (
    Digest,
    DigestFinished,
    DigestPlan,
    DigestStarted,
    EntryFinished,
    Order,
    PeriodPapers,
    TopicFinished,
    nothing_new,
    period_of,
    remember,
)
from assistant.services import (
    AppContainer,
    DigestOptions,
    DigestRequest,
    RefreshNote,
    days_of_request,
    resolve_request,
    select_papers,
    selection_criteria,
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asked for."""

    date: str | None
    week: str | None
    month: str | None
    profile: str | None
    new: bool | None
    top: int | None
    by: str | None
    model: str | None
    output: str
    out: tuple[Path, ...]
    atom: Path | None
    mail: bool
    dry_run: Path | None

    def wish(self, now: datetime) -> DigestOptions:
        """Which papers are asked for."""
        period = period_of(self.date, self.week, self.month, now.date())
        return DigestOptions(period, self.profile, self.new, Order(self.by) if self.by else None, self.top)

    @property
    def deliveries(self) -> Deliveries:
        """Where the digest goes."""
        return Deliveries(self.out, self.atom, self.mail, self.dry_run)


@click.command("today", short_help="The digest of the newest day, of a period, or of what is new.")
@click.option("--date", metavar="YYYY-MM-DD", help="The digest of this day.")
@click.option("--week", metavar="YYYY-Www", help="The digest of an ISO week, such as 2026-W34.")
@click.option("--month", metavar="YYYY-MM", help="The digest of a month.")
@click.option("--profile", metavar="NAME", help="Only what fits this profile of the configuration; '' for none.")
@click.option(
    "--new/--again", default=None, help="Only what was not shown before, or all of it; `digest.new` says which."
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the first N papers.")
@click.option("--by", type=click.Choice([order.value for order in Order]), help="Order of the papers.")
@click.option(
    "--out",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE, in the form of its suffix: .md .html .pdf .json .txt .bib .ris. May be repeated.",
)
@click.option(
    "--atom", type=click.Path(path_type=Path), metavar="FOLDER", help="Add to the profile's Atom feed in FOLDER."
)
@click.option("--mail", is_flag=True, help="Send as e-mail, as [mail] in the configuration says.")
@click.option(
    "--dry-run", type=click.Path(path_type=Path), metavar="FILE", help="With --mail: write the mail to FILE, send none."
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["plain", "markdown", "json"]),
    default="plain",
    show_default=True,
    help="Form of the digest when it is printed.",
)
@click.option("--json", "output", flag_value="json", help="The same as --format json.")
@model_option
@sample_option
@common_options
def command(**wanted: Any) -> None:
    """Summarize a day of papers by topic: what each topic has, then every paper in one or two cited sentences.

    Without a period it syncs the last days and takes the newest day that has papers; with --new it takes all that was
    not shown before, and ends with exit code 8 when there is nothing. Summaries are kept: the second run costs no
    model time. With --out, --atom or --mail nothing is printed but where the digest went. Where the library has no
    papers and the feed cannot be reached, the sample papers are shown, which have a library of their own.
    """
    asked = _Wanted(**wanted)
    if sum(choice is not None for choice in (asked.date, asked.week, asked.month)) > 1:
        raise click.UsageError("Give one of --date, --week and --month.")
    asyncio.run(_today(invocation(), asked))


async def _today(called: Invocation, wanted: _Wanted) -> None:
    now = _now()
    async with called.container() as container:
        request = resolve_request(container.config, wanted.wish(now))
        require_deliverable(wanted.deliveries, container)
        with _alone(container, request, wanted.deliveries):
            failure = await _refresh(container, request, now)
            chosen = await _choose(container, request, now, failure)
            if not chosen.papers:
                reason = _reason(request, nothing_new(chosen), failure)
                if isinstance(reason, NothingNew) and wanted.deliveries.mail_file is None:
                    await in_thread(partial(remember, container.library, chosen, now))
                raise reason
            digest = await _build(container, chosen, wanted.model)
            if not wanted.deliveries.named:
                _print(digest, wanted.output)
            await in_thread(partial(_deliver, container, digest, chosen, wanted.deliveries, now))


def _now() -> datetime:
    """The present moment; days are counted in UTC, wherever the machine is."""
    return datetime.now(UTC)


def _alone(container: AppContainer, request: DigestRequest, deliveries: Deliveries) -> AbstractContextManager[None]:
    """Keep another run of the profile out, unless this one only prints what it is asked for. Raises `LibraryLocked`."""
    if request.new or deliveries.named:
        return container.library.shown.delivering(request.profile_name)
    return nullcontext()


async def _refresh(container: AppContainer, request: DigestRequest, now: datetime) -> AssistantError | None:
    """Have the newest papers, or the sample where there are none; what hindered it is told, and returned."""
    from assistant.cli.progress import show_sync
    from assistant.services import refresh, short_patience, show_sample_instead

    if container.shows_sample:
        return None
    failure: AssistantError | None = None
    if not container.config.offline:
        days = await in_thread(partial(days_of_request, container, request, now))
        heard: list[RefreshNote] = []
        async with short_patience(container.config.feeds.timeout_seconds, container.environment) as http:
            events = refresh(container.library, container.huggingface(http), days, now)
            await show_sync(_overheard(events, heard), quiet=True)
        failure = next((note.error for note in heard if note.error), None)
    # Nobody is to get the sample for news.
    if not request.new and await in_thread(partial(show_sample_instead, container, failure, request.period)):
        console.note(
            "The library has no papers yet: this is the sample that ships with the program, kept apart from it."
        )
        console.note("`assistant sync` brings papers; `--sample` lets other commands read the sample too.")
    return failure


async def _overheard(
    events: AsyncGenerator[SyncEvent | RefreshNote, None], notes: list[RefreshNote]
) -> AsyncGenerator[SyncEvent | RefreshNote, None]:
    """The events as they are; notes among them are kept."""
    async with aclosing(events) as stream:
        async for event in stream:
            if isinstance(event, RefreshNote):
                notes.append(event)
            yield event


async def _choose(
    container: AppContainer, request: DigestRequest, now: datetime, failure: AssistantError | None
) -> PeriodPapers:
    """The papers of the digest; with ``new`` there may be none.

    Raises `NothingFound`, or what hindered the sync: then nobody knows what is new.
    """
    choice = await in_thread(partial(selection_criteria, container, request, now))
    for remark in choice.interests.remarks if choice.interests else ():
        console.note(remark)
    try:
        return await in_thread(partial(select_papers, container, request, choice, now))
    except NothingFound as nothing:
        raise _reason(request, nothing, failure) from nothing


def _reason(request: DigestRequest, nothing: NothingFound, failure: AssistantError | None) -> AssistantError:
    """Why there is no digest: after a sync that failed nobody knows what is new."""
    if failure is None or not request.new:
        return nothing
    if isinstance(failure, LibraryLocked):
        return failure
    return FeedError(f"{nothing.message} But the feed could not be read: {failure.message}", failure.remedy)


async def _build(container: AppContainer, chosen: PeriodPapers, model_name: str | None) -> Digest:
    """Write the digest. Raises `ModelError`, also when it would cost more than is allowed."""
    plan = await container.digest_planner().plan(chosen)
    model = container.model(model_name)
    await _tell_cost(container, plan, model)
    builder = container.digest_builder(model)
    digest: Digest | None = None
    with console.progress_bars() as bars:
        task = bars.add_task("summaries", total=len(plan.sources))
        async with aclosing(builder.build(plan)) as events:
            async for event in events:
                match event:
                    case DigestStarted():
                        bars.update(task, description=f"summaries by {event.writer.name}")
                    case EntryFinished():
                        bars.update(task, completed=event.done)
                    case TopicFinished():
                        bars.update(task, description="topics", completed=event.done, total=event.topics)
                    case DigestFinished():
                        digest = event.digest
    assert digest is not None  # noqa: S101  # the builder's last event
    return digest


async def _tell_cost(container: AppContainer, plan: DigestPlan, model: ChatModel) -> None:
    """Say what a hosted model will cost, before it writes."""
    if model.kind is ModelKind.HOSTED:
        estimate = await container.digest_builder(model).estimate(plan)
        if estimate.texts:
            console.note(f"{model.name}: {estimate.text}")


def _deliver(container: AppContainer, digest: Digest, chosen: PeriodPapers, wanted: Deliveries, now: datetime) -> None:
    """Deliver and remember: in one piece, so that nothing comes between a mail and the memory of it. Blocking.

    A dry run delivers nothing. A mail that some receivers refused has reached the others, who are not to get it again.
    """
    try:
        deliver(digest, wanted, container, now, console.note)
    except DeliveredInPart:
        remember(container.library, chosen, now)
        raise
    if wanted.mail_file is None:
        remember(container.library, chosen, now)


def _print(digest: Digest, form: str) -> None:
    from assistant.cli.render.digest import digest_plain
    from assistant.export.json import digest_json
    from assistant.export.markdown import digest_markdown

    if form == "json":
        console.write_json(digest_json(digest))
    else:
        console.write(digest_markdown(digest) if form == "markdown" else digest_plain(digest))
