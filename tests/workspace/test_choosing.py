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
from assistant.services import Workspace
from assistant.services.digests import DigestWish, choice_for, choose, days_of_request, requested
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
    request = requested(config(tmp_path), DigestWish())
    assert (request.profile, request.new, request.order, request.top) == (None, False, Order.UPVOTES, 0)


def test_the_configuration_chooses_where_nothing_is_asked(tmp_path: Path) -> None:
    chosen = config(tmp_path, '[digest]\nprofile = "robots"\nnew = true\ntop = 9\nby = "title"\n')
    usual = requested(chosen, DigestWish())
    assert (usual.profile_name, usual.new, usual.order, usual.top) == ("robots", True, None, 4)

    without = requested(chosen, DigestWish(profile="", new=False, order=Order.COMMENTS, top=2))
    assert (without.profile_name, without.new, without.order, without.top) == ("", False, Order.COMMENTS, 2)
    assert requested(chosen, DigestWish(profile="speech")).top == 9


def test_a_period_is_shown_as_a_whole(tmp_path: Path) -> None:
    assert not requested(config(tmp_path, "[digest]\nnew = true\n"), DigestWish(DAY)).new
    with pytest.raises(UsageError, match="--new and 2026-08-21 do not go together"):
        requested(config(tmp_path), DigestWish(DAY, new=True))


def test_an_unknown_profile_names_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        requested(config(tmp_path, '[digest]\nprofile = "robot"\n'), DigestWish())
    assert raised.value.remedy == "Did you mean robots?"


async def test_choosing_from_a_library(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[paths]\nlibrary = '{tmp_path}/library'\nassets = '{tmp_path}/assets'\n{PROFILES}")
    async with Workspace(load_config(file, {}), {}) as workspace:
        records = tuple(FeedRecord(one.paper, Listing(NOW.date()), "{}", "") for one in three_papers())
        workspace.library.ingest(FeedBatch("test", records), NOW)
        wish = requested(workspace.config, DigestWish(profile="robots", new=True))
        assert len(days_of_request(workspace, wish, NOW)) == 5
        chosen = choose(workspace, wish, choice_for(workspace, wish, NOW), NOW)
        everything = requested(workspace.config, DigestWish())
        whole = choose(workspace, everything, choice_for(workspace, everything, NOW), NOW)
        workspace.library.shown.remember("robots", [], NOW, since=date(2026, 8, 12))
        assert len(days_of_request(workspace, wish, NOW)) == 10
        other = requested(workspace.config, DigestWish(DigestPeriod(date(2026, 8, 20), date(2026, 8, 20), "")))
        all_of_it = choice_for(workspace, other, NOW)
        with pytest.raises(NothingFound):
            choose(workspace, other, all_of_it, NOW)

    assert [one.paper.paper_id for one in chosen.papers] == ["2601.00003", "2601.00002"]
    assert chosen.why["2601.00003"] == ("one of the examples",)
    assert len(whole.papers) == 3
