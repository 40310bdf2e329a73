"""Models and tokenizers as other programs read them."""

from collections.abc import Collection, Sequence
from pathlib import Path

from assistant.export.json.base import Published
from assistant.models.assets.catalog import AssetKind
from assistant.models.assets.store import AssetState, AssetStatus


class AssetJson(Published):
    """A file from outside, and its state here."""

    name: str
    kind: AssetKind
    license: str
    size: int | None
    """Its size in bytes; null where the list does not know it."""
    sha256: str | None
    """Null where the list does not know it: it is recorded at the first pull."""
    default: bool
    """Whether `assistant assets pull` fetches it unasked."""
    state: AssetState
    path: str
    """Where it lies, or would lie."""
    sources: list[str]


class AssetsJson(Published):
    """Assets and their states."""

    assets: list[AssetJson]


class PulledJson(AssetsJson):
    """Assets after a pull."""

    fetched: list[str]
    """Names of those that were not here before."""


class AssetPlaceJson(Published):
    """The folder of all assets, or the file of one."""

    name: str | None
    path: str


def assets_json(statuses: Sequence[AssetStatus]) -> AssetsJson:
    """The object of `assets list` and `assets verify`."""
    return {"assets": [_asset_json(status) for status in statuses]}


def pulled_json(statuses: Sequence[AssetStatus], fetched: Collection[str]) -> PulledJson:
    """The object of `assets pull`."""
    names = [status.asset.name for status in statuses if status.asset.name in fetched]
    return {**assets_json(statuses), "fetched": names}


def asset_place_json(name: str | None, path: Path) -> AssetPlaceJson:
    """The object of `assets where`."""
    return {"name": name, "path": str(path)}


def _asset_json(status: AssetStatus) -> AssetJson:
    asset = status.asset
    return {
        "name": asset.name,
        "kind": asset.kind,
        "license": asset.license,
        "size": asset.size or None,
        "sha256": asset.sha256 or None,
        "default": asset.default,
        "state": status.state,
        "path": str(status.path),
        "sources": [source.label for source in asset.sources],
    }
