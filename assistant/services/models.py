"""The models of the configuration, each built once: those that write, and those that read two texts together."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock

from assistant.answering import Logistic, calibration_path, read_calibration
from assistant.answering.verification import UNCALIBRATED, CalibratedReader
from assistant.config import Config, LoadedConfig
from assistant.errors import UsageError
from assistant.models import ChatModel, ModelChoice, ModelChooser, ModelKind, PairFiles, PairReader
from assistant.models.assets import AssetKind, AssetStore


class ModelPool:
    """Models by their names; close it when done. Every method may be called from any thread.

    ``environment`` is where the key of the hosted model is read from; ``traits_file`` keeps what is learned about
    servers.
    """

    def __init__(
        self, loaded: LoadedConfig, assets: AssetStore, environment: Mapping[str, str], traits_file: Path
    ) -> None:
        self._loaded = loaded
        self._assets = assets
        self._environment = environment
        self._traits_file = traits_file
        self._chooser = self._new_chooser()
        self._models: dict[str, ChatModel] = {}
        self._retired: list[ChatModel] = []
        self._building = Lock()

    async def aclose(self) -> None:
        """Close every model that was built."""
        try:
            for model in (*self._models.values(), *self._retired):
                await model.aclose()
        finally:
            self._models.clear()
            self._retired.clear()

    @property
    def api_key(self) -> str | None:
        """The key of the hosted model; None without one."""
        return self._chooser.api_key

    def choose(self, name: str) -> ModelChoice:
        """Which model a name means now, and why; nothing is loaded. Raises `ModelMissing` for a misspelt name."""
        return self._chooser.choose(name)

    def local_is_here(self) -> bool:
        """Whether the file of the configured local model is here."""
        return self._chooser.local_is_here()

    def build(self, name: str) -> ChatModel:
        """A new model of that name, whose caller closes it. Raises `ModelError`."""
        return self._chooser.build(name)

    def get(self, name: str | None = None) -> ChatModel:
        """The model of that name, or the configuration's; the same one each time. Raises `ModelError`."""
        name = name or self._loaded.config.model
        with self._building:
            if name not in self._models:
                self._models[name] = self.build(name)
            return self._models[name]

    def use_key(self, key: str) -> None:
        """Write with this key from now on; it is kept in memory alone, neither written anywhere nor given on.

        Raises `UsageError` for what cannot be a key.
        """
        key = key.strip()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise UsageError("That is no key.", "A key is one word of ASCII letters, digits and signs.")
        self._environment = {**self._environment, self._loaded.config.hosted.api_key_env: key}
        self._chooser = self._new_chooser()
        self._retire({name for name, model in tuple(self._models.items()) if model.kind is ModelKind.HOSTED})
        self.renew()

    def renew(self) -> None:
        """Build a model again when its name means another one now: a key was given, or a file came."""
        built = tuple(self._models.items())
        self._retire({name for name, model in built if self.choose(name).kind is not model.kind})

    def _retire(self, names: set[str]) -> None:
        """Forget models; they are closed with the pool, for one of them may still be writing."""
        self._retired += [self._models.pop(name) for name in names]

    def _new_chooser(self) -> ModelChooser:
        return ModelChooser(
            self._loaded.config,
            self._assets,
            self._environment,
            address_name=self._loaded.place_of("hosted.base_url"),
            traits_file=self._traits_file,
        )


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
        reader_names = ", ".join(asset.name for asset in assets.catalog if asset.kind is AssetKind.READER)
        raise UsageError(f"{name!r} is neither a reader asset nor a folder.", f"Known reader assets: {reader_names}.")
    return PairReader(PairFiles.in_folder(folder), name=folder.name, threads=threads)
