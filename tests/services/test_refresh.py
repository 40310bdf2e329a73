"""Having the newest papers without being asked, and going on without them."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assistant.config import load_config
from assistant.config.settings import SettingValue
from assistant.errors import FeedError, LibraryLocked
from assistant.feeds.huggingface import HuggingFaceFeed
from assistant.feeds.json_files import sample_batches
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.removal import MarkedPapers, RemovalRequest
from assistant.library.sync import SyncFinished, import_batches
from assistant.papers import FeedBatch, FeedRecord, Listing
from assistant.paths import Folders
from assistant.periods import Period, PeriodKind
from assistant.services import AppContainer
from assistant.services.sync import (
    RefreshNote,
    days_to_refresh,
    refresh,
    show_sample_instead,
)
from tests.support.paper_factory import paper

NOW = datetime(2026, 8, 24, 9, 0, tzinfo=UTC)
DAYS = (date(2026, 8, 24), date(2026, 8, 21))


class Feed(HuggingFaceFeed):
    """A feed that lists one paper on Friday, or cannot be reached."""

    def __init__(self, *, reachable: bool = True) -> None:
        self.reachable = reachable

    async def day(self, day: date) -> AsyncGenerator[FeedBatch, None]:
        if not self.reachable:
            raise FeedError("feed.example does not answer")
        listed = FeedRecord(paper().paper, Listing(day, 5, 1), "{}", "[0]")
        yield FeedBatch("feed", (listed,) if day == DAYS[1] else (), day=day)


async def notes_of(library: Library, feed: Feed) -> list[str]:
    events = [event async for event in refresh(library, feed, DAYS, NOW)]
    assert isinstance(events[-1], SyncFinished | RefreshNote)
    return [event.text for event in events if isinstance(event, RefreshNote)]


def container_in(folder: Path, **settings: SettingValue) -> AppContainer:
    """A container in a home of its own; its embedder is not there."""
    folders = Folders(folder / "library", folder / "assets", folder / "logs", folder / "config.toml")
    return AppContainer(load_config(None, {}, settings), {}, folders)


async def test_a_reachable_feed_is_synced_without_a_word(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as library:
        assert await notes_of(library, Feed()) == []
        assert library.newest_day() == DAYS[1]


async def test_an_unreachable_feed_is_said_and_brings_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as library:
        assert await notes_of(library, Feed(reachable=False)) == ["feed.example does not answer"]
        assert library.stats().papers == 0
        await notes_of(library, Feed())
        second = await notes_of(library, Feed(reachable=False))

    assert second == ["feed.example does not answer; reading what the library has"]


async def test_the_sample_stands_in_for_a_feed_that_cannot_be_asked_from_a_library_of_its_own(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        assert show_sample_instead(container, FeedError("no network"))
        assert container.library.stats().papers == 31
        assert container.library.folder == tmp_path / "sample"
        assert container.search.search("agents", Filters(), 1)
        container.show_sample(on=False)
        assert container.library.stats().papers == 0
        assert container.library.folder == tmp_path / "library"


async def test_offline_the_sample_stands_in_too(tmp_path: Path) -> None:
    async with container_in(tmp_path, offline=True) as container:
        assert show_sample_instead(container, None)


async def test_the_sample_never_stands_in_for_days_without_papers(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        assert not show_sample_instead(container, None)
        assert not show_sample_instead(container, LibraryLocked("another process writes"))
    assert not (tmp_path / "sample").exists()


async def test_the_sample_never_stands_in_for_papers_that_are_here(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        await notes_of(container.library, Feed())
        assert not show_sample_instead(container, FeedError("no network"))
        assert container.library.stats().papers == 1
    assert not (tmp_path / "sample").exists()


async def test_the_sample_is_no_answer_to_another_period_and_can_be_switched_off(tmp_path: Path) -> None:
    failure = FeedError("no network")
    async with container_in(tmp_path) as container:
        assert not show_sample_instead(container, failure, Period(date(2025, 1, 1), date(2025, 1, 1), name="2025"))
        assert not container.shows_sample
        assert show_sample_instead(container, failure, Period(DAYS[1], DAYS[1], PeriodKind.DAY))
    async with container_in(tmp_path, **{"feeds.sample": False}) as container:
        assert not show_sample_instead(container, failure)


async def test_the_sample_library_follows_the_version_and_a_second_look_changes_nothing(tmp_path: Path) -> None:
    async with container_in(tmp_path) as container:
        container.show_sample()
        container.library.marks.set_starred(["2608.19880"], starred=True)
        container.library.remove(RemovalRequest(days=(DAYS[1],)), MarkedPapers.KEEP)
        assert container.library.stats().papers < 31
    async with container_in(tmp_path) as container:
        container.show_sample()
        assert container.library.stats().papers == 31
        assert container.library.check().clean
        with Library.open(tmp_path / "sample", embedder=None) as other, other.writing("test"):
            import_batches(container.library, sample_batches(), NOW)  # another process is at it: read as it is


async def test_a_library_that_someone_writes_to_is_read_as_it_is(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as library, Library.open(tmp_path, embedder=None) as other:
        await notes_of(library, Feed())
        with other.writing("sync"):
            (note,) = await notes_of(library, Feed())

    assert note.startswith("not synced, ")


async def test_days_are_asked_for_again_only_after_a_while(tmp_path: Path) -> None:
    friday = Period(DAYS[1], DAYS[1], PeriodKind.DAY)
    with Library.open(tmp_path, embedder=None) as library:
        assert len(days_to_refresh(library, None, NOW, 30)) == 5
        await notes_of(library, Feed())
        assert not set(DAYS) & set(days_to_refresh(library, None, NOW + timedelta(minutes=29), 30))
        assert days_to_refresh(library, None, NOW + timedelta(minutes=31), 30)[0] == NOW.date()
        assert days_to_refresh(library, friday, NOW + timedelta(minutes=1), 30) == ()
        future = Period(date(2030, 1, 1), date(2030, 1, 1), PeriodKind.DAY)
        assert days_to_refresh(library, future, NOW, 30) == ()


async def test_missed_days_are_asked_for_until_they_were_fetched_after_their_end(tmp_path: Path) -> None:
    since = NOW.date() - timedelta(days=9)
    with Library.open(tmp_path, embedder=None) as library:
        assert days_to_refresh(library, None, NOW, 30, since) == tuple(
            NOW.date() - timedelta(days=n) for n in range(10)
        )
        whole, partly, weekend = (NOW.date() - timedelta(days=back) for back in (7, 6, 9))
        library.mark_fetched("huggingface", whole, datetime(2026, 8, 18, 0, 1, tzinfo=UTC), 40)
        library.mark_fetched("huggingface", partly, datetime(2026, 8, 18, 23, 59, tzinfo=UTC), 12)
        library.mark_fetched("huggingface", weekend, NOW - timedelta(days=1), 0)
        asked = days_to_refresh(library, None, NOW, 30, since)

    assert whole not in asked
    assert weekend not in asked
    assert partly in asked
    assert len(asked) == 8


async def test_a_fetch_from_before_the_clock_was_set_back_does_not_count(tmp_path: Path) -> None:
    today = NOW.date()
    with Library.open(tmp_path, embedder=None) as library:
        for back in range(10):
            library.mark_fetched("huggingface", today - timedelta(days=back), NOW + timedelta(days=300), 0)
        asked = days_to_refresh(library, None, NOW, 30, today - timedelta(days=9))
        assert asked == tuple(today - timedelta(days=back) for back in range(10))

        assert await notes_of(library, Feed()) == []
        assert library.newest_day() == DAYS[1]


async def test_missed_days_within_the_last_ones_add_none(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=None) as library:
        assert len(days_to_refresh(library, None, NOW, 30, NOW.date())) == 5
        assert len(days_to_refresh(library, None, NOW, 30, NOW.date() + timedelta(days=400))) == 5
