"""`assistant library`: what is kept, whether it is sound, making its indexes anew, and taking papers out."""

import asyncio
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option
from assistant.errors import LibraryMismatch, UsageError
from assistant.text import counted

if TYPE_CHECKING:
    from assistant.library import CheckReport, Library, LibraryStats, Removal, RemovalRequest

_MEGABYTE = 1_000_000
_MOST_SHOWN = 10


@click.group("library", invoke_without_command=True, short_help="Show, check, rebuild, export or remove what is kept.")
@json_option
@common_options
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show what the library holds: papers, listings, days, sizes, embedder."""
    if ctx.invoked_subcommand is None:
        asyncio.run(_show(as_json=as_json))
    elif as_json:
        raise click.UsageError("Put --json behind the subcommand.")


@command.command("check")
@json_option
@common_options
def check(as_json: bool) -> None:
    """Compare the indexes with the database, and the database with itself; changes nothing."""
    asyncio.run(_check(as_json=as_json))


@command.command("rebuild")
@json_option
@common_options
def rebuild(as_json: bool) -> None:
    """Make both indexes anew from papers.db, with the embedder of the configuration."""
    asyncio.run(_rebuild(as_json=as_json))


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@common_options
def export(file: Path, as_json: bool) -> None:
    """Write every paper to FILE as JSON Lines, which `assistant sync` reads back.

    "-" is standard output; a name in .gz is compressed.
    """
    from assistant.services import STANDARD_OUTPUT

    if as_json and str(file) == STANDARD_OUTPUT:
        raise UsageError("Papers and --json cannot both go to standard output.", "Name a file, or leave --json away.")
    asyncio.run(_export(file, as_json=as_json))


@command.command("remove")
@click.argument("papers", nargs=-1, metavar="[ID|LINK|TITLE]…")
@click.option("--day", "days", multiple=True, metavar="YYYY-MM-DD", help="A listing day; may be repeated.")
@click.option("--since", metavar="YYYY-MM-DD", help="Listing days from this one on.")
@click.option("--until", metavar="YYYY-MM-DD", help="Listing days up to this one.")
@click.option("--sample", is_flag=True, help="The papers of the sample feed, which earlier versions put in.")
@click.option(
    "--marked",
    type=click.Choice(["keep", "remove"]),
    help="What becomes of papers with a star or a note of yours; not removed unless you say so.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@common_options
def remove(as_json: bool, **options: Any) -> None:
    """Take papers, listing days or the sample papers out of the library and its indexes.

    PAPERS are ids, links or whole titles. A paper goes with the last of its listing days. Conversations keep what they
    quote; a later sync may bring papers back.
    """
    asyncio.run(_remove(_RemovalOptions(**options), as_json=as_json))


@dataclass(frozen=True, slots=True)
class _RemovalOptions:
    """The options of `remove`."""

    papers: tuple[str, ...]
    days: tuple[str, ...]
    since: str | None
    until: str | None
    sample: bool
    marked: str | None
    yes: bool

    def request(self, library: "Library") -> "RemovalRequest":
        """What is to go. Raises `UsageError` and `NothingFound`."""
        from assistant.periods import parse_day
        from assistant.services import removal_request

        since, until = (parse_day(text) if text else None for text in (self.since, self.until))
        days = tuple(parse_day(text) for text in self.days)
        return removal_request(library, self.papers, days, since, until, sample=self.sample)


async def _remove(options: _RemovalOptions, *, as_json: bool) -> None:
    from assistant.cli.progress import show_progress
    from assistant.concurrency import in_thread
    from assistant.export.json import removed_json
    from assistant.library import MarkedPapers
    from assistant.services import plan_removal, remove_papers

    marked = MarkedPapers(options.marked) if options.marked else None
    async with invocation().container() as container:
        library = container.library
        request = await in_thread(lambda: options.request(library))
        planned = await in_thread(lambda: plan_removal(library, request, marked))
        if not options.yes and not _is_confirmed(planned):
            console.note("Nothing was removed.")
            return
        removed = await show_progress(partial(remove_papers, library, request, marked))
    removal = removed.removal
    if as_json:
        console.write_json(removed_json(removal, removed.index, removed.papers_left))
        return
    console.write(f"{_removal_line(removal)} removed; {counted(removed.papers_left, 'paper')} left")
    if removal.kept:
        console.write(f"{counted(len(removal.kept), 'paper')} with a star or a note kept")
    if removed.index.pending:
        console.note("The dense index waits for its embedder: run `assistant assets pull`.")


def _is_confirmed(removal: "Removal") -> bool:
    """Ask on the terminal. Raises `UsageError` where nobody can answer."""
    if not sys.stdin.isatty():
        raise UsageError(f"{_removal_line(removal)} would be removed.", "Add --yes to remove without being asked.")
    for paper in removal.papers[:_MOST_SHOWN]:
        console.note(f"  {paper.paper_id}  {paper.title}")
    if len(removal.papers) > _MOST_SHOWN:
        console.note(f"  and {len(removal.papers) - _MOST_SHOWN} more")
    for marked in removal.marked:
        console.note(f"  with {marked.what}: {marked.title}")
    return click.confirm(f"Remove {_removal_line(removal)}?", err=True)


def _removal_line(removal: "Removal") -> str:
    parts = [counted(len(removal.papers), "paper")]
    if removal.days:
        parts.append(counted(len(removal.days), "listing day"))
    return " and ".join(parts)


async def _show(*, as_json: bool) -> None:
    from assistant.export.json import library_json

    async with invocation().container() as container:
        stats = container.library.stats()
    if as_json:
        console.write_json(library_json(stats))
        return
    for name, value in _stats_rows(stats):
        console.write(f"{name:<12} {value}")


async def _check(*, as_json: bool) -> None:
    from assistant.concurrency import in_thread
    from assistant.export.json import library_check_json

    async with invocation().container() as container:
        report = await in_thread(container.library.check)
        await in_thread(container.library.check_embedder)
    if as_json:
        console.write_json(library_check_json(report))
    else:
        for line in _check_lines(report):
            console.write(line)
    if not report.clean:
        raise LibraryMismatch("The indexes differ from the database.", "run `assistant library rebuild`")


async def _rebuild(*, as_json: bool) -> None:
    from assistant.cli.progress import show_progress
    from assistant.export.json import rebuild_json

    async with invocation().container() as container:
        report = await show_progress(container.library.rebuild)
        if as_json:
            console.write_json(rebuild_json(report))
            return
        for count in report.counts:
            console.write(f"{count.name}: {count.added} papers indexed")
        if container.embedder.missing:
            console.note("The dense index waits for its embedder: run `assistant assets pull`.")


async def _export(file: Path, *, as_json: bool) -> None:
    from assistant.concurrency import in_thread
    from assistant.export.json import export_json
    from assistant.services import export_papers

    async with invocation().container() as container:
        lines = await in_thread(lambda: export_papers(container.library, file))
    if as_json:
        console.write_json(export_json(file, lines))
    else:
        console.note(f"{lines} lines written")


def _stats_rows(stats: "LibraryStats") -> list[tuple[str, str]]:
    first, last = stats.first_day, stats.last_day
    days = f"{stats.days}, {first} to {last}" if first and last else "0"
    indexes = ", ".join(
        f"{name} {count} papers, {stats.index_bytes.get(name, 0) / _MEGABYTE:.1f} MB"
        for name, count in stats.indexed.items()
    )
    sample = f"{stats.sample_papers}; `assistant library remove --sample` takes them out"
    return [
        ("folder", str(stats.folder)),
        ("papers", f"{stats.papers}" + (f" ({stats.provisional} without an arXiv id)" if stats.provisional else "")),
        ("listings", str(stats.listings)),
        ("days", days),
        ("database", f"{stats.database_bytes / _MEGABYTE:.1f} MB"),
        ("indexes", indexes or "none yet"),
        ("embedder", stats.embedder or "none yet"),
        *([("sample papers", sample)] if stats.sample_papers else []),
    ]


def _check_lines(report: "CheckReport") -> list[str]:
    lines = [f"papers.db: {report.papers} papers" + (", sound" if not report.damages else "")]
    lines.extend(f"  damage: {damage}" for damage in report.damages)
    for index in report.indexes:
        wrong = {"missing": index.missing, "stale": index.stale, "extra": index.extra}
        differences = ", ".join(f"{len(ids)} {name}" for name, ids in wrong.items() if ids)
        lines.append(f"{index.name}: {index.note or differences or f'{index.papers} papers, clean'}")
    return lines
