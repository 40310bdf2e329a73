"""What was seen of a server when it was asked: kept for the process, and of its models in a file for the next one."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_MOST_ENTRIES = 500


@dataclass(slots=True)
class ServerTraits:
    """``refused`` are the parts of a request that the server does not take; they are tried again in a new process.

    ``thinks`` says that the model needs room to think in its limit, ``unmarked`` that its thoughts come within its text
    and have an end mark alone. Both hold for good and are kept in ``file`` under ``name``, which holds no secret.
    """

    name: str
    file: Path | None = None
    refused: set[str] = field(default_factory=set)
    thinks: bool = False
    unmarked: bool = False

    def __post_init__(self) -> None:
        traits = _entries(self.file).get(self.name, [])
        self.thinks, self.unmarked = "thinks" in traits, "unmarked" in traits

    def learn(self, *, thinks: bool = False, unmarked: bool = False) -> None:
        """Note what an answer showed; a file that cannot be written is no failure."""
        if (thinks and not self.thinks) or (unmarked and not self.unmarked):
            self.thinks, self.unmarked = self.thinks or thinks, self.unmarked or unmarked
            with suppress(OSError):
                self._keep()

    def _keep(self) -> None:
        """Replace the file in one step: another process may read or write it at the same time."""
        if self.file is None:
            return
        entries = _entries(self.file)
        entries.pop(self.name, None)
        entries[self.name] = [name for name in ("thinks", "unmarked") if getattr(self, name)]
        text = json.dumps(dict(list(entries.items())[-_MOST_ENTRIES:]), indent=1)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=self.file.name)
        with os.fdopen(handle, "w", encoding="utf-8") as temporary:
            temporary.write(text)
        Path(name).replace(self.file)


class RequestSlot:
    """One request under way."""

    def __init__(self) -> None:
        self.crowded = False
        """Whether another request of ours ran beside this one, at any time."""


class RequestQueue:
    """The requests of this process to one server, in one event loop: together until one was cut off, then one by one.

    Most servers write several answers at once, and that is much faster. llama-cpp-python's own (0.3.36,
    ``interrupt_requests``, on by default) ends the stream that runs as soon as another request comes: with ``[DONE]``
    and without a finish reason, so that the reader sees a short answer and no failure.
    """

    def __init__(self) -> None:
        self._running: set[RequestSlot] = set()
        self._one_by_one = False
        self._idle = asyncio.Event()

    def one_by_one(self) -> None:
        """Let requests wait for each other from now on."""
        self._one_by_one = True

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[RequestSlot, None]:
        """A request's time; what is asked within another's slot would wait for ever once it is one by one."""
        while self._one_by_one and self._running:
            await self._idle.wait()
        slot = RequestSlot()
        slot.crowded = bool(self._running)
        for other in self._running:
            other.crowded = True
        self._running.add(slot)
        self._idle.clear()
        try:
            yield slot
        finally:
            self._running.discard(slot)
            if not self._running:
                self._idle.set()


def _entries(file: Path | None) -> dict[str, list[str]]:
    """What the file holds; nothing when it is not there or damaged."""
    try:
        content = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    entries = content.items() if isinstance(content, dict) else ()
    return {
        name: [trait for trait in value if isinstance(trait, str)] for name, value in entries if isinstance(value, list)
    }
