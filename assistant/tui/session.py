"""What the pages share while the application runs: the workspace, the reader's choices, one warm search."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from assistant.config import Config
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.models.base import WritingModel
from assistant.workspace import Workspace
from assistant.workspace.model_choice import ModelChoice


class Session:
    """One run of the application.

    ``model_name`` is what the reader chose to write with (the configuration's at first), ``filters`` hold for every
    question. ``clock`` gives the time (aware, UTC).
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.workspace = workspace
        self.clock = clock
        self.model_name = workspace.config.model
        self.filters = Filters()
        self._opening = asyncio.Lock()
        self._warming = asyncio.Lock()
        self._warm = False

    @property
    def config(self) -> Config:
        """The configuration."""
        return self.workspace.config

    @property
    def choice(self) -> ModelChoice:
        """Which model would write now, and why; nothing is loaded. Raises `ModelMissing` for a misspelt name."""
        return self.workspace.models.choose(self.model_name)

    async def library(self) -> Library:
        """The library; opened in a thread when it is first asked for. Raises `LibraryError`."""
        async with self._opening:
            return await asyncio.to_thread(lambda: self.workspace.library)

    async def warm(self) -> None:
        """Load what search needs (indexes, embedder), once, in a thread; whoever searches waits for it.

        Heavy packages are imported here and nowhere else at the same time: importing them from two threads at once
        can fail.
        """
        async with self._warming:
            if not self._warm:
                library = await self.library()
                await asyncio.to_thread(self._search_once, library)
                self._warm = True

    async def renew(self) -> None:
        """Take up what came since the start: an embedder, a model's file; the next search is warmed anew."""
        async with self._warming:
            await asyncio.to_thread(self.workspace.renew_embedder)
            self.workspace.renew_models()
            self._warm = False

    def _search_once(self, library: Library) -> None:
        if library.stats().papers:
            self.workspace.search.search("warm", Filters(), 1)

    async def model(self) -> WritingModel:
        """The model that writes; built in a thread when it is first asked for. Raises `ModelError`."""
        await self.warm()
        return await asyncio.to_thread(self.workspace.model, self.model_name)
