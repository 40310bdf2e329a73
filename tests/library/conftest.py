"""A library in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library.library import Library
from tests.support.library_factory import HashEmbedder, open_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "library", HashEmbedder()) as opened:
        yield opened
