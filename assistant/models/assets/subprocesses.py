"""Another program as a child process: its lines of output as they come, and its end when the caller ends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from assistant.telemetry import without_telemetry

_LINE_LIMIT_BYTES = 1 << 20


class Child:
    """A running child process."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self._process = process
        self._errors = errors

    async def lines(self) -> AsyncIterator[str]:
        """Lines of its standard output, until it closes that."""
        if self._process.stdout is not None:
            async for line in self._process.stdout:
                yield line.decode("utf-8", "replace").rstrip()

    async def ended(self) -> int:
        """Wait for its end; the exit code."""
        return await self._process.wait()

    def error_text(self) -> str:
        """What it wrote to standard error so far."""
        return self._errors.read_text(encoding="utf-8", errors="replace")


@asynccontextmanager
async def running(argv: Sequence[str], environment: Mapping[str, str], errors: Path) -> AsyncIterator[Child]:
    """Start a program, without a shell, input and telemetry; ``errors`` is the file that takes its standard error.

    On the way out, also by cancellation, a program that still runs is killed and awaited.
    """
    with errors.open("wb") as error_file:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=error_file,
            env=without_telemetry(environment),
            limit=_LINE_LIMIT_BYTES,
        )
    try:
        yield Child(process, errors)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
