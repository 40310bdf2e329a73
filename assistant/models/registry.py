"""Which model a name means: hosted, local, extractive, an asset, a GGUF file or a hosted model's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from assistant.config import Config
from assistant.errors import AssetCorrupt, AssetMissing, ModelMissing, ModelUnavailable, UsageError
from assistant.models.assets.catalog import AssetKind
from assistant.models.assets.store import AssetStore
from assistant.models.chat_model import ChatModel, ModelKind
from assistant.text import nearest

NO_LOCAL_PACKAGE = ModelMissing(
    "Local models need the package llama-cpp-python, which is not installed.",
    "run `CMAKE_ARGS=\"-DGGML_NATIVE=OFF\" pip install 'daily-papers-assistant[local]'` (needs a C++ compiler)",
)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What will write: the kind, the model (a server's name for it, an asset or a path), and why it was chosen."""

    kind: ModelKind
    model: str
    reason: str


class ModelChooser:
    """Turns names into choices, and choices into models.

    ``environment`` holds the key of the hosted model; ``address_name`` is the setting or the variable that its server's
    address comes from. ``traits_file`` keeps what hosted models were seen to do.
    """

    def __init__(
        self,
        config: Config,
        assets: AssetStore,
        environment: Mapping[str, str],
        *,
        address_name: str = "hosted.base_url",
        traits_file: Path | None = None,
    ) -> None:
        self._config = config
        self._assets = assets
        self._environment = environment
        self._address_name = address_name
        self._traits_file = traits_file

    @property
    def api_key(self) -> str | None:
        """The key of the hosted model, from the variable that the configuration names."""
        return self._environment.get(self._config.hosted.api_key_env) or None

    def choose(self, name: str) -> ModelChoice:
        """What a name means here and now; nothing is loaded."""
        match name:
            case "auto":
                return self._automatic()
            case "hosted":
                return ModelChoice(ModelKind.HOSTED, self._config.hosted.model, "asked for")
            case "local":
                return ModelChoice(ModelKind.LOCAL, self._config.local.model, "asked for")
            case "extractive":
                return ModelChoice(ModelKind.EXTRACTIVE, "extractive", "asked for")
        if name.casefold().endswith(".gguf") or self._is_gguf(name) or Path(name).expanduser().is_file():
            return ModelChoice(ModelKind.LOCAL, name, "asked for")
        self._refuse_misspelt_asset(name)
        return ModelChoice(ModelKind.HOSTED, name, "asked for")

    def build(self, name: str) -> ChatModel:
        """The model that a name means.

        Raises `ModelMissing` without key, file or package, and when a hosted model is asked for offline.
        """
        choice = self.choose(name)
        match choice.kind:
            case ModelKind.HOSTED:
                return self._hosted(choice.model)
            case ModelKind.LOCAL:
                return self._local(choice.model)
            case ModelKind.EXTRACTIVE:
                from assistant.models.extractive import ExtractiveModel

                return ExtractiveModel()

    def _refuse_misspelt_asset(self, name: str) -> None:
        """Raise `ModelMissing` for what is nearly an asset's name, so that no prompt goes to a server by mistake."""
        names = [asset.name for asset in self._assets.catalog]
        near = nearest(name, names, 0.8)
        if near is not None:
            asset_names = ", ".join(asset.name for asset in self._assets.catalog if asset.kind is AssetKind.GGUF)
            raise ModelMissing(f"There is no model {name!r}; did you mean {near}?", f"Local models: {asset_names}.")

    def _automatic(self) -> ModelChoice:
        hosted, local = self._config.hosted, self._config.local
        if self.api_key and not self._config.offline:
            return ModelChoice(ModelKind.HOSTED, hosted.model, f"{hosted.api_key_env} is set")
        if not self.local_is_here():
            return ModelChoice(ModelKind.EXTRACTIVE, "extractive", "there is no key and no local model")
        if find_spec("llama_cpp") is None:
            return ModelChoice(ModelKind.EXTRACTIVE, "extractive", "the package llama-cpp-python is not installed")
        return ModelChoice(
            ModelKind.LOCAL, local.model, "its file is here" + (", offline" if self._config.offline else "")
        )

    def local_is_here(self) -> bool:
        """Whether the file of the configuration's local model is here."""
        model = self._config.local.model
        if self._is_gguf(model):
            return self._assets.status(model).usable
        return Path(model).expanduser().is_file()

    def _is_gguf(self, name: str) -> bool:
        return name in self._assets.catalog and self._assets.catalog[name].kind is AssetKind.GGUF

    def _hosted(self, model: str) -> ChatModel:
        from assistant.models.hosted.model import HostedModel
        from assistant.models.hosted.server import HostedModelSettings

        settings = self._config.hosted
        if self._config.offline:
            raise ModelMissing(
                f"Offline: the hosted model {model} cannot be asked.", "Take --model local or --model extractive."
            )
        return HostedModel(
            HostedModelSettings(
                base_url=settings.base_url,
                model=model,
                api_key=self.api_key,
                key_name=settings.api_key_env,
                address_name=self._address_name,
                timeout_seconds=settings.timeout_seconds,
                max_retries=settings.retries,
                context_tokens=settings.context_tokens,
                bpe_folder=self._assets.tiktoken_folder,
                traits_file=self._traits_file,
            )
        )

    def _local(self, model: str) -> ChatModel:
        from assistant.models.llama.model import LocalModel

        try:
            path = self._assets.locate(model, AssetKind.GGUF)
        except (AssetMissing, UsageError) as error:
            raise ModelMissing(error.message, error.remedy) from error
        except AssetCorrupt as error:
            raise ModelUnavailable(error.message, error.remedy) from error
        if find_spec("llama_cpp") is None:
            raise NO_LOCAL_PACKAGE
        settings = self._config.local
        return LocalModel(
            path, name=_short_name(model), threads=settings.threads, context_tokens=settings.context_tokens
        )


def _short_name(model: str) -> str:
    """An asset's name as it is; of a path the file's name without its ending."""
    return Path(model).name.removesuffix(".gguf")
