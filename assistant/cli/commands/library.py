"""`assistant library`: what is kept, whether it is sound, and making its indexes anew."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option
from assistant.errors import InputError, LibraryMismatch

if TYPE_CHECKING:
    from assistant.library.values import CheckReport, LibraryStats

_MEGABYTE = 1_000_000


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
@common_options
def rebuild() -> None:
    """Make both indexes anew from papers.db, with the embedder of the configuration."""
    asyncio.run(_rebuild())


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@common_options
def export(file: Path) -> None:
    """Write every paper to FILE as JSON Lines, which `assistant sync` reads back.

    "-" is standard output; a name in .gz is compressed.
    """
    asyncio.run(_export(file))


async def _show(*, as_json: bool) -> None:
    async with invocation().workspace() as workspace:
        stats = workspace.library.stats()
    if as_json:
        console.write_json(_stats_json(stats))
        return
    for name, value in _stats_rows(stats):
        console.write(f"{name:<12} {value}")


async def _check(*, as_json: bool) -> None:
    from assistant.library.background import in_thread

    async with invocation().workspace() as workspace:
        report = await in_thread(workspace.library.check)
        await in_thread(workspace.library.check_embedder)
    if as_json:
        console.write_json(asdict(report) | {"clean": report.clean})
    else:
        for line in _check_lines(report):
            console.write(line)
    if not report.clean:
        raise LibraryMismatch("The indexes differ from the truth.", "run `assistant library rebuild`")


async def _rebuild() -> None:
    from assistant.cli.progress import show_indexing

    async with invocation().workspace() as workspace:
        report = await show_indexing(workspace.library.rebuild)
        for count in report.counts:
            console.write(f"{count.name}: {count.added} papers indexed")
        if workspace.embedder.missing:
            console.note("The dense index waits for its embedder: run `assistant assets pull`.")


async def _export(file: Path) -> None:
    from assistant.feeds.export import write_export
    from assistant.library.background import in_thread

    async with invocation().workspace() as workspace:
        try:
            lines = await in_thread(lambda: write_export(file, workspace.library.export()))
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}.", "Name another file.") from error
    console.note(f"{lines} lines written")


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


def _stats_json(stats: "LibraryStats") -> dict[str, Any]:
    """The documented object of `library`."""
    return asdict(stats) | {
        "folder": str(stats.folder),
        "first_day": stats.first_day.isoformat() if stats.first_day else None,
        "last_day": stats.last_day.isoformat() if stats.last_day else None,
    }


def _check_lines(report: "CheckReport") -> list[str]:
    lines = [f"papers.db: {report.papers} papers" + (", sound" if not report.damages else "")]
    lines.extend(f"  damage: {damage}" for damage in report.damages)
    for index in report.indexes:
        wrong = {"missing": index.missing, "stale": index.stale, "extra": index.extra}
        found = ", ".join(f"{len(ids)} {name}" for name, ids in wrong.items() if ids)
        lines.append(f"{index.name}: {index.note or found or f'{index.papers} papers, clean'}")
    return lines
