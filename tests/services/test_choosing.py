"""What is asked for, and the configuration where nothing is."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.config import load_config
from assistant.config.settings import Config
from assistant.errors import NothingFound, UsageError
from assistant.papers import FeedBatch, FeedRecord, Listing
from assistant.reports.digest.selection import Order
from assistant.reports.digest.values import DigestPeriod
from assistant.services import AppContainer
from assistant.services.digests import (
    DigestOptions,
    days_of_request,
    resolve_request,
    select_papers,
    selection_criteria,
)
from tests.writers import three_papers

NOW = datetime(2026, 8, 21, 9, tzinfo=UTC)
DAY = DigestPeriod(NOW.date(), NOW.date(), "2026-08-21")
PROFILES = """
[profiles.robots]
words = ["agent"]
papers = ["2601.00003"]
top = 4
[profiles.speech]
authors = ["A. Lovelace"]
"""


def config(tmp_path: Path, text: str = "") -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text + PROFILES)
    return load_config(file, {}).config


def test_nothing_asked_and_nothing_configured(tmp_path: Path) -> None:
    request = resolve_request(config(tmp_path), DigestOptions())
    assert (request.profile, request.new, request.order, request.top) == (None, False, Order.UPVOTES, 0)


def test_the_configuration_chooses_where_nothing_is_asked(tmp_path: Path) -> None:
    chosen = config(tmp_path, '[digest]\nprofile = "robots"\nnew = true\ntop = 9\nby = "title"\n')
    usual = resolve_request(chosen, DigestOptions())
    assert (usual.profile_name, usual.new, usual.order, usual.top) == ("robots", True, None, 4)

    without = resolve_request(chosen, DigestOptions(profile="", new=False, order=Order.COMMENTS, top=2))
    assert (without.profile_name, without.new, without.order, without.top) == ("", False, Order.COMMENTS, 2)
    assert resolve_request(chosen, DigestOptions(profile="speech")).top == 9


def test_a_period_is_shown_as_a_whole(tmp_path: Path) -> None:
    assert not resolve_request(config(tmp_path, "[digest]\nnew = true\n"), DigestOptions(DAY)).new
    with pytest.raises(UsageError, match="--new and 2026-08-21 do not go together"):
        resolve_request(config(tmp_path), DigestOptions(DAY, new=True))


def test_an_unknown_profile_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        resolve_request(config(tmp_path, '[digest]\nprofile = "robot"\n'), DigestOptions())
    assert raised.value.remedy == "Did you mean robots?"


async def test_choosing_from_a_library(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[paths]\nlibrary = '{tmp_path}/library'\nassets = '{tmp_path}/assets'\n{PROFILES}")
    async with AppContainer(load_config(file, {}), {}) as container:
        records = tuple(FeedRecord(one.paper, Listing(NOW.date()), "{}", "") for one in three_papers())
        container.library.ingest(FeedBatch("test", records), NOW)
        wish = resolve_request(container.config, DigestOptions(profile="robots", new=True))
        assert len(days_of_request(container, wish, NOW)) == 5
        chosen = select_papers(container, wish, selection_criteria(container, wish, NOW), NOW)
        everything = resolve_request(container.config, DigestOptions())
        whole = select_papers(container, everything, selection_criteria(container, everything, NOW), NOW)
        container.library.shown.remember("robots", [], NOW, since=date(2026, 8, 12))
        assert len(days_of_request(container, wish, NOW)) == 10
        other = resolve_request(container.config, DigestOptions(DigestPeriod(date(2026, 8, 20), date(2026, 8, 20), "")))
        all_of_it = selection_criteria(container, other, NOW)
        with pytest.raises(NothingFound):
            select_papers(container, other, all_of_it, NOW)

    assert [one.paper.paper_id for one in chosen.papers] == ["2601.00003", "2601.00002"]
    assert chosen.why["2601.00003"] == ("one of the examples",)
    assert len(whole.papers) == 3
