"""The first step: papers from the feed, from files, or a look at the sample that ships with the program."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from assistant.addresses import masked_address
from assistant.errors import InputError
from assistant.library import BatchKept, Indexing, SyncEvent, SyncFinished
from assistant.services import PapersReadiness, papers_readiness, sync_files
from assistant.tui.messages import SyncEnded
from assistant.tui.setup.step import Step
from assistant.tui.setup.step_work import StepWork
from assistant.tui.sync_progress import line_of, sync_newest

if TYPE_CHECKING:
    from assistant.tui.page import Page

_OFFLINE = "Offline: no feed is asked. Read saved pages or exports from files, or look at the sample papers."


class PapersStep(Step):
    """Brings papers into the library."""

    NAME = "Papers"
    NUMBER = 1

    @dataclass
    class Facts(Message):
        """How many papers there are."""

        papers: PapersReadiness

    def compose_body(self) -> Iterable[Widget]:
        """The feed, the sample, a file."""
        config = self.session.config
        start = cast("Page", self.screen).keys_of("setup.start")
        feed = f"The last seven days of {masked_address(config.feeds.base_url)}; {start} or Enter starts."
        yield Static(_OFFLINE if config.offline else feed, markup=False)
        with Horizontal(classes="-row"):
            if not config.offline:
                yield Button("Sync the newest days", id="sync", classes="-offer", compact=True)
            yield Button("Look at the sample papers", id="sample", classes="-offer", compact=True)
        with Horizontal(classes="-row"):
            yield Input(placeholder="or a file: a saved page, an export, a folder of them", id="file", compact=True)
            yield Button("Read it", id="read", classes="-offer", compact=True)

    async def read_facts(self) -> None:
        """Count the papers."""
        await self.session.library()
        self.post_message(self.Facts(await asyncio.to_thread(papers_readiness, self.session.container)))

    @on(Facts)
    def _show(self, event: Facts) -> None:
        readiness = event.papers
        newest = f", the newest of {readiness.newest.isoformat()}" if readiness.newest else ""
        kind = "sample papers" if self.session.container.shows_sample else "papers"
        counted = "1 paper" if readiness.papers == 1 else f"{readiness.papers:,} {kind}"
        self.summary = f"{counted}{newest}" if readiness.ready else "the library is empty"
        self.done = readiness.ready

    def start(self) -> None:
        """Sync, or show the sample papers when no feed may be asked."""
        self.begin(self._show_sample if self.session.config.offline else self._sync)

    @on(Button.Pressed, "#sync")
    def _sync_pressed(self) -> None:
        self.begin(self._sync)

    @on(Button.Pressed, "#sample")
    def _sample_pressed(self) -> None:
        self.begin(self._show_sample)

    @on(Input.Submitted, "#file")
    @on(Button.Pressed, "#read")
    def _read_pressed(self) -> None:
        self.begin(partial(self._read_files, self.query_one("#file", Input).value))

    async def _sync(self) -> None:
        async with aclosing(sync_newest(self.session)) as messages:
            async for message in messages:
                if not isinstance(message, SyncEnded):
                    self.work.post_message(StepWork.Progress(message.text.removeprefix("sync: ")))
                elif message.error is not None:
                    raise message.error
                else:
                    self.post_message(self.Remark(f"{message.text}."))

    async def _show_sample(self) -> None:
        await self.session.show_sample()
        await self.session.library()
        self.post_message(self.Remark("The sample papers are shown, apart from your library; a sync leads back to it."))

    async def _read_files(self, typed: str) -> None:
        await self.session.show_sample(on=False)
        reasons: list[str] = []
        await self.session.library()
        syncing = sync_files(self.session.container, [str(_path_of(typed))], self.session.clock())
        async with aclosing(syncing) as events:
            async for event in events:
                if isinstance(event, BatchKept):
                    reasons += [f"{rejection.place}: {rejection.reason}" for rejection in event.report.rejections]
                self.work.post_message(_progress_of(event))
                if isinstance(event, SyncFinished):
                    self.post_message(_remark_of(event, reasons))


def _path_of(typed: str) -> Path:
    """The path that was typed, pasted or dropped: terminals put quotes around what is dropped on them."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if not text:
        raise InputError("No file was named.", "Type the path of a saved page, an export, or a folder of them.")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise InputError(f"{text} cannot be found: {error}", "Type the whole path.") from error


def _progress_of(event: SyncEvent) -> StepWork.Progress:
    done, total = (event.done, event.total) if isinstance(event, Indexing) else (0, 0)
    return StepWork.Progress(line_of(event).removeprefix("sync: "), done, total)


def _remark_of(event: SyncFinished, reasons: list[str]) -> Step.Remark:
    """What came; raises `InputError` when nothing of it could be kept."""
    report = event.report
    if not report.paper_ids:
        raise InputError("No record could be kept.", reasons[0] if reasons else "The file holds no papers.")
    rejected = f", {len(reasons)} rejected: {reasons[0]}" if reasons else ""
    return Step.Remark(f"{len(report.new):,} new papers, {len(report.updated):,} updated{rejected}.")
