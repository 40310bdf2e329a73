"""The folder of assets: where each file lies, whether it is here, whether its bytes are those of the list.

A verified file has a stamp beside it (`.FILE.verified`): the SHA-256 that was measured, with the size and the time of
the file. As long as these match, the file is not hashed again. A file that was copied here without its stamp is hashed
on first use. A file that comes with the program is read where it was installed, unless the folder has one of its own.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from assistant.concurrency import Stop, in_stoppable_thread
from assistant.errors import AssetCorrupt, AssetError, AssetMissing, UsageError
from assistant.models.assets.catalog import TIKTOKEN_FOLDER, Asset, AssetKind, Catalog, ShippedFile
from assistant.models.assets.events import Listener, Phase, Progressed, explain_os_error, ignore

CHUNK_BYTES = 1 << 20
PARTIAL_FOLDER = ".partial"


def sha256_of(path: Path, stop: Stop, report: Callable[[int], None]) -> str:
    """SHA-256 of a file in hex; ``report`` gets the bytes read so far."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            stop.check()
            digest.update(chunk)
            done += len(chunk)
            report(done)
    return digest.hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file as a whole."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def move_durably(source: Path, destination: Path) -> None:
    """Rename a finished file to its place, its bytes on the disk first."""
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    destination.parent.mkdir(parents=True, exist_ok=True)
    source.replace(destination)
    with contextlib.suppress(OSError):  # not every system opens folders; the rename stands without it
        folder = os.open(destination.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A measured SHA-256 (hex) with the size (bytes) and the modification time (nanoseconds) of the file."""

    sha256: str
    size: int
    mtime_ns: int


def read_stamp(file: Path) -> Stamp | None:
    """The stamp of a file; None when there is none or the file was changed since."""
    try:
        stamp = Stamp(**json.loads(_stamp_path(file).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    facts = file.stat()
    return stamp if (stamp.size, stamp.mtime_ns) == (facts.st_size, facts.st_mtime_ns) else None


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Keep a stamp; a folder that cannot be written goes without, and the file is hashed again next time."""
    with contextlib.suppress(OSError):
        write_atomically(_stamp_path(file), json.dumps(asdict(stamp)))


def recorded_sha256(file: Path) -> str | None:
    """The SHA-256 that was recorded for a file whose bytes the list does not know; None before its first pull."""
    try:
        return _record_path(file).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def record_sha256(file: Path, sha256: str) -> None:
    """Record the SHA-256 that the file must have from now on."""
    write_atomically(_record_path(file), f"{sha256}\n")


def _record_path(file: Path) -> Path:
    return file.with_name(f".{file.name}.sha256")


def _stamp_path(file: Path) -> Path:
    return file.with_name(f".{file.name}.verified")


def packed_file(asset: Asset) -> Path | None:
    """The file of an asset within the program; None when it does not come with it, or this installation lacks it."""
    for source in asset.sources:
        if isinstance(source, ShippedFile):
            packed = Path(str(files("assistant.models.assets").joinpath("shipped", source.file)))
            return packed if packed.is_file() else None
    return None


class AssetState(StrEnum):
    """Whether an asset can be used: `PRESENT` yes, `UNVERIFIED` after it was hashed, the others no."""

    PRESENT = "present"
    UNVERIFIED = "unverified"
    WRONG_SIZE = "wrong size"
    CORRUPT = "corrupt"
    PARTIAL = "partial"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class AssetStatus:
    """An asset and its state here; ``size`` is what lies on the disk, of the file or of its unfinished parts."""

    asset: Asset
    state: AssetState
    path: Path
    size: int

    @property
    def usable(self) -> bool:
        """Whether `AssetStore.path` is expected to give the file."""
        return self.state in {AssetState.PRESENT, AssetState.UNVERIFIED}


class AssetStore:
    """The assets of a catalog in one folder, which may be copied as a whole to another machine."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder = folder
        self.catalog = catalog

    def where(self) -> Path:
        """The folder that holds all assets."""
        return self.folder

    @property
    def tiktoken_folder(self) -> Path:
        """What TIKTOKEN_CACHE_DIR is set to, so that tiktoken finds its ranks and fetches nothing."""
        return self.folder / TIKTOKEN_FOLDER

    def file(self, name: str) -> Path:
        """Where the asset's file lies once it is here: in the folder, or within the program."""
        own = self.destination(name)
        return own if own.is_file() else packed_file(self.catalog[name]) or own

    def destination(self, name: str) -> Path:
        """Where a file of the asset belongs that is fetched or copied from elsewhere."""
        asset = self.catalog[name]
        return self.folder / asset.folder / asset.file

    def working_folder(self, name: str) -> Path:
        """Where the unfinished parts of an asset lie while it is fetched."""
        return self.folder / PARTIAL_FOLDER / self.catalog[name].name

    def status(self, name: str) -> AssetStatus:
        """The state of an asset, from sizes and the stamp alone; nothing is hashed."""
        asset, path = self.catalog[name], self.file(name)
        try:
            if not path.is_file():
                unfinished = _unfinished_bytes(self.working_folder(name))
                return AssetStatus(asset, AssetState.PARTIAL if unfinished else AssetState.MISSING, path, unfinished)
            size = path.stat().st_size
            if asset.size and size != asset.size:
                return AssetStatus(asset, AssetState.WRONG_SIZE, path, size)
            if not self._is_own(path):
                return AssetStatus(asset, AssetState.PRESENT, path, size)  # the installation answers for it
            return AssetStatus(asset, _judge(asset, path, read_stamp(path)), path, size)
        except OSError as error:
            raise explain_os_error(error, self.folder) from error

    def statuses(self) -> tuple[AssetStatus, ...]:
        """The state of every asset on the list."""
        return tuple(self.status(asset.name) for asset in self.catalog)

    def path(self, name: str, listener: Listener = ignore) -> Path:
        """The verified file of an asset.

        Costs two look-ups on the disk when the file is stamped; a file without stamp is hashed first (seconds for a
        gigabyte: call it in a thread). Raises `AssetMissing` or `AssetCorrupt`, each with the command that mends it.
        """
        status = self.status(name)
        if status.state is AssetState.UNVERIFIED:
            status = self.hash_now(name, Stop(), listener)
        if status.state is AssetState.PRESENT:
            return status.path
        raise _unusable(status)

    def locate(self, choice: str, kind: AssetKind) -> Path:
        """The file that a setting names: an asset of this kind, or the path of a file of the user's.

        Raises `UsageError` when it is neither, and what `path` raises.
        """
        if choice in self.catalog and self.catalog[choice].kind is kind:
            return self.path(choice)
        file = Path(choice).expanduser()
        if file.is_file():
            return file
        if file.name != choice or file.suffix == f".{kind}":
            raise UsageError(f"There is no file {choice}.", f"Give the path of a {kind} file or an asset's name.")
        asset_names = ", ".join(asset.name for asset in self.catalog if asset.kind is kind)
        raise UsageError(f"{choice!r} is neither a {kind} asset nor a file.", f"Known {kind} assets: {asset_names}.")

    async def verify(self, names: Iterable[str] = (), listener: Listener = ignore) -> tuple[AssetStatus, ...]:
        """Hash files again whatever their stamps say; without names, all that are here.

        A wrong file is reported as `AssetState.CORRUPT` and left in its place.
        """
        selected = tuple(names) or tuple(s.asset.name for s in self.statuses() if s.path.is_file())
        return tuple([await self._verified(name, listener) for name in selected])

    async def _verified(self, name: str, listener: Listener) -> AssetStatus:
        status = self.status(name)
        if status.state in {AssetState.MISSING, AssetState.PARTIAL, AssetState.WRONG_SIZE}:
            return status
        return await in_stoppable_thread(lambda stop: self.hash_now(name, stop, listener))

    def hash_now(self, name: str, stop: Stop, listener: Listener = ignore) -> AssetStatus:
        """Hash the file, stamp it with what was measured, and give its state. Blocks.

        Of a file that was copied here and whose bytes the list does not know, the hash is recorded.
        """
        asset, path = self.catalog[name], self.file(name)

        def report(done: int) -> None:
            listener(Progressed(name, Phase.VERIFY, done, asset.size))

        try:
            before = path.stat()
            measured = Stamp(sha256_of(path, stop, report), before.st_size, before.st_mtime_ns)
            if not expected_sha256(asset, path):
                record_sha256(path, measured.sha256)
        except OSError as error:
            raise explain_os_error(error, self.folder) from error
        if self._is_own(path):
            write_stamp(path, measured)
        return AssetStatus(asset, _judge(asset, path, measured), path, before.st_size)

    def _is_own(self, path: Path) -> bool:
        return path.is_relative_to(self.folder)


def expected_sha256(asset: Asset, path: Path) -> str | None:
    """What the file must be: by the list, else by what was recorded at its first pull; None before that."""
    return asset.sha256 or recorded_sha256(path)


def _judge(asset: Asset, path: Path, stamp: Stamp | None) -> AssetState:
    if stamp is None or (expected := expected_sha256(asset, path)) is None:
        return AssetState.UNVERIFIED
    return AssetState.PRESENT if stamp.sha256 == expected else AssetState.CORRUPT


def _unfinished_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.partial"))


def _unusable(status: AssetStatus) -> AssetError:
    name = status.asset.name
    pull = f"Run `assistant assets pull {name}`"
    match status.state:
        case AssetState.WRONG_SIZE:
            facts = f"{status.path} has {status.size} bytes, not {status.asset.size}"
            return AssetCorrupt(f"The asset {name} is not whole: {facts}.", f"{pull}, or copy the file again.")
        case AssetState.CORRUPT:
            where = "on the list" if status.asset.sha256 else "recorded at the first pull"
            facts = f"the SHA-256 of {status.path} is not the one {where}"
            return AssetCorrupt(f"The asset {name} is damaged: {facts}.", f"{pull}, or copy the file again.")
        case AssetState.PARTIAL:
            return AssetMissing(f"The asset {name} is not fetched to its end.", f"{pull}: it goes on where it stopped.")
        case _:
            return AssetMissing(f"The asset {name} is not on this machine.", f"{pull}.")
