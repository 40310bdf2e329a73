"""A container in a home of its own, over a library of a few papers that is searched by words."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, Provenance
from assistant.paths import Folders
from assistant.services import AppContainer

NOW = datetime(2026, 8, 24, 9, tzinfo=UTC)
DAY = date(2026, 8, 21)
PAPERS = [
    Paper("2601.00001", "Pruning Heads", "We prune attention heads of transformers to save memory.", Provenance.EXPORT),
    Paper("2601.00002", "Merging Heads", "We merge attention heads of transformers.", Provenance.EXPORT),
    Paper("2601.00003", "Kitchen Robots", "Robots wash dishes and learn from 2601.00004.", Provenance.EXPORT),
    Paper("2601.00004", "Zebra", "Stripes.", Provenance.EXPORT),
]


def container_in(folder: Path, **settings: SettingValue) -> AppContainer:
    """A container without assets but those that come with the program."""
    folders = Folders(folder / "library", folder / "assets", folder / "logs", folder / "config.toml")
    return AppContainer(load_config(None, {}, settings), {}, folders)


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[AppContainer]:
    """The papers, listed on a Friday with ten upvotes and more, in the order of their ids."""
    async with container_in(tmp_path, model="extractive", **{"embedder.model": "minilm"}) as opened:
        records = [FeedRecord(paper, Listing(DAY, 10 + rank), "{}", "") for rank, paper in enumerate(PAPERS)]
        opened.library.ingest(FeedBatch("test", tuple(records)), NOW)
        opened.library.index_pending()
        yield opened
