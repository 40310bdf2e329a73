"""The one place that builds the parts of the program from the configuration.

Feeds, digests and comparisons are imported when they are first asked for: the application paints before that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from assistant.answering import AskSettings, CachedGenerator, Prompt, QuestionAnswerer, load_prompt
from assistant.answering.verification import CheckMode
from assistant.config import LoadedConfig
from assistant.errors import AssistantError, UsageError
from assistant.library import IndexRegistry, Library
from assistant.models import ChatModel, ModelKind, OnnxEmbedder
from assistant.models.assets import AssetKind, AssetStore, load_catalog
from assistant.paths import Folders, default_folders
from assistant.retrieval import EvidenceRanker, HybridSearch, PaperRetriever, PaperVectors
from assistant.services.models import ModelPool, PairReaders

if TYPE_CHECKING:
    from assistant.answering import Comparer
    from assistant.export import Mailer
    from assistant.reports.digest import DigestBuilder, DigestPlanner
    from assistant.services.feeds import Feeds

_SAMPLE_FOLDER = "sample"


class AnswerOptions(TypedDict, total=False):
    """How answers are written and checked; what is not given, or None, is as the configuration says."""

    check: CheckMode | None
    samples: int | None
    refuse: bool | None


@dataclass(frozen=True, slots=True)
class EmbedderState:
    """Whether questions and papers can be turned into vectors; ``missing`` names what is not here."""

    embedder: OnnxEmbedder | None
    missing: str | None = None


class AppContainer:
    """Everything a front end needs, built when it is first asked for; close it when done (``async with``).

    ``environment`` is where keys are read from. Folders are the configuration's, else the platform's. ``shows_sample``
    says that the library is that of the sample papers (`show_sample`).
    """

    def __init__(self, loaded: LoadedConfig, environment: Mapping[str, str], folders: Folders | None = None) -> None:
        self.loaded = loaded
        self.config = loaded.config
        self._environment = environment
        self._defaults = folders
        self._left: list[Library] = []
        self._models: ModelPool | None = None
        self._building = Lock()
        self.shows_sample = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close models and the library, whichever were opened."""
        try:
            if self._models is not None:
                await self._models.aclose()
        finally:
            if "library" in self.__dict__:
                self.library.close()
            for library in self._left:
                library.close()
            self._left.clear()

    @cached_property
    def folders(self) -> Folders:
        """Where things lie, with the configuration's own folders in place of the defaults."""
        paths, defaults = self.config.paths, self._defaults or default_folders()
        return Folders(
            library=Path(paths.library).expanduser() if paths.library else defaults.library,
            assets=Path(paths.assets).expanduser() if paths.assets else defaults.assets,
            logs=defaults.logs,
            config_file=defaults.config_file,
        )

    @cached_property
    def assets(self) -> AssetStore:
        """The outside files."""
        return AssetStore(self.folders.assets, load_catalog())

    @cached_property
    def embedder(self) -> EmbedderState:
        """The embedder of the configuration, when its files are here; nothing is loaded yet.

        Raises `AssetCorrupt` for a damaged file and `UsageError` for a name that is no embedder.
        """
        name = self.config.embedder.model
        asset = self.assets.catalog[name]
        if asset.kind is not AssetKind.ONNX:
            embedder_names = ", ".join(a.name for a in self.assets.catalog if a.kind is AssetKind.ONNX)
            raise UsageError(f"The asset {name} is no embedder.", f"embedder.model may be: {embedder_names}.")
        needed = (asset, *(self.assets.catalog[companion] for companion in asset.companions))
        missing = [part.name for part in needed if not self.assets.status(part.name).usable]
        if missing:
            return EmbedderState(None, missing[0])
        files = {part.kind: self.assets.path(part.name) for part in needed}
        embedder = OnnxEmbedder(
            files[AssetKind.ONNX],
            files[AssetKind.TOKENIZER],
            fingerprint=self.assets.catalog.embedder_fingerprint(name),
            max_tokens=asset.max_tokens,
            threads=self.config.embedder.threads,
        )
        return EmbedderState(embedder)

    @property
    def environment(self) -> Mapping[str, str]:
        """Where keys, proxies and certificates are read from."""
        return self._environment

    @property
    def library_folder(self) -> Path:
        """Where the library in use lies: the reader's own, or that of the sample papers beside the usual place."""
        if not self.shows_sample:
            return self.folders.library
        return (self._defaults or default_folders()).library.with_name(_SAMPLE_FOLDER)

    @cached_property
    def library(self) -> Library:
        """The library, opened; made when it is not there. That of the sample papers is filled with them."""
        library = Library.open(self.library_folder, embedder=self._registry.embedder, registry=self._registry)
        if self.shows_sample:
            from assistant.feeds import sample_batches
            from assistant.library import import_batches

            try:
                import_batches(library, sample_batches(), datetime.now(UTC))
            except AssistantError:
                library.close()
                raise
        return library

    @cached_property
    def _registry(self) -> IndexRegistry:
        return IndexRegistry(self.library_folder, self.embedder.embedder)

    def show_sample(self, *, on: bool = True) -> None:
        """Use the library of the sample papers from now on, or the reader's own again.

        What was made with the library before goes on with that one, which is closed with the container.
        """
        if on == self.shows_sample:
            return
        self.shows_sample = on
        if (library := self.__dict__.pop("library", None)) is not None:
            self._left.append(library)
        for part in ("_registry", "search", "retriever", "ranker", "vectors"):
            self.__dict__.pop(part, None)

    @cached_property
    def search(self) -> HybridSearch:
        """Hybrid search over the library; lexical alone while the embedder is missing.

        Raises `UsageError`, `AssetMissing` and `AssetCorrupt` for a reader of the configuration that cannot be used.
        """
        settings = self.config.retrieval
        return HybridSearch(
            self.library,
            self.embedder.embedder,
            dense_weight=settings.dense_weight,
            candidates=settings.candidates,
            reranker=self.readers.paper_reader(),
        )

    @cached_property
    def ranker(self) -> EvidenceRanker:
        """Which sentences of abstracts fit a question."""
        return EvidenceRanker(self.embedder.embedder)

    @property
    def models(self) -> ModelPool:
        """The models that write; the same pool for every thread."""
        with self._building:
            if self._models is None:
                traits_file = self.folders.logs / "hosted-models.json"
                self._models = ModelPool(self.loaded, self.assets, self._environment, traits_file)
            return self._models

    @cached_property
    def feeds(self) -> "Feeds":
        """Where papers come from over the network."""
        from assistant.services.feeds import Feeds

        return Feeds(self.config, self._environment)

    @cached_property
    def readers(self) -> PairReaders:
        """The models that read two texts together."""
        return PairReaders(self.config, self.assets, self.loaded.file or self.folders.config_file)

    def model(self, name: str | None = None) -> ChatModel:
        """The model of that name, or the configuration's; the same one each time it is asked for, from any thread."""
        return self.models.get(name)

    def renew_embedder(self) -> None:
        """Take up an embedder whose files came since; the library stays open, search goes by vectors from now on."""
        for part in ("embedder", "search", "retriever", "ranker", "vectors"):
            self.__dict__.pop(part, None)
        if "_registry" in self.__dict__:
            self._registry.embedder = self.embedder.embedder

    def prompt(self, name: str) -> Prompt:
        """A prompt: the user's own file, or the shipped one."""
        own = self.config.paths.prompts
        return load_prompt(name, Path(own).expanduser() if own else None)

    def generator(self, model: ChatModel) -> CachedGenerator:
        """Short texts by a model, kept in the library."""
        return CachedGenerator(model, self.library)

    @cached_property
    def vectors(self) -> PaperVectors:
        """The vectors of the library's papers."""
        return PaperVectors(self.library, self.embedder.embedder)

    def digest_planner(self) -> "DigestPlanner":
        """Papers of a digest, grouped and numbered."""
        from assistant.reports.digest import DigestPlanner

        return DigestPlanner(self.library, self.vectors, self.library)

    def digest_builder(self, model: ChatModel) -> "DigestBuilder":
        """Digests by a model; one that costs money keeps to the configuration's cap."""
        from assistant.answering import PaperSummarizer
        from assistant.reports.digest import CostCap, DigestBuilder, TopicWriter

        generator = self.generator(model)
        price = self.config.prices.get(model.name) if model.kind is ModelKind.HOSTED else None
        return DigestBuilder(
            generator,
            PaperSummarizer(generator, self.prompt("paper")),
            TopicWriter(generator, self.prompt("topic"), self.prompt("topic_name")),
            CostCap(price, self.config.digest.max_cost_dollars),
        )

    def comparer(self, model: ChatModel) -> "Comparer":
        """Comparison tables by a model."""
        from assistant.answering import Comparer

        return Comparer(self.generator(model), self.prompt("compare"))

    @cached_property
    def retriever(self) -> PaperRetriever:
        """Papers for questions as they are typed."""
        return PaperRetriever(self.search, self.library)

    def answerer(self, model: ChatModel, **options: Unpack[AnswerOptions]) -> QuestionAnswerer:
        """Answers and joint summaries by a model."""
        settings = self.ask_settings(**options)
        return QuestionAnswerer(self.retriever, self.ranker, model, settings, self.prompt, self.comparer(model))

    def answer_options(self) -> AnswerOptions:
        """How answers are written and checked where a reader sets nothing else: as the configuration says."""
        answers = self.config.answers
        return AnswerOptions(check=CheckMode(answers.check), samples=answers.samples)

    def ask_settings(self, **options: Unpack[AnswerOptions]) -> AskSettings:
        """The limits and checks of texts about several papers."""
        config, refuse = self.config, options.get("refuse")
        return AskSettings(
            papers=config.retrieval.papers,
            hosted_evidence_tokens=config.hosted.evidence_tokens,
            local_evidence_tokens=config.local.evidence_tokens,
            max_output_tokens=config.answers.max_output_tokens,
            temperature=config.answers.temperature,
            check=options.get("check") or CheckMode(config.answers.check),
            samples=options.get("samples") or config.answers.samples,
            judge=config.answers.judge,
            refuse=config.answers.refuse if refuse is None else refuse,
            verifier=self.readers.verifier,
        )

    def mailer(self) -> "Mailer":
        """Mails as the configuration says."""
        from assistant.export import Mailer

        return Mailer(self.config.mail, self._environment, offline=self.config.offline)
