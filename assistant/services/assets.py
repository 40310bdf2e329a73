"""Models and tokenizers fetched and verified."""

from collections.abc import Sequence

from assistant.models.assets import AssetGroup, AssetStatus, Listener, Puller
from assistant.services.container import AppContainer


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
