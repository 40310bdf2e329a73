"""Models that read two texts together, out of the configuration, with their calibration."""

from pathlib import Path

from assistant.answering import calibration_path, read_calibration
from assistant.answering.verification import UNCALIBRATED, CalibratedReader
from assistant.errors import UsageError
from assistant.models import PairFiles, PairReader
from assistant.models.assets import AssetKind, AssetStore


def pair_reader(assets: AssetStore, choice: str, threads: int) -> PairReader:
    """The model that a setting names: an asset, or a folder of the user's. Nothing is loaded.

    Raises `UsageError` when it is neither, `AssetMissing` and `AssetCorrupt` for files that are not here or damaged.
    """
    if choice in assets.catalog and assets.catalog[choice].kind is AssetKind.READER:
        parts = {asset.kind: assets.path(asset.name) for asset in assets.catalog.select([choice])}
        files = PairFiles(parts[AssetKind.READER], parts[AssetKind.TOKENIZER], parts[AssetKind.LABELS])
        return PairReader(files, name=choice, threads=threads)
    folder = Path(choice).expanduser()
    if not folder.is_dir():
        known = ", ".join(asset.name for asset in assets.catalog if asset.kind is AssetKind.READER)
        raise UsageError(f"{choice!r} is neither a reader asset nor a folder.", f"Known reader assets: {known}.")
    return PairReader(PairFiles.in_folder(folder), name=folder.name, threads=threads)


def calibrated(reader: PairReader, config_file: Path) -> CalibratedReader:
    """The reader with the calibration that was written for it beside the configuration; without one, as it is.

    Raises `UsageError` for a model that does not judge support, and `InputError` for a damaged calibration.
    """
    reader.require("support")
    calibration = read_calibration(calibration_path(config_file, reader.fingerprint), reader.fingerprint)
    return CalibratedReader(reader, calibration or UNCALIBRATED)
