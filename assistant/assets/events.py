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
    """``done`` of ``total`` bytes are fetched or verified; never falls within one source and phase."""

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


AssetEvent = Waiting | SourceTried | Progressed | SourceSkipped | Ready
Listener = Callable[[AssetEvent], None]


def ignore(_event: AssetEvent) -> None:
    """A listener for callers that show nothing."""
