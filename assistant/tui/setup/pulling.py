"""Pulling assets from inside the application: what happens meanwhile as lines with bytes."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import assert_never

from assistant.models.assets import (
    AssetEvent,
    Phase,
    Progressed,
    Ready,
    Recorded,
    SourceSkipped,
    SourceTried,
    Waiting,
)
from assistant.services import AppContainer, megabytes, pull_assets
from assistant.tui.setup.step_work import StepWork

_SHOWN_EVERY_SECONDS = 0.1


async def pull(container: AppContainer, names: Sequence[str]) -> AsyncGenerator[StepWork.Progress, None]:
    """Fetch assets and their companions; closing stops at once, what came is gone on with the next time.

    At most ten counts a second come through, and every other event. Raises `AssetError`.
    """
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[AssetEvent | None] = asyncio.Queue()

    def listen(event: AssetEvent) -> None:  # from this thread or from the one that hashes
        loop.call_soon_threadsafe(events.put_nowait, event)

    pulling = asyncio.create_task(pull_assets(container, names, listen))
    pulling.add_done_callback(lambda _: events.put_nowait(None))
    shown_at = 0.0
    try:
        while (event := await events.get()) is not None:
            if isinstance(event, Progressed) and event.done < event.total:
                if loop.time() - shown_at < _SHOWN_EVERY_SECONDS:
                    continue
                shown_at = loop.time()
            yield _progress_of(event)
        await pulling
    finally:
        pulling.cancel()
        await asyncio.wait({pulling})


def _progress_of(event: AssetEvent) -> StepWork.Progress:
    match event:
        case Progressed():
            verb = "fetching" if event.phase is Phase.FETCH else "verifying"
            text = f"{verb} {event.asset}: {megabytes(event.done)} of {megabytes(event.total)}"
            return StepWork.Progress(text, event.done, event.total)
        case SourceTried():
            return StepWork.Progress(f"{event.asset}: from {event.source}")
        case SourceSkipped():
            return StepWork.Progress(f"{event.asset}: not from {event.source} ({event.reason})")
        case Waiting():
            return StepWork.Progress(f"{event.asset}: another process fetches it; waiting")
        case Recorded():
            return StepWork.Progress(f"{event.asset}: SHA-256 {event.sha256} is recorded")
        case Ready():
            return StepWork.Progress(f"{event.asset}: {'fetched and verified' if event.fetched else 'already here'}")
        case _:
            assert_never(event)
