"""Blocking work in a thread that really ends before its caller goes on, and how it is asked to stop."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import TypeVar

_Value = TypeVar("_Value")


class Stop:
    """A flag that a thread looks at between pieces of its work."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the work to end."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether the work was asked to end."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Stopped` when the work was asked to end."""
        if self._event.is_set():
            raise Stopped


class Stopped(Exception):
    """The work ended early because its caller is gone; it never leaves `in_stoppable_thread`."""


async def in_thread(work: Callable[[], _Value], stop: Stop | None = None) -> _Value:
    """Run ``work`` in a thread and return what it returns.

    When the caller is cancelled, ``stop`` is set and the thread is waited for, so that nothing is written after
    the cancellation was seen.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        if stop is not None:
            stop.set()
        await _wait_out(running)
        raise


async def in_stoppable_thread(work: Callable[[Stop], _Value]) -> _Value:
    """Run ``work`` in a thread as `in_thread` does; when cancelled, tell it to stop."""
    stop = Stop()
    return await in_thread(partial(work, stop), stop)


async def reported(
    work: Callable[[Callable[[int, int], None], Callable[[], bool]], _Value],
) -> AsyncGenerator[tuple[int, int] | _Value, None]:
    """Run ``work(progress, should_stop)`` in a thread; yields each ``(done, total)`` and at last what it returns.

    Closing the generator asks the thread to stop and waits for it.
    """
    stop = Stop()
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[tuple[int, int] | None] = asyncio.Queue()

    def progress(done: int, total: int) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, (done, total))

    running = asyncio.ensure_future(asyncio.to_thread(work, progress, stop.is_set))
    running.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield step
        yield await running
    finally:
        stop.set()
        await _wait_out(running)


async def _wait_out(running: "asyncio.Future[_Value]") -> None:
    """Wait until a thread has ended, also when the waiting is cancelled; its failure is not raised here."""
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError as error:
            cancelled = error
    if not running.cancelled():
        running.exception()
    if cancelled is not None:
        raise cancelled
