"""What happens while assets are fetched or verified, as typed events for whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Phase(StrEnum):
    """What the bytes of a `Progressed` are counted for."""

    FETCH = "fetch"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another process pulls the same asset; this one waits for it."""

    asset: str


@dataclass(frozen=True, slots=True)
class SourceTried:
    """The asset is about to be fetched from this source."""

    asset: str
    source: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """``done`` of ``total`` bytes (0 where it is not known) are fetched or verified; never falls within one phase."""

    asset: str
    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SourceSkipped:
    """A source could not give the asset, for this reason; the next one is tried."""

    asset: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The asset is here and verified; ``fetched`` is False when it already was."""

    asset: str
    path: Path
    fetched: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The first bytes of an asset that the list does not know came; their SHA-256 is what it must have from now on."""

    asset: str
    sha256: str


AssetEvent = Waiting | SourceTried | Progressed | SourceSkipped | Recorded | Ready
Listener = Callable[[AssetEvent], None]


def ignore(_event: AssetEvent) -> None:
    """A listener for callers that show nothing."""
