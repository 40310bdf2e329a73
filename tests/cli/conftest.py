"""Running the command as its user does, in a home of its own."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.main import run
from tests.conftest import ASSETS


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The object on stdout."""
        return json.loads(self.out)


Assistant = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home whose feed cannot be reached, with the assets of this machine."""
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "ASSISTANT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSISTANT_PATHS_ASSETS", str(ASSETS))
    monkeypatch.setenv("ASSISTANT_FEEDS_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ASSISTANT_FEEDS_RETRIES", "0")
    monkeypatch.setenv("ASSISTANT_FEEDS_TIMEOUT_SECONDS", "0.5")
    return tmp_path


@pytest.fixture
def assistant(home: Path, capsys: pytest.CaptureFixture[str]) -> Assistant:  # the home is the point
    """The command, in this process."""

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(list(arguments))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose library holds the sample feed, as earlier versions left it; made by the command itself."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE"):  # what the developer has set is not looked at
            patch.setenv(f"XDG_{name}_HOME", str(tmp_path_factory.mktemp(name.lower())))
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setenv("ASSISTANT_PATHS_ASSETS", str(ASSETS))
        patch.delenv("ASSISTANT_CONFIG", raising=False)
        assert run(["--offline", "today", "--model", "extractive", "--top", "1"]) == 0
    library = folder / "daily-papers" / "library"
    shutil.rmtree(library)
    library.with_name("sample").rename(library)
    return folder


@pytest.fixture
def filled(assistant: Assistant, home: Path, sample_data: Path) -> Assistant:
    """The command, with the sample feed in the library."""
    shutil.copytree(sample_data, home / "data")
    return assistant
