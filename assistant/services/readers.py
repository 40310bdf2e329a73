"""Models that read two texts together, out of the configuration, with their calibration."""

from functools import cached_property
from pathlib import Path

from assistant.answering import Logistic, calibration_path, read_calibration
from assistant.answering.verification import UNCALIBRATED, CalibratedReader
from assistant.config import Config
from assistant.errors import UsageError
from assistant.models import PairFiles, PairReader
from assistant.models.assets import AssetKind, AssetStore


class PairReaders:
    """The readers that the configuration names; ``config_file`` is the one beside which their calibrations lie.

    Nothing is loaded before one reads. Methods raise `UsageError` for a name that is neither an asset nor a folder,
    `AssetMissing` and `AssetCorrupt` for files that are not here or damaged.
    """

    def __init__(self, config: Config, assets: AssetStore, config_file: Path) -> None:
        self._config = config
        self._assets = assets
        self._config_file = config_file

    def sentence_reader(self) -> PairReader | None:
        """What reads sentences with their evidence, without its calibration; None where none is named."""
        return self._reader(self._config.verification.reader)

    def paper_reader(self) -> PairReader | None:
        """What reads papers with a question; None where none is named."""
        return self._reader(self._config.retrieval.reader)

    @cached_property
    def verifier(self) -> CalibratedReader | None:
        """The sentence reader with its calibration, or as it is without one; None where none is named.

        Raises `UsageError` for a model that does not judge support, and `InputError` for a damaged calibration.
        """
        reader = self.sentence_reader()
        if reader is None:
            return None
        reader.require("support")
        return CalibratedReader(reader, self._calibration(reader) or UNCALIBRATED)

    def calibration_file(self, reader: PairReader) -> Path:
        """Where the calibration of a reader lies, or would."""
        return calibration_path(self._config_file, reader.fingerprint)

    def _calibration(self, reader: PairReader) -> Logistic | None:
        return read_calibration(self.calibration_file(reader), reader.fingerprint)

    def _reader(self, name: str) -> PairReader | None:
        return _pair_reader(self._assets, name, self._config.verification.threads) if name else None


def _pair_reader(assets: AssetStore, name: str, threads: int) -> PairReader:
    """The model that a setting names: an asset, or a folder of the user's."""
    if name in assets.catalog and assets.catalog[name].kind is AssetKind.READER:
        parts = {asset.kind: assets.path(asset.name) for asset in assets.catalog.select([name])}
        files = PairFiles(parts[AssetKind.READER], parts[AssetKind.TOKENIZER], parts[AssetKind.LABELS])
        return PairReader(files, name=name, threads=threads)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        known = ", ".join(asset.name for asset in assets.catalog if asset.kind is AssetKind.READER)
        raise UsageError(f"{name!r} is neither a reader asset nor a folder.", f"Known reader assets: {known}.")
    return PairReader(PairFiles.in_folder(folder), name=folder.name, threads=threads)
