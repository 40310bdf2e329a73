"""Atom feeds: valid for a feed library, the same ids each day, nothing lost and nothing twice."""

import threading
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import DeliveryError
from assistant.export.atom import AtomFolder, FeedWritten
from assistant.library.records import StoredPaper
from assistant.papers import Author, provisional_id
from assistant.reports.digest.values import Digest
from tests.support.digest_factory import HOSTILE, digest_by_topic, digest_of
from tests.support.paper_factory import paper, three_papers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports parts of the standard library that are on their way out
    import feedparser

MONDAY = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def read(file: Path) -> Any:
    """The feed as a reader's library sees it; it has to be well formed."""
    feed = feedparser.parse(file.read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def other_papers(count: int, first: int = 10) -> list[StoredPaper]:
    return [paper(f"2601.{number:05}", f"Paper {number}") for number in range(first, first + count)]


def add(folder: Path, digest: Digest, at: datetime = MONDAY, kept: int = 200) -> FeedWritten:
    return AtomFolder(folder, kept).add(digest, at)


def test_a_digest_becomes_a_feed_that_a_reader_takes(tmp_path: Path) -> None:
    written = add(tmp_path / "feeds", digest_by_topic())

    assert written == FeedWritten(tmp_path / "feeds" / "daily-papers-robotics.atom", 3, 3)
    feed = read(written.file)
    assert feed.feed.title == "Daily Papers · robotics"
    assert feed.feed.id.startswith("urn:uuid:")
    first, second, _ = feed.entries
    assert first.id == "https://arxiv.org/abs/2601.00001"
    assert first.link == "https://huggingface.co/papers/2601.00001"
    assert first.title == "FooNet: Pruning Heads"
    assert [author.name for author in first.authors] == ["Ada Lovelace"]
    assert first.published == first.updated == "2026-01-05T06:30:00+00:00"
    assert first.content[0].value.startswith("<p>FooNet prunes attention heads during training. It cuts memory by 37%")
    assert "why: words: robots; 63 upvotes" in second.content[0].value


def test_each_profile_has_a_feed_of_its_own(tmp_path: Path) -> None:
    files = {add(tmp_path, digest_of(profile=name)).file.name for name in (None, "robotics", "a/b")}
    assert files == {"daily-papers.atom", "daily-papers-robotics.atom", "daily-papers-a-b.atom"}
    assert len({read(tmp_path / name).feed.id for name in files}) == 3


def test_new_entries_come_first_and_those_of_former_runs_stay(tmp_path: Path) -> None:
    add(tmp_path, digest_of(other_papers(2)))
    written = add(tmp_path, digest_of([*other_papers(1), *three_papers()]), TUESDAY)

    assert (written.added, written.entries) == (3, 5)
    feed = read(written.file)
    assert [entry.id[-5:] for entry in feed.entries] == ["00001", "00002", "00003", "00010", "00011"]
    assert [entry.published[:10] for entry in feed.entries] == ["2026-01-06"] * 3 + ["2026-01-05"] * 2
    assert feed.feed.updated[:10] == "2026-01-06"


def test_the_latest_entries_are_kept(tmp_path: Path) -> None:
    add(tmp_path, digest_of(other_papers(4)), kept=5)
    written = add(tmp_path, digest_of(other_papers(3, 50)), TUESDAY, kept=5)
    assert [entry.title for entry in read(written.file).entries] == [
        "Paper 50",
        "Paper 51",
        "Paper 52",
        "Paper 10",
        "Paper 11",
    ]


def test_every_entry_of_the_newest_digest_is_kept_and_older_ones_make_room(tmp_path: Path) -> None:
    add(tmp_path, digest_of(other_papers(4)), kept=5)
    month = add(tmp_path, digest_of(other_papers(250, 500)), TUESDAY, kept=5)
    assert (month.added, month.entries) == (250, 250)
    assert len({entry.id for entry in read(month.file).entries}) == 250

    again = add(tmp_path, digest_of(other_papers(250, 500)), TUESDAY, kept=5)
    assert (again.added, again.entries) == (0, 250)

    after = add(tmp_path, digest_of(other_papers(2, 900)), TUESDAY + timedelta(days=1), kept=5)
    titles = [entry.title for entry in read(after.file).entries]
    assert titles == ["Paper 900", "Paper 901", "Paper 500", "Paper 501", "Paper 502"]


def test_by_default_a_month_is_whole(tmp_path: Path) -> None:
    assert AtomFolder(tmp_path).add(digest_of(other_papers(746)), MONDAY).entries == 746


@pytest.mark.parametrize(("count", "shown"), [(1, "A0"), (5, "A0, A1, A2, A3, A4"), (8, "A4 and 3 more")])
def test_the_first_authors_stand_in_the_content(count: int, shown: str, tmp_path: Path) -> None:
    known = paper()
    authors = tuple(Author(f"A{number}") for number in range(count))
    many = replace(known, paper=replace(known.paper, authors=authors, organization="Foo Labs"))
    (entry,) = read(add(tmp_path, digest_of([many])).file).entries
    assert "Foo Labs · A0" in entry.content[0].value
    assert f"{shown}</p>" in entry.content[0].value
    assert len(entry.authors) == count


def test_the_same_digest_again_changes_nothing(tmp_path: Path) -> None:
    first = add(tmp_path, digest_of())
    before = first.file.read_bytes()
    more_votes = [replace(found, upvotes=99) for found in three_papers()]
    again = add(tmp_path, digest_of(more_votes), TUESDAY)

    assert (again.added, again.entries) == (0, 3)
    assert first.file.read_bytes() == before


def test_an_entry_whose_text_changed_is_updated_in_its_place(tmp_path: Path) -> None:
    add(tmp_path, digest_of())
    renamed = [replace(three_papers()[1], paper=replace(three_papers()[1].paper, title="BarBench, revised"))]
    feed = read(add(tmp_path, digest_of(renamed), TUESDAY).file)

    assert [entry.title for entry in feed.entries][1] == "BarBench, revised"
    assert (feed.entries[1].published[:10], feed.entries[1].updated[:10]) == ("2026-01-05", "2026-01-06")
    assert feed.entries[0].updated[:10] == "2026-01-05"


def test_a_clock_set_back_loses_no_order(tmp_path: Path) -> None:
    add(tmp_path, digest_of(other_papers(1)), TUESDAY)
    feed = read(add(tmp_path, digest_of(three_papers()[:1]), MONDAY).file)
    assert [entry.id[-5:] for entry in feed.entries] == ["00001", "00010"]


def test_times_are_utc_wherever_the_machine_stands(tmp_path: Path) -> None:
    far = datetime(2026, 1, 5, 20, 30, tzinfo=timezone(timedelta(hours=14)))
    assert read(add(tmp_path, digest_of(), far).file).entries[0].updated == "2026-01-05T06:30:00+00:00"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    known = paper(title=f"{HOSTILE} \x00\x1b[31m\ud800", abstract=f"{HOSTILE} It ends.")
    hostile = replace(known, paper=replace(known.paper, organization=HOSTILE, authors=()))
    written = add(tmp_path, digest_of([hostile], why={1: (HOSTILE,)}, profile=HOSTILE))
    feed = read(written.file)

    (entry,) = feed.entries
    assert entry.title.startswith("&lt;/p&gt;&lt;script&gt;") or entry.title.startswith("</p>")
    content = written.file.read_text()
    assert "<script" not in content
    assert "&lt;p&gt;&amp;lt;/p&amp;gt;&amp;lt;script" in content
    assert entry.authors[0].name.startswith("</p>")
    add(tmp_path, digest_of(other_papers(1), profile=HOSTILE), TUESDAY)
    assert len(read(written.file).entries) == 2


def test_a_paper_without_an_id_keeps_a_name_of_its_own(tmp_path: Path) -> None:
    known = paper(provisional_id("Bare"), "Bare", "")
    bare = [replace(known, paper=replace(known.paper, authors=()), days=(date(2026, 1, 5),))]
    written = add(tmp_path, digest_of(bare))
    (entry,) = read(written.file).entries
    assert entry.id.startswith("urn:uuid:")
    assert "<link" not in written.file.read_text().partition("<entry>")[2]
    assert add(tmp_path, digest_of(bare), TUESDAY).added == 0


def test_a_digest_of_no_paper_is_an_empty_feed(tmp_path: Path) -> None:
    assert read(add(tmp_path, digest_of([])).file).entries == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"<feed",
        b"<rss/>",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='unheard-of'?><feed/>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>x</id></entry></feed>",
    ],
)
def test_a_damaged_feed_is_kept_aside_and_said(tmp_path: Path, damage: bytes) -> None:
    file = AtomFolder(tmp_path).file_of(None)
    for name in ("daily-papers.atom.bad", "daily-papers.atom.bad2"):
        file.write_bytes(damage)
        written = add(tmp_path, digest_of())
        assert written.damaged == tmp_path / name
        assert written.damaged.read_bytes() == damage
        assert len(read(file).entries) == 3


def test_a_folder_that_cannot_be_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match="cannot be made") as caught:
        add(tmp_path / "file" / "feeds", digest_of())
    assert caught.value.remedy
    AtomFolder(tmp_path).file_of(None).mkdir()
    with pytest.raises(DeliveryError):
        add(tmp_path, digest_of())


def test_runs_at_the_same_time_lose_no_entry(tmp_path: Path) -> None:
    digests = [digest_of(other_papers(2, first)) for first in range(10, 30, 2)]
    together = threading.Barrier(len(digests))

    def run(digest: Digest) -> None:
        together.wait()
        add(tmp_path, digest)

    threads = [threading.Thread(target=run, args=(digest,)) for digest in digests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(AtomFolder(tmp_path).file_of(None)).entries) == 20
