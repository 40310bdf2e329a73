"""The command in a home of its own, with a small library."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.cli.main import run
from tests.cli.conftest import Assistant, assistant, home
from tests.conftest import ASSETS

__all__ = ["assistant", "home"]

SAMPLE_FEED = Path(str(files("assistant.feeds") / "sample" / "daily_papers.jsonl"))


@pytest.fixture(scope="session")
def synced_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose library holds the papers of the sample feed, synced from its file; made once."""
    folder = tmp_path_factory.mktemp("synced")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setenv("ASSISTANT_PATHS_ASSETS", str(ASSETS))
        assert run(["--offline", "sync", str(SAMPLE_FEED)]) == 0
    return folder


@pytest.fixture
def synced(assistant: Assistant, home: Path, synced_data: Path) -> Assistant:  # the fixtures of tests/cli
    """The command, with the papers of the sample feed in the library."""
    shutil.copytree(synced_data, home / "data")
    return assistant
