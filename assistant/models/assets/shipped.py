"""Files that come with the program: weights that were made for it are read where they were installed."""

from importlib.resources import files
from pathlib import Path

from assistant.models.assets.catalog import Asset, ShippedFile


def packed_file(asset: Asset) -> Path | None:
    """The file of an asset within the program; None when it does not come with it, or this installation lacks it."""
    for source in asset.sources:
        if isinstance(source, ShippedFile):
            packed = Path(str(files("assistant.models.assets").joinpath("shipped", source.file)))
            return packed if packed.is_file() else None
    return None
