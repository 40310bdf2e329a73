"""Papers brought in from files and from the feed."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.config.settings import SettingValue
from assistant.errors import FeedError, InputError
from assistant.library import SyncFinished
from assistant.periods import FIRST_DAY
from assistant.services import (
    AppContainer,
    days_of_feed,
    sync_arxiv_papers,
    sync_arxiv_query,
    sync_feed_days,
    sync_files,
    sync_month,
    sync_trending,
    sync_week,
)
from assistant.services.sync import Events
from tests.services.conftest import DAY, NOW, container_in


async def finished(events: Events) -> SyncFinished:
    """The last event of a sync."""
    *_, last = [event async for event in events]
    assert isinstance(last, SyncFinished)
    return last


async def test_papers_of_files_are_found_afterwards(container: AppContainer, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text(json.dumps({"id": "2608.00001", "title": "Sponges", "abstract": "A sponge.", "date": "2026-08-21"}))
    report = (await finished(sync_files(container, [str(file)], NOW))).report
    assert report.new == ("2608.00001",)
    assert container.library.get(["2608.00001"])[0].title == "Sponges"
    assert (await finished(sync_files(container, [str(file)], NOW))).report.unchanged == ("2608.00001",)


async def test_a_file_that_is_not_there_is_an_error(container: AppContainer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        await finished(sync_files(container, [str(tmp_path / "none.jsonl")], NOW))


async def test_offline_every_feed_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    async with container_in(tmp_path, offline=True) as container:
        syncs: list[Callable[[], Events]] = [
            lambda: sync_feed_days(container, (DAY,), NOW),
            lambda: sync_week(container, "2026-W34", NOW),
            lambda: sync_month(container, "2026-08", NOW),
            lambda: sync_trending(container, 3, NOW),
            lambda: sync_arxiv_papers(container, ["2608.00001"], NOW),
            lambda: sync_arxiv_query(container, "all:sponge", 3, NOW),
        ]
        for sync in syncs:
            with pytest.raises(FeedError, match="Offline"):
                sync()


async def test_a_feed_that_cannot_be_reached_is_an_error(tmp_path: Path) -> None:
    settings: dict[str, SettingValue] = {
        "feeds.base_url": "http://127.0.0.1:9",
        "feeds.retries": 0,
        "feeds.timeout_seconds": 0.5,
    }
    async with container_in(tmp_path, **settings) as container:
        with pytest.raises(FeedError):
            await finished(sync_week(container, "2026-W34", NOW))


def test_days_are_those_that_the_feed_may_have() -> None:
    today = NOW.date()
    assert days_of_feed(date(2026, 8, 23), date(2027, 1, 1), today) == (date(2026, 8, 23), today)
    assert days_of_feed(date(2020, 1, 1), FIRST_DAY, today) == (FIRST_DAY,)
