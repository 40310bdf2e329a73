"""The second step: the embedder, so that search goes by meaning and not by words alone."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from assistant.concurrency import reported
from assistant.errors import LibraryMismatch
from assistant.library import IndexReport
from assistant.services import SearchReadiness, megabytes, search_readiness
from assistant.tui.setup.pulling import pull
from assistant.tui.setup.step import Step
from assistant.tui.setup.step_work import StepWork

if TYPE_CHECKING:
    from assistant.library import Library


class SearchStep(Step):
    """Pulls the embedder and makes the vectors of the papers that have none."""

    NAME = "Search"
    NUMBER = 2

    @dataclass
    class Facts(Message):
        """What of search is here."""

        search: SearchReadiness

    def compose_body(self) -> Iterable[Widget]:
        """What is missing, and the one thing to do about it."""
        yield Static("", id="missing", markup=False)
        with Horizontal(classes="-row"):
            yield Button("Pull and index", id="pull", classes="-offer", compact=True)

    async def read_facts(self) -> None:
        """Look at the embedder's files and count the vectors."""
        await self.session.library()
        self.post_message(self.Facts(await asyncio.to_thread(search_readiness, self.session.container)))

    @on(Facts)
    def _show(self, event: Facts) -> None:
        readiness = event.search
        self.done = readiness.ready
        self.summary = _summary(readiness)
        self.query_one("#missing", Static).update(self._explain(readiness))
        offer = self.query_one("#pull", Button)
        offer.label = "Pull and index" if readiness.missing else "Index now"
        offer.display = not readiness.ready and not (readiness.missing and self.session.config.offline)

    def _explain(self, readiness: SearchReadiness) -> str:
        if readiness.ready:
            return "Questions find papers by their meaning and by their words."
        if not readiness.missing:
            return "The embedder is here; papers that came before it have no vectors yet."
        if self.session.config.offline:
            copies = "; ".join(f"{status.asset.file} to {status.path}" for status in readiness.missing)
            return f"Search goes by words alone. Offline nothing is fetched: copy {copies}."
        size = megabytes(readiness.bytes_to_fetch)
        return f"Search goes by words alone. The embedder {readiness.embedder} ({size}) lets it go by meaning too."

    def start(self) -> None:
        """Pull what is missing and index."""
        if not self.done:
            self.begin(self._pull_and_index)

    @on(Button.Pressed, "#pull")
    def _pull_pressed(self) -> None:
        self.start()

    async def _pull_and_index(self) -> None:
        container = self.session.container
        async with aclosing(pull(container, [container.config.embedder.model])) as steps:
            async for step in steps:
                self.work.post_message(step)
        await self.session.renew()
        library = await self.session.library()
        self.work.post_message(StepWork.Progress("loading the embedder"))
        await self._index(library)
        await self.session.warm()

    async def _index(self, library: "Library") -> None:
        """Bring the indexes up to the papers, or make them again when they are another embedder's."""
        work, verb = library.index_pending, "indexing"
        try:
            await asyncio.to_thread(library.check_embedder)
        except LibraryMismatch:
            work, verb = library.rebuild, "making the indexes anew"
        async with aclosing(reported(work)) as steps:
            async for step in steps:
                if not isinstance(step, IndexReport):
                    done, total = step
                    self.work.post_message(StepWork.Progress(f"{verb}: {done:,} of {total:,} papers", done, total))


def _summary(readiness: SearchReadiness) -> str:
    if readiness.missing:
        return f"by words alone; {readiness.embedder} is missing"
    if not readiness.ready:
        return f"vectors of {readiness.vectors:,} of {readiness.papers:,} papers"
    return "by words and by meaning"
