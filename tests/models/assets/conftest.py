"""Assets made for the tests, in a real package index and a real loopback hub."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asset_servers import ModelHub, PackageIndex, serving

# Coverage of pip's own code costs more than the rest of the tests; the hub's worker asks for it again.
_DROPPED = ("PIP_", "HF_", "XDG_", "COVERAGE_")


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    with serving(PackageIndex()) as server:
        yield server


@pytest.fixture
def hub() -> Iterator[ModelHub]:
    with serving(ModelHub()) as server:
        yield server


@pytest.fixture
def environment(index: PackageIndex, hub: ModelHub, tmp_path: Path) -> dict[str, str]:
    """What child processes get: the loopback servers and nothing of this machine's own settings."""
    variables = {key: value for key, value in os.environ.items() if not key.upper().startswith(_DROPPED)}
    variables = {key: value for key, value in variables.items() if not key.lower().endswith("_proxy")}
    home = tmp_path / "home"
    home.mkdir()
    return variables | {
        "HOME": str(home),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": f"{index.url}/simple",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(home / "hf"),
    }


@pytest.fixture
def other_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A script that takes the place of the interpreter that child processes are started with."""
    script = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(script))
    return script


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder
