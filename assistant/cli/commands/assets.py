"""`assistant assets`: models and tokenizers, every one with its hash."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option
from assistant.errors import AssetCorrupt

if TYPE_CHECKING:
    from assistant.models.assets import AssetEvent

_MEGABYTE = 1_000_000


@click.group("assets", short_help="List, pull and verify models and tokenizers.")
@common_options
def command() -> None:
    """Every byte from outside: where it comes from, its SHA-256, and whether it is here."""


@command.command("list")
@json_option
@common_options
def list_assets(as_json: bool) -> None:
    """Show all assets, their sizes and licenses, and which are here."""
    asyncio.run(_list(as_json=as_json))


@command.command("pull")
@click.argument("names", nargs=-1)
@click.option("--no-local", is_flag=True, help="Of the default assets, leave out the local model.")
@json_option
@common_options
def pull(names: tuple[str, ...], no_local: bool, as_json: bool) -> None:
    """Fetch assets by NAME, or the default ones; what is here already is not fetched again."""
    asyncio.run(_pull(names, no_local=no_local, as_json=as_json))


@command.command("verify")
@click.argument("names", nargs=-1)
@json_option
@common_options
def verify(names: tuple[str, ...], as_json: bool) -> None:
    """Hash assets again; without NAMES all that are here."""
    asyncio.run(_verify(names, as_json=as_json))


@command.command("where")
@click.argument("name", required=False)
@json_option
@common_options
def where(name: str | None, as_json: bool) -> None:
    """Print the folder of the assets, or the file of one."""
    asyncio.run(_where(name, as_json=as_json))


async def _list(*, as_json: bool) -> None:
    from assistant.export.json import assets_json

    async with invocation().container() as container:
        statuses = container.assets.statuses()
    if as_json:
        console.write_json(assets_json(statuses))
        return
    for status in statuses:
        asset = status.asset
        size = f"{asset.size / _MEGABYTE:,.1f} MB" if asset.size else "–"
        default = "default" if asset.default else ""
        console.write(
            f"{asset.name:<32} {asset.kind.value:<10} {size:>12}  {asset.license:<12} {default:<8} {status.state.value}"
        )


async def _pull(names: tuple[str, ...], *, no_local: bool, as_json: bool) -> None:
    from assistant.export.json import pulled_json
    from assistant.services import default_assets, pull_assets

    async with invocation().container() as container:
        names = names or default_assets(container, local_model=not no_local)
        with console.progress_bars(bytes_counted=True) as bars:
            display = _Display(bars)
            pulled = await pull_assets(container, names, display.show)
    for line in display.lines:
        console.note(line)
    if as_json:
        console.write_json(pulled_json(pulled, display.fetched))


async def _verify(names: tuple[str, ...], *, as_json: bool) -> None:
    from assistant.export.json import assets_json

    async with invocation().container() as container:
        with console.progress_bars(bytes_counted=True) as bars:
            statuses = await container.assets.verify(names, _Display(bars).show)
    if as_json:
        console.write_json(assets_json(statuses))
    else:
        for status in statuses:
            console.write(f"{status.asset.name:<24} {status.state.value}")
    wrong = [status.asset.name for status in statuses if not status.usable]
    if wrong:
        raise AssetCorrupt(f"Not as listed: {', '.join(wrong)}.", f"run `assistant assets pull {' '.join(wrong)}`")


async def _where(name: str | None, *, as_json: bool) -> None:
    from assistant.export.json import asset_place_json

    async with invocation().container() as container:
        place: Path = container.assets.file(name) if name else container.assets.where()
    if as_json:
        console.write_json(asset_place_json(name, place))
    else:
        console.write(str(place))


class _Display:
    """Shows what a pull or a verification does: a bar an asset, and lines for what is worth keeping."""

    def __init__(self, bars: Any) -> None:
        self.lines: list[str] = []
        self.fetched: set[str] = set()
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def show(self, event: "AssetEvent") -> None:
        """Take one event."""
        from assistant.models.assets import Progressed, Ready, Recorded, SourceSkipped, SourceTried, Waiting

        match event:
            case Progressed():
                label = f"{event.phase.value} {event.asset}"
                if label not in self._tasks:
                    self._tasks[label] = self._bars.add_task(label, total=event.total or None)
                self._bars.update(self._tasks[label], completed=event.done, total=event.total or None)
            case SourceTried():
                console.note(f"{event.asset}: from {event.source}")
            case SourceSkipped():
                self.lines.append(f"{event.asset}: not from {event.source} ({event.reason})")
            case Recorded():
                self.lines.append(
                    f"{event.asset}: SHA-256 {event.sha256} recorded; later pulls must give the same bytes"
                )
            case Waiting():
                self.lines.append(f"{event.asset}: waited for another process")
            case Ready():
                self.lines.append(f"{event.asset}: {'fetched and verified' if event.fetched else 'already here'}")
                if event.fetched:
                    self.fetched.add(event.asset)
