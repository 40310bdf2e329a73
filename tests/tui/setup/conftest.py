"""The first steps in a home without papers, and assets that come from this machine instead of the network."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Static

from assistant.errors import AssetError, AssetMissing
from assistant.models.assets.catalog import AssetKind
from assistant.models.assets.events import Listener, Phase, Progressed, Ready, SourceSkipped, SourceTried
from assistant.models.assets.store import AssetStore
from assistant.services import setup as setup_service
from assistant.tui.app import AssistantApp
from assistant.tui.setup.screen import SetupScreen
from assistant.tui.setup.step import Step
from tests.conftest import ASSETS
from tests.tui.conftest import MakeApp, wait_until


class SteadyPuller:
    """In place of `Puller`: half of the bytes come at once, the rest when ``may_finish``; a GGUF file is only as long.

    ``fails`` is raised in the middle. What it did is in ``pulled`` and ``stopped``.
    """

    may_finish: asyncio.Event
    fails: AssetError | None
    pulled: list[str]
    stopped: list[str]

    def __init__(self, store: AssetStore, *, offline: bool, listener: Listener) -> None:
        self._store = store
        self._offline = offline
        self._listener = listener

    async def pull_all(self, names: Iterable[str]) -> None:
        for asset in self._store.catalog.select(names):
            if self._store.status(asset.name).usable:
                continue
            if self._offline:
                raise AssetMissing("offline nothing is fetched")
            self._listener(SourceTried(asset.name, "package tidy 1.0"))
            await asyncio.to_thread(self._listener, Progressed(asset.name, Phase.FETCH, asset.size // 2, asset.size))
            if self.fails is not None:
                self._listener(SourceSkipped(asset.name, "package tidy 1.0", "gone [/red]"))
                raise self.fails
            try:
                await self.may_finish.wait()
            except asyncio.CancelledError:
                self.stopped.append(asset.name)
                raise
            self._bring(asset.name)
            self._listener(Ready(asset.name, self._store.file(asset.name), fetched=True))
            self.pulled.append(asset.name)

    def _bring(self, name: str) -> None:
        file = self._store.file(name)
        if self._store.catalog[name].kind is AssetKind.GGUF:
            file.parent.mkdir(parents=True)
            file.touch()
            os.truncate(file, self._store.catalog[name].size)
        else:
            shutil.copytree(ASSETS / self._store.catalog[name].folder, file.parent)


@pytest.fixture
def puller(monkeypatch: pytest.MonkeyPatch) -> type[SteadyPuller]:
    """The puller of the application; it finishes at once unless a test clears ``may_finish``."""

    class Fresh(SteadyPuller):
        may_finish = asyncio.Event()
        fails = None

    Fresh.pulled, Fresh.stopped = [], []
    Fresh.may_finish.set()
    monkeypatch.setattr(setup_service, "Puller", Fresh)
    return Fresh


@pytest.fixture
def first_run(make_app: MakeApp) -> Callable[..., AssistantApp]:
    """Makes applications that were never started before, with an empty library."""

    def make(**options: Any) -> AssistantApp:
        return make_app(**{"papers": False, "introduced": False} | options)

    return make


async def idle(pilot: Pilot[None]) -> None:
    """Wait until no worker runs, however it ended, and what it posted is handled."""
    await pilot.pause()
    await wait_until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))
    await pilot.pause()
    await wait_until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))
    await pilot.pause()


def setup_of(pilot: Pilot[None]) -> SetupScreen:
    screen = pilot.app.screen
    assert isinstance(screen, SetupScreen)
    return screen


def step(pilot: Pilot[None], number: int) -> Step:
    return setup_of(pilot).steps[number - 1]


def line(pilot: Pilot[None], number: int) -> str:
    """The line of a step, with its state."""
    return str(step(pilot, number).query_one(".-title", Button).label)


def texts(step: Step) -> str:
    """Everything that a step shows, its buttons included."""
    found = [widget for widget in step.query("*") if isinstance(widget, Static | Button)]
    shown = [widget for widget in found if all(each.display for each in widget.ancestors_with_self)]
    return "\n".join(str(widget.label if isinstance(widget, Button) else widget.content) for widget in shown)


def notice(pilot: Pilot[None], number: int) -> str:
    """What a step's notice says; "" while it is hidden."""
    found = step(pilot, number).notice
    return str(found.content) if found.display else ""


def write_export(file: Path) -> Path:
    """An export with one paper."""
    file.write_text('{"id": "2608.00001", "title": "A [red]title[/x]", "abstract": "One sentence. Another one."}\n')
    return file
