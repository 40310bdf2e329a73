"""The first steps of a reader: what is here, what is missing, and the default assets to fetch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec

from assistant.errors import ConfigError, NothingFound
from assistant.library import DENSE
from assistant.models import NO_LOCAL_PACKAGE, ModelKind, parse_address
from assistant.models.assets import Asset, AssetGroup, AssetKind, AssetState, AssetStatus, Listener, Puller
from assistant.services.container import AppContainer

_MEGABYTE = 1_000_000


def megabytes(size: int) -> str:
    """A size in bytes as the reader sees it."""
    return f"{size / _MEGABYTE:,.0f} MB" if size >= _MEGABYTE else f"{size / _MEGABYTE:.1f} MB"


@dataclass(frozen=True, slots=True)
class PapersReadiness:
    """How many papers there are, and the newest listing day."""

    papers: int
    newest: date | None

    @property
    def ready(self) -> bool:
        """Whether there is something to read."""
        return self.papers > 0


@dataclass(frozen=True, slots=True)
class SearchReadiness:
    """The embedder's files that are not here, and how many of the papers have vectors."""

    embedder: str
    missing: tuple[AssetStatus, ...]
    papers: int
    vectors: int

    @property
    def ready(self) -> bool:
        """Whether search goes by meaning for every paper."""
        return not self.missing and self.vectors >= self.papers

    @property
    def bytes_to_fetch(self) -> int:
        """What a pull would bring."""
        return sum(_bytes_left(status) for status in self.missing)


@dataclass(frozen=True, slots=True)
class WriterReadiness:
    """One way to have answers written: whether it works now, what its state is in a line, and what to do.

    ``asset`` is the file that a pull would bring, None when there is nothing to pull.
    """

    kind: ModelKind
    model: str
    ready: bool
    state: str
    remedy: str | None = None
    asset: Asset | None = None


def require_searchable(container: AppContainer) -> None:
    """Raise `NothingFound` for an empty library, `LibraryError` for one whose indexes are gone. Blocks."""
    if not container.library.stats().papers:
        remedy = "run `assistant sync`, or add `--sample` to read the sample papers that ship with the program"
        raise NothingFound("The library has no papers yet.", remedy)
    container.library.require_indexes()


def papers_readiness(container: AppContainer) -> PapersReadiness:
    """Look at the library. Blocks; raises `LibraryError`."""
    stats = container.library.stats()
    return PapersReadiness(stats.papers, stats.last_day)


def search_readiness(container: AppContainer) -> SearchReadiness:
    """Look at the embedder's files and the dense index. Blocks; raises `LibraryError` and `UsageError`."""
    name = container.config.embedder.model
    needed = container.assets.catalog.select([name])
    statuses = tuple(container.assets.status(asset.name) for asset in needed)
    stats = container.library.stats()
    missing = tuple(status for status in statuses if not status.usable)
    embedder = container.embedder.embedder
    is_others = embedder is not None and stats.embedder not in (None, embedder.fingerprint)
    return SearchReadiness(name, missing, stats.papers, 0 if is_others else stats.indexed.get(DENSE, 0))


def writers_readiness(container: AppContainer) -> tuple[WriterReadiness, ...]:
    """Hosted, local and extractive, in this order; nothing is loaded."""
    extractive = WriterReadiness(ModelKind.EXTRACTIVE, "extractive", ready=True, state="quotes the best sentences")
    return (_hosted(container), _local(container), extractive)


def _hosted(container: AppContainer) -> WriterReadiness:
    settings = container.config.hosted
    place = container.loaded.place_of("hosted.base_url")
    try:
        server = parse_address(settings.base_url, place)[0].hostname
    except ConfigError as error:
        return WriterReadiness(ModelKind.HOSTED, settings.model, ready=False, state=error.message, remedy=error.remedy)
    if place != "hosted.base_url":
        server = f"{server} ({place})"
    has_key = container.models.api_key is not None
    state = f"{server}, {settings.api_key_env} is {'set' if has_key else 'not set'}"
    remedy = None
    if container.config.offline:
        state = f"{server}, offline: cannot be asked"
        remedy = "Start without --offline to write with a hosted model."
    elif not has_key:
        remedy = f"Set {settings.api_key_env} before the start, or type a key here."
    ready = has_key and not container.config.offline
    return WriterReadiness(ModelKind.HOSTED, settings.model, ready, state, remedy)


def _local(container: AppContainer) -> WriterReadiness:
    model = container.config.local.model
    if model not in container.assets.catalog or container.assets.catalog[model].kind is not AssetKind.GGUF:
        here = container.models.local_is_here()
        state = "its file is here" if here else "there is no such file"
        return _with_package(model, here=here, state=state, remedy=None if here else "Correct `local.model`.")
    status = container.assets.status(model)
    if status.usable:
        return _with_package(model, here=True, state=f"{megabytes(status.size)}, its file is here")
    size, left = megabytes(status.asset.size), megabytes(_bytes_left(status))
    state = f"{size}, not here yet" if left == size else f"{size}, {left} are still to come"
    remedy = None
    if container.config.offline:
        remedy = f"Offline nothing is fetched: copy {status.asset.file} to {status.path}."
    return _with_package(model, here=False, state=state, remedy=remedy, asset=status.asset)


def _with_package(
    model: str, *, here: bool, state: str, remedy: str | None = None, asset: Asset | None = None
) -> WriterReadiness:
    if find_spec("llama_cpp") is None:
        state, remedy, here = f"{state}; llama-cpp-python is not installed", NO_LOCAL_PACKAGE.remedy, False
    return WriterReadiness(ModelKind.LOCAL, model, here, state, remedy, asset)


def _bytes_left(status: AssetStatus) -> int:
    return status.asset.size - status.size if status.state is AssetState.PARTIAL else status.asset.size


def default_assets(container: AppContainer, *, local_model: bool = True) -> tuple[str, ...]:
    """The names of the assets that a pull without names brings; ``local_model`` False leaves the local model out."""
    groups = [group for group in AssetGroup if local_model or group is not AssetGroup.LOCAL]
    return tuple(asset.name for asset in container.assets.catalog.defaults(groups))


async def pull_assets(container: AppContainer, names: Sequence[str], listener: Listener) -> list[AssetStatus]:
    """Fetch assets with their companions and return how they are now, in the order of the list.

    What is here is not fetched again. The first failure ends it. ``listener`` is called from this thread or from the
    one that hashes. Cancelling stops at once; the next pull goes on with what came. Raises `AssetError`.
    """
    puller = Puller(container.assets, offline=container.config.offline, listener=listener)
    await puller.pull_all(names)
    return [container.assets.status(asset.name) for asset in container.assets.catalog.select(names)]
