"""`assistant library`: what is kept, whether it is sound, and making its indexes anew."""

import asyncio
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option
from assistant.errors import LibraryMismatch, UsageError

if TYPE_CHECKING:
    from assistant.library.values import CheckReport, LibraryStats
    from assistant.papers import Listing, Paper

_MEGABYTE = 1_000_000
_STANDARD_OUTPUT = "-"


@click.group("library", invoke_without_command=True, short_help="Show, check, rebuild or export what is kept.")
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
    """Compare the indexes with the truth, and the truth with itself; changes nothing."""
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
    if as_json and str(file) == _STANDARD_OUTPUT:
        raise UsageError("Papers and --json cannot both go to standard output.", "Name a file, or leave --json away.")
    asyncio.run(_export(file, as_json=as_json))


async def _show(*, as_json: bool) -> None:
    from assistant.published.library import library_json

    async with invocation().workspace() as workspace:
        stats = workspace.library.stats()
    if as_json:
        console.write_json(library_json(stats))
        return
    for name, value in _stats_rows(stats):
        console.write(f"{name:<12} {value}")


async def _check(*, as_json: bool) -> None:
    from assistant.library.background import in_thread
    from assistant.published.library import library_check_json

    async with invocation().workspace() as workspace:
        report = await in_thread(workspace.library.check)
        await in_thread(workspace.library.check_embedder)
    if as_json:
        console.write_json(library_check_json(report))
    else:
        for line in _check_lines(report):
            console.write(line)
    if not report.clean:
        raise LibraryMismatch("The indexes differ from the truth.", "run `assistant library rebuild`")


async def _rebuild(*, as_json: bool) -> None:
    from assistant.cli.progress import show_indexing
    from assistant.published.library import rebuild_json

    async with invocation().workspace() as workspace:
        report = await show_indexing(workspace.library.rebuild)
        if as_json:
            console.write_json(rebuild_json(report))
            return
        for count in report.counts:
            console.write(f"{count.name}: {count.added} papers indexed")
        if workspace.embedder.missing:
            console.note("The dense index waits for its embedder: run `assistant assets pull`.")


async def _export(file: Path, *, as_json: bool) -> None:
    from assistant.library.background import in_thread
    from assistant.published.library import export_json

    async with invocation().workspace() as workspace:
        lines = await in_thread(lambda: _write(file, workspace.library.export()))
    if as_json:
        console.write_json(export_json(file, lines))
    else:
        console.note(f"{lines} lines written")


def _write(file: Path, papers: "Iterator[tuple[Paper, Listing | None]]") -> int:
    """Write the papers and return the number of lines. Raises `DeliveryError`."""
    from assistant.delivery.saving import replacing
    from assistant.feeds.export import write_export

    if str(file) == _STANDARD_OUTPUT:
        return write_export(sys.stdout.buffer, papers)
    with replacing(file) as stream:
        if file.suffix != ".gz":
            return write_export(stream, papers)
        with gzip.GzipFile(fileobj=stream, mode="wb") as packed:
            return write_export(packed, papers)


def _stats_rows(stats: "LibraryStats") -> list[tuple[str, str]]:
    first, last = stats.first_day, stats.last_day
    days = f"{stats.days}, {first} to {last}" if first and last else "0"
    indexes = ", ".join(
        f"{name} {count} papers, {stats.index_bytes.get(name, 0) / _MEGABYTE:.1f} MB"
        for name, count in stats.indexed.items()
    )
    return [
        ("folder", str(stats.folder)),
        ("papers", f"{stats.papers}" + (f" ({stats.provisional} known by title alone)" if stats.provisional else "")),
        ("listings", str(stats.listings)),
        ("days", days),
        ("database", f"{stats.database_bytes / _MEGABYTE:.1f} MB"),
        ("indexes", indexes or "none yet"),
        ("embedder", stats.embedder or "none yet"),
    ]


def _check_lines(report: "CheckReport") -> list[str]:
    lines = [f"papers.db: {report.papers} papers" + (", sound" if not report.damages else "")]
    lines.extend(f"  damage: {damage}" for damage in report.damages)
    for index in report.indexes:
        wrong = {"missing": index.missing, "stale": index.stale, "extra": index.extra}
        found = ", ".join(f"{len(ids)} {name}" for name, ids in wrong.items() if ids)
        lines.append(f"{index.name}: {index.note or found or f'{index.papers} papers, clean'}")
    return lines
