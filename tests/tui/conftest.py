"""The application in a home of its own, on the sample feed, with a model that says what a test wants."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.feeds.json_files import sample_batches
from assistant.library.library import Library
from assistant.models.chat_model import ChatModel, GenerationRequest
from assistant.paths import Folders
from assistant.services import AppContainer
from assistant.tui.app import AssistantApp
from assistant.tui.session import Session
from assistant.tui.ui_state import UiState
from tests.conftest import ASSETS
from tests.support.fake_models import ScriptedModel

NOW = datetime(2026, 8, 21, 12, tzinfo=UTC)
"""The day of the newest papers of the sample feed."""


def cite_everything(request: GenerationRequest) -> str:
    """The first quote of each source, cited: what a good model would write."""
    return " ".join(f"{quote.text} [{quote.number}]" for quote in request.quotes)


UNREACHABLE: dict[str, SettingValue] = {"feeds.base_url": "http://127.0.0.1:9", "feeds.retries": 0}
AS_WRITTEN: dict[str, SettingValue] = {"answers.refuse": False, "answers.check": "mark"}
"""What a scripted model says is shown as it is, whatever was asked."""
BY_WORDS: dict[str, SettingValue] = {"embedder.model": "minilm"}
"""An embedder that does not come with the program, and is not in an empty folder of assets."""


class ScriptedContainer(AppContainer):
    """A container whose every model is the test's own."""

    writer: ChatModel

    def model(self, name: str | None = None) -> ChatModel:
        return self.writer


@pytest.fixture(autouse=True)
def a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links open in a browser, whether this machine has one or not; tests look at what the driver is told."""
    monkeypatch.setattr("webbrowser.get", lambda: "a browser")


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample feed (31 papers of 2026-08-20 and 21), indexed by words alone; made once, copied by tests."""
    folder = tmp_path_factory.mktemp("library") / "library"
    with Library.open(folder, embedder=None) as library:
        for batch in sample_batches():
            library.ingest(batch, NOW)
        library.index_pending()
    return folder


MakeSession = Callable[..., Session]
MakeApp = Callable[..., AssistantApp]


@pytest.fixture
def make_session(tmp_path: Path, sample_library: Path) -> MakeSession:
    """Makes what the pages share, without an application; for the arguments see `make_app`."""

    def make(
        model: ChatModel | None = None,
        *,
        papers: bool = True,
        embedder: bool = False,
        settings: dict[str, SettingValue] | None = None,
    ) -> Session:
        folders = Folders(tmp_path / "library", ASSETS if embedder else tmp_path / "assets", tmp_path / "state",
                          tmp_path / "config.toml")  # fmt: skip
        if papers and not folders.library.exists():
            shutil.copytree(sample_library, folders.library)
        searching = {} if embedder else BY_WORDS
        loaded = load_config(None, {}, UNREACHABLE | AS_WRITTEN | searching | (settings or {}))
        container = ScriptedContainer(loaded, {}, folders)
        container.writer = model or ScriptedModel(cite_everything)
        return Session(container, lambda: NOW)

    return make


@pytest.fixture
def make_app(make_session: MakeSession) -> MakeApp:
    """Makes applications: ``model`` writes (by default it cites everything), ``papers`` False leaves the library empty.

    ``settings`` are overrides of the configuration by dotted key; without them nothing is refused or repaired. The
    feed cannot be reached. Search goes by words alone unless ``embedder`` is asked for.
    """

    def make(
        model: ChatModel | None = None,
        *,
        papers: bool = True,
        embedder: bool = False,
        introduced: bool = True,
        settings: dict[str, SettingValue] | None = None,
    ) -> AssistantApp:
        session = make_session(model, papers=papers, embedder=embedder, settings=settings)
        state = session.container.folders.logs / "state.json"
        if introduced and not state.exists():
            UiState(introduced=True).write(state)
        return AssistantApp(session, state)

    return make


@asynccontextmanager
async def running(app: AssistantApp, size: tuple[int, int] = (120, 40)) -> AsyncGenerator[Pilot[None], None]:
    """The application, started, with its first workers done; its container is closed afterwards."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot
    await app.session.container.aclose()


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every worker is done and every message is handled; a worker that runs for ever is not for this.

    A worker that another one has replaced is done too.
    """
    await pilot.pause()
    while running := [worker for worker in pilot.app.workers if not worker.is_finished]:
        for worker in running:
            with suppress(WorkerCancelled):
                await worker.wait()
    await pilot.pause()


_PATIENCE_SECONDS = 60.0


async def wait_until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait until something holds, for what goes on while a worker still runs; gives up after a minute."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not condition():
            await pilot.pause()
            await asyncio.sleep(0.01)
