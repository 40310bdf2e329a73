"""Blocking work in a thread that really stops when its caller is cancelled."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


class Stop:
    """A flag that a thread looks at between pieces of its work."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the work to end."""
        self._event.set()

    def check(self) -> None:
        """Raise `Stopped` when the work was asked to end."""
        if self._event.is_set():
            raise Stopped


class Stopped(Exception):
    """The work ended early because its caller is gone; it never leaves `in_thread`."""


async def in_thread(work: Callable[[Stop], _Result]) -> _Result:
    """Run ``work`` in a thread; when cancelled, tell it to stop and wait until it has."""
    stop = Stop()
    task = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({task})
        task.exception()
        raise
    return task.result()
