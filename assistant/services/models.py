"""The models that write: which one a name means now, each built once."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from assistant.config import LoadedConfig
from assistant.errors import UsageError
from assistant.models import ChatModel, ModelChoice, ModelChooser, ModelKind
from assistant.models.assets import AssetStore


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
