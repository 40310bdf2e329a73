"""`assistant today`: the digest of the newest day, of another period, or of what is new since last time."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from assistant.cli import console
from assistant.cli.options import Invocation, common_options, invocation, model_option, sample_option
from assistant.export import Exportable, suffixes_of
from assistant.library import SyncEvent
from assistant.models import ChatModel
from assistant.reports.digest import (
    Digest,
    DigestFinished,
    DigestStarted,
    EntryFinished,
    Order,
    PeriodPapers,
    TopicFinished,
    period_of,
)
from assistant.services import (
    Deliveries,
    DigestOptions,
    DigestRun,
    RefreshNote,
    SampleShown,
    deliver,
    require_deliverable,
    resolve_request,
)


@dataclass(frozen=True, slots=True)
class _Options:
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

    def digest_options(self, now: datetime) -> DigestOptions:
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
    help=f"Write to FILE, in the form of its suffix: {' '.join(suffixes_of(Exportable.DIGEST))}. May be repeated.",
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
def command(**parameters: Any) -> None:
    """Summarize a day of papers by topic: what each topic has, then every paper in one or two cited sentences.

    Without a period it syncs the last days and takes the newest day that has papers; with --new it takes all that was
    not shown before, and ends with exit code 8 when there is nothing. Summaries are kept: the second run costs no
    model time. With --out, --atom or --mail nothing is printed but where the digest went. Where the library has no
    papers and the feed cannot be reached, the sample papers are shown, which have a library of their own.
    """
    options = _Options(**parameters)
    if sum(choice is not None for choice in (options.date, options.week, options.month)) > 1:
        raise click.UsageError("Give one of --date, --week and --month.")
    asyncio.run(_today(invocation(), options))


async def _today(called: Invocation, options: _Options) -> None:
    now = _now()
    async with called.container() as container:
        request = resolve_request(container.config, options.digest_options(now))
        require_deliverable(options.deliveries, container)
        run = DigestRun(container, request, now, rehearsal=options.dry_run is not None)
        # A run that only prints what it is asked for hinders no other one.
        delivers = request.new or options.deliveries.named
        with run.exclusively() if delivers else nullcontext():
            await _show_refresh(run)
            papers = await _select(run)
            digest = await _write(run, papers, partial(container.model, options.model))
            if not options.deliveries.named:
                _print(digest, options.output)
            await run.deliver(papers, partial(deliver, digest, options.deliveries, container, now, console.note))


def _now() -> datetime:
    """The present moment; days are counted in UTC, wherever the machine is."""
    return datetime.now(UTC)


async def _show_refresh(run: DigestRun) -> None:
    from assistant.cli.progress import show_sync

    sample: list[SampleShown] = []
    events = _without_sample(run.refresh(), sample)
    if run.asks_feed:
        await show_sync(events, quiet=True)
    else:
        async for _ in events:
            pass
    if sample:
        console.note(
            "The library has no papers yet: this is the sample that ships with the program, kept apart from it."
        )
        console.note("`assistant sync` brings papers; `--sample` lets other commands read the sample too.")


async def _without_sample(
    events: AsyncGenerator[SyncEvent | RefreshNote | SampleShown, None], sample: list[SampleShown]
) -> AsyncGenerator[SyncEvent | RefreshNote, None]:
    """The events of the sync alone; that the sample is shown is kept for when the progress bars are gone."""
    async with aclosing(events) as stream:
        async for event in stream:
            if isinstance(event, SampleShown):
                sample.append(event)
            else:
                yield event


async def _select(run: DigestRun) -> PeriodPapers:
    criteria = await run.criteria()
    for remark in criteria.interests.remarks if criteria.interests else ():
        console.note(remark)
    return await run.select(criteria)


async def _write(run: DigestRun, papers: PeriodPapers, choose_model: Callable[[], ChatModel]) -> Digest:
    """Write the digest, with what a hosted model will cost said before, and progress."""
    plan = await run.plan(papers)
    model = choose_model()
    if estimate := await run.estimate(plan, model):
        console.note(f"{model.name}: {estimate.text}")
    digest: Digest | None = None
    with console.progress_bars() as bars:
        task = bars.add_task("summaries", total=len(plan.sources))
        async with aclosing(run.write(plan, model)) as events:
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


def _print(digest: Digest, form: str) -> None:
    from assistant.cli.render.document import digest_plain
    from assistant.export.json import digest_json
    from assistant.export.markdown import digest_markdown

    if form == "json":
        console.write_json(digest_json(digest))
    else:
        console.write(digest_markdown(digest) if form == "markdown" else digest_plain(digest))
