"""What comes while the program runs: a key, an embedder, a model's file."""

import asyncio
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.errors import UsageError
from assistant.library.filters import Filters
from assistant.models.chat_model import ChatModel, ModelKind
from assistant.paths import Folders
from assistant.services import AppContainer, setup
from assistant.services.setup import search_readiness, writers_readiness
from tests.conftest import ASSETS, AssetPath
from tests.support.library_factory import MORNING, many

KEY = "sk-for-this-session"


def container_in(folder: Path, **settings: SettingValue) -> AppContainer:
    folders = Folders(folder / "library", folder / "assets", folder / "state", folder / "config.toml")
    return AppContainer(load_config(None, {}, settings), os.environ, folders)


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


async def test_a_key_is_used_and_the_process_keeps_its_environment(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        assert container.models.choose("auto").kind is ModelKind.EXTRACTIVE
        container.models.use_key(f" {KEY}\n")

        assert container.models.api_key == KEY
        assert container.models.choose("auto").kind is ModelKind.HOSTED
        assert "OPENAI_API_KEY" not in os.environ


@pytest.mark.parametrize("key", ["", " \n", "two words", "line\nbreak", "schlüssel", "bell\x07"])
async def test_what_cannot_be_a_key_is_refused(tmp_path: Path, key: str) -> None:
    async with container_in(tmp_path) as container:
        with pytest.raises(UsageError):
            container.models.use_key(key)
        assert container.models.api_key is None


async def test_models_of_another_key_are_built_anew_and_others_stay(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        container.models.use_key("the-first")
        hosted, extractive = container.model("hosted"), container.model("extractive")
        container.models.use_key("the-second")

        assert container.model("hosted") is not hosted
        assert container.model("extractive") is extractive


async def test_a_name_that_means_another_model_now_gets_it(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        assert container.model("auto").kind is ModelKind.EXTRACTIVE
        container.models.use_key(KEY)

        assert container.model("auto").kind is ModelKind.HOSTED


async def test_an_embedder_that_came_is_used_by_the_library_that_is_open(tmp_path: Path, asset_path: AssetPath) -> None:
    async with container_in(tmp_path, **{"embedder.model": "minilm"}) as container:
        library, search = container.library, container.search
        assert search_readiness(container).missing
        asset_path("minilm")
        shutil.copytree(ASSETS / "minilm", tmp_path / "assets" / "minilm")
        assert container.search is search
        container.renew_embedder()

        assert container.library is library
        assert container.search is not search
        assert search_readiness(container).ready
        assert container.search.search("anything", Filters(), 1) == []
        assert library.index_pending().counts[-1].name == "dense"


async def test_vectors_of_another_embedder_have_to_be_made_again(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        library = container.library
        library.ingest(many(2), MORNING)
        library.index_pending()
        assert search_readiness(container).ready
        with library._database.transaction() as connection:
            connection.execute("UPDATE meta SET value = 'the former one' WHERE key = 'embedder'")

        assert not search_readiness(container).ready
        assert search_readiness(container).vectors == 0
        library.rebuild()
        assert search_readiness(container).ready


async def test_the_state_of_a_local_model_says_how_much_is_to_come(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        partial = container.assets.working_folder("qwen2.5-coder-1.5b")
        partial.mkdir(parents=True)
        (partial / "some.partial").write_bytes(b"x" * 17_000_000)
        local = writers_readiness(container)[1]

        assert local.state == "1,117 MB, 1,100 MB are still to come"
        assert local.asset is not None


async def test_a_local_model_that_is_a_path_is_looked_for(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    async with container_in(tmp_path, **{"local.model": str(file)}) as container:
        assert not writers_readiness(container)[1].ready
        file.touch()
        assert writers_readiness(container)[1].asset is None
        assert "is here" in writers_readiness(container)[1].state


async def test_without_the_package_a_local_model_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "find_spec", lambda _name: None)
    async with container_in(tmp_path) as container:
        local = writers_readiness(container)[1]

    assert not local.ready
    assert local.remedy is not None
    assert "pip install" in local.remedy


async def test_an_address_with_a_password_is_not_shown(tmp_path: Path) -> None:
    async with container_in(tmp_path, **{"hosted.base_url": "https://me:secret@server.example/v1"}) as container:
        assert "secret" not in writers_readiness(container)[0].state


async def test_a_server_that_a_variable_names_is_shown_with_the_variable(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "library", tmp_path / "assets", tmp_path / "state", tmp_path / "config.toml")
    loaded = load_config(None, {"OPENAI_BASE_URL": "http://me:secret@localhost:11434/v1"})
    async with AppContainer(loaded, {"OPENAI_API_KEY": KEY}, folders) as container:
        state = writers_readiness(container)[0].state

    assert state == "localhost (OPENAI_BASE_URL), OPENAI_API_KEY is set"


@pytest.mark.parametrize(
    "address", ["http://[::1", "localhost:11434/v1", "me:secret@host/v1", "http://me:secret@:x/v1"]
)
async def test_an_address_that_is_none_is_shown_as_such(tmp_path: Path, address: str) -> None:
    folders = Folders(tmp_path / "library", tmp_path / "assets", tmp_path / "state", tmp_path / "config.toml")
    loaded = load_config(None, {"OPENAI_BASE_URL": address})
    async with AppContainer(loaded, {"OPENAI_API_KEY": KEY}, folders) as container:
        hosted = writers_readiness(container)[0]

    assert not hosted.ready
    assert hosted.state.startswith("OPENAI_BASE_URL is no ")
    assert "secret" not in hosted.state
    assert "https://" in (hosted.remedy or "")


async def test_a_model_asked_for_from_two_threads_at_once_is_built_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with container_in(tmp_path) as container:
        both_ask = threading.Barrier(2, timeout=0.5)
        build = container.models.build

        def slow(name: str) -> ChatModel:
            with suppress(threading.BrokenBarrierError):  # nobody else comes here
                both_ask.wait()
            return build(name)

        monkeypatch.setattr(container.models, "build", slow)
        first, second = await asyncio.gather(*(asyncio.to_thread(container.model, "extractive") for _ in range(2)))
        assert first is second
