"""What the pages share while the application runs: the container, the reader's choices, one warm search."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assistant.config import Config
from assistant.errors import AssistantError
from assistant.library import Filters
from assistant.models import ChatModel, ModelChoice
from assistant.services import AnswerOptions, AppContainer

if TYPE_CHECKING:
    from assistant.answering import QuestionAnswerer
    from assistant.library import Library

_Value = TypeVar("_Value")


class _Once(Generic[_Value]):
    """Work that is done once for all who wait for it, and goes on when one of them does not wait any more.

    What failed is tried again by the next one who asks.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, _Value]]) -> None:
        self._work = work
        self._task: asyncio.Task[_Value] | None = None

    async def __call__(self) -> _Value:
        task = self._task
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            self._task = task = asyncio.create_task(self._work())
        return await asyncio.shield(task)

    def forget(self) -> None:
        """Have it done anew the next time."""
        self._task = None


class Session:
    """One run of the application.

    ``model_name`` is what the reader chose to write with, ``answer_options`` how answers are written and checked (both
    the configuration's at first), ``filters`` hold for every question.
    ``writing_conversation`` is the one the chat is writing in, None when it writes in none. ``clock`` gives the time
    (aware, UTC).
    """

    def __init__(self, container: AppContainer, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.container = container
        self.clock = clock
        self.model_name = container.config.model
        self.filters = Filters()
        self.answer_options = container.answer_options()
        self.writing_conversation: int | None = None
        self._open_library = _Once(self._open)
        self._warm_up = _Once(self._load)

    @property
    def config(self) -> Config:
        """The configuration."""
        return self.container.config

    @property
    def choice(self) -> ModelChoice:
        """Which model would write now, and why; nothing is loaded. Raises `ModelMissing` for a misspelt name."""
        return self.container.models.choose(self.model_name)

    async def library(self) -> "Library":
        """The library; opened in a thread when it is first asked for. Raises `LibraryError`."""
        return await self._open_library()

    async def warm(self) -> None:
        """Load what search needs (indexes, embedder), once, in a thread; whoever searches waits for it.

        On an empty library nothing can be loaded: the first one who asks when papers came has it done.
        Heavy packages are imported here and nowhere else at the same time: importing them from two threads at once
        can fail.
        """
        await self._warm_up()

    async def renew(self) -> None:
        """Take up what came since the start: an embedder, a model's file; the next search is warmed anew."""
        with suppress(AssistantError):  # what hindered it may be what came now
            await self._warm_up()
        await asyncio.to_thread(self.container.renew_embedder)
        self.container.models.renew()
        self._warm_up.forget()

    async def show_sample(self, *, on: bool = True) -> None:
        """Read the sample papers from now on, or the reader's own library again.

        A conversation that is open goes on in the library that it began in.
        """
        if on != self.container.shows_sample:
            with suppress(AssistantError):
                await self._warm_up()
            await asyncio.to_thread(partial(self.container.show_sample, on=on))
            self.library_changed()

    def library_changed(self) -> None:
        """Take up another library that the container has now."""
        self._open_library.forget()
        self._warm_up.forget()

    async def _open(self) -> "Library":
        return await asyncio.to_thread(lambda: self.container.library)

    async def _load(self) -> None:
        library = await self.library()
        if not await asyncio.to_thread(self._search_once, library):
            self._warm_up.forget()

    def _search_once(self, library: "Library") -> bool:
        """Search; False when there is nothing to search in."""
        if not library.stats().papers:
            return False
        self.container.search.search("warm", Filters(), 1)
        return True

    async def model(self) -> ChatModel:
        """The model that writes; built in a thread when it is first asked for. Raises `ModelError`."""
        await self.warm()
        return await asyncio.to_thread(self.container.model, self.model_name)

    async def answerer(self, model: ChatModel, *, refuse: bool | None = None) -> "QuestionAnswerer":
        """What answers with a model, as the reader wants answers checked now; built in a thread.

        ``refuse`` None leaves it to the configuration whether a question may be refused.
        """
        options: AnswerOptions = {**self.answer_options, "refuse": refuse}
        return await asyncio.to_thread(partial(self.container.answerer, model, **options))
